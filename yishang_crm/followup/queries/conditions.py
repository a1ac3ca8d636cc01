"""What this room's conditions of the people list mean in SQL, and whom somebody was lately in touch with."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import today
from yishang_crm.core.scope import scoped
from yishang_crm.followup.models import Cadence, Interaction, Participant
from yishang_crm.followup.queries.cadences import SOON
from yishang_crm.people.models import Person, PersonState
from yishang_crm.people.ranking import MOST


def is_due(_actor: Actor, when: str) -> Any:
    """Past the day of their clock, or within a week of it; of those who may be called at all."""
    day = today()
    due = col(Cadence.due_on) < day
    if when == "soon":
        due = sa.and_(col(Cadence.due_on) >= day, col(Cadence.due_on) <= day + SOON)
    on_clock = sa.select(col(Cadence.person_id)).where(due)
    # Put so that no index leads to the many who may be called: the clock's does, to the few who should be.
    may_be_called = sa.case(
        (col(Person.state).not_in((PersonState.ACTIVE, PersonState.RETIRED)), 0),
        (col(Person.do_not_contact_at).is_not(None), 0),
        else_=1,
    )
    return sa.and_(col(Person.id).in_(on_clock.scalar_subquery()), may_be_called == 1)


def was_quiet_for(_actor: Actor, months: str) -> Any:
    """No contact for so many months, or none at all."""
    since = today() - dt.timedelta(days=int(months[:3]) * 30)
    lately = sa.exists().where(col(Cadence.person_id) == Person.id, col(Cadence.last_on) >= since)
    return ~lately


def lately_in_touch(actor: Actor) -> Any:
    """A query for the people of the actor's own last contacts: `person_id` and `turn`, the greater the later."""
    newest = (
        scoped(Interaction, actor)
        .where(Interaction.user_id == actor.id, col(Interaction.undone_at).is_(None))
        .order_by(col(Interaction.id).desc())
        .limit(MOST)
        .with_only_columns(col(Interaction.id))
        .subquery()
    )
    turn = sa.func.max(col(Participant.interaction_id))
    return (
        sa.select(col(Participant.person_id).label("person_id"), turn.label("turn"))
        .where(col(Participant.interaction_id).in_(sa.select(newest.c.id)))
        .group_by(col(Participant.person_id))
        .order_by(turn.desc())
        .limit(MOST)
    )
