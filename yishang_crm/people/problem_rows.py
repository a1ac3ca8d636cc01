"""Rows that would not be written, as a workbook: corrected in Excel, it can be brought like any other file."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from yishang_crm.people import words
from yishang_crm.people.brought import ImportRow


def workbook(rows: Sequence[ImportRow]) -> bytes:
    """One header row, every cell a text: what looks like a formula stays what it looks like."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("没有写入的行")
        text = book.add_format({"num_format": "@"})
        heads = [*words.IMPORT_FIELDS.values(), "工作表", "原行号", "没有写入的原因"]
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, text)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(_cells(row)):
                sheet.write_string(number, column, value, text)
        sheet.set_column(0, len(heads) - 1, 14, text)
    return content.getvalue()


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
