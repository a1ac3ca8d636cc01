"""What somebody finds in the morning."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.followup.queries.cadences import Owed, OwedCounts, owed, owed_counts
from yishang_crm.followup.queries.tasks import TaskCounts, TaskFilters, TaskRow, page_of_tasks, task_counts
from yishang_crm.people.models import Organization, Position
from yishang_crm.people.rounds import queries as rounds

SHOWN_TASKS = 30
SHOWN_OWED = 12


@dataclass(frozen=True)
class Today:
    """Due promises, people owed a call, the sizes of both lists, and the posts of everybody named; the actor's share of open
    rounds, and how many proposals wait to be decided (51: more than 50)."""

    day: dt.date
    tasks: list[TaskRow] = field(default_factory=list)
    counts: TaskCounts = field(default_factory=TaskCounts)
    owed: list[Owed] = field(default_factory=list)
    owed_counts: OwedCounts = field(default_factory=OwedCounts)
    posts: dict[int, str] = field(default_factory=dict)
    shares: Sequence[rounds.Share] = ()
    proposals: int = 0

    @property
    def has_records_to_check(self) -> bool:
        return bool(self.shares or self.proposals)

    @property
    def is_quiet(self) -> bool:
        return not self.tasks and not self.owed and not self.has_records_to_check


def today(actor: Actor, *, day: dt.date) -> Today:
    """The actor's morning; seven statements however much there is."""
    tasks = page_of_tasks(actor, TaskFilters(when="due"), today=day, most=SHOWN_TASKS)
    calls = owed(actor, today=day, most=SHOWN_OWED)
    named = {row.task.person_id for row in tasks if row.task.person_id} | {
        one.person.id or 0 for one in calls
    }
    return Today(
        day=day,
        tasks=tasks,
        counts=task_counts(actor, today=day),
        owed=calls,
        owed_counts=owed_counts(actor, today=day),
        posts=posts_of(actor, named),
        shares=rounds.shares(actor),
        proposals=rounds.proposals_to_decide(actor) if actor.may(Permission.PEOPLE_WRITE) else 0,
    )


def posts_of(actor: Actor, person_ids: Iterable[int]) -> dict[int, str]:
    """Organization and title of people already found for the actor, their external post."""
    short = sa.case((col(Organization.short_name) != "", Organization.short_name), else_=Organization.name)
    wanted = (
        scoped(Position, actor)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .with_only_columns(col(Position.person_id), short, col(Position.title))
        .where(col(Position.person_id).in_(sorted(person_ids)), col(Position.until).is_(None))
        .order_by(col(Position.rank).desc(), col(Position.id).desc())
    )
    # The first post comes last and so stands.
    return {person_id: f"{firm} {title}".strip() for person_id, firm, title in db.session.execute(wanted)}
