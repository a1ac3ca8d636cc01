"""What a guest may see: their own invitation, and nothing of anybody else."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.conference.models import Edition, Guest
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.followup.models import Task
from yishang_crm.people.models import Organization, Person, Position
from yishang_crm.people.salutation import OfPerson


@dataclass(frozen=True)
class Invitation(OfPerson):
    """A guest's own row with all that their pages say; also an `Addressee` of `people.salutation`."""

    guest: Guest
    edition: Edition
    person: Person
    unit: Unit
    title: str

    @property
    def liaison(self) -> tuple[str, str]:
        """Whom to call: the owning unit's liaison, else the office."""
        if self.unit.liaison_phone:
            return self.unit.liaison_name, self.unit.liaison_phone
        return "", self.edition.office_phone


def visible_to(actor: Actor) -> SelectOfScalar[Guest]:
    """Themselves."""
    return scoped(Guest, actor).where(Guest.id == actor.guest_id)


def invitation(actor: Actor) -> Invitation | None:
    """The acting guest's own invitation; one statement."""
    at_present = sa.and_(col(Position.person_id) == Guest.person_id, col(Position.until).is_(None))
    firm = sa.case((Organization.short_name != "", Organization.short_name), else_=Organization.name)
    wanted = (
        visible_to(actor)
        .join(Edition, col(Edition.id) == Guest.edition_id)
        .join(Person, col(Person.id) == Guest.person_id)
        .join(Unit, col(Unit.id) == Guest.unit_id)
        .outerjoin(Position, at_present)
        .outerjoin(Organization, col(Organization.id) == Position.organization_id)
        .add_columns(Edition, Person, Unit, sa.func.coalesce(firm, "") + sa.func.coalesce(Position.title, ""))
        .order_by(col(Position.rank), col(Position.id))
        .limit(1)
    )
    row = db.session.execute(wanted).first()
    return Invitation(*row) if row else None


def mistake_of(guest: Guest) -> str:
    """The origin of the task that says this letter reached somebody else; a fresh letter is another matter."""
    return f"not-the-guest:{guest.id}:{guest.token_generation}"


def is_mistaken(actor: Actor, guest: Guest) -> bool:
    """Whether somebody said that they are not this guest, and staff have not yet settled it."""
    wanted = scoped(Task, actor).where(Task.origin == mistake_of(guest), col(Task.done_at).is_(None))
    return db.session.scalars(wanted.limit(1)).first() is not None


def edition_to_call() -> Edition | None:
    """The edition whose office answers the phone now: said to those whose link says nothing."""
    return db.session.scalars(
        select(Edition)
        .where(col(Edition.closed_at).is_(None))
        .order_by(col(Edition.starts_at).desc())
        .limit(1)
    ).first()
