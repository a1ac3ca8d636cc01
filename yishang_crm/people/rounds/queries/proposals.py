"""What people said of their own record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.models import Person, Position
from yishang_crm.people.queries import persons
from yishang_crm.people.rounds.models import ChangeProposal, ProposalState, RoundEntry

PROPOSALS_SHOWN = 50


def proposals_visible_to(actor: Actor) -> SelectOfScalar[ChangeProposal]:
    """What was said of the people one sees."""
    seen = persons.visible_to(actor).with_only_columns(col(Person.id))
    return scoped(ChangeProposal, actor).where(
        seen.where(col(Person.id) == ChangeProposal.person_id).correlate(ChangeProposal).exists()
    )


@dataclass(frozen=True)
class Waiting:
    """A proposal with whom it is about."""

    proposal: ChangeProposal
    person: Person


def proposal(actor: Actor, proposal_id: int, *, hold: bool = False) -> ChangeProposal | None:
    """`hold`: read anew and kept from others until the transaction ends."""
    wanted = proposals_visible_to(actor).where(ChangeProposal.id == proposal_id)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(wanted).one_or_none()


def waiting_proposals(actor: Actor, *, person: Person | None = None) -> Sequence[Waiting]:
    """The oldest first; of one person, or of all whom the actor sees."""
    wanted: Any = (
        proposals_visible_to(actor)
        .join(Person, col(Person.id) == ChangeProposal.person_id)
        .where(ChangeProposal.state == ProposalState.WAITING)
        .add_columns(Person)
        .order_by(col(ChangeProposal.id))
        .limit(PROPOSALS_SHOWN)
    )
    if person is not None:
        wanted = wanted.where(ChangeProposal.person_id == person.id)
    return [Waiting(*row) for row in db.session.execute(wanted)]


def present_posts(actor: Actor, person: Person) -> Sequence[Position]:
    """What a person already found for the actor holds now."""
    wanted = scoped(Position, actor).where(Position.person_id == person.id, col(Position.until).is_(None))
    return db.session.scalars(wanted).all()


def proposals_of(person_id: int) -> Sequence[ChangeProposal]:
    """Everything one person proposed, whoever asks: for telling them, and for forgetting it."""
    wanted = (
        select(ChangeProposal).where(ChangeProposal.person_id == person_id).order_by(col(ChangeProposal.id))
    )
    return db.session.scalars(unscoped_for("a person's own rights", wanted)).all()


def entries_of(person_ids: Collection[int]) -> Sequence[RoundEntry]:
    """Where these people stand on any round's list, whoever asks: for records that become one."""
    wanted = select(RoundEntry).where(col(RoundEntry.person_id).in_(person_ids)).order_by(col(RoundEntry.id))
    return db.session.scalars(unscoped_for("a merge moves worklists", wanted)).all()


def proposals_in(entry: RoundEntry) -> Sequence[ChangeProposal]:
    wanted = (
        select(ChangeProposal).where(ChangeProposal.entry_id == entry.id).order_by(col(ChangeProposal.id))
    )
    return db.session.scalars(unscoped_for("a merge moves worklists", wanted)).all()
