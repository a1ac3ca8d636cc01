"""A try is counted before its answer is known, so that a hundred at once get no more than five.

`core.limits` keeps the table; here one statement counts and decides, on both databases.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from yishang_crm.core.clock import now
from yishang_crm.core.db import db, is_sqlite, writing
from yishang_crm.core.errors import TooMany
from yishang_crm.core.limits import Attempts
from yishang_crm.core.words import N_


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` tries within a time, then locked for a time."""

    most: int
    within: dt.timedelta
    locked_for: dt.timedelta


_HALF_HOUR, _HOUR = dt.timedelta(minutes=30), dt.timedelta(hours=1)
BY_ACCOUNT = Limit(5, _HALF_HOUR, _HALF_HOUR)
BY_ADDRESS = Limit(50, _HALF_HOUR, _HALF_HOUR)  # a whole office may stand behind one address
LETTERS_BY_ACCOUNT = Limit(3, _HOUR, _HOUR)
LETTERS_BY_ADDRESS = Limit(20, _HOUR, _HOUR)


def take(key: str, limit: Limit) -> int:
    """Count one try, at once and for good. Returns how many are left; raises `TooMany` beyond the limit."""
    with writing():
        count, locked_until = db.session.execute(_counting(key, limit)).one()
        db.session.commit()
    if count > limit.most:
        wait = int((locked_until - now()).total_seconds()) + 1
        raise TooMany(
            N_("试错的次数太多，已暂停。请%(minutes)s分钟后再试。"), wait=wait, minutes=wait // 60 + 1
        )
    return limit.most - int(count)


def give_back(key: str, limit: Limit) -> None:
    """The try was right: it does not count (others behind the same address may have failed, theirs do)."""
    left = col(Attempts.count) - 1
    unlocked = sa.case((left < limit.most, sa.null()), else_=col(Attempts.locked_until))
    mine = sa.update(Attempts).where(col(Attempts.key) == key, col(Attempts.count) > 0)
    db.session.execute(
        mine.values(count=left, locked_until=unlocked).execution_options(synchronize_session=False)
    )


def forget(key: str) -> None:
    """All tries under a key, and under the same account from browsers it knows (`login:li@…`)."""
    mine = sa.or_(col(Attempts.key) == key, col(Attempts.key).startswith(f"{key}@", autoescape=True))
    db.session.execute(sa.delete(Attempts).where(mine).execution_options(synchronize_session=False))


def locked() -> Sequence[Attempts]:
    """What is locked now, the longest first."""
    wanted = select(Attempts).where(col(Attempts.locked_until) > now())
    return db.session.scalars(wanted.order_by(col(Attempts.locked_until).desc(), col(Attempts.key))).all()


def _counting(key: str, limit: Limit) -> sa.Executable:
    moment = now()
    table = sa.inspect(Attempts).local_table
    then = table.c.since.type
    begins_anew = sa.or_(
        table.c.since < sa.literal(moment - limit.within, then),
        table.c.locked_until <= sa.literal(moment, then),
    )
    until = sa.literal(moment + limit.locked_for, then)
    insert = (sqlite if is_sqlite() else postgresql).insert(table)
    first = insert.values(key=key, count=1, since=moment, locked_until=until if limit.most == 1 else None)
    again = first.on_conflict_do_update(
        index_elements=[table.c.key],
        set_={
            "count": sa.case((begins_anew, 1), else_=table.c.count + 1),
            "since": sa.case((begins_anew, sa.literal(moment, then)), else_=table.c.since),
            "locked_until": sa.case(
                (begins_anew, until if limit.most == 1 else sa.null()),
                (table.c.locked_until.is_not(None), table.c.locked_until),
                (table.c.count + 1 >= limit.most, until),
                else_=sa.null(),
            ),
        },
    )
    return again.returning(table.c.count, table.c.locked_until)
