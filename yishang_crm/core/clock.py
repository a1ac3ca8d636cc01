"""The only place that asks what time it is. Stored times are UTC; people mean Asia/Shanghai."""

import datetime as dt
from zoneinfo import ZoneInfo

ANQING = ZoneInfo("Asia/Shanghai")


def now() -> dt.datetime:
    """This moment, aware, in UTC."""
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The date on the calendar in Anqing."""
    return now().astimezone(ANQING).date()


def local(moment: dt.datetime) -> dt.datetime:
    """A stored moment as people in Anqing read it."""
    return moment.astimezone(ANQING)


def day_begins(day: dt.date) -> dt.datetime:
    """The first moment of a day in Anqing, in UTC."""
    return dt.datetime.combine(day, dt.time(), ANQING).astimezone(dt.UTC)
