"""A letter as the organizers would write it, and ways to read paper."""

import io
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
import zxingcpp

from yishang_crm.conference.papers.letters import LetterPaper
from yishang_crm.conference.papers.seal import placeholder_seal

COMMITTEE = "中国宜商大会组织委员会"
REPLY = "https://yishang.example/r/Qm7xK2vN8sTfLw3RzYb5Hd"


@pytest.fixture
def paper() -> LetterPaper:
    return LetterPaper(
        organization=COMMITTEE,
        number="宜商邀〔2026〕417号",
        salutation="尊敬的潘岳霖先生：",
        paragraphs=[
            (
                "金风送爽，丹桂飘香。为叙乡谊、聚乡贤、话发展，兹定于2026年9月24日（星期四）上午9时，"
                "在安庆市会议中心举办第五届中国宜商大会。"
            ),
            (
                "素仰您情系桑梓、热心家乡建设，诚邀您拨冗莅临，共商发展大计。会议食宿由组委会统一安排，"
                "9月23日全天报到，安庆西站、安庆天柱山机场设专人接站。"
            ),
            "敬请于9月14日前扫码或致电反馈回执。",
        ],
        closing="专此函达，敬候佳音。",
        signatory=COMMITTEE,
        date_line="2026年9月8日",
        reply_url=REPLY,
        reply_host="yishang.example/r",
        reply_code="417 206",
        liaison="联络员：汪澄（桐城市投资促进中心）　199-0000-0556",
        seal=placeholder_seal(COMMITTEE),
    )


@pytest.fixture
def english(paper: LetterPaper) -> LetterPaper:
    committee = "Organizing Committee of the China Yishang Conference"
    return replace(
        paper,
        language="en",
        organization=committee,
        signatory=committee,
        title="INVITATION",
        number="No. 419 (2026)",
        salutation="Dear Mr. Ouyang Wangyue,",
        paragraphs=[
            (
                "We have the honour to invite you to the Fifth China Yishang Conference, which will open at "
                "9:00 a.m. on Thursday, 24 September 2026, at the Anqing Conference Centre."
            ),
            "Kindly let us have your reply by 14 September.",
        ],
        closing="Yours sincerely,",
        date_line="8 September 2026",
        liaison="Liaison: Wang Cheng, +86 199-0000-0556",
    )


@pytest.fixture
def pages() -> Callable[[bytes], list[str]]:
    """The text of each page of a PDF, line by line as a reader copies it."""

    def read(pdf: bytes) -> list[str]:
        with pypdfium2.PdfDocument(pdf) as document:
            return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in document]

    return read


@pytest.fixture
def codes() -> Callable[[bytes], list[list[str]]]:
    """What a phone reads from the QR codes of each page of a PDF."""

    def read(pdf: bytes) -> list[list[str]]:
        with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
            return [_scan(page) for page in document]

    return read


def _scan(page: pypdfium2.PdfPage) -> list[str]:
    picture = page.render(scale=2, grayscale=True)
    dots = memoryview(bytes(picture.buffer)).cast("B", (picture.height, picture.stride))
    return [found.text for found in zxingcpp.read_barcodes(dots)]
