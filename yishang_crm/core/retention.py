"""How long what is kept: each room leaves its rule here, the office sets the days, the timetable obeys.

A rule that nobody has set stands at the days that the house ships, 待核定 until somebody confirms them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field, col

from yishang_crm.core.db import Moment, Table, db, end_transaction, fold_journal
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_

LONGEST = 3650  # days


class RetentionRule(Table, table=True):
    """The days that the office set for one rule, and what came of it last."""

    __tablename__ = "retention_rule"
    __recorded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=40, unique=True)
    days: int
    confirmed_at: Moment | None = None
    version: int = 1

    def set_days(self, days: int, *, version: int, confirmed_at: Moment | None) -> None:
        if version != self.version:
            raise Stale(N_("您打开这一页以后，别人已经改过。请对照后再保存。"), {"days": self.days})
        if not 1 <= days <= LONGEST:
            raise NotPossible(N_("天数是1到%(longest)s。"), longest=LONGEST)
        self.days, self.confirmed_at = days, confirmed_at
        self.version += 1


@dataclass(frozen=True)
class Rule:
    """One kind of data. `title` and `since` are sentences (`N_`): what goes, and from when its days are counted.

    `due` says how many rows would go now, `obey` lets them go and says how many went; both are given the days, and a second
    run right after the first finds nothing.
    """

    key: str
    title: str
    since: str
    days: int
    due: Callable[[dt.timedelta], int]
    obey: Callable[[dt.timedelta], int]


_rules: dict[str, Rule] = {}


def keeps(rule: Rule) -> None:
    """Called once, when a room is opened."""
    _rules[rule.key] = rule


def rules() -> list[Rule]:
    return list(_rules.values())


def rule(key: str) -> Rule | None:
    return _rules.get(key)


def set_rules() -> dict[str, RetentionRule]:
    """What the office has set, by key."""
    return {row.key: row for row in db.session.scalars(sa.select(RetentionRule))}


def set_rule(key: str) -> RetentionRule | None:
    return db.session.scalars(sa.select(RetentionRule).where(col(RetentionRule.key) == key)).one_or_none()


def kept_for(key: str) -> dt.timedelta:
    """How long this kind of data is kept: as the office set it, or as shipped."""
    row = set_rule(key)
    return dt.timedelta(days=row.days if row else _rules[key].days)


def obey() -> dict[str, int]:
    """Once a night: every rule; returns what went, by key. Each rule leaves its own entries in the trail."""
    gone = {}
    for one in rules():
        if one.due(kept_for(one.key)):
            gone[one.key] = one.obey(kept_for(one.key))
            db.session.commit()
    end_transaction()
    fold_journal(db.engine)
    return {key: count for key, count in gone.items() if count}
