"""Dates as people say them in Chinese: which day is meant, as seen from today."""

import datetime as dt
import re
from dataclasses import dataclass

from yishang_crm.followup.dates import days, seasons, spans
from yishang_crm.followup.dates.grammar import BACK, FRONT, Kind, Meant, Rule, Setting
from yishang_crm.followup.dates.numerals import HAN, number, plain
from yishang_crm.followup.workdays import WorkCalendar

__all__ = ["FoundDate", "Kind", "find_date", "find_dates", "past_date", "plain", "spoken", "weekday_name"]

RULES: list[Rule] = [*days.RULES, *spans.RULES, *seasons.RULES]

# Nobody says a date in the middle of a novel; a longer text is read up to here.
MOST = 4000


@dataclass(frozen=True)
class FoundDate:
    """A date in a text. `vague`: the words leave room (月底, 过两天, 节后); `by`: a deadline (前, 之内)."""

    start: int
    end: int
    day: dt.date
    time: dt.time | None
    kind: Kind
    vague: bool
    by: bool

    @property
    def span(self) -> tuple[int, int]:
        return self.start, self.end


def find_date(text: str, *, today: dt.date, calendar: WorkCalendar) -> FoundDate | None:
    """The first date in the text that is today or later; days that have passed do not count."""
    return next(iter(find_dates(text, today=today, calendar=calendar)), None)


def find_dates(text: str, *, today: dt.date, calendar: WorkCalendar) -> list[FoundDate]:
    """All dates in the text that are today or later, in order, never overlapping."""
    return [found for found in _all_dates(text, today=today, calendar=calendar) if found.day >= today]


def past_date(text: str, *, today: dt.date, calendar: WorkCalendar) -> FoundDate | None:
    """The first day in the text that has passed: 昨天, 前天, 上周三, 上月28号."""
    everything = _all_dates(text, today=today, calendar=calendar)
    return next((found for found in everything if found.day < today), None)


def spoken(day: dt.date, *, today: dt.date, time: dt.time | None = None) -> str:
    """A date in words that `find_date` reads back to the same day: 9月16日, 2028年9月16日, 9月16日10:30."""
    words = f"{day.month}月{day.day}日"
    if days.next_month_day(today, day.month, day.day) != day:
        words = f"{day.year:04d}年{words}"
    return words + (f"{time.hour}:{time.minute:02d}" if time else "")


def weekday_name(day: dt.date) -> str:
    """周一 … 周日."""
    return "周" + "一二三四五六日"[day.weekday()]


def _all_dates(text: str, *, today: dt.date, calendar: WorkCalendar) -> list[FoundDate]:
    words = plain(text[:MOST])
    setting = Setting(today, calendar)
    hits = [
        (m.start(), -m.end(), at, m) for at, rule in enumerate(RULES) for m in rule.pattern.finditer(words)
    ]
    hits += [(m.start(), -m.end(), -1, m) for m in _HOUR_ALONE.finditer(words)]
    found: list[FoundDate] = []
    end = 0
    for start, _, at, m in sorted(hits, key=lambda hit: hit[:3]):
        if start < end or m.end() == start:
            continue
        one, end = _read(words, m, RULES[at] if at >= 0 else None, setting)
        if one:
            found.append(one)
    return found


def _read(words: str, m: re.Match[str], rule: Rule | None, setting: Setting) -> tuple[FoundDate | None, int]:
    """The date that a hit means, if any, and where reading goes on."""
    if rule is None:
        hour = _HOUR.match(words, m.start())
        time = hour and _clock(hour)
        if not hour or not time:
            return None, m.end()
        return FoundDate(
            m.start(), hour.end(), setting.today, time, Kind.TIME, vague=False, by=False
        ), hour.end()
    try:
        meant = rule.resolve(m, setting)
    except (ValueError, OverflowError):  # no such day, 2月30日, or one beyond the calendar
        meant = None
    if meant is None:
        return None, m.end()
    return _with_tail(words, m, rule, meant)


def _with_tail(words: str, m: re.Match[str], rule: Rule, meant: Meant) -> tuple[FoundDate, int]:
    start, end, day, vague, by = m.start(), m.end(), meant.day, meant.vague, meant.by
    time = None
    if rule.tail:
        if weekday := _WEEKDAY.match(words, end):
            end = weekday.end()
            # When 9月16日 is said to be a Monday and is none, one of the two is wrong.
            vague = vague or min("一二三四五六日天".index(weekday[1]), 6) != day.weekday()
        if hour := _HOUR.match(words, end):
            end, time = hour.end(), _clock(hour, evening=m[0].endswith("晚"))
        if side := _SIDE.match(words, end):
            if side["around"]:
                end, vague = side.end(), True
            elif side["front"]:
                end, by = side.end(), True
                day = meant.before or day
            elif meant.after:
                end, vague, day = side.end(), True, meant.after
    return FoundDate(start, end, day, time, rule.kind, vague, by), end


_PERIOD = r"上午|下午|早上|早晨|清早|清晨|中午|午后|晚上|晚间|傍晚|凌晨|夜里|夜间"
# 三点意见 are opinions.
_NOT_POINTS = r"(?![点意建要问想体共诉内差间候])"
_POINT = (
    rf"(?P<h>[01]?\d|2[0-4]|十[一二三四五六七八九]?|二十[一二三四]?|[一二两三四五六七八九])"
    rf" ?(?:[点时]{_NOT_POINTS}"
    rf"(?:(?P<half>半)|(?P<q>[一三])刻|(?P<min>[0-5]?\d|[{HAN}]{{1,3}})分?)?钟?整?"
    r"|:(?P<mm>[0-5]\d)(?!\d))"
)
_HOUR = re.compile(rf" ?的?(?:(?P<period>{_PERIOD}) ?(?:{_POINT})?|{_POINT.replace('P<', 'P<x')})")
_HOUR_ALONE = re.compile(
    rf"(?:{_PERIOD}) ?(?:\d|[一二两三四五六七八九十])(?=\d?[点时:]|[一二三]?点|十[一二]?点)"
)
_WEEKDAY = re.compile(r" ?[(（]?(?:周|星期|礼拜)([一二三四五六日天])[)）]?")
_SIDE = re.compile(
    rf" ?(?:(?P<around>前后|左右|上下)|(?P<front>(?:下班)?(?:之前|以前|{FRONT}))|(?P<back>之后|以后|{BACK}))"
)


def _clock(m: re.Match[str], *, evening: bool = False) -> dt.time | None:
    """10:00 for 上午10点, 15:30 for 下午三点半; 三点 alone is in the afternoon; None if only 上午 is told."""
    told = {name.removeprefix("x"): value for name, value in m.groupdict().items() if value is not None}
    if "h" not in told:
        return None
    hour, period = number(told["h"]), told.get("period", "")
    minute = 30 if "half" in told else int(told.get("mm") or 0)
    if "q" in told:
        minute = 15 * number(told["q"])
    if "min" in told:
        minute = number(told["min"])
    late = period in ("下午", "午后", "晚上", "晚间", "傍晚", "夜里", "夜间") or evening
    if (
        (late and hour < 12)
        or (period == "中午" and hour < 3)
        or (not period and hour < 7 and "mm" not in told)
    ):
        hour += 12
    if period == "晚上" and hour == 12:  # midnight, of which nobody agrees whose day it is
        return None
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None
