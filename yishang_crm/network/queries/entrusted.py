"""Whom a partner may see: those entrusted to them and those they introduced, and no others."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import PORTAL_ROLES, Unit, User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.followup import queries as followup
from yishang_crm.network.models import Appointment, Entrusted, Introduction, IntroductionState
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person

MOST = 200


def visible_to(actor: Actor) -> SelectOfScalar[Entrusted]:
    """The bureau and leaders see all, a unit its own, a partner what is entrusted to them."""
    rows = scoped(Entrusted, actor)
    if actor.may(Permission.PORTAL_USE) and not actor.sees_all:
        return rows.where(Entrusted.partner_id == (actor.person_id or 0))
    if actor.sees_all:
        return rows
    return rows.where(col(Entrusted.unit_id).in_(actor.unit_ids))


def entrusted_people(actor: Actor) -> SelectOfScalar[Person]:
    """The people of a partner. Rows of this room decide, nothing else: neither unit nor search."""
    partner = actor.person_id or 0
    entrusted_now = sa.exists().where(
        col(Entrusted.partner_id) == partner,
        col(Entrusted.person_id) == Person.id,
        col(Entrusted.ended_at).is_(None),
    )
    introduced = sa.exists().where(
        col(Introduction.partner_id) == partner,
        col(Introduction.person_id) == Person.id,
        col(Introduction.state) == IntroductionState.ACCEPTED,
    )
    return scoped(Person, actor).where(sa.or_(entrusted_now, introduced), col(Person.id) != partner)


def entrusted_person(actor: Actor, person_id: int) -> Person | None:
    return db.session.scalars(entrusted_people(actor).where(Person.id == person_id)).one_or_none()


@dataclass(frozen=True)
class Charge:
    """One of a partner's people as the portal shows them: no phone, no note, only the day of the last talk."""

    person: Person
    post: str
    last_on: dt.date | None


def charges(actor: Actor) -> list[Charge]:
    """The partner's people by name, two hundred at most; three statements however many."""
    found = db.session.scalars(
        entrusted_people(actor).order_by(col(Person.name_key), col(Person.id)).limit(MOST)
    ).all()
    return described(actor, found)


def described(actor: Actor, found: Sequence[Person]) -> list[Charge]:
    """People already found for the partner, with post and last talk."""
    ids = [person.id or 0 for person in found]
    posts = followup.posts_of(actor, ids)
    last = {clock.person_id: clock.last_on for clock in followup.of_people(actor, ids)}
    return [Charge(person, posts.get(person.id or 0, ""), last.get(person.id or 0)) for person in found]


@dataclass(frozen=True)
class Entrusting:
    """A row with both names and the unit."""

    row: Entrusted
    partner: str
    person: str
    unit: str


def entrustings_of(actor: Actor, person_id: int) -> Sequence[Entrusting]:
    """On a person's page: to whom they are entrusted, and who is entrusted to them."""
    either = sa.or_(col(Entrusted.person_id) == person_id, col(Entrusted.partner_id) == person_id)
    wanted = visible_to(actor).where(either, col(Entrusted.ended_at).is_(None))
    return _named(wanted.order_by(col(Entrusted.since), col(Entrusted.id)).limit(MOST))


def entrusting(actor: Actor, entrusted_id: int) -> Entrusted | None:
    return db.session.scalars(visible_to(actor).where(Entrusted.id == entrusted_id)).one_or_none()


def open_entrusting(actor: Actor, *, partner_id: int, person_id: int) -> Entrusted | None:
    """The one that stands between the two, in whichever unit."""
    wanted = scoped(Entrusted, actor).where(
        Entrusted.partner_id == partner_id,
        Entrusted.person_id == person_id,
        col(Entrusted.ended_at).is_(None),
    )
    return db.session.scalars(wanted).one_or_none()


def open_entrustings_by(actor: Actor, partner_id: int) -> Sequence[Entrusted]:
    """All that stand with a partner, for ending them with the appointment."""
    wanted = scoped(Entrusted, actor).where(Entrusted.partner_id == partner_id)
    return db.session.scalars(wanted.where(col(Entrusted.ended_at).is_(None))).all()


def partners(actor: Actor) -> Sequence[Person]:
    """To whom somebody may be entrusted: appointed people and those with a portal account, if the actor sees them."""
    appointed = sa.exists().where(
        col(Appointment.person_id) == Person.id, col(Appointment.ended_at).is_(None)
    )
    with_account = sa.exists().where(
        col(User.person_id) == Person.id,
        col(User.role).in_(sorted(PORTAL_ROLES)),
        col(User.disabled_at).is_(None),
    )
    wanted = people.visible_to(actor).where(sa.or_(appointed, with_account))
    return db.session.scalars(wanted.order_by(col(Person.name_key), col(Person.id)).limit(MOST)).all()


def _named(wanted: SelectOfScalar[Entrusted]) -> list[Entrusting]:
    partner, person = aliased(Person), aliased(Person)
    with_names: Any = (
        wanted.join(partner, col(partner.id) == Entrusted.partner_id)
        .join(person, col(person.id) == Entrusted.person_id)
        .join(Unit, col(Unit.id) == Entrusted.unit_id)
        .add_columns(col(partner.name), col(person.name), col(Unit.short_name))
    )
    return [Entrusting(*row) for row in db.session.execute(with_names)]
