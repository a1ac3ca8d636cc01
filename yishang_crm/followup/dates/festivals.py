"""Festivals and the lunar calendar: which day of a year they are, and how long people are usually away."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from yishang_crm.followup.workdays import DAY, WorkCalendar

# Outside these years the lunar tables are not to be relied on.
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class Festival:
    name: str
    words: str  # a regular expression
    day: Callable[[int], dt.date | None]
    # Days off from the festival's day, where the official notice is not out yet. None: no public holiday.
    usual_rest: tuple[int, int] | None = None

    def rest(self, year: int, calendar: WorkCalendar) -> tuple[dt.date, dt.date] | None:
        """First and last day off around it; the day alone if nobody is off; None outside the known years."""
        day = self.day(year)
        if day is None:
            return None
        if self.usual_rest is None:
            return day, day
        if calendar.knows(day.year):
            return calendar.rest_around(day)
        before, after = self.usual_rest
        return calendar.rest_around(day + DAY * before, day + DAY * after)


@cache
def lunar_day(year: int, month: int, day: int, *, leap: bool = False) -> dt.date | None:
    """The solar date of a lunar one; 30 in a short month is its 29th; None if there is no such month."""
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    from lunar_python import LunarMonth, Solar

    found = LunarMonth.fromYm(year, -month if leap else month)
    if found is None:
        return None
    day = min(day, found.getDayCount())
    first = Solar.fromJulianDay(found.getFirstJulianDay())
    return dt.date(first.getYear(), first.getMonth(), first.getDay()) + DAY * (day - 1)


def festivals_from(day: dt.date, calendar: WorkCalendar) -> tuple[dt.date, dt.date] | None:
    """Days off of the public holiday that `day` is in or before, whether its notice is out or not."""
    rests = [
        rest
        for festival in FESTIVALS
        if festival.usual_rest is not None
        for year in (day.year, day.year + 1)
        if (rest := festival.rest(year, calendar)) and rest[1] >= day
    ]
    return min(rests, default=None)


@cache
def _qingming(year: int) -> dt.date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    from lunar_python import Solar

    term = Solar.fromYmd(year, 4, 5).getLunar().getJieQiTable()["清明"]
    return dt.date(term.getYear(), term.getMonth(), term.getDay())


def _solar(month: int, day: int) -> Callable[[int], dt.date]:
    return lambda year: dt.date(year, month, day)


def _lunar(month: int, day: int) -> Callable[[int], dt.date | None]:
    return lambda year: lunar_day(year, month, day)


def _eve(year: int) -> dt.date | None:
    new_year = lunar_day(year, 1, 1)
    return new_year and new_year - DAY


# Public holidays and the days off that are usual (rules of 2024: 春节 with its eve, long weeks in May
# and October).
FESTIVALS = (
    Festival("元旦", "元旦节?", _solar(1, 1), (0, 0)),
    Festival("春节", "春节|大年初一|过年|农历新年|新春", _lunar(1, 1), (-1, 6)),
    Festival("除夕", "除夕夜?|大年三十|年三十", _eve, (0, 7)),
    Festival("元宵", "元宵节?", _lunar(1, 15)),
    Festival("清明", "清明节?", _qingming, (0, 0)),
    Festival("五一", "五一(?:劳动)?节?(?![\u4e00-\u9fff]?路)|劳动节", _solar(5, 1), (0, 4)),
    Festival("端午", "端午节?|端阳节?", _lunar(5, 5), (0, 0)),
    Festival("教师节", "教师节", _solar(9, 10)),
    Festival("中秋", "中秋节?|八月半", _lunar(8, 15), (0, 0)),
    # 十一 alone is a number as often as a festival.
    Festival("国庆", "国庆节?|十一(?=后|前|之|以|期间|长假|黄金周|假期|节)", _solar(10, 1), (0, 6)),
    Festival("重阳", "重阳节?", _lunar(9, 9)),
    Festival("腊八", "腊八节?", lambda year: lunar_day(year - 1, 12, 8)),
    Festival("圣诞", "圣诞节?", _solar(12, 25)),
)
