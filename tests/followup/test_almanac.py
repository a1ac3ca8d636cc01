"""A day as the wall calendar tells it."""

import datetime as dt

import pytest

from yishang_crm.followup import almanac


@pytest.mark.parametrize(
    ("day", "heading", "lunar", "term"),
    [
        (dt.date(2026, 9, 7), "九月七日 星期一", "丙午年七月廿六", "白露"),
        (dt.date(2026, 9, 8), "九月八日 星期二", "丙午年七月廿七", "白露次日"),
        (dt.date(2026, 9, 22), "九月二十二日 星期二", "丙午年八月十二", "明日秋分"),
        (dt.date(2025, 8, 1), "八月一日 星期五", "乙巳年闰六月初八", ""),
        (dt.date(2026, 2, 17), "二月十七日 星期二", "丙午年正月初一", "明日雨水"),
        (dt.date(2026, 12, 31), "十二月三十一日 星期四", "丙午年冬月廿三", ""),
    ],
)
def test_days(day, heading, lunar, term):
    assert (almanac.heading(day), almanac.lunar_date(day), almanac.solar_term(day)) == (heading, lunar, term)
