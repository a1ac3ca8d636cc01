"""One writer of workbooks: whoever else wrote one would have to know again what a formula begins with (S13)."""

import re

from tests.house.test_sources import PACKAGE, SOURCES

WRITES = re.compile(
    r"\bxlsxwriter\b|\bopenpyxl\b|\bxlwt\b|csv\.(writer|DictWriter)\b|from csv import .*[wW]riter"
)


def test_nothing_else_writes_a_sheet():
    assert {name for name in SOURCES if WRITES.search((PACKAGE / name).read_text("utf-8"))} == {
        "core/sheets.py",
        "people/bringing.py",  # lines of a CSV to be read, not to be given out
    }
