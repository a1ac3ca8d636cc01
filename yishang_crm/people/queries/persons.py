"""Persons: who may be seen, one record with its parts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import Unit, User
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.core.sealed import Sealed, SealedText
from yishang_crm.people.models import (
    ContactKind,
    ContactLabel,
    ContactPoint,
    ContactState,
    Organization,
    Person,
    Position,
    Stewardship,
)
from yishang_crm.people.salutation import OfPerson

PAGE = 50
COUNTED_UP_TO = 1000


def visible_to(actor: Actor) -> SelectOfScalar[Person]:
    """The bureau, organizers and leaders see everyone; a unit those it keeps or shares; a partner themselves."""
    people = scoped(Person, actor).where(col(Person.erased_at).is_(None))
    if actor.sees_all:
        return people
    if actor.person_id is not None:
        return people.where(Person.id == actor.person_id)
    kept = sa.exists().where(
        col(Stewardship.person_id) == Person.id, col(Stewardship.unit_id).in_(actor.unit_ids)
    )
    return people.where(kept)


def person(actor: Actor, person_id: int) -> Person | None:
    return db.session.scalars(visible_to(actor).where(Person.id == person_id)).one_or_none()


def person_to_change(actor: Actor, person_id: int) -> Person | None:
    """The same row, fresh and held until the transaction ends: another hand may be changing it now."""
    wanted = visible_to(actor).where(Person.id == person_id).with_for_update(of=Person)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def people_by_ids(actor: Actor, ids: Iterable[int]) -> Sequence[Person]:
    """Those of these people whom the actor may see."""
    return db.session.scalars(visible_to(actor).where(col(Person.id).in_(list(ids)))).all()


@dataclass
class Card(OfPerson):
    """A person as lists show them: with the external post and, where asked for, the first phone (an outline). Also an
    `Addressee` of `people.salutation`."""

    person: Person
    organization: str = ""
    title: str = ""
    phone: Any = None

    @property
    def post(self) -> str:
        return f"{self.organization} {self.title}".strip()


def cards(actor: Actor, people: Sequence[Person], *, with_phone: bool = False) -> list[Card]:
    """Cards for people already found for the actor; one statement (two with phones) however many."""
    ids = [person.id for person in people]
    posts: dict[int, tuple[str, str]] = {}
    for post, name in db.session.execute(_posts(actor, ids).where(col(Position.until).is_(None))):
        posts.setdefault(post.person_id, (name, post.title))
    phones: dict[int, Any] = {}
    for contact in db.session.scalars(_contacts(actor, ids)) if with_phone else ():
        if contact.is_phone:
            phones.setdefault(contact.person_id, contact.value)
    return [
        Card(person, *posts.get(person.id or 0, ("", "")), phone=phones.get(person.id or 0))
        for person in people
    ]


@dataclass
class Parts:
    """What belongs to one person's page."""

    contacts: Sequence[ContactPoint] = ()
    posts: Sequence[tuple[Position, Organization]] = ()
    stewards: Sequence[tuple[Stewardship, Unit, str]] = field(default_factory=tuple)

    @property
    def answerable_unit_id(self) -> int | None:
        """Which unit answers for the person."""
        return next((keeping.unit_id for keeping, _unit, _name in self.stewards if keeping.answerable), None)


def person_parts(actor: Actor, person: Person) -> Parts:
    """Contact points, posts and stewards of a person already found for the actor; three statements."""
    of_person = scoped(Position, actor).where(Position.person_id == person.id)
    posts = (
        of_person.join(Organization, col(Organization.id) == Position.organization_id)
        .add_columns(Organization)
        .order_by(col(Position.until).is_not(None), col(Position.rank), col(Position.id))
    )
    stewards = (
        scoped(Stewardship, actor)
        .join(Unit, col(Unit.id) == Stewardship.unit_id)
        .outerjoin(User, col(User.id) == Stewardship.user_id)
        .add_columns(Unit, sa.func.coalesce(User.name, ""))
        .where(Stewardship.person_id == person.id)
        .order_by(col(Stewardship.answerable).desc(), col(Unit.display_order))
    )
    return Parts(
        contacts=db.session.scalars(_contacts(actor, [person.id])).all(),
        posts=[tuple(row) for row in db.session.execute(posts)],
        stewards=[tuple(row) for row in db.session.execute(stewards)],
    )


def is_kept_by(actor: Actor, person: Person, unit: Unit) -> bool:
    """Whether a unit keeps, or shares, a person already found for the actor."""
    wanted = scoped(Stewardship, actor).where(
        Stewardship.person_id == person.id, Stewardship.unit_id == unit.id
    )
    return db.session.scalars(wanted).one_or_none() is not None


def contact(actor: Actor, contact_id: int) -> ContactPoint | None:
    """A contact point of a person the actor may see."""
    seen = visible_to(actor).with_only_columns(col(Person.id)).where(col(Person.id) == ContactPoint.person_id)
    wanted = scoped(ContactPoint, actor).where(ContactPoint.id == contact_id)
    return db.session.scalars(wanted.where(seen.correlate(ContactPoint).exists())).one_or_none()


def contacts_to_change(actor: Actor, person: Person) -> Sequence[ContactPoint]:
    """All ways to reach a person held for the actor, in their order, fresh: values and order change together."""
    fresh = _contacts(actor, [person.id]).execution_options(populate_existing=True)
    return db.session.scalars(fresh).all()


def posts_to_change(actor: Actor, person: Person) -> Sequence[Position]:
    """All posts of a person held for the actor, in their order, fresh."""
    wanted = scoped(Position, actor).where(Position.person_id == person.id)
    fresh = wanted.order_by(col(Position.rank), col(Position.id)).execution_options(populate_existing=True)
    return db.session.scalars(fresh).all()


def mail_contact(actor: Actor, person: Person, address: Sealed) -> ContactPoint | None:
    """The contact point of a person that is this address, however its letters are written. Opens nothing."""
    same = sa.func.lower(ContactPoint.value) == sa.func.lower(sa.literal(address, SealedText()))
    wanted = _contacts(actor, [person.id]).where(ContactPoint.kind == ContactKind.EMAIL, same)
    return db.session.scalars(wanted).first()


def own_colleagues(actor: Actor) -> list[User]:
    """Who of the actor's own unit may be said to be among somebody's friends on WeChat."""
    return [one for one in accounts.colleagues(actor) if one.unit_id in actor.unit_ids]


def post(actor: Actor, person: Person, post_id: int) -> Position | None:
    """A post of a person already found for the actor."""
    wanted = scoped(Position, actor).where(Position.id == post_id, Position.person_id == person.id)
    return db.session.scalars(wanted).one_or_none()


def mail_addresses(actor: Actor, person_ids: Sequence[int]) -> dict[int, Sealed]:
    """Where a person's mail goes: their own address before their secretary's; none that bounced or opted out."""
    own_last = sa.case((col(ContactPoint.label) == ContactLabel.SELF, 1), else_=0)
    wanted = (
        scoped(ContactPoint, actor)
        .where(
            col(ContactPoint.person_id).in_(person_ids),
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.state == ContactState.OK,
        )
        .order_by(own_last, col(ContactPoint.rank).desc(), col(ContactPoint.id).desc())
    )
    return {contact.person_id: contact.value for contact in db.session.scalars(wanted)}


def exists_elsewhere(*, phone: Sealed | str) -> Unit | None:
    """Across units only that somebody exists and whom to ask: the answerable unit of a phone's owner, or None."""
    wanted = (
        select(Unit)
        .join(Stewardship, col(Stewardship.unit_id) == Unit.id)
        .join(ContactPoint, col(ContactPoint.person_id) == Stewardship.person_id)
        .where(ContactPoint.value == phone)
        .order_by(col(Stewardship.answerable).desc())
        .limit(1)
    )
    return db.session.scalars(unscoped_for("whom to ask", wanted)).first()


def _posts(actor: Actor, ids: Sequence[int | None]) -> Any:
    return (
        scoped(Position, actor)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .add_columns(
            sa.case((Organization.short_name != "", Organization.short_name), else_=Organization.name)
        )
        .where(col(Position.person_id).in_(ids))
        .order_by(col(Position.rank), col(Position.id))
    )


def _contacts(actor: Actor, ids: Sequence[int | None]) -> Any:
    wanted = scoped(ContactPoint, actor).where(col(ContactPoint.person_id).in_(ids))
    return wanted.order_by(col(ContactPoint.rank), col(ContactPoint.id))


def holder_of(actor: Actor, value: Sealed | str) -> Person | None:
    """Who, among those the actor may see, holds this phone or mail address as their own."""
    held = sa.exists().where(
        col(ContactPoint.person_id) == Person.id,
        ContactPoint.value == value,
        col(ContactPoint.label) == ContactLabel.SELF,
    )
    return db.session.scalars(visible_to(actor).where(held).limit(1)).first()


def people_with_id_number(actor: Actor) -> Sequence[Person]:
    """For the rotation of keys."""
    return db.session.scalars(visible_to(actor).where(col(Person.id_number).is_not(None))).all()
