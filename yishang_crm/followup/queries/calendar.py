"""Working days as the office has them."""

import datetime as dt
from collections.abc import Sequence

from sqlmodel import col, select

from yishang_crm.core.db import db
from yishang_crm.followup.models import Holiday, HolidayKind
from yishang_crm.followup.workdays import WorkCalendar, official

_BEFORE, _AFTER = dt.timedelta(days=400), dt.timedelta(days=1200)


def work_calendar(*, around: dt.date) -> WorkCalendar:
    """The days off and worked a year before and some years after a day; the official ones before any were entered."""
    wanted = select(Holiday.day, Holiday.kind).where(
        col(Holiday.day).between(around - _BEFORE, around + _AFTER)
    )
    rows = db.session.execute(wanted).all()
    if not rows:
        return official()
    return WorkCalendar(
        holidays={day for day, kind in rows if kind == HolidayKind.HOLIDAY},
        workdays={day for day, kind in rows if kind == HolidayKind.WORKDAY},
    )


def holidays() -> Sequence[Holiday]:
    """Every entry, in the order of the calendar."""
    return db.session.scalars(select(Holiday).order_by(col(Holiday.day))).all()
