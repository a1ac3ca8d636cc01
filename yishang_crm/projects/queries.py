"""Projects: who may see them, the list with its sums, one record with its parts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people import queries as people
from yishang_crm.people.models import Organization, Person, Position
from yishang_crm.projects.models import Project, Stage, StageChange

PAGE = 50


def visible_to(actor: Actor) -> SelectOfScalar[Project]:
    """The bureau, organizers and leaders see every project; a unit those it answers for."""
    projects = scoped(Project, actor)
    return projects if actor.sees_all else projects.where(col(Project.unit_id).in_(actor.unit_ids))


@dataclass(frozen=True)
class Filters:
    """What the list's address says. Empty means: not asked."""

    q: str = ""
    stage: str = ""
    chain: str = ""
    unit: int | None = None

    @property
    def are_empty(self) -> bool:
        return self == Filters()


@dataclass(frozen=True)
class Row:
    """A project as lists show it, with the short names of its investor, its unit and where it lands."""

    project: Project
    investor: str = ""
    unit: str = ""
    landing: str = ""


@dataclass(frozen=True)
class Sum:
    """How many projects, and their planned investment in hundred millions of yuan."""

    count: int = 0
    investment: Decimal = Decimal("0.00")

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.count + other.count, self.investment + other.investment)


def page_of_projects(actor: Actor, filters: Filters, *, page: int = 1) -> list[Row]:
    """Fifty projects, the one that moved last first; one statement."""
    newest = _shown(_matching(actor, filters)).order_by(col(Project.stage_on).desc(), col(Project.id).desc())
    return [Row(*row) for row in db.session.execute(newest.limit(PAGE).offset((max(page, 1) - 1) * PAGE))]


def sums_by_stage(actor: Actor, filters: Filters) -> dict[Stage, Sum]:
    """What the list has at each stage, whatever stage it is asked for; counted exactly, by the list's own conditions."""
    everything = _matching(actor, Filters(q=filters.q, chain=filters.chain, unit=filters.unit))
    return {Stage(stage): total for (stage,), total in _sums(everything, col(Project.stage)).items()}


def sums_by_unit_and_stage(actor: Actor) -> dict[tuple[int, Stage], Sum]:
    """What each unit answers for, by stage; one statement."""
    sums = _sums(visible_to(actor), col(Project.unit_id), col(Project.stage))
    return {(unit, Stage(stage)): total for (unit, stage), total in sums.items()}


def chains_in_use(actor: Actor) -> Sequence[str]:
    """The chains that projects name, for filters and suggestions; nothing is a constant here, the list of twelve is open."""
    wanted = visible_to(actor).with_only_columns(col(Project.chain)).where(Project.chain != "")
    return db.session.scalars(wanted.distinct().order_by(col(Project.chain))).all()


def project(actor: Actor, project_id: int) -> Project | None:
    return db.session.scalars(visible_to(actor).where(Project.id == project_id)).one_or_none()


@dataclass(frozen=True)
class Parts:
    """What belongs to one project's page. The introducer only if the reader may see them."""

    investor: Organization | None = None
    introducer: Person | None = None
    unit: str = ""
    landing: str = ""
    first_talk: str = ""
    changes: Sequence[StageChange] = field(default_factory=tuple)


def project_parts(actor: Actor, project: Project) -> Parts:
    """What belongs to a project already found for the actor; at most three statements."""
    changes = scoped(StageChange, actor).where(StageChange.project_id == project.id)
    unit, landing, first_talk = aliased(Unit), aliased(Unit), aliased(Unit)
    beside = (
        sa.select(Organization, unit.name, landing.name, first_talk.name)
        .select_from(unit)
        .outerjoin(Organization, col(Organization.id) == project.organization_id)
        .outerjoin(landing, landing.id == project.landing_unit_id)
        .outerjoin(first_talk, first_talk.id == project.first_talk_unit_id)
        .where(unit.id == project.unit_id)
    )
    investor, unit_name, landing_name, first_talk_name = db.session.execute(beside).one()
    return Parts(
        investor=investor,
        introducer=introducer(actor, project),
        unit=unit_name,
        landing=landing_name or "",
        first_talk=first_talk_name or "",
        changes=db.session.scalars(
            changes.order_by(col(StageChange.on).desc(), col(StageChange.id).desc())
        ).all(),
    )


def introducer(actor: Actor, project: Project) -> Person | None:
    """Who brought a project, if there is somebody and the actor may see them."""
    return people.person(actor, project.introducer_id) if project.introducer_id else None


def of_person(actor: Actor, person: Person) -> list[Row]:
    """Projects that a person already found for the actor introduced, or whose investor they work for."""
    posts = sa.select(Position.organization_id).where(
        Position.person_id == person.id, col(Position.until).is_(None)
    )
    theirs = sa.or_(Project.introducer_id == person.id, col(Project.organization_id).in_(posts))
    newest = _shown(visible_to(actor).where(theirs)).order_by(
        col(Project.stage_on).desc(), col(Project.id).desc()
    )
    return [Row(*row) for row in db.session.execute(newest.limit(PAGE))]


def is_number_taken(number: str, *, but: int | None = None) -> bool:
    """Whether a platform number is already noted, whoever noted it; nothing else is told across units."""
    wanted = sa.select(
        sa.exists().where(Project.platform_number == number, col(Project.id).is_distinct_from(but))
    )
    return bool(db.session.scalar(unscoped_for("whom to ask", wanted)))


def _matching(actor: Actor, filters: Filters) -> SelectOfScalar[Project]:
    wanted = visible_to(actor)
    if filters.q:
        investors = sa.select(Organization.id).where(
            sa.or_(
                col(Organization.name).contains(filters.q, autoescape=True),
                col(Organization.short_name).contains(filters.q, autoescape=True),
            )
        )
        wanted = wanted.where(
            sa.or_(
                col(Project.name).contains(filters.q, autoescape=True),
                col(Project.platform_number).contains(filters.q, autoescape=True),
                col(Project.organization_id).in_(investors),
            )
        )
    if filters.stage in set(Stage):
        wanted = wanted.where(Project.stage == Stage(filters.stage))
    if filters.chain:
        wanted = wanted.where(Project.chain == filters.chain)
    if filters.unit:
        wanted = wanted.where(Project.unit_id == filters.unit)
    return wanted


def _sums(wanted: SelectOfScalar[Project], *by: Any) -> dict[tuple[Any, ...], Sum]:
    counting = wanted.with_only_columns(*by, sa.func.count(), sa.func.sum(Project.planned_investment))
    rows = db.session.execute(counting.group_by(*by))
    return {tuple(keys): Sum(count, investment or Decimal("0.00")) for *keys, count, investment in rows}


def _shown(wanted: SelectOfScalar[Project]) -> Any:
    unit, landing = aliased(Unit), aliased(Unit)
    short = sa.case((col(Organization.short_name) != "", Organization.short_name), else_=Organization.name)
    return (
        wanted.join(unit, unit.id == Project.unit_id)
        .outerjoin(landing, landing.id == Project.landing_unit_id)
        .outerjoin(Organization, col(Organization.id) == Project.organization_id)
        .add_columns(sa.func.coalesce(short, ""), unit.short_name, sa.func.coalesce(landing.short_name, ""))
    )


# Whatever projects say of one person, whoever asks: for telling it to them, and for forgetting it.


def stage_changes(project: Project) -> Sequence[StageChange]:
    wanted = sa.select(StageChange).where(StageChange.project_id == project.id)
    return db.session.scalars(unscoped_for("a person's own rights", wanted)).all()


def introduced_by(person_ids: Sequence[int]) -> Sequence[Project]:
    """Projects that these people brought, whoever may see them: for a merge."""
    wanted = (
        sa.select(Project).where(col(Project.introducer_id).in_(list(person_ids))).order_by(col(Project.id))
    )
    return db.session.scalars(unscoped_for("merge", wanted)).all()


def counted_by_introducer(actor: Actor, person_ids: Sequence[int]) -> dict[int, int]:
    """How many projects each of these people brought."""
    counting = visible_to(actor).with_only_columns(col(Project.introducer_id), sa.func.count())
    counting = counting.where(col(Project.introducer_id).in_(list(person_ids))).group_by(
        col(Project.introducer_id)
    )
    return {int(person_id or 0): int(count) for person_id, count in db.session.execute(counting)}
