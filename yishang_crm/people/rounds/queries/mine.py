"""What rounds still ask of one owner."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.people.models import Person
from yishang_crm.people.rounds.models import ChangeProposal, ConfirmationRound, ProposalState, RoundEntry
from yishang_crm.people.rounds.queries.proposals import PROPOSALS_SHOWN, proposals_visible_to
from yishang_crm.people.rounds.queries.worklists import entries_visible_to, is_waiting


@dataclass(frozen=True)
class Share:
    """An open round and how many of the owner's own people wait in it, never none."""

    round_id: int
    name: str
    due_on: dt.date
    waiting: int


def shares(actor: Actor) -> Sequence[Share]:
    """The actor's part of every open round, what is due first; one statement. Each figure is that of the worklist `mine`."""
    begun = ConfirmationRound
    counting = (
        entries_visible_to(actor)
        .join(begun, col(begun.id) == RoundEntry.round_id)
        .join(Person, col(Person.id) == RoundEntry.person_id)
        .where(
            col(begun.closed_at).is_(None),
            RoundEntry.user_id == actor.id,
            # True of every entry: who sees all is led by the index of round, unit and owner, too, not past the whole round.
            col(RoundEntry.unit_id).in_(sa.select(Unit.id)),
            is_waiting(col(begun.begun_at)),
        )
        .with_only_columns(col(begun.id), col(begun.name), col(begun.due_on), sa.func.count())
        .group_by(col(begun.id), col(begun.name), col(begun.due_on))
        .order_by(col(begun.due_on), col(begun.id))
    )
    return [Share(*row) for row in db.session.execute(counting)]


def proposals_to_decide(actor: Actor) -> int:
    """How many proposals wait on the page of proposals, which shows `PROPOSALS_SHOWN`; one more than these means more."""
    few = (
        proposals_visible_to(actor)
        .where(ChangeProposal.state == ProposalState.WAITING)
        .with_only_columns(col(ChangeProposal.id))
        .limit(PROPOSALS_SHOWN + 1)
    )
    counting = sa.select(sa.func.count()).select_from(few.subquery()).execution_options(scope=actor.key)
    return int(db.session.scalar(counting) or 0)
