"""Figures of the board, each counted by the very conditions of the list it opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.accounts.models import Unit
from yishang_crm.conference.models import COMING, Approval, Edition, Guest
from yishang_crm.conference.queries.guests import Filters, conditions, matching, visible_to
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db

_APPROVED = Approval.APPROVED.value

# What the board counts; the address of each figure is these filters.
STAGES: dict[str, Filters] = {
    "nominated": Filters(),
    "open": Filters(approval="open"),
    "approved": Filters(approval=_APPROVED),
    "made": Filters(approval=_APPROVED, letter="made"),
    "sent": Filters(approval=_APPROVED, letter="sent"),
    "answered": Filters(approval=_APPROVED, reply="answered"),
    "coming": Filters(approval=_APPROVED, reply="coming"),
    "known": Filters(approval=_APPROVED, reply="coming", logistics="known"),
    "checked_in": Filters(onsite="checked_in"),
}
OUTCOMES: dict[str, Filters] = {
    "unanswered": Filters(approval=_APPROVED, reply="none", letter="made"),
    "accepted": Filters(approval=_APPROVED, reply="accepted"),
    "delegated": Filters(approval=_APPROVED, reply="delegated"),
    "declined": Filters(approval=_APPROVED, reply="declined"),
    "tentative": Filters(approval=_APPROVED, reply="tentative"),
    "waiting": Filters(approval=_APPROVED, reply="waiting"),
    "cancelled": Filters(approval=_APPROVED, reply="cancelled"),
    "unmade": Filters(approval=_APPROVED, letter="none"),
    "unposted": Filters(approval=_APPROVED, letter="unposted"),
    "outbox": Filters(approval=_APPROVED, letter="outbox"),
    "failed": Filters(approval=_APPROVED, letter="failed"),
    "reserve": Filters(approval=Approval.RESERVE.value),
    "rejected": Filters(approval=Approval.REJECTED.value),
    "withdrawn": Filters(approval=Approval.WITHDRAWN.value),
    "no_show": Filters(onsite="no_show"),
}
COUNTED = STAGES | OUTCOMES


@dataclass(frozen=True)
class Figures:
    """One edition for one actor: `count["coming"]` equals the list under `COUNTED["coming"]`."""

    count: dict[str, int]
    companions: int

    @property
    def seats(self) -> int:
        """Seats of those who come: guests or delegates, and companions."""
        return self.count["coming"] + self.companions

    @property
    def estimate(self) -> int:
        """How many seats the unanswered will want if they answer as the others did; 0 while too few have answered."""
        answered = self.count["answered"]
        return round(self.count["unanswered"] * self.seats / answered) if answered >= 10 else 0


def figures(actor: Actor, edition: Edition, *, of: Mapping[str, Filters] = COUNTED) -> Figures:
    """The figures of the board, or only some of them; one statement."""
    tallies = [_tally(conditions(filters)).label(name) for name, filters in of.items()]
    companions = sa.func.coalesce(
        sa.func.sum(sa.case((sa.and_(*conditions(STAGES["coming"])), col(Guest.companions)), else_=0)), 0
    )
    wanted = matching(actor, edition, Filters()).with_only_columns(*tallies, companions)
    *counts, accompanying = db.session.execute(wanted).one()
    return Figures(dict(zip(of, map(int, counts), strict=True)), int(accompanying))


def _tally(wanted: list[Any]) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((sa.and_(sa.true(), *wanted), 1), else_=0)), 0)


@dataclass(frozen=True)
class UnitFigures:
    """How one unit's guests stand."""

    unit: Unit
    nominated: int
    approved: int
    answered: int
    coming: int
    unanswered: int


def figures_by_unit(actor: Actor, edition: Edition) -> list[UnitFigures]:
    """Each owning unit in customary order; one statement."""
    names = ("nominated", "approved", "answered", "coming", "unanswered")
    wanted = (
        visible_to(actor)
        .join(Unit, col(Unit.id) == Guest.unit_id)
        .with_only_columns(Unit, *[_tally(conditions(COUNTED[name])) for name in names])
        .where(Guest.edition_id == edition.id)
        .group_by(*Unit.__table__.c)  # type: ignore[attr-defined]
        .order_by(col(Unit.display_order), col(Unit.id))
    )
    return [UnitFigures(unit, *map(int, counts)) for unit, *counts in db.session.execute(wanted)]


def recounted_seats(actor: Actor, edition: Edition) -> int:
    """What `Edition.seats_taken` must equal."""
    party = sa.func.coalesce(sa.func.sum(1 + col(Guest.companions)), 0)
    coming = visible_to(actor).where(
        Guest.edition_id == edition.id, Guest.approval == Approval.APPROVED, col(Guest.reply).in_(COMING)
    )
    return int(db.session.scalar(coming.with_only_columns(party)) or 0)
