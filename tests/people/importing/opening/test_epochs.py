"""Workbooks made on old Macs count their days from 1904: a day of birth is the same day whichever they count from."""

import datetime as dt
import io
import struct

import pytest
import xlsxwriter

from yishang_crm.people.importing import read_file
from yishang_crm.people.importing.opening.workbooks import _old_is_from_1904

BORN = dt.date(1965, 8, 3)


def book(first_day, *, from_1904):
    """One birth as a bare number, one as a date by its format, one as the number written as text."""
    content = io.BytesIO()
    made = xlsxwriter.Workbook(content, {"date_1904": from_1904, "in_memory": True})
    sheet = made.add_worksheet("名册")
    sheet.write_row(0, 0, ["姓名", "手机", "出生"])
    serial = (BORN - first_day).days
    for row, name in enumerate(("余秉衡", "江望之", "程守默"), 1):
        sheet.write_row(row, 0, [name, f"1990000000{row}"])
    sheet.write_number(1, 2, serial)
    sheet.write_datetime(2, 2, BORN, made.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_string(3, 2, f"{serial}")
    made.close()
    return content.getvalue()


@pytest.mark.parametrize(
    ("first_day", "from_1904"), [(dt.date(1904, 1, 1), True), (dt.date(1899, 12, 30), False)]
)
def test_a_day_is_the_same_day_whichever_the_workbook_counts_from(first_day, from_1904):
    rows = list(read_file(book(first_day, from_1904=from_1904), "名册.xlsx").rows)
    assert [row.fields["birth"] for row in rows] == ["1965-08-03"] * 3


def records(*some):
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in some)


@pytest.mark.parametrize(
    ("mode", "begins"),
    [(1, b"\x00\x06\x05\x00" + bytes(12)), (0, b"\x00\x06\x05\x00" + bytes(12)), (1, b"\x00\x05\x05\x00" + bytes(4))],
)  # fmt: skip
def test_an_old_workbook_says_so_in_a_record_of_its_own(mode, begins):
    content = bytes(512) + records(
        (0x809, begins), (0x42, b"\xb0\x04"), (0x22, struct.pack("<H", mode)), (0x0A, b"")
    )
    assert _old_is_from_1904(content) is bool(mode)
    assert _old_is_from_1904(content.replace(records((0x22, struct.pack("<H", mode))), b"")) is False
    assert _old_is_from_1904(b"") is False
