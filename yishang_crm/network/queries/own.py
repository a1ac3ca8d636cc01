"""What a partner sees of themselves, and who keeps touch with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.accounts.models import Unit, UnitKind, User
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.followup.models import Task
from yishang_crm.followup.queries import tasks as followup_tasks
from yishang_crm.network.models import Appointment
from yishang_crm.people.models import ContactPoint, Organization, Person, Position, Stewardship


def own_person(actor: Actor) -> Person | None:
    """The partner's own record."""
    wanted = scoped(Person, actor).where(Person.id == (actor.person_id or 0))
    return db.session.scalars(wanted).one_or_none()


@dataclass(frozen=True)
class OwnDetails:
    """A partner's own record with its parts; contact points print their outline."""

    person: Person
    posts: Sequence[tuple[Position, Organization]]
    contacts: Sequence[ContactPoint]

    @property
    def title(self) -> str:
        """By which they are called."""
        return "、".join(post.title for post, _firm in self.posts if post.title)


def own_details(actor: Actor) -> OwnDetails | None:
    """Three statements."""
    person = own_person(actor)
    if person is None:
        return None
    posts = (
        scoped(Position, actor)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .add_columns(Organization)
        .where(col(Position.person_id) == person.id, col(Position.until).is_(None))
        .order_by(col(Position.rank), col(Position.id))
    )
    contacts = scoped(ContactPoint, actor).where(ContactPoint.person_id == person.id)
    return OwnDetails(
        person,
        [tuple(row) for row in db.session.execute(posts)],
        db.session.scalars(contacts.order_by(col(ContactPoint.rank), col(ContactPoint.id))).all(),
    )


@dataclass(frozen=True)
class Keeper:
    """Who keeps touch with a partner: a unit, and the colleague if one is named."""

    unit_id: int
    unit: str
    liaison_id: int | None = None
    liaison: str = ""

    @property
    def said(self) -> str:
        """`桐城 汪澄`."""
        return f"{self.unit} {self.liaison}".strip()


def keeper_of(actor: Actor) -> Keeper | None:
    """By the appointment that stands, else by who answers for the partner's record, else the bureau."""
    by_appointment = (
        scoped(Appointment, actor)
        .join(Unit, col(Unit.id) == Appointment.unit_id)
        .outerjoin(User, sa.and_(col(User.id) == Appointment.liaison_id, col(User.disabled_at).is_(None)))
        .with_only_columns(col(Unit.id), col(Unit.short_name), col(User.id), sa.func.coalesce(User.name, ""))
        .where(col(Appointment.person_id) == (actor.person_id or 0), col(Appointment.ended_at).is_(None))
        .order_by(col(Appointment.ends_on).desc())
        .limit(1)
    )
    by_record = (
        scoped(Stewardship, actor)
        .join(Unit, col(Unit.id) == Stewardship.unit_id)
        .outerjoin(User, sa.and_(col(User.id) == Stewardship.user_id, col(User.disabled_at).is_(None)))
        .with_only_columns(col(Unit.id), col(Unit.short_name), col(User.id), sa.func.coalesce(User.name, ""))
        .where(col(Stewardship.person_id) == (actor.person_id or 0))
        .order_by(col(Stewardship.answerable).desc(), col(Stewardship.id))
        .limit(1)
    )
    found: Any = db.session.execute(by_appointment).first() or db.session.execute(by_record).first()
    if found:
        return Keeper(*found)
    bureau = select(Unit).where(Unit.kind == UnitKind.BUREAU).order_by(col(Unit.display_order)).limit(1)
    unit = db.session.scalars(bureau).first()
    return Keeper(unit.id or 0, unit.short_name) if unit else None


def answering_unit(actor: Actor, person: Person) -> int | None:
    """The unit that answers for a person already found for the actor."""
    wanted = scoped(Stewardship, actor).where(Stewardship.person_id == person.id)
    wanted = wanted.order_by(col(Stewardship.answerable).desc(), col(Stewardship.id)).limit(1)
    found = db.session.scalars(wanted).first()
    return found.unit_id if found else None


def tasks_out_of(actor: Actor, origin: str) -> Sequence[Task]:
    """Open promises that came out of something (`introduction:7`) and are the actor's to see."""
    wanted = followup_tasks.visible_to(actor).where(Task.origin == origin, col(Task.done_at).is_(None))
    return db.session.scalars(wanted).all()


def own_tasks(person_id: int, *, origin: str) -> int:
    """How many open proposals of a partner wait, for keeping one from flooding the desk."""
    counting = sa.select(sa.func.count()).where(
        col(Task.person_id) == person_id, col(Task.origin) == origin, col(Task.done_at).is_(None)
    )
    return int(db.session.scalar(unscoped_for("counting proposals", counting)) or 0)
