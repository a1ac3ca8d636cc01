"""Births by any habit."""

import datetime as dt

import pytest

from yishang_crm.people.importing.cells.births import LUNAR, birth_in


@pytest.mark.parametrize(
    "written",
    [
        "1965.8",
        "65年8月",
        "196508",
        "1965年8月生",
        "1965/8",
        "民國54年8月",
        "一九六五年八月",
        "Aug-65",
        1965.8,
        196508.0,
    ],
)
def test_a_month_is_read(written):
    assert birth_in(written).birth == "1965-08"


@pytest.mark.parametrize(
    "written",
    ["1965-08-03", "19650803", "1965年8月3日", 23957.0, "23957", dt.date(1965, 8, 3), "1965-08-03 00:00:00"],
)
def test_a_day_is_read(written):
    assert birth_in(written).birth == "1965-08-03"


@pytest.mark.parametrize("written", ["农历1965年八月初三", "1965.08.03（农历）", "1965年八月初三"])
def test_the_lunar_calendar_is_kept(written):
    assert (birth_in(written).birth, birth_in(written).calendar) == ("1965-08-03", LUNAR)


def test_a_number_that_may_be_january_or_october_is_not_guessed():
    assert birth_in(1977.1).birth is None
    assert birth_in(1977.1, january_is_01=True).birth == "1977-10"
    assert birth_in("1977.1").birth == "1977-01"


@pytest.mark.parametrize("written", ["属蛇", "55岁", "1965-13", "8月3日"])
def test_what_tells_no_month_is_named(written):
    assert birth_in(written).birth is None
    assert birth_in(written).problems != ()


def test_a_year_alone_is_kept_apart():
    assert (birth_in("1965年").birth, birth_in("1965年").year) == (None, 1965)
