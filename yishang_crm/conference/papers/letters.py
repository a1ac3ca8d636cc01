"""The invitation letter in the letter form of GB/T 9704-2012, 10.1: what stands in it, and its ways to paper.

Typesetting (`press`) and Word (`word`) are loaded with the first letter: typst, pypdf, docx and lxml hold some 25 MB, which
a house that prints nothing today has no use for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from yishang_crm.conference.papers.seal import Seal

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


def letter_pdfs(papers: Iterable[LetterPaper]) -> Iterator[bytes]:
    """One document per letter, in order, made as they are taken; memory stays flat."""
    from yishang_crm.conference.papers import press  # heavy: see above

    return press.one_by_one(papers)


def letters_pdf(papers: Sequence[LetterPaper]) -> bytes:
    """All letters in one document for the printer, each beginning on a page of its own."""
    from yishang_crm.conference.papers import press  # heavy: see above

    return press.bound(papers)


def letter_docx(paper: LetterPaper) -> bytes:
    """The letter for Word and WPS, with the official font names; the seal is put on paper by hand."""
    from yishang_crm.conference.papers import word  # heavy: see above

    return word.document(paper)
