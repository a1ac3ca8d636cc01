"""What loaded columns of the list show; one statement a column, for people already found for the actor."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.accounts.models import Unit, User
from yishang_crm.core.actor import Actor
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.db import Moment, db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.core.undo import last_change
from yishang_crm.people.models import (
    ContactKind,
    ContactPoint,
    ContactState,
    Person,
    Stewardship,
    StewardshipKind,
)
from yishang_crm.people.queries.tagging import tags_of_people


def tags_of_people_for(actor: Actor, people: Sequence[Person]) -> dict[int, list[str]]:
    """Names of tags."""
    found = tags_of_people(actor, [person.id for person in people])
    return {person_id: [tag.name for tag in tags] for person_id, tags in found.items()}


def owners_for(actor: Actor, people: Sequence[Person]) -> dict[int, list[str]]:
    """Names of the colleagues who keep each; a county sees its own."""
    wanted = (
        scoped(Stewardship, actor)
        .join(User, col(User.id) == Stewardship.user_id)
        .with_only_columns(col(Stewardship.person_id), col(User.name))
        .where(col(Stewardship.person_id).in_([person.id for person in people]))
        .order_by(col(Stewardship.answerable).desc(), col(Stewardship.id))
    )
    if not actor.sees_all:
        wanted = wanted.where(col(Stewardship.unit_id).in_(actor.unit_ids))
    found: dict[int, list[str]] = {}
    for person_id, name in db.session.execute(wanted):
        found.setdefault(person_id, []).append(name)
    return found


def units_for(_actor: Actor, people: Sequence[Person]) -> dict[int, str]:
    """The unit that answers for each."""
    wanted = select(Unit.id, Unit.short_name).where(
        col(Unit.id).in_({person.home_unit_id for person in people})
    )
    names = {int(unit_id or 0): str(name) for unit_id, name in db.session.execute(wanted).all()}
    return {person.id or 0: names.get(person.home_unit_id or 0, "") for person in people}


def phones_for(actor: Actor, people: Sequence[Person]) -> dict[int, Any]:
    """The outline of the first usable phone."""
    wanted = (
        scoped(ContactPoint, actor)
        .where(
            col(ContactPoint.person_id).in_([person.id for person in people]),
            col(ContactPoint.kind).in_((ContactKind.MOBILE, ContactKind.LANDLINE)),
            col(ContactPoint.state) == ContactState.OK,
        )
        .order_by(col(ContactPoint.rank).desc(), col(ContactPoint.id).desc())
    )
    return {contact.person_id: contact.value for contact in db.session.scalars(wanted)}


def keeper_of(actor: Actor, person: Person) -> Stewardship | None:
    """How the actor's own unit keeps a person already found for the actor; for who keeps none, the answerable unit."""
    wanted = scoped(Stewardship, actor).where(
        Stewardship.person_id == person.id, col(Stewardship.kind) == StewardshipKind.STEWARD
    )
    if not actor.sees_all:
        wanted = wanted.where(col(Stewardship.unit_id).in_(actor.unit_ids))
    own = sa.case((col(Stewardship.unit_id) == (actor.unit_id or 0), 0), else_=1)
    in_order = wanted.order_by(own, col(Stewardship.answerable).desc(), col(Stewardship.id))
    return db.session.scalars(in_order.limit(1)).first()


def last_saved(person: Person) -> tuple[str, Moment] | None:
    """Who changed a person found for the actor last, by a form or by a bulk act, and when."""
    wanted = (
        select(AuditEntry.actor_name, AuditEntry.at)
        .where(AuditEntry.about == f"person:{person.id}", col(AuditEntry.verb).in_(_SAVING))
        .order_by(col(AuditEntry.id).desc())
        .limit(1)
    )
    by_form = db.session.execute(unscoped_for("who saved last", wanted)).first()
    known = [(str(by_form[0]), by_form[1])] if by_form else []
    by_act = last_change(Person, person.id or 0)
    return max([*known, *([by_act] if by_act else [])], key=lambda one: one[1], default=None)


_SAVING = (
    "people.edit_person",
    "people.edit_cell",
    "people.set_owner",
    "people.set_cell_tags",
    "people.update_from_file",
    "people.put_back",
)
