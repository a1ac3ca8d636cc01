"""Rows that would not be written, as a workbook: corrected in Excel, it can be brought like any other file."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yishang_crm.core.sheets import Head, Sheet, write_book
from yishang_crm.people import words
from yishang_crm.people.models.brought import ImportRow


def workbook(rows: Sequence[ImportRow]) -> bytes:
    """One header row, every cell a text: what looks like a formula stays what it looks like."""
    heads = [*words.IMPORT_FIELDS.values(), "工作表", "原行号", "没有写入的原因"]
    sheet = Sheet("没有写入的行", [Head(head, width=14) for head in heads], rows=map(_cells, rows))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.xlsx"
        write_book(path, [sheet])
        return path.read_bytes()


def _cells(row: ImportRow) -> list[str]:
    why = " ".join(words.in_chinese(problem) for problem in (*row.problems, *row.reasons))
    return [
        *(_written(row.fields.get(name, "")) for name in words.IMPORT_FIELDS),
        row.sheet,
        f"{row.row}",
        why,
    ]


def _written(value: Any) -> str:
    return value if isinstance(value, str) else "、".join(value)
