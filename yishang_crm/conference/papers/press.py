"""Letters as PDF, set by typst."""

import io
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import cast

import typst
from pypdf import PdfWriter

from yishang_crm.conference.papers import fonts, glyphs
from yishang_crm.conference.papers.letters import SLIP, LetterPaper
from yishang_crm.conference.papers.qr import qr_svg
from yishang_crm.conference.papers.seal import Seal
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

HERE = Path(__file__).parent
# Letters typeset at a time when many are bound in one document: typst holds about 1 MB for each.
QUIRE = 25
# The first font that has a character prints it: Noto Serif SC knows GBK and the standard list of 8,105
# in full but not 𠮷, which its Japanese sister of the same design has.
IN_ORDER = ("Noto Serif SC", "Noto Serif JP", "Noto Serif HK")


def bound(papers: Sequence[LetterPaper]) -> bytes:
    """All letters in one document for the printer, each beginning on a page of its own."""
    if not papers:
        raise NotPossible(N_("没有要打印的邀请函"))
    press = _press()
    glyphs.require("".join(paper.text for paper in papers))
    book = PdfWriter()
    for start in range(0, len(papers), QUIRE):
        quire = press.print(papers[start : start + QUIRE], title=papers[0].title, tagged=False)
        book.append(io.BytesIO(quire))
    book.add_metadata({"/Title": papers[0].title})
    out = io.BytesIO()
    book.write(out)
    return out.getvalue()


def one_by_one(papers: Iterable[LetterPaper]) -> Iterator[bytes]:
    """One document per letter, in order, made as they are taken; memory stays flat."""
    press = _press()
    for paper in papers:
        glyphs.require(paper.text)
        yield press.print([paper], title=f"{paper.title} {paper.number}")


class _Press:
    """A typst compiler kept warm: loading the fonts costs more than a letter does."""

    def __init__(self, place: Path) -> None:
        self.families = _families(place)
        self.compiler = typst.Compiler(HERE / "letter.typ", root=HERE, font_paths=_installed(place))
        # The compiler is not made for two threads at once.
        self.turn = threading.Lock()

    def print(self, papers: Sequence[LetterPaper], *, title: str, tagged: bool = True) -> bytes:
        seals = list(dict.fromkeys(paper.seal for paper in papers if paper.seal))
        job = {
            "families": self.families,
            "title": title,
            "seals": [{"svg": seal.svg, "width": seal.width_mm} for seal in seals],
            "letters": [_values(paper, seals) for paper in papers],
        }
        inputs = {"job": json.dumps(job, ensure_ascii=False)}
        with self.turn:
            return cast(bytes, self.compiler.compile(sys_inputs=inputs, format="pdf", pdf_tags=tagged))


def _values(paper: LetterPaper, seals: list[Seal]) -> dict[str, object]:
    return {
        "organization": paper.organization,
        "number": paper.number,
        "title": paper.title,
        "salutation": paper.salutation,
        "paragraphs": list(paper.paragraphs),
        "closing": paper.closing,
        "signatory": paper.signatory,
        "date": paper.date_line,
        "language": paper.language,
        "seal": seals.index(paper.seal) if paper.seal else None,
        "qr": qr_svg(paper.reply_url, quiet=0),
        "slip": SLIP[paper.language],
        "host": paper.reply_host,
        "code": paper.reply_code,
        "liaison": paper.liaison,
    }


def _press() -> _Press:
    return _press_at(fonts.folder())


@cache
def _press_at(place: Path) -> _Press:
    return _Press(place)


@cache
def _installed(place: Path) -> typst.Fonts:
    """Only what lies in `place`, so that a letter looks the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(place)])


@cache
def _families(place: Path) -> list[str]:
    """Families in the order in which they are asked for a character; an operator's own fonts come last."""
    present = sorted(set(_installed(place).families()))
    return [name for name in IN_ORDER if name in present] + [name for name in present if name not in IN_ORDER]
