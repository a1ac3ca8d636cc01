"""The only writer of workbooks in the house: what people typed stays text, whatever it begins with.

A spreadsheet program takes a text for a formula by its first character. Here every text is written as a typed string in a
cell of the format "text", so that opening it computes nothing and a phone keeps its plus sign and its zeros; a text that looks
like a formula bears the mark of a leading apostrophe besides (`quotePrefix`), which is no part of the value: it is read back
as it was, and stays text when somebody edits the cell (hazards S13).
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

Cell = str | int | float | Decimal | dt.date | None

MOST_CHARACTERS = 32_767  # of a cell, by the file format
MOST_IN_MARGIN = 255  # of a header or footer, by the file format
# Named, not shipped (domain.md §6.6); a machine without them takes its own.
_TITLE_FONT, _HEAD_FONT, _BODY_FONT = "方正小标宋简体", "黑体", "仿宋"

# Half and full width; also behind blanks nobody sees, and where a text would be cut at a quote, a separator or a new line.
_LOOKS_LIKE_FORMULA = re.compile(
    "(?:^|[\\r\\n\\t\"',;，；])[\\s\ufeff\u200b-\u200f\u2060\u00ad]*[=+\\-@|＝＋－＠｜]|^[\\t\\r\\n]"
)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet program might compute this text if it were not told otherwise."""
    return bool(_LOOKS_LIKE_FORMULA.search(text))


@dataclass(frozen=True)
class Head:
    """One column: what stands above it, how wide (in characters), whether it is hidden, and what may be chosen in it."""

    title: str
    width: float = 12
    hidden: bool = False
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Mark:
    """Whose copy this is: said in the margin of every printed page, and in a property that nobody sees."""

    said: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Sheet:
    """One sheet as offices know it: title, the line 填报单位 / 填表人 / 日期, heads, rows, 合计.

    `rows` is gone through once and never held. `total` (a text, then nothing) stands under them: `合计`, `312人`; `{count}` in
    it is the number of rows.
    """

    name: str
    heads: Sequence[Head]
    rows: Iterable[Sequence[Cell]] = ()
    title: str = ""
    line: Sequence[str] = ()
    total: Sequence[str] = ()
    written: int = 0


def write_book(path: Path, sheets: Sequence[Sheet], *, mark: Mark | None = None) -> int:
    """Write the sheets row by row, in memory that does not grow with them. Returns how many rows there are."""
    import xlsxwriter

    mark = mark or Mark()
    book = xlsxwriter.Workbook(
        str(path),
        {
            "constant_memory": True,
            "tmpdir": str(path.parent),  # what is half written lies where it will be wiped, not in /tmp
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    looks = _Looks(book)
    try:
        for sheet in sheets:
            _write_sheet(book, looks, sheet, mark)
    except BaseException:
        _drop(book)
        raise
    for name, value in mark.hidden.items():
        book.set_custom_property(name, _clean(value)[:255], "text")
    book.close()
    return sum(sheet.written for sheet in sheets)


def _drop(book: Any) -> None:
    """Nothing of a book that was not finished stays on the disk: its rows wait in files beside it."""
    for page in book.worksheets():
        page.row_data_fh.close()
        Path(page.row_data_filename).unlink(missing_ok=True)
    book.fileclosed = True


class _Looks:
    """The formats of a book, made once: a file may have 65,000 of them, and a cell needs one of ten."""

    def __init__(self, book: Any) -> None:
        body = {"font_name": _BODY_FONT, "font_size": 11, "border": 1, "valign": "vcenter", "text_wrap": True}
        head = {"font_name": _HEAD_FONT, "font_size": 11, "border": 1, "align": "center", "valign": "vcenter"}
        text = {"num_format": "@"}
        self.title = book.add_format(
            {"font_name": _TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter", **text}
        )
        self.line = book.add_format({"font_name": _BODY_FONT, "font_size": 11, "valign": "vcenter", **text})
        self.head = book.add_format(head | text | {"text_wrap": True})
        self.text = book.add_format(body | text)
        self.quoted = book.add_format(body | text | {"quote_prefix": True})
        self.number = book.add_format(body | {"num_format": "General", "align": "center"})
        self.date = book.add_format(body | {"num_format": "yyyy-mm-dd", "align": "center"})


def _write_sheet(book: Any, looks: _Looks, sheet: Sheet, mark: Mark) -> None:
    page = book.add_worksheet(sheet_name(sheet.name))
    last = max(len(sheet.heads) - 1, 0)
    for number, head in enumerate(sheet.heads):
        page.set_column(number, number, head.width, looks.text, {"hidden": head.hidden})
    first = _write_top(page, looks, sheet, last)
    for at, row in enumerate(sheet.rows, first):
        for number, cell in enumerate(row):
            _write_cell(page, looks, at, number, cell)
        sheet.written += 1
    if sheet.total:
        below = first + sheet.written
        for number in range(last + 1):
            said = sheet.total[number] if number < len(sheet.total) else ""
            _write_cell(page, looks, below, number, said.replace("{count}", str(sheet.written)))
    _offer_choices(page, sheet, first)
    # Numbers kept as text are meant so: no green corner on every phone.
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    _lay_out(page, first, mark)


def _write_top(page: Any, looks: _Looks, sheet: Sheet, last: int) -> int:
    """Title, line and heads; returns the first row of the people."""
    at = 0
    if sheet.title:
        page.set_row(at, 32)
        _write_merged(page, at, last, _clean(sheet.title), looks.title)
        at += 1
    if sheet.line:
        page.set_row(at, 22)
        _write_merged(page, at, last, _clean("　　".join(sheet.line)), looks.line)
        at += 1
    page.set_row(at, 28)
    for number, head in enumerate(sheet.heads):
        page.write_string(at, number, _clean(head.title), looks.head)
    return at + 1


def _write_merged(page: Any, at: int, last: int, said: str, look: Any) -> None:
    if last:
        page.merge_range(at, 0, at, last, "", look)
    page.write_string(at, 0, said, look)


def _write_cell(page: Any, looks: _Looks, row: int, column: int, cell: Cell) -> None:
    if cell is None or cell == "":
        page.write_blank(row, column, None, looks.text)
    elif isinstance(cell, bool):
        raise TypeError("a cell says what is so in words, not true or false")
    elif isinstance(cell, (int, float, Decimal)):
        page.write_number(row, column, cell, looks.number)
    elif isinstance(cell, dt.date):
        page.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), looks.date)
    else:
        said = _clean(str(cell))
        page.write_string(row, column, said, looks.quoted if looks_like_formula(said) else looks.text)


def _offer_choices(page: Any, sheet: Sheet, first: int) -> None:
    for number, head in enumerate(sheet.heads):
        if head.choices:
            page.data_validation(
                first,
                number,
                first + max(sheet.written, 500) - 1,
                number,
                {"validate": "list", "source": list(head.choices), "ignore_blank": True},
            )


def _lay_out(page: Any, first: int, mark: Mark) -> None:
    """A4 across, the heads on every page, the mark in the margin, "— 1 —" below (GB/T 9704)."""
    page.set_landscape()
    page.set_paper(9)
    page.set_margins(left=0.6, right=0.6, top=0.9, bottom=0.8)
    page.fit_to_pages(1, 0)
    page.freeze_panes(first, 0)
    page.repeat_rows(0, first - 1)
    said = in_margin(mark.said, "&R&8")
    page.set_header(said)
    page.set_footer(in_margin(mark.said, "&L&8", rest="&C— &P —"))


def in_margin(said: str, place: str, *, rest: str = "") -> str:
    """A text for a header or footer, where `&` would begin a command; cut to what the format allows."""
    if not said:
        return rest
    plain = " ".join(_clean(said).replace("&", "＆").split())
    # A digit right behind the size would be read as part of it.
    return f"{place} {plain[: MOST_IN_MARGIN - len(place) - len(rest) - 1]}{rest}"


def sheet_name(name: str) -> str:
    """What a sheet may be called: 31 characters, none of `[]:*?/\\`, no apostrophe at its ends."""
    kept = re.sub(r"[\[\]:*?/\\]", " ", _clean(name)).strip().strip("'")[:31].strip("'")
    return kept or "名单"


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)[:MOST_CHARACTERS]
