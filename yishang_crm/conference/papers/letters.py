"""The invitation letter as PDF (typst) and Word (docxtpl), in the letter form of GB/T 9704-2012, 10.1."""

import io
import json
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst
from docx.document import Document
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Environment, StrictUndefined
from pypdf import PdfWriter

from yishang_crm.conference.papers import fonts, glyphs
from yishang_crm.conference.papers.qr import qr_png, qr_svg
from yishang_crm.conference.papers.seal import Seal
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

HERE = Path(__file__).parent
# Letters typeset at a time when many are bound in one document: typst holds about 1 MB for each.
QUIRE = 25
_CONTROLS = {code: None for code in (*range(32), 0xFFFE, 0xFFFF) if code not in (9, 10)}
# What the slip at the foot says, in the language of the letter (not of whoever prints it).
# The address to type in stands between the two halves.
SLIP = {
    "zh_Hans": ("请扫码答复，或打开 ", " 输入回执码"),
    "zh_Hant": ("請掃碼答覆，或打開 ", " 輸入回執碼"),
    "en": ("To reply, scan the code or open ", " and enter"),
}


@dataclass(frozen=True, kw_only=True)
class LetterPaper:
    """One letter, every sentence finished. `seal` stays None for a letter that is sealed by hand."""

    organization: str
    number: str
    salutation: str
    paragraphs: Sequence[str]
    closing: str
    signatory: str
    date_line: str
    reply_url: str
    reply_host: str
    reply_code: str
    liaison: str
    title: str = "邀请函"
    language: str = "zh_Hans"
    seal: Seal | None = field(default=None, repr=False)

    @property
    def text(self) -> str:
        """Everything that is printed, to ask whether the fonts know it."""
        return "\n".join(
            (
                *(self.organization, self.number, self.title, self.salutation),
                *(*self.paragraphs, self.closing, self.signatory, self.date_line),
                *(*SLIP[self.language], self.reply_host, self.reply_code, self.liaison),
            )
        )


def letter_pdf(paper: LetterPaper) -> bytes:
    """One letter. Raises `NotPossible` naming the characters no font has, `FontsMissing` without fonts."""
    return next(letter_pdfs([paper]))


def letters_pdf(papers: Sequence[LetterPaper]) -> bytes:
    """All letters in one document for the printer, each beginning on a page of its own."""
    if not papers:
        raise NotPossible(N_("没有要打印的邀请函"))
    press = _press()
    glyphs.require("".join(paper.text for paper in papers))
    bound = PdfWriter()
    for start in range(0, len(papers), QUIRE):
        quire = press.print(papers[start : start + QUIRE], title=papers[0].title, tagged=False)
        bound.append(io.BytesIO(quire))
    bound.add_metadata({"/Title": papers[0].title})
    out = io.BytesIO()
    bound.write(out)
    return out.getvalue()


def letter_pdfs(papers: Iterable[LetterPaper]) -> Iterator[bytes]:
    """One document per letter, in order, made as they are taken; memory stays flat."""
    press = _press()
    for paper in papers:
        glyphs.require(paper.text)
        yield press.print([paper], title=f"{paper.title} {paper.number}")


def letter_docx(paper: LetterPaper) -> bytes:
    """The letter for Word and WPS, with the official font names; the seal is put on paper by hand."""
    template = DocxTemplate(HERE / ("letter-en.docx" if paper.language == "en" else "letter.docx"))
    paper = _without_controls(paper)
    document = template.get_docx()
    document.core_properties.title = f"{paper.title} {paper.number}"
    if paper.language != "en":
        _fit_the_mark(document, paper)
        _centre_signatory_on_date(document, paper)
    before, after = SLIP[paper.language]
    words = {
        "paper": paper,
        "closing": paper.closing.split("\n"),
        "slip_before": before,
        "slip_after": after,
        "qr": InlineImage(template, io.BytesIO(qr_png(paper.reply_url)), width=Mm(26)),
    }
    template.render(words, jinja_env=Environment(undefined=StrictUndefined, autoescape=True), autoescape=True)
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def _fit_the_mark(document: Document, paper: LetterPaper) -> None:
    """A long name of an organization stays on one line."""
    mark = document.sections[0].first_page_header.paragraphs[0].runs[0]
    mark.font.size = Pt(min(34, int(440 / max(_width(paper.organization), 1))))


def _centre_signatory_on_date(document: Document, paper: LetterPaper) -> None:
    """The date stands four characters in, the signatory is centred on it (GB/T 9704, 7.3.5.1)."""
    signatory, date = document.paragraphs[-2:]
    difference = (_width(paper.date_line) - _width(paper.signatory)) / 2
    signatory.paragraph_format.right_indent = Pt(16 * max(0.0, 4 + difference))
    date.paragraph_format.right_indent = Pt(16 * (4 + max(0.0, -4 - difference)))


def _width(text: str) -> float:
    """About how many full characters wide a line is."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def _without_controls(paper: LetterPaper) -> LetterPaper:
    """XML has no way to write control characters; a name pasted with one would make a broken file."""
    words: dict[str, Any] = {
        name: value.translate(_CONTROLS) for name, value in vars(paper).items() if isinstance(value, str)
    }
    return replace(paper, **words, paragraphs=[line.translate(_CONTROLS) for line in paper.paragraphs])


class _Press:
    """A typst compiler kept warm: loading the fonts costs more than a letter does."""

    def __init__(self, place: Path) -> None:
        self.families = fonts.families(place)
        self.compiler = typst.Compiler(HERE / "letter.typ", root=HERE, font_paths=fonts.installed(place))
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
