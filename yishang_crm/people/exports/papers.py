"""The three forms in which people leave: a workbook, a Word table, cards. Each is written row by row to a path."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.sheets import Head, Mark, Sheet, write_book
from yishang_crm.people.exports.cards import write_cards
from yishang_crm.people.exports.columns import COLUMNS, Line
from yishang_crm.people.exports.models import Form
from yishang_crm.people.exports.word import write_table
from yishang_crm.people.words import SAID


@dataclass(frozen=True)
class Wanted:
    """What is to be written, as plain values."""

    number: int
    form: Form
    columns: tuple[str, ...]
    title: str
    line: tuple[str, ...]
    mark: str
    hidden: dict[str, str]
    filled_by: str = ""


# Writes the people of an export that names one by a key of its filters; returns how many.
OwnPaper = Callable[[Actor, Wanted, Mapping[str, Any], Iterable[Line], Path], int]

_own_papers: dict[str, OwnPaper] = {}


def add_paper(key: str, write: OwnPaper) -> None:
    """A form of another room; called once, when it is opened."""
    _own_papers[key] = write


def write_paper(
    actor: Actor, wanted: Wanted, filters: Mapping[str, Any], lines: Iterable[Line], path: Path
) -> int:
    """Write an export on the paper that its filters name, or else as a list."""
    own = next((write for key, write in _own_papers.items() if key in filters), None)
    return own(actor, wanted, filters, lines, path) if own else write_list(wanted, lines, path)


def write_list(wanted: Wanted, lines: Iterable[Line], path: Path) -> int:
    """Write them; returns how many people the file holds. Sealed columns need an open permit."""
    if wanted.form == Form.CARDS:
        return write_cards(path, lines, wanted.columns, mark=wanted.mark)
    heads = [Head("序号", 6), *(Head(COLUMNS[key].title, COLUMNS[key].width) for key in wanted.columns)]
    rows = ([number, *cells] for number, cells in enumerate(cells_of(wanted.columns, lines), 1))
    if wanted.form == Form.WORD:
        return write_table(
            path,
            title=wanted.title,
            line=wanted.line,
            heads=heads,
            rows=rows,
            mark=wanted.mark,
            hidden=wanted.hidden,
        )
    sheet = Sheet("名单", heads, rows, title=wanted.title, line=wanted.line, total=("合计", "{count}人"))
    return write_book(path, [sheet], mark=Mark(wanted.mark, wanted.hidden))


def cells_of(columns: Iterable[str], lines: Iterable[Line]) -> Iterable[list[str]]:
    """The cells of each person, in Chinese whoever asks: the paper is the office's."""
    chosen = [COLUMNS[key].say for key in columns]
    for line in lines:
        yield [say(line, said_in_chinese) for say in chosen]


def said_in_chinese(value: Any) -> str:
    return SAID[value] if value is not None else ""


def counted(lines: Iterable[Line], tell: Callable[[int], None], *, every: int = 1000) -> Iterable[Line]:
    """The same lines, telling how many have passed."""
    for number, line in enumerate(lines, 1):
        if number % every == 0:
            tell(number)
        yield line
