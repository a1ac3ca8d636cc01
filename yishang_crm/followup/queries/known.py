"""Every talk, promise and clock about one person, whoever asks: for telling them, and for forgetting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.followup.models import Cadence, Interaction, Participant, Task
from yishang_crm.followup.queries.interactions import readable_to

_WHY = "a person's own rights"


@dataclass(frozen=True)
class Talk:
    """One contact, and with how many people it was."""

    interaction: Interaction
    people: int


def talks_with(person_id: int) -> list[Talk]:
    """Also those that were taken back: their text stands as well."""
    people = (
        sa.select(sa.func.count())
        .select_from(Participant)
        .where(col(Participant.interaction_id) == Interaction.id)
        .correlate(Interaction)
        .scalar_subquery()
    )
    with_them = sa.exists().where(
        col(Participant.interaction_id) == Interaction.id, col(Participant.person_id) == person_id
    )
    wanted = select(Interaction, people).where(with_them).order_by(col(Interaction.at), col(Interaction.id))
    return [Talk(*row) for row in db.session.execute(unscoped_for(_WHY, wanted))]


def readable_among(actor: Actor, ids: Sequence[int]) -> set[int]:
    """Those of these entries that the readers' rule lets the actor read."""
    wanted = readable_to(actor).with_only_columns(col(Interaction.id)).where(col(Interaction.id).in_(ids))
    return {int(found) for found in db.session.scalars(wanted)}


def tasks_about(person_id: int) -> Sequence[Task]:
    return _all(select(Task).where(Task.person_id == person_id).order_by(col(Task.id)))


def tasks_out_of(interaction_id: int, *, not_about: int) -> Sequence[Task]:
    """Promises to others that came out of a talk."""
    others = sa.or_(col(Task.person_id).is_(None), col(Task.person_id) != not_about)
    return _all(select(Task).where(Task.interaction_id == interaction_id, others))


def tasks_from(origins: Sequence[str]) -> Sequence[Task]:
    """Promises that came out of these (`introduction:7`), whoever they are about."""
    return _all(select(Task).where(col(Task.origin).in_(origins)))


def clocks_of(person_id: int) -> Sequence[Cadence]:
    return _all(select(Cadence).where(Cadence.person_id == person_id))


def _all(wanted: Any) -> Sequence[Any]:
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()
