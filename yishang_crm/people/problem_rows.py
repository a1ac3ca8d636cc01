"""Rows that would not be written, as a workbook: corrected in Excel, it can be brought like any other file."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from yishang_crm.core.sheets import Head, Sheet, write_book
from yishang_crm.people import words
from yishang_crm.people.importing.returned import ID_HEAD, MARK, TOLD, UNTOUCHED, mark_of, token_in
from yishang_crm.people.models.brought import ImportRow


def workbook(rows: Sequence[ImportRow]) -> bytes:
    """One header row, every cell a text: what looks like a formula stays what it looks like."""
    heads = [*words.IMPORT_FIELDS.values(), "工作表", "原行号", "没有写入的原因"]
    columns = [Head(head, width=14) for head in heads]
    bear_ids = any(MARK in row.fields for row in rows)
    if bear_ids:
        columns.insert(1, Head(ID_HEAD, width=14, hidden=True))
    sheet = Sheet("没有写入的行", columns, rows=(_cells(row, bear_ids=bear_ids) for row in rows))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        write_book(path, [sheet])
        return path.read_bytes()


def _cells(row: ImportRow, *, bear_ids: bool) -> list[str]:
    why = " ".join(words.in_chinese(problem) for problem in (*row.problems, *row.reasons))
    name, *others = (words.cell_text(row.fields, field) for field in words.IMPORT_FIELDS)
    return [
        name,
        *([_mark(row)] if bear_ids else []),
        *others,
        row.sheet,
        f"{row.row}",
        why,
    ]


def _mark(row: ImportRow) -> str:
    """The id of a return's row, with what nobody had written anew: it is not asserted the second time either."""
    as_they_were = {
        field: words.cell_text(row.fields, field) for field in row.fields.get(UNTOUCHED, ()) if field in TOLD
    }
    return mark_of(token_in(row.fields[MARK]), as_they_were) if MARK in row.fields else ""
