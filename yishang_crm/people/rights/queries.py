"""Requests of people about their own data, and who sees them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.models import Person
from yishang_crm.people.rights.models import RightsRequest

PAGE = 50


def requests_visible_to(actor: Actor) -> SelectOfScalar[RightsRequest]:
    """Who sees all sees every request; a unit those it wrote down."""
    wanted = scoped(RightsRequest, actor)
    return wanted if actor.sees_all else wanted.where(col(RightsRequest.unit_id).in_(actor.unit_ids))


@dataclass(frozen=True)
class Asked:
    """A request with the name it is about (the name of one who was erased says so) and the unit that wrote it down."""

    request: RightsRequest
    name: str
    is_erased: bool
    unit: str


def request(actor: Actor, request_id: int) -> Asked | None:
    return next(iter(_asked(requests_visible_to(actor).where(RightsRequest.id == request_id))), None)


def requests(actor: Actor, *, which: str, today: dt.date, page: int = 1) -> list[Asked]:
    """Fifty: open ones by the day they are due, closed ones the latest first."""
    wanted = _which(requests_visible_to(actor), which, today)
    done, due = col(RightsRequest.done_at), col(RightsRequest.due_on)
    order = (done.is_not(None), sa.case((done.is_(None), due)), done.desc(), col(RightsRequest.id).desc())
    return _asked(wanted.order_by(*order).limit(PAGE).offset((page - 1) * PAGE))


def counts(actor: Actor, *, today: dt.date) -> dict[str, int]:
    """How many requests each view of the ledger holds; one statement."""
    done = col(RightsRequest.done_at)
    counting = requests_visible_to(actor).with_only_columns(
        sa.func.count(),
        sa.func.count().filter(done.is_(None)),
        sa.func.count().filter(done.is_(None), col(RightsRequest.due_on) < today),
    )
    everything, open_ones, late = db.session.execute(counting).one()
    return {"": everything, "open": open_ones, "late": late, "done": everything - open_ones}


def _which(
    wanted: SelectOfScalar[RightsRequest], which: str, today: dt.date
) -> SelectOfScalar[RightsRequest]:
    done = col(RightsRequest.done_at)
    if which == "done":
        return wanted.where(done.is_not(None))
    if which == "open":
        return wanted.where(done.is_(None))
    if which == "late":
        return wanted.where(done.is_(None), col(RightsRequest.due_on) < today)
    return wanted


def _asked(wanted: SelectOfScalar[RightsRequest]) -> list[Asked]:
    with_names = (
        wanted.join(Person, col(Person.id) == RightsRequest.person_id)
        .join(Unit, col(Unit.id) == RightsRequest.unit_id)
        .add_columns(Person.name, col(Person.erased_at).is_not(None), Unit.short_name)
    )
    return [Asked(*row) for row in db.session.execute(with_names)]


def requests_about(person_id: int) -> Sequence[RightsRequest]:
    """All that a person ever asked, whoever asks: for telling them, and for forgetting."""
    wanted = select(RightsRequest).where(RightsRequest.person_id == person_id).order_by(col(RightsRequest.id))
    return db.session.scalars(unscoped_for("a person's own rights", wanted)).all()
