"""What was read from a file: sheets, columns, people, and what every row is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from yishang_crm.people.importing.cells.writing import Cell, written
from yishang_crm.people.importing.layout.columns import Column, letter_of
from yishang_crm.people.importing.problems import Problem

# What a row can be. Continuation: a second line of the person above, whose name cell is merged.
PERSON, CONTINUATION, HEADER, TITLE = "person", "continuation", "header", "title"
SECTION, TOTAL, NOTE, EXAMPLE, BLANK, SKIPPED = "section", "total", "note", "example", "blank", "skipped"
KINDS = (PERSON, CONTINUATION, HEADER, TITLE, SECTION, TOTAL, NOTE, EXAMPLE, BLANK, SKIPPED)


@dataclass(slots=True)
class PersonRow:
    """One person. `row` counts from 1 as in the file (for cards: the card).

    `fields`: the keys of the contract, absent where the file tells nothing; `phones` is a list in E.164.
    `extras`, never in `fields`: `id_number`, `wechat`, `wechat_is_phone`, `address`, `former_name`, `contact`,
    `more_wechats`, `phone_labels` (E.164 → label), `others` (the same of columns that are about somebody else),
    `birth_calendar` ("lunar"), `birth_leap_month`, `birth_year`, `other_posts`,
    `more_emails`, `name_remark`, `place_is_historic`.
    """

    sheet: str
    row: int
    fields: dict[str, str | list[str]]
    problems: list[Problem]
    extras: dict[str, Any] = field(default_factory=dict)
    cells: Sequence[Cell] = ()

    def put(self, field: str, text: str | None) -> None:
        """Keep what a cell told; one that tells nothing leaves the field absent."""
        if text:
            self.fields[field] = text

    @property
    def raw(self) -> dict[str, str]:
        """The cells as written, by column letter; empty ones left out."""
        return {letter_of(index): written(cell) for index, cell in enumerate(self.cells) if written(cell)}

    @property
    def serious(self) -> bool:
        """Whether this row cannot become a person."""
        return any(problem.serious for problem in self.problems)


@dataclass(frozen=True, slots=True)
class Line:
    """What one row of the file is: its number and one of `KINDS`."""

    row: int
    kind: str


@dataclass(slots=True)
class SheetReading:
    """One sheet. `skipped` says why it holds no people (then `rows` is empty); `header_rows` count from 1."""

    name: str
    skipped: Problem | None = None
    hidden: bool = False
    header_rows: tuple[int, int] | None = None
    columns: list[Column] = field(default_factory=list)
    rows: list[PersonRow] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    remarks: list[Problem] = field(default_factory=list)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows of each kind; the sum is the number of rows of the sheet."""
        return Counter(line.kind for line in self.lines)

    @property
    def layout_key(self) -> str:
        """A fingerprint of the headers, the same for every file made from the same form."""
        return _fingerprint(label for column in self.columns for label in (*column.labels, "|"))


@dataclass(slots=True)
class Reading:
    """All sheets of one file."""

    filename: str
    sheets: list[SheetReading]

    @property
    def rows(self) -> Iterator[PersonRow]:
        """Every person of every sheet, in the order of the file."""
        return (row for sheet in self.sheets for row in sheet.rows)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows of each kind in the whole file."""
        return sum((Counter(sheet.counts) for sheet in self.sheets), Counter())

    @property
    def layout_key(self) -> str:
        """A fingerprint of all headers that hold people, whatever the number of sheets under the same one."""
        return _fingerprint(sorted({sheet.layout_key for sheet in self.sheets if not sheet.skipped}))


def _fingerprint(words: Iterator[str] | Sequence[str]) -> str:
    text = "\n".join("".join(word.split()) for word in words)
    return sha256(text.encode()).hexdigest()[:24]
