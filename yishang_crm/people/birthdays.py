"""Birthdays by the sun and by the moon: whether a date ever was, when it comes next, how it is said, how old one is.

The months of the lunar calendar come from lunar-python, once for each year (20 ms), and are then only counted.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

FIRST_YEAR, LAST_YEAR = 1880, 2100
LUNAR = "农历"
_MONTHS = "正二三四五六七八九十冬腊"
_DIGITS = "一二三四五六七八九十"
_SOLAR_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class Birth:
    """What is known of a birth; any part may be missing. `is_lunar`: year, month and day are those of the lunar calendar."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    is_lunar: bool = False
    in_leap_month: bool = False

    @property
    def is_whole(self) -> bool:
        return None not in (self.year, self.month, self.day)


@dataclass(frozen=True)
class Month:
    """One month of a lunar year: `first` is its first day by the sun."""

    number: int
    is_leap: bool
    first: dt.date
    days: int


# How a list has it: digits, and the calendar where it is not the common one


def as_listed(birth: Birth) -> str:
    """`1965-08-03`, `1965-08`, `1965`, `农历1965-12-10`, `农历1990-闰05-08`, or nothing."""
    month = f"{'闰' if birth.in_leap_month and birth.is_lunar else ''}{birth.month:02}" if birth.month else ""
    parts = (f"{birth.year:04}" if birth.year else "", month, f"{birth.day:02}" if birth.day else "")
    # A year alone is the same by either calendar.
    return (LUNAR if birth.is_lunar and month else "") + "-".join(part for part in parts if part)


def from_list(text: str) -> Birth:
    """The birth behind what `as_listed` made of one that has a year."""
    said = text.removeprefix(LUNAR)
    parts = [int(part) for part in said.replace("闰", "").split("-") if part.isdigit()]
    year, month, day = (*parts, None, None, None)[:3]
    return Birth(year, month, day, is_lunar=text.startswith(LUNAR), in_leap_month="闰" in said)


def says_no_more(told: Birth, known: Birth) -> bool:
    """Whether `known` already says all that `told` does.

    A list that tells less of a date than we know rarely says by which calendar; only one that does is asked to agree.
    """
    if told == known:
        return True
    parts = [(told.year, known.year), (told.month, known.month), (told.day, known.day)]
    if any(mine is not None and mine != ours for mine, ours in parts):
        return False
    is_vaguer = any(mine is None and ours is not None for mine, ours in parts)
    same_month = (told.is_lunar, told.in_leap_month) == (known.is_lunar, known.in_leap_month)
    return told.month is None or same_month or (is_vaguer and not told.is_lunar)


# Whether there was such a day


def must_be_a_day(birth: Birth, *, today: dt.date) -> None:
    """Raises `NotPossible` with what is wrong: 二月三十, a leap month that never was, a day to come."""
    if birth.day and not birth.month:
        raise NotPossible(N_("写了生日的日子，还要写上月份。"))
    if birth.in_leap_month and not birth.is_lunar:
        raise NotPossible(N_("公历没有闰月。若是农历，请把历法改为农历；若是公历，请去掉闰月。"))
    if birth.is_lunar:
        _must_be_a_lunar_day(birth)
    else:
        _must_be_a_solar_day(birth)
    born = solar_date(birth)
    if (born and born > today) or (birth.year and birth.year > today.year):
        raise NotPossible(N_("出生的日子不能晚于今天。"))


def _must_be_a_solar_day(birth: Birth) -> None:
    if not birth.month or not birth.day:
        return
    most = _SOLAR_DAYS[birth.month - 1]
    if birth.month == 2 and birth.year and not _is_leap_year(birth.year):
        most = 28
    if birth.day > most:
        if birth.month == 2 and birth.day == 29:
            raise NotPossible(N_("公历%(year)s年2月只有28天，没有29日。"), year=birth.year)
        raise NotPossible(
            N_("公历%(month)s月没有%(day)s日。若是农历，请把历法改为农历。"), month=birth.month, day=birth.day
        )


def _must_be_a_lunar_day(birth: Birth) -> None:
    if birth.day and birth.day > 30:
        raise NotPossible(
            N_("农历一个月最多30天，没有%(day)s日。若是公历，请把历法改为公历。"), day=birth.day
        )
    if birth.in_leap_month and not (birth.year and birth.month):
        raise NotPossible(N_("闰月要写明生年和生月，哪一年闰哪个月才对得上。"))
    if not birth.year or not birth.month:
        return
    leap = leap_month_of(birth.year)
    if birth.in_leap_month and leap != birth.month:
        if leap:
            raise NotPossible(
                N_("农历%(year)s年没有闰%(month)s月，那一年闰的是%(leap)s月。"),
                year=birth.year, month=_MONTHS[birth.month - 1], leap=_MONTHS[leap - 1],
            )  # fmt: skip
        raise NotPossible(
            N_("农历%(year)s年没有闰%(month)s月，那一年没有闰月。"),
            year=birth.year,
            month=_MONTHS[birth.month - 1],
        )
    month = _month(birth.year, birth.month, is_leap=birth.in_leap_month)
    if birth.day and month and birth.day > month.days:
        raise NotPossible(
            N_("农历%(year)s年%(month)s月只有29天，没有三十。"),
            year=birth.year,
            month=("闰" if birth.in_leap_month else "") + _MONTHS[birth.month - 1],
        )


# From one calendar to the other


def solar_date(birth: Birth) -> dt.date | None:
    """The day of birth by the sun; None where a part is missing or there was no such day."""
    if birth.year is None or birth.month is None or birth.day is None:
        return None
    if not birth.is_lunar:
        return _date(birth.year, birth.month, birth.day)
    month = _month(birth.year, birth.month, is_leap=birth.in_leap_month)
    return month.first + dt.timedelta(days=birth.day - 1) if month and birth.day <= month.days else None


def lunar_date(day: dt.date) -> Birth:
    """A day by the sun as the lunar calendar has it."""
    year = day.year if _months(day.year)[0].first <= day else day.year - 1
    month = next(one for one in reversed(_months(year)) if one.first <= day)
    return Birth(year, month.number, (day - month.first).days + 1, is_lunar=True, in_leap_month=month.is_leap)


def leap_month_of(year: int) -> int:
    """The number of the month that a lunar year has twice; 0 for none."""
    return next((month.number for month in _months(year) if month.is_leap), 0)


# When it comes next


def next_solar(birth: Birth, *, on_or_after: dt.date) -> dt.date | None:
    """The next birthday by the sun. Who was born on 29 February keeps the 28th in years that have none."""
    born = birth if not birth.is_lunar else None
    if birth.is_lunar and (day := solar_date(birth)):
        born = Birth(day.year, day.month, day.day)
    if born is None or born.month is None or born.day is None:
        return None
    return next(
        (
            day
            for year in (on_or_after.year, on_or_after.year + 1)
            if (day := _anniversary(year, born.month, born.day)) and day >= on_or_after
        ),
        None,
    )


def next_lunar(birth: Birth, *, on_or_after: dt.date) -> dt.date | None:
    """The next birthday by the moon, as a day by the sun.

    A leap month's is kept in the ordinary month of the same number where a year has no such leap month, a 30th on the
    last day of a short month.
    """
    born: Birth | None = birth if birth.is_lunar else None
    if not birth.is_lunar and (day := solar_date(birth)):
        born = lunar_date(day)
    if born is None or born.month is None or born.day is None:
        return None
    for year in (on_or_after.year - 1, on_or_after.year, on_or_after.year + 1):
        month = _month(year, born.month, is_leap=born.in_leap_month) or _month(
            year, born.month, is_leap=False
        )
        if month is None:
            continue
        day = month.first + dt.timedelta(days=min(born.day, month.days) - 1)
        if day >= on_or_after:
            return day
    return None


def columns_of(birth: Birth, *, on_or_after: dt.date) -> dict[str, dt.date | None]:
    """What a person's row keeps: the next birthday in either calendar."""
    return {
        "solar_birthday_on": next_solar(birth, on_or_after=on_or_after),
        "lunar_birthday_on": next_lunar(birth, on_or_after=on_or_after),
    }


# How it is said, and how old one is


def said_lunar(birth: Birth) -> str:
    """`闰四月初八`, `腊月三十`; without what is missing."""
    if not birth.month:
        return ""
    month = f"{'闰' if birth.in_leap_month else ''}{_MONTHS[birth.month - 1]}月"
    return month + (_lunar_day(birth.day) if birth.day else "")


def age(birth: Birth, *, today: dt.date) -> int | None:
    """Full years; None where only a part of the date is known and a year more or less is possible."""
    born = solar_date(birth)
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def nominal_age(birth: Birth, *, today: dt.date) -> int | None:
    """虚岁: one at birth, one more at each lunar new year. From the year alone it is counted by lunar years."""
    if birth.year is None:
        return None
    born = solar_date(birth)
    year = lunar_date(born).year if born and not birth.is_lunar else birth.year
    return (lunar_date(today).year or today.year) - (year or birth.year) + 1


def _lunar_day(day: int) -> str:
    if day <= 10:
        return f"初{_DIGITS[day - 1]}"
    if day == 20:
        return "二十"
    if day == 30:
        return "三十"
    return f"{'十' if day < 20 else '廿'}{_DIGITS[day % 10 - 1]}"


def _anniversary(year: int, month: int, day: int) -> dt.date | None:
    return _date(year, month, day) or (_date(year, 2, 28) if (month, day) == (2, 29) else None)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _is_leap_year(year: int) -> bool:
    return _date(year, 2, 29) is not None


def _month(year: int, number: int, *, is_leap: bool) -> Month | None:
    return next(
        (month for month in _months(year) if (month.number, month.is_leap) == (number, is_leap)), None
    )


@lru_cache(maxsize=512)
def _months(year: int) -> tuple[Month, ...]:
    """The twelve or thirteen months of a lunar year."""
    from lunar_python import LunarYear, Solar

    months = []
    for one in LunarYear.fromYear(year).getMonths():
        if one.getYear() == year:
            first = Solar.fromJulianDay(one.getFirstJulianDay())
            day = dt.date(first.getYear(), first.getMonth(), first.getDay())
            months.append(Month(abs(one.getMonth()), one.getMonth() < 0, day, one.getDayCount()))
    return tuple(months)
