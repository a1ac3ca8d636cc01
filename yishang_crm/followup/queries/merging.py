"""Rows of this room that follow two people who become one."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.followup.models import Cadence, Participant, Task

_WHY = "merge"


def participations_of(person_ids: Iterable[int]) -> Sequence[Participant]:
    wanted = select(Participant).where(col(Participant.person_id).in_(list(person_ids)))
    return db.session.scalars(unscoped_for(_WHY, wanted.order_by(col(Participant.id)))).all()


def tasks_of(person_ids: Iterable[int]) -> Sequence[Task]:
    wanted = select(Task).where(col(Task.person_id).in_(list(person_ids))).order_by(col(Task.id))
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()


def tasks_out_of(origin: str) -> Sequence[Task]:
    """Tasks that came of something, as `guest:9`."""
    return db.session.scalars(unscoped_for(_WHY, select(Task).where(Task.origin == origin))).all()


def counted(actor: Actor, person_ids: Sequence[int]) -> dict[str, dict[int, int]]:
    """How many contacts and tasks each of these people has; people already found for the actor."""
    return {
        "contacts": _by_person(scoped(Participant, actor), Participant.person_id, person_ids),
        "tasks": _by_person(
            scoped(Task, actor).where(col(Task.done_at).is_(None)), Task.person_id, person_ids
        ),
        "clocks": _by_person(scoped(Cadence, actor), Cadence.person_id, person_ids),
    }


def _by_person(rows: Any, column: Any, person_ids: Sequence[int]) -> dict[int, int]:
    counting = rows.with_only_columns(column, sa.func.count()).where(col(column).in_(list(person_ids)))
    return {person_id: int(count) for person_id, count in db.session.execute(counting.group_by(column))}
