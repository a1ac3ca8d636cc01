"""What a person corrected in the guessed layout, in a shape that a form can send and a row can keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.people.importing.layout.columns import MAPPABLE


@dataclass(frozen=True, slots=True)
class SheetChoice:
    """`read`: False leaves the sheet out, True reads it even if hidden, None leaves it to the guess.

    `header_rows`: first and last header row as counted in the file, () for none, None for the guess.
    `columns`: column index from 0 → field; columns not named keep their guess, "" ignores one.
    """

    read: bool | None = None
    header_rows: tuple[int, ...] | None = None
    columns: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices by the name of the sheet; `remembered` are columns by `layout_key` from earlier imports."""

    sheets: Mapping[str, SheetChoice] = field(default_factory=dict)
    remembered: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Choices":
        """From `{"sheets": {NAME: {"read": …, "header_rows": [3, 4], "columns": {"0": "name"}}}, "remembered": …}`."""
        return cls(
            sheets={name: _sheet(choice) for name, choice in said.get("sheets", {}).items()},
            remembered={key: _columns(columns) for key, columns in said.get("remembered", {}).items()},
        )

    def of(self, sheet: str) -> SheetChoice:
        """The choice for one sheet."""
        return self.sheets.get(sheet, SheetChoice())


def _sheet(said: Mapping[str, Any]) -> SheetChoice:
    rows = said.get("header_rows")
    return SheetChoice(
        read=said.get("read"),
        header_rows=None if rows is None else tuple(int(row) for row in rows),
        columns=_columns(said.get("columns", {})),
    )


def _columns(said: Mapping[Any, str]) -> dict[int, str]:
    return {int(index): target for index, target in said.items() if target in MAPPABLE}
