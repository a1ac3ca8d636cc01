"""Opening personal details has a measure: so many in an hour and in a day for each person who opens them.

It is counted before the value is read, in a transaction of its own, so that nothing that happens to the deed
afterwards takes the count back. Why these numbers: docs/decisions/017.
"""

import datetime as dt
import math

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.dialects import postgresql, sqlite

from yishang_crm.core.actor import Actor
from yishang_crm.core.audit import leave_entry
from yishang_crm.core.clock import ANQING, local, now
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, is_sqlite, writing
from yishang_crm.core.deed import Deed, doing, note, now_doing
from yishang_crm.core.errors import TooMany
from yishang_crm.core.limits import Attempts
from yishang_crm.core.words import N_

_THIS_HOUR = N_(
    "您这一小时里打开的联系方式和链接已有%(most)s个，请%(minutes)s分钟后再开。确实急用，请安全管理员放行。"
)
_TODAY = N_("您今天打开的联系方式和链接已有%(most)s个，请明天再开。确实急用，请安全管理员放行。")


def opened(actor: Actor, what: str, **details: object) -> None:
    """Say that the open action shows a sealed value, a link or a code to its actor, and count it.

    It comes before the action changes anything. Raises `TooMany` beyond the measure. Only people who sign in are
    measured; jobs, the command line and guests open nothing for somebody's eyes.
    """
    deed = now_doing()
    if deed is None or deed.changes or db.session.new or db.session.dirty:
        raise RuntimeError("opened() comes first inside an action")
    if actor.kind == "user":
        settings: Settings = current_app.config["SETTINGS"]
        at = local(now())
        hour_ends = at.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)
        day_ends = dt.datetime.combine(at.date() + dt.timedelta(days=1), dt.time(), ANQING)
        _count(actor, f"{at:%Y%m%d%H}", settings.openings_per_hour, until=hour_ends, sentence=_THIS_HOUR)
        _count(actor, f"{at:%Y%m%d}", settings.openings_per_day, until=day_ends, sentence=_TODAY)
    note(opened=what, **details)


def _count(actor: Actor, when: str, most: int, *, until: dt.datetime, sentence: str) -> None:
    with writing():
        count = db.session.execute(_counting(f"opening:{actor.key}/{when}", most, until)).scalar_one()
        if count == most + 1:
            with doing(Deed(actor, "core.openings.stop")) as deed:
                deed.note["most"] = most
                leave_entry(deed)  # once for each hour and day, for the auditor
        db.session.commit()
    if count > most:
        wait = math.ceil((until - now()).total_seconds())
        raise TooMany(sentence, wait=wait, most=most, minutes=-(-wait // 60))


def _counting(key: str, most: int, until: dt.datetime) -> sa.Executable:
    table = sa.inspect(Attempts).local_table
    locked_until = sa.literal(until.astimezone(dt.UTC), table.c.since.type)
    insert = (sqlite if is_sqlite() else postgresql).insert(table)
    first = insert.values(key=key, count=1, since=now(), locked_until=locked_until if most <= 1 else None)
    is_full = table.c.count + 1 >= most
    again = first.on_conflict_do_update(
        index_elements=[table.c.key],
        set_={
            "count": table.c.count + 1,
            "locked_until": sa.case((is_full, locked_until), else_=table.c.locked_until),
        },
    )
    return again.returning(table.c.count)
