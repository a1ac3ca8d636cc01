"""The id that each row of a yearly return bears, and which of its cells are still as they were handed out.

The id is signed (`people.returns.tokens`); behind it stand six characters for every cell, so that a sheet which was filled
from the house says nothing anew but what somebody wrote into it. No key and no database here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from hashlib import sha256
from typing import Any

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.writing import plain, tight
from yishang_crm.people.importing.problems import Problem
from yishang_crm.people.importing.reading import PersonRow

# The column's field, and in a row's `fields`: the id as it stands in the file, and fields that nobody wrote anew.
MARK, UNTOUCHED = "return_mark", "untouched"
ID_HEAD = "宜商通识别码（勿改）"
# The columns of a return, in the order of the characters behind the id. New ones come last.
TOLD = (
    "name", "gender", "birth", "native_place", "native_town", "organization", "title", "phones", "email", "city", "industry",
)  # fmt: skip
_SIZE = 6
# A cell may tell more than its own field where that one's cell is empty.
_TOLD_BY = {"gender": "name", "native_town": "native_place", "email": "phones"}
# A firm and the post in it are said together: who changed one of them said both.
_POST = frozenset(("organization", "title"))


def mark_of(token: str, cells: Mapping[str, str]) -> str:
    """What stands in the hidden cell: the id, and the characters of the cells as they are handed out; `cells` not named count as written."""
    kept = (_characters(token, field, cells[field]) if field in cells else "-" * _SIZE for field in TOLD)
    return f"{token}.{''.join(kept)}"


def token_in(mark: str) -> str:
    """The id alone."""
    return mark.partition(".")[0]


def untouched(mark: str, cells: Mapping[str, str]) -> set[str]:
    """The columns whose cells are as they were handed out; blanks and widths of letters do not count."""
    token, _, characters = mark.partition(".")
    kept = {field: characters[at * _SIZE : (at + 1) * _SIZE] for at, field in enumerate(TOLD)}
    return {
        field
        for field, text in cells.items()
        if kept.get(field) and kept[field] == _characters(token, field, text)
    }


def _characters(token: str, field: str, text: str) -> str:
    return sha256(f"{token} {field} {tight(plain(text))}".encode()).hexdigest()[:_SIZE]


def not_written_anew(fields: Iterable[str], same: set[str], said: Mapping[str, str]) -> list[str]:
    """Those fields of a row which only untouched cells tell. `said`: what stands in the sheet's columns."""
    touched = said.keys() - same
    return [field for field in fields if not _is_written_anew(field, touched, said)]


def _is_written_anew(field: str, touched: Set[str], said: Mapping[str, str]) -> bool:
    if field in _POST:
        return not touched.isdisjoint(_POST)
    return field in touched or (not said.get(field) and _TOLD_BY.get(field) in touched)


def written_by_hand(fields: Mapping[str, Any], field: str) -> dict[str, Any]:
    """The same row after somebody typed one of its cells on the page."""
    if UNTOUCHED not in fields:
        return dict(fields)
    anew = _POST if field in _POST else {field}
    return {**fields, UNTOUCHED: [one for one in fields[UNTOUCHED] if one not in anew]}


def settle_copies(rows: Iterable[PersonRow]) -> None:
    """A row copied in Excel takes the hidden id along: only the one whose name is as it was keeps it.

    Where none is, nobody can tell whom the id means, and each is met like a row of any other file.
    """
    bearing: dict[str, list[PersonRow]] = defaultdict(list)
    for row in rows:
        if mark := row.fields.get(MARK):
            bearing[token_in(str(mark))].append(row)
    for same in bearing.values():
        if len(same) == 1:
            continue
        first = next((row for row in same if "name" in row.fields[UNTOUCHED]), None)
        for row in same:
            if row is not first:
                other = first or next(one for one in same if one is not row)
                _take_from(row, other)


def _take_from(row: PersonRow, other: PersonRow) -> None:
    del row.fields[MARK], row.fields[UNTOUCHED]
    sentence = N_("识别码和第%(row)s行相同，像是整行复制来的；这一行按新填的核对。")
    row.problems.append(Problem(sentence, row=other.row))
