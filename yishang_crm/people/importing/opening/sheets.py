"""A sheet as it stands in the file, and how much of one is read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from yishang_crm.people.importing.cells.writing import Cell

MOST_SHEETS = 60
MOST_ROWS = 100_000
MOST_COLUMNS = 256
MOST_CELLS = 5_000_000

Area = tuple[int, int, int, int]


@dataclass(slots=True)
class RawSheet:
    """Cells of one sheet. `rows[0]` is row 1 of the file; `merged` are (top, left, bottom, right) from 0."""

    name: str
    rows: Sequence[Sequence[Cell]]
    hidden: bool = False
    merged: list[Area] = field(default_factory=list)
    # "workbook", "text" or "cards": cards have no rows a person could count, so theirs are numbered.
    kind: str = "workbook"
    # Workbooks made on old Macs count their days from 1904; calamine reckons only with cells that are dates by format.
    from_1904: bool = False
