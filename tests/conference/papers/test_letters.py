"""The invitation letter, as PDF and as Word."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from docx import Document
from pypdf import PdfReader

from tests.conference.papers.conftest import COMMITTEE, REPLY
from yishang_crm.conference.papers.letters import (
    LetterPaper,
    letter_docx,
    letter_pdf,
    letter_pdfs,
    letters_pdf,
)
from yishang_crm.conference.papers.seal import Seal, placeholder_seal
from yishang_crm.core.errors import NotPossible

Pages = Callable[[bytes], list[str]]
Codes = Callable[[bytes], list[list[str]]]

HARMLESS_ON_PAPER = [
    "#panic()",
    "{{config}}",
    "{% raw %}",
    "*_$",
    "<&>",
    "$sum_(i=0)$",
    "`code`",
    "@cite",
    "<label>",
    "\\u{1F600}",
    "//comment",
    "/*comment*/",
    '"quoted"',
    "= Heading",
    "- item",
    "]]>",
    "</w:t>",
    "#include",
    "%(name)s",
]
BODY = (
    "安庆是黄梅戏之乡、桐城派故里，近年来聚焦新能源汽车零部件、高端装备、化工新材料等十二条重点产业链，"
    "营商环境持续优化。会议期间将举行开幕式、产业对接会、项目集中签约和乡贤恳谈会，并安排赴各县（市、区）实地考察。"
)


def test_the_letter_can_be_read_line_by_line_with_no_gap_between_characters_and_digits(
    paper: LetterPaper, pages: Pages
) -> None:
    lines = pages(letter_pdf(paper))[0].split("\n")
    assert lines[:2] == [COMMITTEE, "宜商邀〔2026〕417号"]
    assert lines[2].replace(" ", "") == "邀请函"
    assert lines[3:5] == [
        "尊敬的潘岳霖先生：",
        "金风送爽，丹桂飘香。为叙乡谊、聚乡贤、话发展，兹定于",
    ]
    assert lines[-5:] == [
        COMMITTEE,
        "2026年9月8日",
        "请扫码答复，或打开 yishang.example/r 输入回执码",
        "417 206",
        "联络员：汪澄（桐城市投资促进中心）　199-0000-0556",
    ]


def test_a_phone_reads_the_reply_address_from_the_letter(paper: LetterPaper, codes: Codes) -> None:
    assert codes(letter_pdf(paper)) == [[REPLY]]


@pytest.mark.parametrize("name", ["欧阳望岳", "龘𠮷〇", "段㛃峯堯", "Jürgen O’Brien"])
def test_every_name_is_printed_as_written(paper: LetterPaper, pages: Pages, name: str) -> None:
    text = pages(letter_pdf(replace(paper, salutation=f"尊敬的{name}先生：")))[0]
    assert f"尊敬的{name}先生：" in text


@pytest.mark.parametrize("name", HARMLESS_ON_PAPER)
def test_a_name_that_looks_like_a_command_is_only_a_name(paper: LetterPaper, pages: Pages, name: str) -> None:
    strange = replace(paper, salutation=f"尊敬的{name}：", organization=name, liaison=name)
    lines = pages(letter_pdf(strange))[0].split("\n")
    assert (lines[0], lines[-1]) == (name, name)
    assert f"尊敬的{name}：" in lines
    printed = [line.text for line in Document(io.BytesIO(letter_docx(strange))).paragraphs]
    assert f"尊敬的{name}：" in printed


def test_all_fonts_are_in_the_file(paper: LetterPaper) -> None:
    page = PdfReader(io.BytesIO(letter_pdf(replace(paper, salutation="尊敬的𠮷先生：")))).pages[0]
    fonts = [font.get_object()["/DescendantFonts"][0] for font in page["/Resources"]["/Font"].values()]
    assert len(fonts) >= 3
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_a_character_without_font_stops_the_letter_and_is_named(paper: LetterPaper) -> None:
    with pytest.raises(NotPossible, match="「\ue823」"):
        letter_pdf(replace(paper, salutation="尊敬的王\ue823先生："))


@pytest.mark.parametrize("length", [300, 400, 500])
def test_five_hundred_characters_stay_on_one_page(
    paper: LetterPaper, pages: Pages, codes: Codes, length: int
) -> None:
    frame = len("".join(paper.paragraphs)) + len(paper.closing)
    long = replace(
        paper, paragraphs=[*paper.paragraphs[:2], (BODY * 9)[: length - frame], paper.paragraphs[2]]
    )
    pdf = letter_pdf(long)
    assert len(pages(pdf)) == 1
    assert codes(pdf) == [[REPLY]]


def test_a_longer_letter_takes_a_second_page_with_signature_slip_and_page_number_there(
    paper: LetterPaper, pages: Pages, codes: Codes
) -> None:
    pdf = letter_pdf(replace(paper, paragraphs=[BODY] * 7))
    first, second = pages(pdf)
    assert codes(pdf) == [[], [REPLY]]
    assert COMMITTEE in first
    assert "2026年9月8日" not in first
    assert "417 206" not in first
    assert second.index("2026年9月8日") < second.index("417 206")
    assert second.rstrip().endswith("— 2 —")


@pytest.mark.parametrize("paragraphs", range(5, 11))
def test_no_page_carries_only_the_slip(paper: LetterPaper, pages: Pages, paragraphs: int) -> None:
    last = pages(letter_pdf(replace(paper, paragraphs=[BODY] * paragraphs)))[-1]
    assert "2026年9月8日" in last
    assert "专此函达" in last


def test_a_letter_in_english_closes_in_the_english_way(english: LetterPaper, pages: Pages) -> None:
    lines = pages(letter_pdf(english))[0].split("\n")
    assert lines[:2] == ["Organizing Committee of the China Yishang Conference", "No. 419 (2026)"]
    assert lines.index("Dear Mr. Ouyang Wangyue,") < lines.index("Yours sincerely,")
    assert lines[-4:] == [
        "8 September 2026",
        "To reply, scan the code or open yishang.example/r and enter",
        "417 206",
        "Liaison: Wang Cheng, +86 199-0000-0556",
    ]


def test_a_letter_to_hong_kong_speaks_traditional_chinese_throughout(
    paper: LetterPaper, pages: Pages
) -> None:
    text = pages(letter_pdf(replace(paper, language="zh_Hant", salutation="尊敬的歐陽望岳先生：")))[0]
    assert "尊敬的歐陽望岳先生：" in text
    assert "請掃碼答覆，或打開 yishang.example/r 輸入回執碼" in text


def test_bound_letters_keep_their_order_and_each_its_own_code(
    paper: LetterPaper, pages: Pages, codes: Codes
) -> None:
    papers = [
        replace(paper, number=f"宜商邀〔2026〕{number}号", reply_url=f"https://yishang.example/r/{number}")
        for number in range(1, 31)
    ]
    pdf = letters_pdf(papers)
    assert [text.split("\n")[1] for text in pages(pdf)] == [paper.number for paper in papers]
    assert codes(pdf) == [[paper.reply_url] for paper in papers]


def test_separate_letters_come_in_order(paper: LetterPaper, pages: Pages) -> None:
    papers = [replace(paper, reply_code=f"417 {number}") for number in range(100, 150)]
    pdfs = list(letter_pdfs(papers))
    assert [pages(pdf)[0].split("\n")[-2] for pdf in pdfs] == [paper.reply_code for paper in papers]


def test_the_same_letter_gives_the_same_bytes(paper: LetterPaper) -> None:
    assert letter_pdf(paper) == letter_pdf(paper)


def test_a_scanned_seal_is_printed(paper: LetterPaper, codes: Codes) -> None:
    from yishang_crm.conference.papers.qr import qr_png

    stamped = replace(paper, seal=Seal.from_png(qr_png("印章")))
    assert sorted(codes(letter_pdf(stamped))[0]) == [REPLY, "印章"]


def test_a_seal_must_be_a_png() -> None:
    with pytest.raises(NotPossible):
        Seal.from_png(b"GIF89a" + bytes(64))


@pytest.mark.parametrize("name", ["宜", COMMITTEE, "安徽省安庆市人民政府驻粤港澳大湾区招商联络工作委"])
def test_a_placeholder_seal_is_drawn_for_any_name(paper: LetterPaper, pages: Pages, name: str) -> None:
    letter = replace(paper, organization=name, signatory=name, seal=placeholder_seal(name))
    lines = pages(letter_pdf(letter))[0].split("\n")
    assert (lines[0], lines[-5]) == (name, name)


def test_the_word_letter_names_the_official_fonts_and_keeps_the_name_intact(paper: LetterPaper) -> None:
    letter = Document(io.BytesIO(letter_docx(replace(paper, salutation="尊敬的<&>先生\x0b："))))
    assert [line.text for line in letter.paragraphs] == [
        "宜商邀〔2026〕417号",
        "邀请函",
        "尊敬的<&>先生：",
        *paper.paragraphs,
        "专此函达，敬候佳音。",
        COMMITTEE,
        "2026年9月8日",
    ]
    first_page = letter.sections[0]
    assert first_page.first_page_header.paragraphs[0].text == COMMITTEE
    assert [line.text for line in first_page.first_page_footer.tables[0].cell(0, 1).paragraphs] == [
        "请扫码答复，或打开 yishang.example/r 输入回执码",
        "417 206",
        "联络员：汪澄（桐城市投资促进中心）　199-0000-0556",
    ]
    styles = {style.name: style.font.name for style in letter.styles if style.name in ("Normal", "函标题")}
    assert styles == {"Normal": "仿宋_GB2312", "函标题": "方正小标宋简体"}


def test_a_closing_of_two_lines_keeps_both(paper: LetterPaper, pages: Pages) -> None:
    polite = replace(paper, closing="此致\n敬礼！")
    assert "此致\n敬礼！\n" in pages(letter_pdf(polite))[0]
    printed = [line.text for line in Document(io.BytesIO(letter_docx(polite))).paragraphs]
    assert printed[-4:-2] == ["此致", "敬礼！"]


def test_the_english_word_letter_is_complete(english: LetterPaper) -> None:
    printed = [line.text for line in Document(io.BytesIO(letter_docx(english))).paragraphs]
    assert printed == [
        "No. 419 (2026)",
        "INVITATION",
        "Dear Mr. Ouyang Wangyue,",
        *english.paragraphs,
        "Yours sincerely,",
        "Organizing Committee of the China Yishang Conference",
        "8 September 2026",
    ]
