"""What was read of a file as plain values: small, to be kept, and to be handed from one process to another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yishang_crm.people.importing.beside import fields_of, remarks_of
from yishang_crm.people.importing.problems import Problem
from yishang_crm.people.importing.reading import Reading, SheetReading

SURE = 0.8  # below this the columns page asks the person to look


@dataclass(frozen=True)
class Told:
    """`rows`: sheet, row, fields and problems of each person; `layout`: for each sheet its headers, columns and counts."""

    file_name: str
    rows: list[dict[str, Any]]
    layout: list[dict[str, Any]]

    @property
    def rows_in_file(self) -> int:
        return sum(sum(sheet["counts"].values()) for sheet in self.layout)

    @classmethod
    def of(cls, reading: Reading) -> "Told":
        rows = [
            {
                "sheet": row.sheet,
                "row": row.row,
                "fields": fields_of(row),
                "problems": [_problem(one) for one in (*row.problems, *remarks_of(row))],
            }
            for sheet in reading.sheets
            for row in sheet.rows
        ]
        return cls(reading.filename, rows, [_sheet(sheet) for sheet in reading.sheets])

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Told":
        return cls(said["file_name"], said["rows"], said["layout"])

    def as_json(self) -> dict[str, Any]:
        return {"file_name": self.file_name, "rows": self.rows, "layout": self.layout}


def _problem(problem: Problem) -> Any:
    return {"sentence": problem.sentence, "values": problem.values} if problem.values else str(problem)


def _sheet(sheet: SheetReading) -> dict[str, Any]:
    return {
        "sheet": sheet.name,
        "key": sheet.layout_key,
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


def _samples(sheet: SheetReading, letter: str) -> Sequence[str]:
    """Up to five different values of a column, as written."""
    values = dict.fromkeys(raw[letter][:40] for row in sheet.rows[:60] if letter in (raw := row.raw))
    return list(values)[:5]
