"""Requests between units: those that wait for an answer here, and those asked from here."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.models import ContactPoint, Person, Stewardship
from yishang_crm.people.queries import persons
from yishang_crm.people.stewards.models import AccessRequest, RequestState

PAGE = 50


def visible_to(actor: Actor) -> SelectOfScalar[AccessRequest]:
    """The bureau sees all; a unit what it asked and what it is asked."""
    requests = scoped(AccessRequest, actor)
    if actor.sees_all:
        return requests
    mine = (
        col(AccessRequest.unit_id).in_(actor.unit_ids),
        col(AccessRequest.asked_unit_id).in_(actor.unit_ids),
    )
    return requests.where(sa.or_(*mine))


@dataclass(frozen=True)
class Asked:
    """A request with the names of both units. `person` only where the reader may see them."""

    request: AccessRequest
    by_unit: str
    of_unit: str
    person: Person | None = None

    @property
    def title(self) -> str:
        return self.person.name if self.person else self.request.said


def request(actor: Actor, request_id: int, *, hold: bool = False) -> AccessRequest | None:
    """`hold`: read anew and kept from others until the transaction ends."""
    wanted = visible_to(actor).where(AccessRequest.id == request_id)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(wanted).one_or_none()


def requests(actor: Actor, *, waiting: bool, page: int = 1) -> Sequence[Asked]:
    """Waiting ones the oldest first, answered ones the newest first; two statements."""
    state = col(AccessRequest.state) == RequestState.WAITING
    order = col(AccessRequest.id) if waiting else col(AccessRequest.id).desc()
    wanted = visible_to(actor).where(state if waiting else ~state).order_by(order)
    return _with_names(actor, wanted.limit(PAGE).offset((max(page, 1) - 1) * PAGE))


def shown(actor: Actor, found: AccessRequest) -> Asked:
    """One request as its page shows it."""
    return _with_names(actor, visible_to(actor).where(AccessRequest.id == found.id))[0]


def waiting_on(actor: Actor, person: Person) -> Sequence[Asked]:
    """What is asked about a person already found for the actor."""
    wanted = visible_to(actor).where(
        AccessRequest.person_id == person.id, AccessRequest.state == RequestState.WAITING
    )
    return _with_names(actor, wanted.order_by(col(AccessRequest.id)))


def answerable_of_phone(phone: str) -> Stewardship | None:
    """The answerable unit of whoever holds this phone (E.164), wherever they are kept. For asking, never for showing."""
    wanted = (
        select(Stewardship)
        .join(ContactPoint, col(ContactPoint.person_id) == Stewardship.person_id)
        .where(ContactPoint.value == phone)
        .order_by(col(Stewardship.answerable).desc(), col(Stewardship.id))
        .limit(1)
    )
    return db.session.scalars(unscoped_for("whom to ask", wanted)).first()


def answerable_of(person_id: int) -> Stewardship | None:
    """Who answers for a person now, read anew and held until the transaction ends."""
    wanted = (
        select(Stewardship)
        .where(Stewardship.person_id == person_id)
        .order_by(col(Stewardship.answerable).desc(), col(Stewardship.id))
        .limit(1)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(unscoped_for("who answers for a person", wanted)).first()


def stewardship_of(person_id: int, unit_id: int) -> Stewardship | None:
    """How a unit keeps a person, whoever asks (within an action that decided who may)."""
    wanted = select(Stewardship).where(Stewardship.person_id == person_id, Stewardship.unit_id == unit_id)
    return db.session.scalars(unscoped_for("how a unit keeps a person", wanted)).one_or_none()


def stewardship(actor: Actor, person: Person, stewardship_id: int) -> Stewardship | None:
    """One unit's keeping of a person already found for the actor."""
    wanted = scoped(Stewardship, actor).where(
        Stewardship.id == stewardship_id, Stewardship.person_id == person.id
    )
    return db.session.scalars(wanted).one_or_none()


def is_asked_already(person_id: int, unit_id: int) -> bool:
    waiting = (
        select(AccessRequest.id)
        .where(
            AccessRequest.person_id == person_id,
            AccessRequest.unit_id == unit_id,
            AccessRequest.state == RequestState.WAITING,
        )
        .limit(1)
    )
    return db.session.scalars(unscoped_for("asked already", waiting)).first() is not None


def person_asked_for(found: AccessRequest) -> Person:
    """Whom a request is about, within the action that grants it."""
    wanted = select(Person).where(Person.id == found.person_id)
    return db.session.scalars(unscoped_for("granting a request", wanted)).one()


def requests_about(person_id: int) -> Sequence[AccessRequest]:
    """Every request about one person, whoever asks: for telling them, and for forgetting it."""
    wanted = select(AccessRequest).where(AccessRequest.person_id == person_id).order_by(col(AccessRequest.id))
    return db.session.scalars(unscoped_for("a person's own rights", wanted)).all()


def _with_names(actor: Actor, wanted: SelectOfScalar[AccessRequest]) -> list[Asked]:
    asking, asked = aliased(Unit), aliased(Unit)
    named = (
        wanted.join(asking, asking.id == AccessRequest.unit_id)
        .join(asked, asked.id == AccessRequest.asked_unit_id)
        .add_columns(asking.short_name, asked.short_name)
    )
    rows = [tuple(row) for row in db.session.execute(named)]
    seen = {one.id: one for one in persons.people_by_ids(actor, [row[0].person_id for row in rows])}
    return [Asked(found, by_unit, of_unit, seen.get(found.person_id)) for found, by_unit, of_unit in rows]
