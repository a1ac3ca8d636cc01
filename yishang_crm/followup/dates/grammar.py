"""What a rule of the date grammar is: a pattern, and how to work out the day it means."""

import datetime as dt
import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from yishang_crm.followup.dates.numerals import HAN, number
from yishang_crm.followup.workdays import DAY, WorkCalendar


class Kind(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    SPAN = "span"
    WORKDAYS = "workdays"
    FESTIVAL = "festival"
    LUNAR = "lunar"
    TIME = "time"


@dataclass(frozen=True)
class Meant:
    """The day that words mean, and what 前 or 后 behind them would make of it (None: they add nothing)."""

    day: dt.date
    vague: bool = False
    by: bool = False
    before: dt.date | None = None
    after: dt.date | None = None


@dataclass(frozen=True)
class Setting:
    today: dt.date
    calendar: WorkCalendar


Resolver = Callable[[re.Match[str], Setting], Meant | None]


@dataclass(frozen=True)
class Rule:
    """`resolve` answers None where the words mean no day to come: they are passed over, not read in part."""

    kind: Kind
    pattern: re.Pattern[str]
    resolve: Resolver
    tail: bool  # whether a weekday, an hour, 前 or 后 may follow


class Rules(list[Rule]):
    def rule(self, kind: Kind, pattern: str, *, tail: bool = True) -> Callable[[Resolver], Resolver]:
        def add(resolve: Resolver) -> Resolver:
            self.append(Rule(kind, re.compile(pattern), resolve, tail))
            return resolve

        return add

    def pass_over(self, pattern: str) -> None:
        """Words that name no day to come, and no part of which may be read as one."""
        self.append(Rule(Kind.DAY, re.compile(pattern), _no_day, tail=False))


def _no_day(_: re.Match[str], __: Setting) -> Meant | None:
    return None


# Parts of patterns. Words such as 天后 or 前往 must not be cut in two.
NUMBER = rf"(?:\d{{1,3}}|[{HAN}]{{1,5}})"
MONTH = r"(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
ONE_TO_NINE = "[一二三四五六七八九]"
DAY_NUMBER = rf"(?:3[01]|[12]\d|0?[1-9]|三十一?|二?十{ONE_TO_NINE}|二?十|廿{ONE_TO_NINE}?|{ONE_TO_NINE})"
NO_NUMBER_BEFORE = rf"(?<![\d.{HAN}])"
YEAR = (
    r"(?:(?P<year>今年|明年|后年|去年|前年|(?:19|2[0-2])\d\d ?年|[一二][零〇一二三四五六七八九]{3}年|\d\d年)"
    r"的?(?:农历)? ?)?"
)
FRONT = r"前(?![后往去来台期天面述景程途提])"
BACK = r"后(?![天续期面台备勤者门方])"
END = r"(?=$|[\s，。,;；、！!？?:：)）(（\x00])"

WEEKDAYS = {glyph: at for at, glyph in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5}
WEEKDAYS |= {str(at + 1): at for at in range(6)}


def year_told(written: str | None, setting: Setting) -> int | None:
    """The year that 明年, 2027年, 二〇二七年 or 27年 names; None if no year is told."""
    if not written:
        return None
    near = {"前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}.get(written)
    if near is not None:
        return setting.today.year + near
    year = number(written.rstrip("年 "))
    if year >= 100:
        return year
    # 65年 tells a birth, 27年 a plan.
    return year + (2000 if year <= setting.today.year % 100 + 20 else 1900)


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, monthrange(year, month)[1])


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last day of a month too short for it."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def week_begins(day: dt.date) -> dt.date:
    return day - DAY * day.weekday()


def period(first: dt.date, last: dt.date, setting: Setting, *, ends: bool = False) -> Meant:
    """A week, month or year: its first day, or its last if it has begun or only its end can be meant."""
    day = last if ends or first <= setting.today else first
    return Meant(day, vague=True, before=first - DAY, after=last + DAY)
