"""The only place that asks what time it is. Stored times are UTC; people mean Asia/Shanghai."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from contextvars import ContextVar
from zoneinfo import ZoneInfo

ANQING = ZoneInfo("Asia/Shanghai")


_stands_at: ContextVar[dt.datetime | None] = ContextVar("stands_at", default=None)


def now() -> dt.datetime:
    """This moment, aware, in UTC."""
    return _stands_at.get() or dt.datetime.now(dt.UTC)


@contextlib.contextmanager
def standing_at(moment: dt.datetime) -> Iterator[None]:
    """Let the clock stand, for a made-up world that is to be the same each time it is made."""
    token = _stands_at.set(moment)
    try:
        yield
    finally:
        _stands_at.reset(token)


def today() -> dt.date:
    """The date on the calendar in Anqing."""
    return now().astimezone(ANQING).date()


def local(moment: dt.datetime) -> dt.datetime:
    """A stored moment as people in Anqing read it."""
    return moment.astimezone(ANQING)


def day_begins(day: dt.date) -> dt.datetime:
    """The first moment of a day in Anqing, in UTC."""
    return dt.datetime.combine(day, dt.time(), ANQING).astimezone(dt.UTC)
