"""Grouped counts over whole tables, within the actor's scope: few statements, each answered from an index alone."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts import queries as accounts
from yishang_crm.accounts.models import Unit, UnitKind
from yishang_crm.conference import queries as conference
from yishang_crm.conference.models import Edition
from yishang_crm.conference.queries import Figures
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.followup.models import Cadence, Task
from yishang_crm.followup.queries import tasks
from yishang_crm.people.models import Person, PersonState, Stewardship, Tier

MOST_RESIDENCES = 15
_NAMED_ORDER = (UnitKind.BUREAU, UnitKind.COUNTY)
_COUNTED_TIERS = (Tier.A, Tier.B)  # the few; the many are what remains


def visible_to(actor: Actor) -> SelectOfScalar[Person]:
    """The same people as `people.visible_to` gives, asked for so that SQLite begins at a unit's own people.

    There each row is asked whether its unit keeps it, which suits a page of fifty; here all are counted.
    """
    everybody = scoped(Person, actor)
    if actor.sees_all:
        return everybody
    kept = sa.select(Stewardship.person_id).where(col(Stewardship.unit_id).in_(actor.unit_ids))
    return everybody.where(col(Person.id).in_(kept))


@dataclass(frozen=True)
class Tiers:
    """How many people, and how many of them at each tier."""

    total: int = 0
    a: int = 0
    b: int = 0

    @property
    def by_tier(self) -> dict[Tier, int]:
        return {Tier.A: self.a, Tier.B: self.b, Tier.C: self.total - self.a - self.b}


@dataclass(frozen=True)
class PeopleFigures:
    """The people whom an actor may see: all of them by tier, by native place and by residence, the largest first."""

    tiers: Tiers = Tiers()
    places: Sequence[tuple[str, int]] = ()
    residences: Sequence[tuple[str, int]] = ()


def people_figures(actor: Actor) -> PeopleFigures:
    """One statement. A place or residence that nobody wrote down is counted in the total and not listed."""
    rows = db.session.execute(
        sa.union_all(
            _counted("place", visible_to(actor), col(Person.native_place)),
            _counted("residence", _living_somewhere(actor), col(Person.residence), most=MOST_RESIDENCES),
            _counted("tier", visible_to(actor).where(col(Person.tier).in_(_COUNTED_TIERS)), col(Person.tier)),
            _erased(actor),
        ).execution_options(scope=actor.key)
    ).all()
    said: dict[str, dict[str, int]] = {"place": {}, "residence": {}, "tier": {}, "erased": {}}
    for kind, name, count in rows:
        said[kind][name] = count
    total = sum(said["place"].values()) - sum(said["erased"].values())
    tiers = Tiers(total, said["tier"].get(Tier.A, 0), said["tier"].get(Tier.B, 0))
    return PeopleFigures(tiers, _largest_first(said["place"]), _largest_first(said["residence"]))


def tiers_by_unit(actor: Actor) -> dict[int, Tiers]:
    """The people each unit keeps or shares, as `/people?unit=…` lists them; one statement.

    Whoever is kept by two units counts with both.
    """
    kept, steward = scoped(Stewardship, actor), aliased(Stewardship)
    # The `+ 0` leaves SQLite one way only, from the few of these tiers to their units; left to choose it reads
    # every person's whole row, eight times slower at 200,000.
    few = visible_to(actor).where(col(Person.tier).in_(_COUNTED_TIERS))
    few = few.join(steward, steward.person_id == col(Person.id) + 0)
    if not actor.sees_all:
        kept = kept.where(col(Stewardship.unit_id).in_(actor.unit_ids))
        few = few.where(steward.unit_id.in_(actor.unit_ids))
    unit_id, tier = col(Stewardship.unit_id), sa.cast(col(Person.tier), sa.String)
    everybody = kept.with_only_columns(unit_id, sa.literal("all"), sa.func.count()).group_by(unit_id)
    by_tier = few.with_only_columns(steward.unit_id, tier, sa.func.count()).group_by(steward.unit_id, tier)
    rows = db.session.execute(sa.union_all(everybody, by_tier).execution_options(scope=actor.key))
    counts = {(unit, kind): count for unit, kind, count in rows}
    return {
        unit: Tiers(count, counts.get((unit, Tier.A.value), 0), counts.get((unit, Tier.B.value), 0))
        for (unit, kind), count in counts.items()
        if kind == "all"
    }


def units_shown(actor: Actor, *, with_figures: set[int]) -> list[Unit]:
    """Units in customary order: the bureau and the counties always, others where they have something; own ones only
    for those who see only their own."""
    return [
        unit
        for unit in accounts.units()
        if (actor.sees_all or unit.id in actor.unit_ids)
        and (unit.id in with_figures or (unit.kind in _NAMED_ORDER and unit.is_open))
    ]


def next_conference(actor: Actor) -> tuple[Edition, Figures] | None:
    """The open edition that comes next, with its figures as its board gives them to the actor; two statements."""
    editions = conference.open_editions()
    return (editions[0], conference.figures(actor, editions[0])) if editions else None


@dataclass(frozen=True)
class ContactFigures:
    """By unit id: people kept, people reached since the quarter began, people past their day, promises open and late."""

    kept: dict[int, int] = field(default_factory=dict)
    reached: dict[int, int] = field(default_factory=dict)
    overdue: dict[int, int] = field(default_factory=dict)
    tasks: dict[int, int] = field(default_factory=dict)
    late_tasks: dict[int, int] = field(default_factory=dict)


def contact_figures(actor: Actor, *, today: dt.date) -> ContactFigures:
    """How contact stands with each unit's people; four statements. Units, never single colleagues."""
    quarter = dt.date(today.year, today.month - (today.month - 1) % 3, 1)
    reached = _clocks(actor).where(col(Cadence.last_on) >= quarter)
    may_be_called = sa.and_(
        col(Person.state).in_((PersonState.ACTIVE, PersonState.RETIRED)),
        col(Person.do_not_contact_at).is_(None),
    )
    # Said as a case, the comparison uses no index: one walk in the order of people beats a jump for each that is late.
    is_late = sa.case((col(Cadence.due_on) < today, 1), else_=0) == 1
    overdue = _clocks(actor).join(Person, col(Person.id) == Cadence.person_id).where(is_late, may_be_called)
    promises = tasks.visible_to(actor).where(col(Task.done_at).is_(None))
    late = sa.func.count().filter(col(Task.due_on) < today)
    if not actor.sees_all:
        promises = promises.where(col(Task.unit_id).in_(actor.unit_ids))
    open_tasks = db.session.execute(
        promises.with_only_columns(col(Task.unit_id), sa.func.count(), late).group_by(col(Task.unit_id))
    ).all()
    kept = scoped(Stewardship, actor)
    if not actor.sees_all:
        kept = kept.where(col(Stewardship.unit_id).in_(actor.unit_ids))
    return ContactFigures(
        kept=_by_unit(kept),
        reached=_by_unit(reached),
        overdue=_by_unit(overdue),
        tasks={unit: count for unit, count, _ in open_tasks},
        late_tasks={unit: count for unit, _, count in open_tasks},
    )


def _erased(actor: Actor) -> Any:
    """Who was erased keeps an empty row without place, residence or tier: only the total must do without them."""
    return (
        visible_to(actor)
        .with_only_columns(
            sa.literal("erased").label("kind"), sa.literal("").label("name"), sa.func.count().label("size")
        )
        .where(col(Person.erased_at).is_not(None))
    )


def _living_somewhere(actor: Actor) -> SelectOfScalar[Person]:
    return visible_to(actor).where(Person.residence != "")


def _clocks(actor: Actor) -> SelectOfScalar[Cadence]:
    """The clocks of an actor's people, each beside the units that keep the person."""
    clocks = scoped(Cadence, actor)
    if actor.sees_all:
        return clocks.join(Stewardship, col(Stewardship.person_id) == col(Cadence.person_id) + 0)
    clocks = clocks.join(Stewardship, col(Stewardship.person_id) == Cadence.person_id)
    return clocks.where(col(Stewardship.unit_id).in_(actor.unit_ids))


def _counted(kind: str, wanted: SelectOfScalar[Person], by: Any, *, most: int | None = None) -> Any:
    size = sa.func.count().label("size")
    counting = wanted.with_only_columns(
        sa.literal(kind).label("kind"), sa.cast(by, sa.String).label("name"), size
    )
    counting = counting.group_by(by)
    if most is None:
        return counting
    few = counting.order_by(size.desc(), by).limit(most).subquery()
    return sa.select(few.c.kind, few.c.name, few.c.size)


def _by_unit(wanted: Any) -> dict[int, int]:
    unit_id = col(Stewardship.unit_id)
    rows = db.session.execute(wanted.with_only_columns(unit_id, sa.func.count()).group_by(unit_id))
    return {int(unit): int(count) for unit, count in rows}


def _largest_first(counts: dict[str, int]) -> list[tuple[str, int]]:
    named = Counter({name: count for name, count in counts.items() if name})
    return sorted(named.items(), key=lambda one: (-one[1], one[0]))
