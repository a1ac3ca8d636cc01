"""From what was read of a file to rows whose outcome is known."""

from collections.abc import Mapping
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.digits import number_in
from yishang_crm.people.importing import Reading, SheetReading
from yishang_crm.people.models import RowOutcome
from yishang_crm.people.queries.assess import Assessed, assess

SURE = 0.8  # below this the columns page asks the person to look


def assessed(actor: Actor, reading: Reading) -> list[Assessed]:
    """Every person's row of the file with its outcome for this actor. Reads only."""
    rows = [
        Assessed(
            sheet=row.sheet, row=row.row, fields=dict(row.fields), problems=[str(one) for one in row.problems]
        )
        for sheet in reading.sheets
        for row in sheet.rows
    ]
    serious = [row.serious for sheet in reading.sheets for row in sheet.rows]
    for row, is_serious in zip(assess(actor, rows), serious, strict=True):
        if is_serious and row.outcome in (RowOutcome.CREATE, RowOutcome.UPDATE):
            row.outcome = RowOutcome.ERROR
    return rows


def file_facts(reading: Reading, *, file_hash: str) -> dict[str, Any]:
    """What a batch remembers of its file: sheets, header rows, columns, and what every row was."""
    layout = [
        {
            "sheet": sheet.name,
            "skipped": str(sheet.skipped) if sheet.skipped else "",
            "header_rows": list(sheet.header_rows or ()),
            "columns": [
                {
                    "index": column.index,
                    "letter": column.letter,
                    "label": column.label,
                    "field": column.field,
                    "sure": column.confidence >= SURE,
                    "samples": _samples(sheet, column.letter),
                }
                for column in sheet.columns
            ],
            "counts": dict(sheet.counts),
        }
        for sheet in reading.sheets
    ]
    return {
        "file_name": reading.filename,
        "file_hash": file_hash,
        "layout": layout,
        "rows_in_file": sum(sum(sheet.counts.values()) for sheet in reading.sheets),
    }


def _samples(sheet: SheetReading, letter: str) -> list[str]:
    """Up to five different values of a column, as written."""
    values = dict.fromkeys(row.raw[letter][:40] for row in sheet.rows[:60] if letter in row.raw)
    return list(values)[:5]


def choices_from_form(layout: list[dict[str, Any]], form: Mapping[str, str]) -> dict[str, Any]:
    """What was corrected on the columns page, in the shape the reader takes: only what differs from the guess."""
    sheets = {}
    for number, sheet in enumerate(layout):
        choice: dict[str, Any] = {"read": f"read-{number}" in form}
        header = form.get(f"header-{number}", "").replace("，", ",").replace("-", ",").split(",")
        rows = [number for part in header if (number := number_in(part)) is not None]
        if rows and rows != sheet["header_rows"]:
            choice["header_rows"] = [rows[0], rows[-1]]
        choice["columns"] = {
            str(column["index"]): wanted
            for column in sheet["columns"]
            if (wanted := form.get(f"column-{number}-{column['index']}", column["field"])) != column["field"]
        }
        sheets[sheet["sheet"]] = choice
    return {"sheets": sheets}
