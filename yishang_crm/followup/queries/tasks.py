"""Promises: own ones, the unit's, and for whom each stands in which list."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.followup.models import Interaction, Participant, Task
from yishang_crm.followup.queries.readers import may_see_person, readable
from yishang_crm.people.models import Person

PAGE = 50
COUNTED_UP_TO = 1000


def visible_to(actor: Actor) -> SelectOfScalar[Task]:
    """The actor's own and their unit's promises; about a person only if the actor may see that person."""
    tasks = scoped(Task, actor).where(readable(Task, actor))
    if actor.sees_all:
        return tasks
    return tasks.where(sa.or_(col(Task.person_id).is_(None), may_see_person(actor, col(Task.person_id))))


def task(actor: Actor, task_id: int) -> Task | None:
    return db.session.scalars(visible_to(actor).where(Task.id == task_id)).one_or_none()


@dataclass(frozen=True)
class TaskFilters:
    """What the address of the list says: `whose` mine | unit | all, `when` overdue | today | week | later, `done`."""

    whose: str = "mine"
    when: str = ""
    done: bool = False


@dataclass(frozen=True)
class TaskRow:
    """A promise as lists show it, with the person's name, the owner's, and the contact it came from."""

    task: Task
    person_name: str = ""
    owner_name: str = ""
    came_from: Interaction | None = None


@dataclass(frozen=True)
class TaskCounts:
    """Sizes of the lists, counted by the same conditions that make them."""

    open: int = 0
    due: int = 0
    overdue: int = 0


def page_of_tasks(
    actor: Actor, filters: TaskFilters, *, today: dt.date, page: int = 1, most: int = PAGE
) -> list[TaskRow]:
    """One page, the most urgent first (of those that are done, the latest first); one statement."""
    order = (
        (col(Task.done_at).desc(),) if filters.done else (col(Task.due_on), col(Task.due_time), col(Task.id))
    )
    wanted = _shown(_matching(actor, filters, today=today), actor)
    return _rows(wanted.order_by(*order).limit(most).offset((max(page, 1) - 1) * PAGE))


def count_up_to(actor: Actor, filters: TaskFilters, *, today: dt.date, most: int = COUNTED_UP_TO) -> int:
    """How many the list has; `most + 1` means more than `most`."""
    few = _matching(actor, filters, today=today).with_only_columns(col(Task.id)).limit(most + 1).subquery()
    counting = sa.select(sa.func.count()).select_from(few).execution_options(scope=actor.key)
    return int(db.session.scalar(counting) or 0)


def task_counts(actor: Actor, *, today: dt.date, whose: str = "mine") -> TaskCounts:
    """Open, due by today, and overdue promises; one statement."""
    due = sa.func.count().filter(col(Task.due_on) <= today)
    overdue = sa.func.count().filter(col(Task.due_on) < today)
    open_ones = _matching(actor, TaskFilters(whose=whose), today=today)
    counted = db.session.execute(open_ones.with_only_columns(sa.func.count(), due, overdue)).one()
    return TaskCounts(*counted)


def promises_to(actor: Actor, person_id: int, *, most: int = 5) -> list[TaskRow]:
    """What is open towards a person already found for the actor, also out of a contact with several."""
    together = sa.select(col(Participant.interaction_id)).where(col(Participant.person_id) == person_id)
    theirs = sa.or_(Task.person_id == person_id, col(Task.interaction_id).in_(together))
    wanted = _shown(visible_to(actor).where(col(Task.done_at).is_(None), theirs), actor)
    return _rows(wanted.order_by(col(Task.due_on), col(Task.due_time), col(Task.id)).limit(most))


def tasks_from(interaction_id: int) -> Sequence[Task]:
    """Promises made with a contact, for taking them back with it."""
    wanted = sa.select(Task).where(col(Task.interaction_id) == interaction_id)
    return db.session.scalars(unscoped_for("taking a contact back", wanted)).all()


def has_task(origin: str) -> bool:
    """Whether something is already promised out of this (`contact_point:9`) and not done yet, so that it is promised once."""
    wanted = sa.select(sa.exists().where(col(Task.origin) == origin, col(Task.done_at).is_(None)))
    return bool(db.session.scalar(unscoped_for("promised already", wanted)))


def _matching(actor: Actor, filters: TaskFilters, *, today: dt.date) -> SelectOfScalar[Task]:
    done = col(Task.done_at).is_not(None) if filters.done else col(Task.done_at).is_(None)
    wanted = visible_to(actor).where(done, *_whose(actor, filters.whose))
    if filters.done:
        return wanted
    ends: dict[str, tuple[Any, ...]] = {
        "overdue": (col(Task.due_on) < today,),
        "due": (col(Task.due_on) <= today,),
        "today": (col(Task.due_on) == today,),
        "week": (col(Task.due_on) > today, col(Task.due_on) <= today + dt.timedelta(days=7)),
        "later": (col(Task.due_on) > today + dt.timedelta(days=7),),
    }
    return wanted.where(*ends.get(filters.when, ()))


def _whose(actor: Actor, whose: str) -> tuple[sa.ColumnElement[bool], ...]:
    if whose == "all" and actor.sees_all:
        return ()
    if whose == "unit":
        return (col(Task.unit_id) == actor.unit_id,)
    # Mine is also what nobody of my unit has taken yet: a promise without an owner is forgotten by everybody.
    nobodys = sa.and_(col(Task.user_id).is_(None), col(Task.unit_id) == actor.unit_id)
    return (sa.or_(col(Task.user_id) == actor.id, nobodys),)


def _shown(wanted: SelectOfScalar[Task], actor: Actor) -> Any:
    # The contact behind a promise is told only to those who may read it.
    from_contact = sa.and_(
        col(Interaction.id) == Task.interaction_id,
        readable(Interaction, actor),
        col(Interaction.undone_at).is_(None),
    )
    return (
        wanted.outerjoin(Person, col(Person.id) == Task.person_id)
        .outerjoin(User, col(User.id) == Task.user_id)
        .outerjoin(Interaction, from_contact)
        .add_columns(sa.func.coalesce(Person.name, ""), sa.func.coalesce(User.name, ""), Interaction)
    )


def _rows(wanted: Any) -> list[TaskRow]:
    return [TaskRow(*row) for row in db.session.execute(wanted)]


def open_tasks_from(actor: Actor, kind: str) -> Sequence[Task]:
    """What is still promised out of one kind of origin, such as `guest` for a conference."""
    wanted = visible_to(actor).where(col(Task.origin).startswith(f"{kind}:"), col(Task.done_at).is_(None))
    return db.session.scalars(wanted.order_by(col(Task.id))).all()
