"""The cells of a row by field, read once; spellings that a list repeats, read once."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

from yishang_crm.people.importing.cells.writing import Cell, says_nothing, written
from yishang_crm.people.importing.layout.columns import Column


class Texts:
    """All that rows of one sheet tell, by field. `at`: the columns of a field; `column`: a column by its number."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.at: dict[str, list[int]] = {}
        for column in columns:
            self.at.setdefault(column.field, []).append(column.index)
        self.column = {column.index: column for column in columns}
        self._fields = [column.field for column in columns]
        self._said_in: Sequence[Cell] = ()
        self._said: dict[str, list[str]] = {}
        self._known: dict[Hashable, Any] = {}

    def of(self, field: str, cells: Sequence[Cell]) -> list[str]:
        """What a row says in a field, in the order of its columns."""
        if cells is not self._said_in:
            self._said_in, self._said = cells, self._said_by(cells)
        return self._said.get(field, [])

    def first(self, field: str, cells: Sequence[Cell]) -> str:
        return next(iter(self.of(field, cells)), "")

    def cells_at(self, field: str, cells: Sequence[Cell]) -> list[tuple[int, Cell]]:
        """The cells of a field that say something, as they stand, with their columns."""
        found = [(index, cells[index]) for index in self.at.get(field, ()) if index < len(cells)]
        return [(index, cell) for index, cell in found if not says_nothing(written(cell))]

    def once(self, read: Callable[..., Any], text: str, **how: Any) -> Any:
        """Lists repeat their firms, places and dates; each spelling is read once."""
        key = (read, text, *how.values())
        if key not in self._known:
            self._known[key] = read(text, **how)
        return self._known[key]

    def _said_by(self, cells: Sequence[Cell]) -> dict[str, list[str]]:
        said: dict[str, list[str]] = {}
        for index, cell in enumerate(cells[: len(self._fields)]):
            if cell != "" and self._fields[index] and not says_nothing(text := written(cell)):
                said.setdefault(self._fields[index], []).append(text)
        return said
