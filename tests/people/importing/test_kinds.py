"""Files of every kind staff keep, made here, each against its truth."""

import pytest

from tests.people.importing.kinds import KINDS
from tests.people.importing.truth import compare
from yishang_crm.people.importing import read_file


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_every_field_of_every_row_is_right(make):
    filename, content, truth = make()
    reading = read_file(content, filename)
    assert compare([row.fields for row in reading.rows], truth).wrong == []


@pytest.mark.parametrize("make", KINDS, ids=lambda make: make.__name__)
def test_the_rows_of_every_sheet_are_accounted_for(make):
    filename, content, truth = make()
    reading = read_file(content, filename)
    assert reading.counts["person"] == len(truth)
    for sheet in reading.sheets:
        numbers = [line.row for line in sheet.lines]
        assert numbers == list(range(1, len(numbers) + 1))
        assert {row.row for row in sheet.rows} == {line.row for line in sheet.lines if line.kind == "person"}
