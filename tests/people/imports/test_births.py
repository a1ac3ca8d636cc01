"""A birth is a day by a calendar: brought, compared, written and taken back whole, with the birthdays that follow."""

import datetime as dt

import pytest

from tests.people.arranged import somebody
from tests.people.imports.arranged import (
    brought,
    everything,
    outcomes,
    person_named,
    reasons,
    rows_of,
)
from yishang_crm.core.clock import standing_at
from yishang_crm.core.db import db
from yishang_crm.people import actions, queries
from yishang_crm.people.birthdays import Birth, as_listed, from_list
from yishang_crm.people.bringing import read_cell
from yishang_crm.people.importing import Told, read_file
from yishang_crm.people.models import BirthCalendar, Person
from yishang_crm.people.words import in_chinese

FIRM = "深圳市望岳精密科技有限公司"
LUNAR = {"birth_year": 1965, "birth_month": 12, "birth_day": 10, "birth_calendar": BirthCalendar.LUNAR}


@pytest.fixture(autouse=True)
def _a_day(indoors):
    with standing_at(dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)):
        yield


def file_with(birth, head="出生"):
    return f"姓名,单位,手机,{head}\n余秉衡,{FIRM},19900000417,{birth}".encode()


def known(cast, **birth):
    return somebody(cast.tongcheng, **birth)


def told_of(actor):
    db.session.expire_all()
    person = person_named(actor, "余秉衡")
    return as_listed(person.born), person.solar_birthday_on, person.lunar_birthday_on


@pytest.mark.parametrize(
    ("typed", "listed"),
    [
        ("农历1965年十二月初十", "农历1965-12-10"),
        ("农历1965年腊月初十", "农历1965-12-10"),
        ("农历1990年闰五月初八", "农历1990-闰05-08"),
        ("农历1990-闰05-08", "农历1990-闰05-08"),
        ("1965-12-10", "1965-12-10"),
        ("农历1965年腊月", "农历1965-12"),
    ],
)
def test_what_a_list_says_is_what_its_own_writing_says_again(typed, listed):
    row = Told.of(read_file(file_with(typed), "名册.csv")).rows[0]
    assert row["fields"]["birth"] == listed
    assert as_listed(from_list(listed)) == listed
    assert Told.of(read_file(file_with(listed), "名册.csv")).rows[0]["fields"]["birth"] == listed


def test_a_lunar_birth_comes_in_as_one_with_its_next_birthdays(cast):
    batch = brought(cast.tongcheng, file_with("农历1965年十二月初十"))
    assert actions.write_batch(cast.tongcheng, batch)["create"] == 1
    # The tenth of the twelfth month of 1965 was New Year's Day of 1966.
    assert told_of(cast.tongcheng) == ("农历1965-12-10", dt.date(2027, 1, 1), dt.date(2027, 1, 17))


def test_a_column_that_is_headed_lunar_makes_every_date_in_it_lunar(cast):
    actions.write_batch(cast.tongcheng, brought(cast.tongcheng, file_with("1965-12-10", head="农历生日")))
    assert told_of(cast.tongcheng)[0] == "农历1965-12-10"


@pytest.mark.parametrize(
    ("ours", "theirs", "change"),
    [
        (LUNAR, "1965-12-10", ["农历1965-12-10", "1965-12-10"]),
        (LUNAR | {"birth_calendar": BirthCalendar.SOLAR}, "农历1965年腊月初十", ["1965-12-10", "农历1965-12-10"]),
        (LUNAR, "农历1965年腊月初十", None),
        (LUNAR, "农历1965年腊月", None),
        (LUNAR, "1965-12", None),
        (
            LUNAR | {"birth_year": 1990, "birth_month": 5, "birth_day": 8, "birth_in_leap_month": True},
            "1990-05-08",
            ["农历1990-闰05-08", "1990-05-08"],
        ),
    ],
    ids=["to the sun", "to the moon", "the same", "less of it", "less, no calendar", "out of a leap month"],
)  # fmt: skip
def test_one_date_by_two_calendars_is_two_days(cast, ours, theirs, change):
    known(cast, **ours)
    batch = brought(cast.tongcheng, file_with(theirs))
    assert rows_of(cast.tongcheng, batch)[0].changes.get("birth") == change
    assert outcomes(cast.tongcheng, batch) == ["update" if change else "unchanged"]


def test_a_solar_date_leaves_no_leap_month_behind_and_an_undo_brings_all_of_it_back(cast):
    known(
        cast, birth_year=1990, birth_month=5, birth_day=8,
        birth_calendar=BirthCalendar.LUNAR, birth_in_leap_month=True,
    )  # fmt: skip
    before, lying = told_of(cast.tongcheng), everything()
    batch = brought(cast.tongcheng, file_with("1990-05-08"))
    assert actions.write_batch(cast.tongcheng, batch)["update"] == 1
    person = person_named(cast.tongcheng, "余秉衡")
    assert (person.born, before[0]) == (Birth(1990, 5, 8), "农历1990-闰05-08")
    assert told_of(cast.tongcheng) == ("1990-05-08", dt.date(2027, 5, 8), dt.date(2027, 5, 19))
    actions.undo_batch(cast.tongcheng, batch)
    assert (told_of(cast.tongcheng), everything()) == (before, lying)


def test_a_birth_of_which_a_part_was_edited_since_stays_whole(cast):
    known(cast, **LUNAR)
    batch = brought(cast.tongcheng, file_with("1966-12-10"))
    actions.write_batch(cast.tongcheng, batch)
    person = person_named(cast.tongcheng, "余秉衡")
    actions.edit_person(cast.tongcheng, person, version=person.version, birth_day=11)
    actions.undo_batch(cast.tongcheng, batch)
    assert told_of(cast.tongcheng)[0] == "1966-12-11"
    assert [in_chinese(one) for one in rows_of(cast.tongcheng, batch)[0].left] == ["导入以后改过，留着：出生"]


@pytest.mark.parametrize(
    ("typed", "why"),
    [("1965年2月30日", "公历2月没有30日。若是农历，请把历法改为农历。"),
     ("农历1965年闰四月初八", "农历1965年没有闰四月，那一年没有闰月。")],
)  # fmt: skip
def test_a_day_that_never_was_is_named_and_not_written(cast, typed, why):
    batch = brought(cast.tongcheng, file_with(typed))
    assert why in [in_chinese(one) for one in rows_of(cast.tongcheng, batch)[0].problems]
    actions.write_batch(cast.tongcheng, batch)
    person = person_named(cast.tongcheng, "余秉衡")
    assert (person.birth_month, person.birth_day, person.born.is_lunar) == (None, None, False)


def test_a_cell_that_is_mended_keeps_its_calendar(cast):
    batch = brought(cast.tongcheng, file_with(""))
    read = read_cell("birth", "农历1965年腊月初十", queries.gazetteer())
    actions.mend_cell(
        cast.tongcheng, batch, rows_of(cast.tongcheng, batch)[0], field="birth", value=read.value, version=1
    )
    actions.write_batch(cast.tongcheng, batch)
    assert told_of(cast.tongcheng)[0] == "农历1965-12-10"


def test_the_same_file_brought_again_says_nothing_new(cast):
    content = file_with("农历1990年闰五月初八")
    actions.write_batch(cast.tongcheng, brought(cast.tongcheng, content))
    again = brought(cast.tongcheng, content)
    assert (outcomes(cast.tongcheng, again), reasons(rows_of(cast.tongcheng, again)[0])) == (
        ["unchanged"],
        "",
    )
    assert (
        len(list(db.session.scalars(queries.visible_to(cast.tongcheng).where(Person.birth_year == 1990))))
        == 1
    )
