"""Finds the header rows of a sheet: one to four, stacked or not, on whichever row they begin."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yishang_crm.people.importing.cells.phones import EMAIL
from yishang_crm.people.importing.cells.writing import Cell, plain, written
from yishang_crm.people.importing.layout.headers import (
    field_of,
    is_group,
    is_header_word,
    is_somebody_else,
    normalized,
)
from yishang_crm.people.importing.opening.sheets import RawSheet

LOOK_AT = 60
MOST_HEADER_ROWS = 4
_FILLED_IN = re.compile(r"\d{5,}|[:：].+")


@dataclass(frozen=True, slots=True)
class HeaderRows:
    """First and last header row (from 0), and for each column its labels from top to bottom."""

    first: int
    last: int
    labels: tuple[tuple[str, ...], ...]


def find_header(sheet: RawSheet) -> HeaderRows | None:
    """The header rows, or None for a sheet that begins with its data."""
    scores = [_score(row) for row in sheet.rows[:LOOK_AT]]
    best = max(scores, default=0)
    if best < 2:
        return _single_word_header(sheet)
    anchor = next(at for at, score in enumerate(scores) if score >= max(2, best * 0.6))
    first = _extended_up(sheet, anchor)
    last = _extended_down(sheet, anchor, first)
    return header_at(sheet, first, last)


def header_at(sheet: RawSheet, first: int, last: int) -> HeaderRows:
    """The labels of the rows `first` to `last`; merged cells speak for all they cover."""
    width = max((len(row) for row in sheet.rows), default=0)
    grid = [
        [written(cell) for cell in row] + [""] * (width - len(row)) for row in sheet.rows[first : last + 1]
    ]
    for top, left, bottom, right in sheet.merged:
        if top > last or bottom < first or top < first:
            continue
        for row in range(top, min(bottom, last) + 1):
            for column in range(left, min(right, width - 1) + 1):
                grid[row - first][column] = grid[top - first][left]
    _spread_groups(grid)
    labels = []
    for column in range(width):
        stacked = [" ".join(grid[row][column].split()) for row in range(len(grid)) if grid[row][column]]
        labels.append(tuple(dict.fromkeys(stacked)))
    return HeaderRows(first, last, tuple(labels))


def _spread_groups(grid: list[list[str]]) -> None:
    """Where merges are lost (CSV), 任职情况 stands over 单位 only: it speaks for 职务 as well."""
    for row in range(len(grid) - 1):
        group = ""
        for column, text in enumerate(grid[row]):
            if text:
                group = text if is_group(text) else ""
            elif group and grid[row + 1][column]:
                grid[row][column] = group


def _score(row: Sequence[Cell]) -> float:
    """How many different fields the row names; 0 where it looks like data."""
    texts = [written(cell) for cell in row]
    said = [text for text in texts if text]
    if len(said) < 2 or any(isinstance(cell, float) and cell > 99 for cell in row):
        return 0
    if any(EMAIL.search(text) or re.search(r"\d{7,}", plain(text)) for text in said):
        return 0
    known = [field_of(text) for text in said]
    named = {match[0] for match in known if match}
    matched = sum(match is not None or is_group(text) for match, text in zip(known, said, strict=True))
    if matched / len(said) < 0.5:
        return 0
    return sum(match[1] for match in {match[0]: match for match in known if match}.values()) if named else 0


def _single_word_header(sheet: RawSheet) -> HeaderRows | None:
    """A list of names alone, under the one word 姓名."""
    for at, row in enumerate(sheet.rows[:LOOK_AT]):
        said = [text for text in map(written, row) if text]
        if len(said) == 1 and field_of(said[0]) in (("name", 1.0), ("phones", 1.0)):
            return header_at(sheet, at, at)
        if said and len(said) > 1:
            return None
    return None


def _extended_up(sheet: RawSheet, anchor: int) -> int:
    first = anchor
    while first > 0 and anchor - first < MOST_HEADER_ROWS - 1 and _is_upper_row(sheet, first - 1):
        first -= 1
    return first


def _is_upper_row(sheet: RawSheet, at: int) -> bool:
    texts = [written(cell) for cell in sheet.rows[at]]
    said = [text for text in texts if text]
    if not said or any(_FILLED_IN.search(plain(text)) or len(text) > 20 for text in said):
        return False
    if len(said) == 1:
        return is_group(said[0]) and not _spans_all(sheet, at)
    return any(is_header_word(text) for text in said)


def _spans_all(sheet: RawSheet, at: int) -> bool:
    width = max(len(row) for row in sheet.rows)
    return any(top == at and right - left + 1 >= width * 0.8 for top, left, bottom, right in sheet.merged)


def _extended_down(sheet: RawSheet, anchor: int, first: int) -> int:
    last = anchor
    while (
        last + 1 < len(sheet.rows)
        and last - first < MOST_HEADER_ROWS - 1
        and _is_lower_row(sheet, first, last + 1)
    ):
        last += 1
    return last


def _is_lower_row(sheet: RawSheet, first: int, at: int) -> bool:
    row = sheet.rows[at]
    texts = [written(cell) for cell in row]
    said = [(column, text) for column, text in enumerate(texts) if text]
    if not said or any(isinstance(cell, float) for cell in row):
        return False
    if any(_FILLED_IN.search(plain(text)) or len(text) > 20 for _, text in said):
        return False
    if _repeats_above(sheet, at, said) or _name_is_filled(sheet, first, at):
        return False
    known = sum(is_header_word(text) or is_somebody_else(text) for _, text in said)
    grouped = sum(_under_group(sheet, first, at, column) for column, _ in said)
    return known >= len(said) * 0.5 or (known >= 1 and grouped == len(said))


def _repeats_above(sheet: RawSheet, at: int, said: list[tuple[int, str]]) -> bool:
    above = sheet.rows[at - 1]
    return sum(column < len(above) and written(above[column]) == text for column, text in said) >= 2


def _name_is_filled(sheet: RawSheet, first: int, at: int) -> bool:
    """Below 姓名 stands text that is no header: the data has begun."""
    for above in range(first, at):
        for column, cell in enumerate(sheet.rows[above]):
            match = field_of(written(cell)) if cell else None
            if match and match[0] == "name" and column < len(sheet.rows[at]):
                below = written(sheet.rows[at][column])
                return bool(below) and not is_header_word(below)
    return False


def _under_group(sheet: RawSheet, first: int, at: int, column: int) -> bool:
    return any(
        first <= top < at and left <= column <= right and right > left and bottom < at
        for top, left, bottom, right in sheet.merged
    )


def repeats_header(texts: Sequence[str], header: HeaderRows) -> bool:
    """Whether a row in the middle of the data says again what the header says."""
    said = [(column, normalized(text)) for column, text in enumerate(texts) if text]
    if len(said) < 2:
        return False
    labels = [{normalized(label) for label in stacked} for stacked in header.labels]
    same = sum(column < len(labels) and text in labels[column] for column, text in said)
    return same >= 2 and same >= len(said) * 0.6
