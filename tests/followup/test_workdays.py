"""Working days with holidays and 调休."""

import datetime as dt

from yishang_crm.followup.workdays import WorkCalendar, official, seed_rows


def day(written: str) -> dt.date:
    return dt.date.fromisoformat(written)


def test_a_sunday_that_is_worked_and_a_friday_that_is_not():
    calendar = official()
    assert calendar.is_workday(day("2026-09-20"))
    assert not calendar.is_workday(day("2026-09-25"))


def test_next_workday_skips_the_national_day():
    assert official().next_workday(day("2026-09-30")) == day("2026-10-08")


def test_three_workdays_over_a_worked_saturday():
    assert official().add_workdays(day("2026-09-30"), 3) == day("2026-10-10")
    assert official().add_workdays(day("2026-10-10"), -3) == day("2026-09-30")


def test_workdays_between_do_not_count_the_first_day():
    assert official().workdays_between(day("2026-09-30"), day("2026-10-10")) == 3
    assert official().workdays_between(day("2026-10-10"), day("2026-09-30")) == -3


def test_a_year_without_rows_has_its_weekends_only():
    calendar = official()
    assert not calendar.knows(2027)
    assert calendar.is_workday(day("2027-10-04"))
    assert not calendar.is_workday(day("2027-10-03"))


def test_first_workday_after_a_festival():
    assert official().first_workday_after(day("2026-02-17")) == day("2026-02-24")
    assert official().first_workday_after(day("2026-01-01")) == day("2026-01-04")


def test_the_holiday_one_is_in_or_before():
    assert official().holiday_from(day("2026-10-03")) == (day("2026-10-01"), day("2026-10-07"))
    assert official().holiday_from(day("2026-09-08")) == (day("2026-09-25"), day("2026-09-27"))
    assert official().holiday_from(day("2027-01-01")) is None


def test_a_day_both_off_and_worked_is_worked():
    both = {day("2027-05-03")}
    assert WorkCalendar(both, both).is_workday(day("2027-05-03"))


def test_seed_rows_carry_the_official_names():
    rows = {row.day: row for row in seed_rows()}
    assert (rows[day("2026-10-01")].rest, rows[day("2026-10-01")].name) == (True, "国庆节")
    assert (rows[day("2026-10-10")].rest, rows[day("2026-10-10")].name) == (False, "国庆节")
    assert WorkCalendar.of(rows.values()) == official()
