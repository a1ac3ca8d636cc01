"""How dates, times, money, deeds and refusals are shown: `9月2日`, `16:42`, `6.50亿元`; in English `2 Sep`."""

import datetime as dt
from decimal import Decimal

from flask import Flask
from flask_babel import format_date, get_locale, gettext

from yishang_crm.core import deeds
from yishang_crm.core.clock import local, today
from yishang_crm.core.errors import HouseError

_WEEKDAYS = "一二三四五六日"


def day(value: dt.date | dt.datetime | None) -> str:
    """A date; the year only when it is not this one."""
    if value is None:
        return ""
    date = local(value).date() if isinstance(value, dt.datetime) else value
    this_year = date.year == today().year
    if _is_english():
        return format_date(date, "d MMM" if this_year else "d MMM y")
    return f"{date.month}月{date.day}日" if this_year else f"{date.year}年{date.month}月{date.day}日"


def long_day(value: dt.date | dt.datetime | None) -> str:
    """A date as letters and guests read it: `2026年9月24日 星期四`."""
    if value is None:
        return ""
    date = local(value).date() if isinstance(value, dt.datetime) else value
    if _is_english():
        return format_date(date, "EEEE, d MMMM y")
    return f"{date.year}年{date.month}月{date.day}日 星期{_WEEKDAYS[date.weekday()]}"


def told(error: HouseError) -> str:
    """A refusal in the reader's language."""
    sentence = gettext(error.sentence)
    return sentence % error.values if error.values else sentence


def clock(value: dt.datetime | None) -> str:
    """The time of day in Anqing, `16:42`."""
    return f"{local(value):%H:%M}" if value else ""


def moment(value: dt.datetime | None) -> str:
    """Date and time, `9月2日 16:42`."""
    return f"{day(value)} {clock(value)}" if value else ""


def deed(verb: str) -> str:
    """What was done, in the reader's language; a verb that nobody named as it is."""
    return deeds.told(verb, gettext)


def money(value: Decimal | None) -> str:
    """Hundred millions of yuan, two decimals: `6.50亿元`; in English `¥650 million`."""
    if value is None:
        return ""
    return f"¥{value * 100:,.0f} million" if _is_english() else f"{value:.2f}亿元"


def _is_english() -> bool:
    return str(get_locale()) == "en"


def open_filters(app: Flask) -> None:
    """Give the templates these words."""
    app.jinja_env.filters.update(
        day=day, long_day=long_day, clock=clock, moment=moment, money=money, deed=deed
    )
