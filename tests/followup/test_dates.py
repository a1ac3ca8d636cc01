"""Dates as people say them."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.followup.phrases import NO_DATE_TO_COME, SEEN_ON_8_SEPTEMBER_2026
from yishang_crm.followup.dates import find_date, find_dates, past_date, spoken, weekday_name
from yishang_crm.followup.dates.numerals import number, plain
from yishang_crm.followup.workdays import WorkCalendar, official

TODAY = dt.date(2026, 9, 8)


def read(phrase: str, today: dt.date = TODAY) -> str | None:
    found = find_date(phrase, today=today, calendar=official())
    return found and found.day.isoformat()


@pytest.mark.parametrize(("phrase", "words", "day", "kind", "marks"), SEEN_ON_8_SEPTEMBER_2026)
def test_a_phrase_means_its_day(phrase, words, day, kind, marks):
    found = find_date(phrase, today=TODAY, calendar=official())
    told = found.day.isoformat() + (f" {found.time:%H:%M}" if found.time else "")
    assert (phrase[found.start : found.end], told, found.kind.value) == (words, day, kind)
    assert (found.vague, found.by) == ("vague" in marks, "by" in marks)


@pytest.mark.parametrize("phrase", NO_DATE_TO_COME)
def test_a_phrase_means_no_day_to_come(phrase):
    assert read(phrase) is None


def test_the_table_is_long_enough():
    assert len({row[0] for row in SEEN_ON_8_SEPTEMBER_2026}) >= 150


@pytest.mark.parametrize(
    ("today", "phrase", "day"),
    [
        # a Saturday that is worked for the National Day of 2026
        ("2026-10-10", "三个工作日内", "2026-10-14"),
        ("2026-10-09", "明天", "2026-10-10"),
        ("2026-10-09", "下一个工作日", "2026-10-10"),
        # within the days off
        ("2026-10-03", "节后", "2026-10-08"),
        ("2026-10-03", "国庆后第一个工作日", "2026-10-08"),
        ("2026-10-03", "国庆后第三个工作日", "2026-10-10"),
        ("2026-10-08", "国庆后", "2026-10-08"),
        ("2026-10-09", "国庆后", "2027-10-08"),
        ("2026-10-03", "节前", "2026-12-31"),
        # a Sunday worked after the New Year of 2026
        ("2025-12-30", "元旦后", "2026-01-04"),
        ("2025-12-30", "节前", "2025-12-31"),
        ("2025-12-31", "明天", "2026-01-01"),
        ("2025-12-31", "月底前", "2025-12-31"),
        ("2025-12-31", "下个月5号", "2026-01-05"),
        ("2025-12-31", "年底", "2025-12-31"),
        # Mid-autumn inside the National Day's week
        ("2025-09-20", "中秋前", "2025-09-30"),
        ("2025-09-20", "中秋后", "2025-10-09"),
        # around the Spring Festival of 2026, 17 February
        ("2026-01-20", "年前", "2026-02-14"),
        ("2026-01-20", "年后", "2026-02-24"),
        ("2026-01-20", "春节后", "2026-02-24"),
        ("2026-01-20", "除夕", "2026-02-16"),
        ("2026-01-20", "腊月二十三", "2026-02-10"),
        ("2026-01-20", "正月十五", "2026-03-03"),
        ("2026-02-18", "年后", "2026-02-24"),
        ("2026-02-18", "初八再联系，正月初八", "2026-02-24"),
        ("2026-03-20", "清明前", "2026-04-03"),
        ("2026-03-20", "清明", "2026-04-05"),
        ("2026-03-20", "清明后", "2026-04-07"),
        # the end of a week and of a month
        ("2026-09-12", "周末", "2026-09-12"),
        ("2026-09-13", "周末", "2026-09-13"),
        ("2026-09-13", "下周一", "2026-09-14"),
        ("2026-09-13", "周一", "2026-09-14"),
        ("2026-09-12", "本周五", None),
        ("2026-09-14", "周一", "2026-09-21"),
        ("2026-01-31", "下个月底", "2026-02-28"),
        ("2026-01-31", "一个月后", "2026-02-28"),
        ("2026-01-31", "30号", "2026-03-30"),
        ("2024-02-28", "2月29日", "2024-02-29"),
        ("2024-02-28", "明后天", "2024-03-01"),
        ("2026-05-08", "5月8日", "2026-05-08"),
        ("2026-05-09", "5月8日", "2027-05-08"),
        ("2026-05-09", "今年5月8日", None),
        ("2026-05-01", "本月内", "2026-05-31"),
        ("2026-09-01", "月初", "2026-09-01"),
        ("2026-12-20", "下季度", "2027-01-01"),
        ("2026-12-20", "季度末", "2026-12-31"),
        ("2026-12-20", "一月中旬", "2027-01-11"),
        ("2025-06-20", "农历闰六月初三", "2025-07-27"),
        ("2025-06-20", "腊月三十", "2026-02-16"),
        # the notice for 2027 is not out: by custom
        ("2027-09-20", "国庆后第一个工作日", "2027-10-08"),
        ("2027-04-20", "节后", "2027-05-06"),
        ("2027-04-20", "五一前", "2027-04-30"),
    ],
)
def test_a_phrase_on_another_day(today, phrase, day):
    assert read(phrase, dt.date.fromisoformat(today)) == day


def test_what_custom_says_is_vague_until_the_notice_is_out():
    phrase = "国庆后第一个工作日"
    assert not find_date(phrase, today=TODAY, calendar=official()).vague
    assert find_date(phrase, today=dt.date(2027, 9, 1), calendar=official()).vague


def test_a_holiday_entered_by_the_office_counts():
    calendar = WorkCalendar(
        holidays={dt.date(2027, 10, d) for d in range(1, 9)}, workdays={dt.date(2027, 10, 9)}
    )
    assert find_date("国庆后", today=dt.date(2027, 9, 20), calendar=calendar).day == dt.date(2027, 10, 9)


def test_all_dates_of_a_line_are_found_in_order():
    found = find_dates("昨天谈过，9月15日看地，月底前签", today=TODAY, calendar=official())
    assert [one.day.isoformat() for one in found] == ["2026-09-15", "2026-09-30"]


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("昨天", "2026-09-07"),
        ("前天吃饭", "2026-09-06"),
        ("上周三", "2026-09-02"),
        ("上个月5号", "2026-08-05"),
        ("明天", None),
    ],
)
def test_a_day_that_passed(phrase, day):
    found = past_date(phrase, today=TODAY, calendar=official())
    assert (found and found.day.isoformat()) == day


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("廿三", 23),
        ("卅", 30),
        ("两三", 3),
        ("二〇二六", 2026),
        ("一百二十", 120),
    ],
)
def test_numbers(written, value):
    assert number(written) == value


def test_a_weekday_has_its_name():
    assert weekday_name(dt.date(2026, 9, 16)) == "周三"


DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2150, 12, 31))
DATE_LIKE = st.text(
    "今明后大前天日周末一二三十0123456789月号年底初季度节国庆中秋春前内过再隔农历腊正廿闰第个工作点半上下午:-/. 几每",
    max_size=30,
)


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=60) | DATE_LIKE, today=DAYS)
def test_no_text_raises_and_no_day_has_passed(text, today):
    end = 0
    for found in find_dates(text, today=today, calendar=official()):
        assert found.day >= today
        assert end <= found.start < found.end <= len(text)
        end = found.end


@settings(max_examples=50, deadline=None)
@given(
    text=DATE_LIKE,
    today=st.sampled_from([dt.date.min, dt.date(1899, 12, 31), dt.date(2200, 12, 31), dt.date.max]),
)
def test_the_ends_of_the_calendar_do_not_raise(text, today):
    assert all(found.day >= today for found in find_dates(text, today=today, calendar=official()))


@settings(max_examples=200, deadline=None)
@given(today=DAYS, ahead=st.integers(0, 20_000), time=st.none() | st.times())
def test_a_date_in_words_is_read_back(today, ahead, time):
    day = today + dt.timedelta(days=ahead)
    time = time and time.replace(second=0, microsecond=0, tzinfo=None)
    words = spoken(day, today=today, time=time)
    found = find_date(words, today=today, calendar=official())
    assert (found.day, found.time, found.span) == (day, time, (0, len(words)))
    assert spoken(found.day, today=today, time=found.time) == words


@given(text=st.text(max_size=50))
def test_plain_text_keeps_its_length(text):
    assert len(plain(text)) == len(text)
