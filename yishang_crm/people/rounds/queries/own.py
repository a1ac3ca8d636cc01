"""At the door: whoever holds a personal link."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from yishang_crm.accounts.models import Unit
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.models import ContactPoint, Organization, Person, Position
from yishang_crm.people.rounds.models import ChangeProposal, ConfirmationRound, RoundEntry


@dataclass(frozen=True)
class Own:
    """What a person's own page shows."""

    entry: RoundEntry
    found: ConfirmationRound
    person: Person
    contacts: Sequence[ContactPoint]
    posts: Sequence[tuple[Position, Organization]]
    proposals: Sequence[ChangeProposal]
    unit: Unit

    def may_be_shown(self, *, on: dt.date) -> bool:
        """A month beyond the round, so that one reads what came of it; never of the dead or those left alone."""
        return on <= self.found.due_on + dt.timedelta(days=30) and self.person.why_left_alone is None


def own(entry_id: int) -> Own | None:
    """Behind a genuine link; outlines only, six statements."""
    why = "a person at their own page"
    wanted = (
        select(RoundEntry, ConfirmationRound, Person, Unit)
        .join(ConfirmationRound, col(ConfirmationRound.id) == RoundEntry.round_id)
        .join(Person, col(Person.id) == RoundEntry.person_id)
        .join(Unit, col(Unit.id) == RoundEntry.unit_id)
        .where(RoundEntry.id == entry_id)
    )
    row = db.session.execute(unscoped_for(why, wanted)).one_or_none()
    if row is None:
        return None
    found, of_round, person, unit = row
    contacts = (
        select(ContactPoint).where(ContactPoint.person_id == person.id).order_by(col(ContactPoint.rank))
    )
    posts = (
        select(Position, Organization)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .where(Position.person_id == person.id, col(Position.until).is_(None))
        .order_by(col(Position.rank), col(Position.id))
    )
    said = select(ChangeProposal).where(ChangeProposal.entry_id == found.id).order_by(col(ChangeProposal.id))
    return Own(
        entry=found,
        found=of_round,
        person=person,
        contacts=db.session.scalars(unscoped_for(why, contacts)).all(),
        posts=[tuple(one) for one in db.session.execute(unscoped_for(why, posts))],
        proposals=db.session.scalars(unscoped_for(why, said)).all(),
        unit=unit,
    )
