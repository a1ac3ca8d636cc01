"""Letters for Word and WPS, by docxtpl."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

from docx.document import Document
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate, InlineImage
from jinja2 import Environment, StrictUndefined

from yishang_crm.conference.papers.letters import SLIP, LetterPaper
from yishang_crm.conference.papers.qr import qr_png

HERE = Path(__file__).parent
_CONTROLS = {code: None for code in (*range(32), 0xFFFE, 0xFFFF) if code not in (9, 10)}


def document(paper: LetterPaper) -> bytes:
    """The letter for Word and WPS, with the official font names; the seal is put on paper by hand."""
    template = DocxTemplate(HERE / ("letter-en.docx" if paper.language == "en" else "letter.docx"))
    paper = _without_controls(paper)
    file = template.get_docx()
    file.core_properties.title = f"{paper.title} {paper.number}"
    if paper.language != "en":
        _fit_the_mark(file, paper)
        _centre_signatory_on_date(file, paper)
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


def _fit_the_mark(file: Document, paper: LetterPaper) -> None:
    """A long name of an organization stays on one line."""
    mark = file.sections[0].first_page_header.paragraphs[0].runs[0]
    mark.font.size = Pt(min(34, int(440 / max(_width(paper.organization), 1))))


def _centre_signatory_on_date(file: Document, paper: LetterPaper) -> None:
    """The date stands four characters in, the signatory is centred on it (GB/T 9704, 7.3.5.1)."""
    signatory, date = file.paragraphs[-2:]
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
