"""The form 年度报送表: filled with what the house knows, each row with its hidden id, or blank to start with.

In Chinese whoever asks: the paper is the office's. Only columns that an import compares with the house stand in it, so that
nothing anybody corrects is lost.
"""

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import today
from yishang_crm.core.sheets import Cell, Head, Mark, Sheet, write_book
from yishang_crm.people.exports.columns import COLUMNS, Line
from yishang_crm.people.exports.papers import Wanted, said_in_chinese
from yishang_crm.people.importing.returned import ID_HEAD, mark_of
from yishang_crm.people.returns import queries
from yishang_crm.people.returns.tokens import token_of

# Head, width, the export's column, the field that the import reads of it. The id stands behind the name, within what people
# select when they sort: a column at the end would stay where it was while its people move.
FORM = (
    ("姓名", 10, "name", "name"),
    (ID_HEAD, 12, "", ""),
    ("性别", 6, "gender", "gender"),
    ("出生年月", 20, "birth", "birth"),
    ("籍贯（县市区）", 12, "native_place", "native_place"),
    ("乡镇街道", 12, "native_town", "native_town"),
    ("工作单位", 30, "organization", "organization"),
    ("职务", 16, "title", "title"),
    ("手机（电话）", 26, "phone", "phones"),
    ("电子邮箱", 30, "email", "email"),
    ("常驻城市", 12, "residence", "city"),
    ("主要产业", 18, "industry", "industry"),
)
COLUMNS_TOLD = [column for _head, _width, column, _field in FORM if column]
ROOM_FOR_NEW = 20
BLANK_ROWS = 50
_GENDERS = ("男", "女")
# A mobile of the mainland is written as everybody writes it: eleven digits.
_MAINLAND = re.compile(r"\+86(?=1\d{10}(?!\d))")


def title_of(year: int) -> str:
    return f"安庆籍在外企业家信息年度报送表（{year}年）"


def write_return(
    actor: Actor, wanted: Wanted, filters: Mapping[str, Any], lines: Iterable[Line], path: Path
) -> int:
    """The sheet of the people of an export, under its permit. Returns how many people it holds."""
    entries = queries.entries_of(actor, filters["round"], filters["id"])
    known = [line for line in lines if line.person.id in entries]
    rows = (_row(number, line, entries[line.person.id or 0]) for number, line in enumerate(known, 1))
    sheet = _sheet(wanted.filled_by, _followed(rows, len(known)), title=wanted.title)
    write_book(path, [sheet], mark=Mark(wanted.mark, wanted.hidden))
    return len(known)


def blank(filled_by: str) -> bytes:
    """The same form without people and without ids."""
    rows = ([number] for number in range(1, BLANK_ROWS + 1))
    sheet = _sheet(filled_by, rows, title=title_of(today().year), without_id=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "blank.xlsx"
        write_book(path, [sheet])
        return path.read_bytes()


def _row(number: int, line: Line, entry_id: int) -> list[Cell]:
    said = {
        field: COLUMNS[column].say(line, said_in_chinese) for _head, _width, column, field in FORM if column
    }
    said["gender"] = said["gender"] if said["gender"] in _GENDERS else ""
    said["phones"] = _MAINLAND.sub("", said["phones"])
    mark = mark_of(token_of(entry_id), said)
    return [number, *(said[field] if field else mark for _head, _width, _column, field in FORM)]


def _followed(rows: Iterable[list[Cell]], count: int) -> Iterator[list[Cell]]:
    """Room below for those whom the house does not know yet."""
    yield from rows
    yield from ([number] for number in range(count + 1, count + ROOM_FOR_NEW + 1))


def _sheet(filled_by: str, rows: Iterable[Sequence[Cell]], *, title: str, without_id: bool = False) -> Sheet:
    columns = [Head(head, width, hidden=head == ID_HEAD) for head, width, _column, _field in FORM]
    if without_id:
        columns = [head for head in columns if not head.hidden]
    columns = [replace(head, choices=_GENDERS) if head.title == "性别" else head for head in columns]
    width = len(columns) + 1
    return Sheet(
        "年度报送表",
        [Head("序号", 6), *columns],
        ([*row, *[""] * (width - len(row))] for row in rows),
        title=title,
        line=(
            f"填报单位（盖章）：{filled_by}",
            "填报人：",
            "联系电话：",
            f"填报日期：{today().year}年  月  日",
        ),
    )
