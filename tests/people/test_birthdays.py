"""Birthdays by the sun and by the moon, leap months included; the next one is a stored date (S39)."""

import datetime as dt

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st
from lunar_python import Lunar, Solar

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.bulk import bulk
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.people import actions, queries
from yishang_crm.people.birthdays import (
    Birth,
    age,
    leap_month_of,
    lunar_date,
    must_be_a_day,
    next_lunar,
    next_solar,
    nominal_age,
    said_lunar,
    solar_date,
)
from yishang_crm.people.models import BirthCalendar, Person, PersonState

TODAY = dt.date(2026, 9, 24)


def lunar(year, month, day, *, leap=False):
    return Birth(year, month, day, is_lunar=True, in_leap_month=leap)


# Whether there was such a day


@pytest.mark.parametrize(
    ("birth", "said"),
    [
        (Birth(1965, 2, 30), "公历2月没有30日"),
        (Birth(None, 4, 31), "公历4月没有31日"),
        (Birth(1965, 2, 29), "公历1965年2月只有28天"),
        (Birth(1965, None, 3), "还要写上月份"),
        (Birth(1965, 4, 3, in_leap_month=True), "公历没有闰月"),
        (lunar(1965, 4, 31), "农历一个月最多30天"),
        (lunar(1964, 2, 30), "农历1964年二月只有29天，没有三十"),
        (lunar(1965, 4, 8, leap=True), "农历1965年没有闰四月，那一年没有闰月"),
        (lunar(1963, 5, 8, leap=True), "农历1963年没有闰五月，那一年闰的是四月"),
        (lunar(1963, 4, 30, leap=True), "农历1963年闰四月只有29天"),
        (lunar(None, 4, 8, leap=True), "闰月要写明生年和生月"),
        (Birth(2027, 1, 1), "不能晚于今天"),
        (lunar(2026, 12, 8), "不能晚于今天"),
    ],
)
def test_a_day_that_never_was_is_refused_in_words(birth, said):
    with pytest.raises(NotPossible, match=said):
        must_be_a_day(birth, today=TODAY)


@pytest.mark.parametrize(
    "birth",
    [
        Birth(), Birth(1965), Birth(1965, 8), Birth(None, 2, 29), Birth(1964, 2, 29), lunar(1963, 4, 8, leap=True),
        lunar(None, 2, 30), lunar(1965, 12, 29), lunar(1965, None, None),
    ],
)  # fmt: skip
def test_a_day_that_was_or_may_have_been_is_taken(birth):
    must_be_a_day(birth, today=TODAY)


# From one calendar to the other


@pytest.mark.parametrize(
    ("birth", "day"),
    [
        (lunar(2026, 1, 1), dt.date(2026, 2, 17)),
        (lunar(2025, 6, 1, leap=True), dt.date(2025, 7, 25)),
        (lunar(1963, 4, 8, leap=True), dt.date(1963, 5, 30)),
        (lunar(1965, 12, 29), dt.date(1966, 1, 20)),
        (Birth(1965, 8, 3), dt.date(1965, 8, 3)),
        (lunar(1964, 2, 30), None),
        (Birth(1965, 8), None),
    ],
)
def test_a_birth_has_its_day_by_the_sun(birth, day):
    assert solar_date(birth) == day


@settings(max_examples=60, deadline=None)
@given(st.dates(dt.date(1900, 3, 1), dt.date(2099, 12, 31)))
def test_it_agrees_with_the_library_and_goes_there_and_back(day):
    ours, theirs = lunar_date(day), Solar.fromYmd(day.year, day.month, day.day).getLunar()
    assert (ours.year, ours.month, ours.in_leap_month, ours.day) == (
        theirs.getYear(), abs(theirs.getMonth()), theirs.getMonth() < 0, theirs.getDay(),
    )  # fmt: skip
    assert solar_date(ours) == day


def test_the_years_with_thirteen_months():
    assert {year: leap_month_of(year) for year in (2020, 2023, 2025, 2026, 2028, 2033)} == {
        2020: 4, 2023: 2, 2025: 6, 2026: 0, 2028: 5, 2033: 11,
    }  # fmt: skip


# When it comes next


@pytest.mark.parametrize(
    ("birth", "sun", "moon"),
    [
        (Birth(1965, 9, 24), dt.date(2026, 9, 24), dt.date(2026, 10, 9)),
        (Birth(1965, 9, 23), dt.date(2027, 9, 23), dt.date(2026, 10, 8)),
        (lunar(1965, 8, 15), dt.date(2027, 9, 10), dt.date(2026, 9, 25)),
        (lunar(None, 8, 15), None, dt.date(2026, 9, 25)),
        (Birth(None, 10, 1), dt.date(2026, 10, 1), None),
        (Birth(1964, 2, 29), dt.date(2027, 2, 28), dt.date(2027, 2, 22)),
        (Birth(1965), None, None),
    ],
)
def test_the_next_birthday_in_either_calendar(birth, sun, moon):
    assert (next_solar(birth, on_or_after=TODAY), next_lunar(birth, on_or_after=TODAY)) == (sun, moon)


def test_a_leap_months_birthday_is_kept_in_the_ordinary_month_where_there_is_no_leap_one():
    born = lunar(1987, 6, 10, leap=True)
    assert next_lunar(born, on_or_after=dt.date(2026, 1, 1)) == solar_date(lunar(2026, 6, 10))
    assert next_lunar(born, on_or_after=dt.date(2025, 7, 1)) == solar_date(lunar(2025, 6, 10, leap=True))


def test_a_thirtieth_is_kept_on_the_last_day_of_a_short_month():
    born = lunar(None, 12, 30)
    last = next_lunar(born, on_or_after=dt.date(2026, 1, 1))
    assert last == dt.date(2026, 2, 16)  # 腊月二十九, the eve of the new year
    assert (Lunar.fromYmd(2025, 12, 29).getSolar().toYmd()) == last.isoformat()


@pytest.mark.parametrize(
    ("birth", "said"),
    [
        (lunar(1963, 4, 8, leap=True), "闰四月初八"), (lunar(1965, 1, 10), "正月初十"), (lunar(1965, 11, 11), "冬月十一"),
        (lunar(1965, 12, 20), "腊月二十"), (lunar(1965, 8, 29), "八月廿九"), (lunar(1965, 8, 30), "八月三十"), (lunar(1965, 8, None), "八月"),
    ],
)  # fmt: skip
def test_it_is_said_as_people_say_it(birth, said):
    assert said_lunar(birth) == said


@pytest.mark.parametrize(
    ("birth", "today", "full", "nominal"),
    [
        (Birth(1965, 9, 24), TODAY, 61, 62),
        (Birth(1965, 9, 25), TODAY, 60, 62),
        # Born a day before the lunar new year of 1966: two at the new year, though a day old.
        (lunar(1965, 12, 29), dt.date(1966, 1, 21), 0, 2),
        (Birth(1966, 1, 20), dt.date(1966, 1, 21), 0, 2),
        (Birth(1965), TODAY, None, 62),
        (Birth(None, 9, 24), TODAY, None, None),
    ],
)
def test_full_years_and_years_in_the_chinese_way(birth, today, full, nominal):
    assert (age(birth, today=today), nominal_age(birth, today=today)) == (full, nominal)


# On the record


BORN = {
    "birth_year": 1963,
    "birth_month": 4,
    "birth_day": 8,
    "birth_calendar": BirthCalendar.LUNAR,
    "birth_in_leap_month": True,
}


def test_whoever_writes_a_birth_writes_the_next_birthday(cast, indoors):
    with time_machine.travel(dt.datetime(2026, 9, 24, 4, tzinfo=dt.UTC), tick=False):
        person = somebody(cast.tongcheng, **BORN)
        assert (person.solar_birthday_on, person.lunar_birthday_on, person.birthday_on) == (
            dt.date(2027, 5, 30), dt.date(2027, 5, 13), dt.date(2027, 5, 13),
        )  # fmt: skip
        actions.edit_person(
            cast.tongcheng, person, version=1, birth_month=None, birth_day=None, birth_in_leap_month=False
        )
        db.session.flush()
        assert (person.solar_birthday_on, person.lunar_birthday_on) == (None, None)


def test_a_correction_elsewhere_is_not_hindered_by_an_odd_date_of_a_file(cast, indoors):
    person = somebody(cast.tongcheng)
    with bulk(HOUSE, Permission.HOUSEKEEPING, "test.odd") as work:
        work.update(Person, [{"id": person.id, "birth_year": 1965, "birth_month": 2, "birth_day": 30}])
    db.session.refresh(person)
    actions.edit_person(cast.tongcheng, person, version=1, residence="惠州")
    assert person.residence == "惠州"
    with pytest.raises(NotPossible, match="没有31日"):
        actions.edit_person(cast.tongcheng, person, version=2, birth_day=31)


def test_the_night_moves_them_on_and_a_second_time_finds_nothing(app, cast):
    with app.app_context(), writing():
        with time_machine.travel(dt.datetime(2026, 9, 24, 4, tzinfo=dt.UTC), tick=False):
            person_id = somebody(cast.tongcheng, birth_year=1965, birth_month=9, birth_day=30).id
            newcomer = somebody(cast.tongcheng, "汪砚舟", phone="19900000418")
            with bulk(HOUSE, Permission.HOUSEKEEPING, "test.many") as work:
                work.update(Person, [{"id": newcomer.id, "birth_month": 10, "birth_day": 1}])
            assert actions.turn_birthdays(HOUSE) == 1
            db.session.refresh(newcomer)
            assert newcomer.solar_birthday_on == dt.date(2026, 10, 1)
        with time_machine.travel(dt.datetime(2026, 10, 3, 4, tzinfo=dt.UTC), tick=False):
            assert (actions.turn_birthdays(HOUSE), actions.turn_birthdays(HOUSE)) == (2, 0)
            db.session.expire_all()
            assert queries.person(cast.tongcheng, person_id).solar_birthday_on == dt.date(2027, 9, 30)
        db.session.rollback()


FORM = {"name": "江望之", "tier": "B", "state": "active", "lawful_basis": "duty", "gender": ""}


def test_the_form_takes_a_lunar_birthday_and_the_page_says_it_in_both_calendars(client):
    signed_in(client, "tongcheng")
    born = {
        "birth_year": "1963",
        "birth_month": "4",
        "birth_day": "8",
        "birth_calendar": "lunar",
        "birth_in_leap_month": "y",
    }
    answer = client.post("/people", data=FORM | born)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.location).text
    for said in ("农历1963年闰四月初八", "公历生日", "农历四月初八在", "虚岁"):
        assert said in page
    assert "<details" in page.partition("虚岁")[0][-200:]


@pytest.mark.parametrize(
    ("born", "said"),
    [
        (
            {"birth_year": "1964", "birth_month": "2", "birth_day": "30", "birth_calendar": "lunar"},
            "农历1964年二月只有29天",
        ),
        (
            {"birth_year": "1965", "birth_month": "4", "birth_calendar": "lunar", "birth_in_leap_month": "y"},
            "没有闰四月",
        ),
        (
            {"birth_year": "1965", "birth_month": "2", "birth_day": "30", "birth_calendar": "solar"},
            "公历2月没有30日",
        ),
        ({"birth_calendar": "solar", "birth_in_leap_month": "y"}, "公历没有闰月"),
    ],
)
def test_the_form_says_what_is_wrong_with_a_date(client, born, said):
    signed_in(client, "tongcheng")
    answer = client.post("/people", data=FORM | born)
    assert (answer.status_code, said in answer.text) == (422, True)


# Whose birthday comes


@time_machine.travel(dt.datetime(2026, 9, 24, 4, tzinfo=dt.UTC), tick=False)
def test_the_next_weeks_name_whom_one_may_greet_by_their_own_calendar(app, client, cast):
    with app.app_context(), writing():
        for name, number, details in (
            ("余秉衡", 1, {"birth_year": 1965, "birth_month": 9, "birth_day": 30}),
            (
                "汪砚舟",
                2,
                {
                    "birth_year": 1963,
                    "birth_month": 8,
                    "birth_day": 15,
                    "birth_calendar": BirthCalendar.LUNAR,
                },
            ),
            ("查静安", 3, {"birth_month": 10, "birth_day": 1, "state": PersonState.DECEASED}),
            ("戴玉屏", 4, {"birth_month": 10, "birth_day": 2}),
            ("潘岳霖", 5, {"birth_month": 12, "birth_day": 30}),
        ):
            person = somebody(cast.tongcheng, name, phone=f"1990000051{number}", **details)
            if name == "戴玉屏":
                actions.forbid_contact(cast.tongcheng, person, reason="本人来电")
        db.session.commit()
    signed_in(client, "tongcheng")
    page = client.get("/people/birthdays").text
    assert page.index("汪砚舟") < page.index("余秉衡")
    assert [name for name in ("查静安", "戴玉屏", "潘岳霖") if name in page] == []
    assert "农历八月十五" in page
    assert "虚岁" not in page
    assert '<td class="num">64</td>' in client.get("/people/birthdays?ages=1").text
    signed_in(client, "huaining")
    assert "余秉衡" not in client.get("/people/birthdays?days=90").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_however_many(app, client, cast, count_queries, rows):
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)
    with app.app_context(), writing():
        for number in range(rows):
            somebody(
                cast.tongcheng,
                f"余{number}",
                phone=f"1990000052{number}",
                birth_month=tomorrow.month,
                birth_day=tomorrow.day,
            )
        db.session.commit()
    signed_in(client, "tongcheng")
    client.get("/people/birthdays")
    with count_queries() as counted:
        assert client.get("/people/birthdays").status_code == 200
    assert counted.n == 4, counted.statements
