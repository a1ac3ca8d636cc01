"""What this room's conditions of the people list mean in SQL, and whom somebody was lately in touch with."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import today
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.followup.models import Cadence, Interaction, Participant
from yishang_crm.followup.queries.cadences import SOON
from yishang_crm.people.models import Person, PersonState
from yishang_crm.people.ranking import MOST


def is_due(_actor: Actor, when: str) -> Any:
    """Past the day of their clock, or within a week of it; of those who may be called at all."""
    day = today()
    if when == "soon":  # few: their ids are fetched
        due = sa.and_(col(Cadence.due_on) >= day, col(Cadence.due_on) <= day + SOON)
        on_clock = col(Person.id).in_(sa.select(col(Cadence.person_id)).where(due).scalar_subquery())
    else:  # many: each person is asked, until the page is full
        on_clock = sa.exists().where(col(Cadence.person_id) == Person.id, col(Cadence.due_on) < day)
    return sa.and_(
        on_clock,
        col(Person.state).in_((PersonState.ACTIVE, PersonState.RETIRED)),
        col(Person.do_not_contact_at).is_(None),
    )


def was_quiet_for(_actor: Actor, months: str) -> Any:
    """No contact for so many months, or none at all."""
    since = today() - dt.timedelta(days=int(months[:3]) * 30)
    lately = sa.exists().where(col(Cadence.person_id) == Person.id, col(Cadence.last_on) >= since)
    return ~lately


def lately_in_touch(actor: Actor) -> Sequence[int]:
    """People of the actor's own last contacts, the latest first; one statement."""
    newest = (
        scoped(Interaction, actor)
        .where(Interaction.user_id == actor.id, col(Interaction.undone_at).is_(None))
        .order_by(col(Interaction.id).desc())
        .limit(MOST)
        .with_only_columns(col(Interaction.id))
        .subquery()
    )
    wanted = (
        sa.select(col(Participant.person_id))
        .where(col(Participant.interaction_id).in_(sa.select(newest.c.id)))
        .order_by(col(Participant.interaction_id).desc())
        .limit(MOST * 2)
    )
    found = db.session.execute(wanted.execution_options(scope=actor.key)).scalars()
    return list(dict.fromkeys(int(one) for one in found))[:MOST]
