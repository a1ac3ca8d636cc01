"""One sheet: whether it holds people, where its header ends, what each column and each row is."""

import re
from collections.abc import Sequence

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.writing import Cell, written
from yishang_crm.people.importing.choices import Choices, SheetChoice
from yishang_crm.people.importing.layout.columns import Column, guess_columns
from yishang_crm.people.importing.layout.header_rows import HeaderRows, find_header, header_at
from yishang_crm.people.importing.opening import RawSheet
from yishang_crm.people.importing.people import People
from yishang_crm.people.importing.problems import Problem
from yishang_crm.people.importing.reading import BLANK, HEADER, SKIPPED, TITLE, Line, SheetReading
from yishang_crm.people.importing.rows import RowKinds, carried_down
from yishang_crm.people.places import Gazetteer

SAMPLE_ROWS = 400
_ABOUT_THE_FORM = re.compile(
    "说明|字典|选项|下拉|代码|参数|数据源|指南|须知|目录|示例|样表|样例|模板|汇总|统计|图表"
)


def read_sheet(
    sheet: RawSheet, gazetteer: Gazetteer, choices: Choices, *, before: SheetReading | None
) -> SheetReading:
    """Read one sheet; `before` is the people's sheet before it, whose columns serve where the header is missing."""
    choice = choices.of(sheet.name)
    if choice.read is False:
        return _skipped(sheet, N_("按您的选择没有读取"))
    if not any(written(cell) for row in sheet.rows for cell in row):
        return _skipped(sheet, N_("空表"))
    if sheet.hidden and not choice.read:
        return _skipped(sheet, N_("隐藏的工作表，没有读取"))
    header = _header(sheet, choice)
    first = header.last + 1 if header else 0
    rows, covered = carried_down(sheet, first)
    columns = _columns(sheet, header, rows[first:], gazetteer, choices, before)
    if header is None and choice.header_rows is None and (header := _header_in_unknown_words(sheet, columns)):
        first = header.last + 1
        columns = _columns(sheet, header, rows[first:], gazetteer, choices, before)
    if refusal := _refusal(sheet, header, columns, choice):
        return _skipped(sheet, refusal, columns=columns, header=header)
    return _people(sheet, header, columns, rows, covered, gazetteer)


def _header(sheet: RawSheet, choice: SheetChoice) -> HeaderRows | None:
    if choice.header_rows is None:
        return find_header(sheet)
    if not choice.header_rows:
        return None
    last = len(sheet.rows) - 1
    return header_at(sheet, min(min(choice.header_rows) - 1, last), min(max(choice.header_rows) - 1, last))


def _header_in_unknown_words(sheet: RawSheet, columns: list[Column]) -> HeaderRows | None:
    """列1 列2 列3 above phones: words we do not know, but plainly not what stands below them."""
    at = next((at for at, row in enumerate(sheet.rows) if sum(bool(written(cell)) for cell in row) > 1), None)
    if at is None:
        return None
    for column in columns:
        text = written(sheet.rows[at][column.index]) if column.index < len(sheet.rows[at]) else ""
        digits = sum(letter.isdigit() for letter in text)
        if text and column.field == "phones" and digits < 4 and len(text) < 12:
            return header_at(sheet, at, at)
        if text and column.field == "email" and "@" not in text:
            return header_at(sheet, at, at)
    return None


def _columns(
    sheet: RawSheet,
    header: HeaderRows | None,
    data: Sequence[Sequence[Cell]],
    gazetteer: Gazetteer,
    choices: Choices,
    before: SheetReading | None,
) -> list[Column]:
    width = max(len(row) for row in sheet.rows)
    labels = header.labels if header else ()
    borrowed: dict[int, str] = {}
    if header is None and before is not None and len(before.columns) == width:
        borrowed = {column.index: column.field for column in before.columns if column.field}
    step = max(1, len(data) // SAMPLE_ROWS)
    sample = data[::step]
    values = [[row[index] if index < len(row) else "" for row in sample] for index in range(width)]
    columns = guess_columns(labels, values, gazetteer, borrowed)
    key = SheetReading(sheet.name, columns=columns).layout_key
    chosen = {**choices.remembered.get(key, {}), **choices.of(sheet.name).columns}
    return guess_columns(labels, values, gazetteer, {**borrowed, **chosen}) if chosen else columns


def _refusal(
    sheet: RawSheet, header: HeaderRows | None, columns: list[Column], choice: SheetChoice
) -> str | None:
    """Why the sheet is no list of people, or None."""
    fields = {column.field for column in columns}
    named = "name" in fields or "given" in fields
    if choice.read and named:
        return None
    if not named:
        return N_("没有找到姓名一列，没有读取。如果有，请指定哪一列是姓名")
    if _ABOUT_THE_FORM.search(sheet.name) and "phones" not in fields:
        return N_("像是说明或汇总，没有读取")
    by_content = any(column.field == "name" and column.why == "content" for column in columns)
    if header is None and by_content and len(fields - {"", "name", "other"}) < 1 and len(sheet.rows) < 3:
        return N_("像是说明，没有读取")
    return None


def _skipped(
    sheet: RawSheet, sentence: str, *, columns: list[Column] | None = None, header: HeaderRows | None = None
) -> SheetReading:
    lines = [
        Line(_number(sheet, at), SKIPPED if any(written(cell) for cell in row) else BLANK)
        for at, row in enumerate(sheet.rows)
        if not _made_up(sheet, at)
    ]
    return SheetReading(
        sheet.name,
        skipped=Problem(sentence),
        hidden=sheet.hidden,
        header_rows=_header_numbers(sheet, header),
        columns=columns or [],
        lines=lines,
    )


def _people(
    sheet: RawSheet,
    header: HeaderRows | None,
    columns: list[Column],
    rows: Sequence[Sequence[Cell]],
    covered: dict[int, set[int]],
    gazetteer: Gazetteer,
) -> SheetReading:
    reading = SheetReading(
        sheet.name, hidden=sheet.hidden, header_rows=_header_numbers(sheet, header), columns=columns
    )
    first = header.last + 1 if header else 0
    above = [" ".join(filter(None, map(written, row))) for row in sheet.rows[: header.first if header else 0]]
    people = People(
        sheet.name, columns, rows[first:], gazetteer, above="\n".join(above), from_1904=sheet.from_1904
    )
    kinds = RowKinds(columns, header, gazetteer)
    name_at = {column.index for column in columns if column.field == "name"}
    # Section lines and notes are one cell merged across.
    wide = {top for top, left, _, right in sheet.merged if right - left >= 2}
    for at, row in enumerate(rows):
        if _made_up(sheet, at):
            continue
        if at < first:
            kind = _kind_above(sheet, header, at)
        else:
            kind = kinds.of(
                sheet.rows[at], row, covered=bool(name_at & covered.get(at, set())), wide=at in wide
            )
            people.take(kind, _number(sheet, at), sheet.rows[at], row)
        reading.lines.append(Line(_number(sheet, at), kind))
    reading.rows, reading.remarks = people.rows, people.remarks
    if not reading.rows:
        return _skipped(sheet, N_("只有表头，没有人"), columns=columns, header=header)
    return reading


def _kind_above(sheet: RawSheet, header: HeaderRows | None, at: int) -> str:
    if not any(written(cell) for cell in sheet.rows[at]):
        return BLANK
    return HEADER if header and at >= header.first else TITLE


def _header_numbers(sheet: RawSheet, header: HeaderRows | None) -> tuple[int, int] | None:
    if header is None or sheet.kind == "cards":
        return None
    return header.first + 1, header.last + 1


def _number(sheet: RawSheet, at: int) -> int:
    """The row as counted in the file; cards stand under a header of our own, so their first is 1."""
    return at if sheet.kind == "cards" else at + 1


def _made_up(sheet: RawSheet, at: int) -> bool:
    return sheet.kind == "cards" and at == 0
