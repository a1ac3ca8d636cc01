"""A day as the wall calendar tells it: weekday, lunar date, and the solar term if it is near."""

import datetime as dt
from functools import lru_cache

_DIGITS = "〇一二三四五六七八九十"
_WEEKDAYS = "一二三四五六日"
_DAY = dt.timedelta(days=1)


def heading(day: dt.date) -> str:
    """`九月八日 星期二`."""
    return f"{_spelled(day.month)}月{_spelled(day.day)}日 星期{_WEEKDAYS[day.weekday()]}"


@lru_cache(maxsize=64)
def lunar_date(day: dt.date) -> str:
    """`丙午年七月廿七`."""
    lunar = _lunar(day)
    return f"{lunar.getYearInGanZhi()}年{lunar.getMonthInChinese()}月{lunar.getDayInChinese()}"


@lru_cache(maxsize=64)
def solar_term(day: dt.date) -> str:
    """`白露` on its day, `白露次日` after it, `明日秋分` before it; nothing at other times."""
    if today := _lunar(day).getJieQi():
        return str(today)
    if yesterday := _lunar(day - _DAY).getJieQi():
        return f"{yesterday}次日"
    tomorrow = _lunar(day + _DAY).getJieQi()
    return f"明日{tomorrow}" if tomorrow else ""


def _lunar(day: dt.date):  # type: ignore[no-untyped-def]
    from lunar_python import Solar

    return Solar.fromYmd(day.year, day.month, day.day).getLunar()


def _spelled(number: int) -> str:
    """1 to 31 in characters: 十一, 二十, 三十一."""
    tens, ones = divmod(number, 10)
    lead = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return lead + (_DIGITS[ones] if ones or not tens else "")
