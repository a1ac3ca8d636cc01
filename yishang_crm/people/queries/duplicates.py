"""Pairs who may be one person: weighing candidates, the queue, one pair; and who is like somebody just typed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.duplicates.models import DuplicatePair, PairState, reasons_of, said, state_after
from yishang_crm.people.duplicates.weighing import MOST_SHARING, SURE_FROM, Reason, Weighed, weigh
from yishang_crm.people.models import Person, Stewardship
from yishang_crm.people.queries import matching

PAGE = 50
COUNTED_UP_TO = 1000
_WHY = "duplicates"


# The scan


@dataclass
class Found:
    """What a portion of candidates came to: rows to add and rows to change."""

    fresh: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    weighed: int = 0


def weighed(pairs: Sequence[tuple[int, int]]) -> Found:
    """Weigh these pairs as the people now stand, against what is known of them. Reads only."""
    profiles = matching.profiles({person_id for pair in pairs for person_id in pair})
    known = _known(pairs)
    shared = {
        number
        for low, high in pairs
        if low in profiles and high in profiles
        for number in set(profiles[low].own_phones + profiles[low].own_others)
        & set(profiles[high].own_phones + profiles[high].own_others)
    }
    offices = matching.held_by_many(shared, more_than=MOST_SHARING)
    same_names = {
        profiles[low].names[0]
        for low, high in pairs
        if low in profiles and high in profiles and profiles[low].names[:1] == profiles[high].names[:1] != ()
    }
    bearers = matching.namesakes(same_names)
    found = Found(weighed=len(pairs))
    for pair in pairs:
        low, high = (profiles.get(person_id) for person_id in pair)
        if low is None or high is None:
            continue
        _settle(found, pair, known.get(pair), weigh(low, high, namesakes=bearers, offices=offices))
    return found


def _settle(found: Found, pair: tuple[int, int], known: Any, result: Weighed) -> None:
    if known is None:
        if result.is_offered:
            found.fresh.append(
                {
                    "low_id": pair[0],
                    "high_id": pair[1],
                    "score": result.score,
                    "reasons": said(result.reasons),
                }
            )
        return
    if Reason.BY_HAND in reasons_of(known.reasons):
        return  # somebody put it there; no machine takes it away
    state = state_after(known.state, known.weighed, result)
    if (known.score, known.reasons, known.state) != (result.score, said(result.reasons), state):
        found.changed.append(
            {"id": known.id, "score": result.score, "reasons": said(result.reasons), "state": state}
        )


def _known(pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Any]:
    wanted = select(
        DuplicatePair.id, DuplicatePair.low_id, DuplicatePair.high_id, DuplicatePair.score,
        DuplicatePair.reasons, DuplicatePair.state, DuplicatePair.weighed,
    ).where(col(DuplicatePair.low_id).in_(sorted({low for low, _high in pairs})))  # fmt: skip
    rows = db.session.execute(unscoped_for(_WHY, wanted))
    return {(row.low_id, row.high_id): row for row in rows}


def pairs_of(person_ids: Collection[int] | None) -> list[tuple[int, int]]:
    """Pairs that are known already, of these people or of everybody: they are weighed anew even if they share no key now."""
    wanted = select(DuplicatePair.low_id, DuplicatePair.high_id)
    if person_ids is None:
        return [tuple(row) for row in db.session.execute(unscoped_for(_WHY, wanted)).all()]
    found: set[tuple[int, int]] = set()
    ids = sorted(person_ids)
    for start in range(0, len(ids), 5000):
        some = ids[start : start + 5000]
        either = sa.or_(col(DuplicatePair.low_id).in_(some), col(DuplicatePair.high_id).in_(some))
        found.update(tuple(row) for row in db.session.execute(unscoped_for(_WHY, wanted.where(either))))
    return sorted(found)


# The queue


def visible_to(actor: Actor) -> SelectOfScalar[DuplicatePair]:
    """Pairs of which the actor may see both."""
    pairs = scoped(DuplicatePair, actor)
    if actor.sees_all:
        return pairs
    for side in (DuplicatePair.low_id, DuplicatePair.high_id):
        kept = aliased(Stewardship)
        pairs = pairs.where(sa.exists().where(kept.person_id == side, kept.unit_id.in_(actor.unit_ids)))
    return pairs


@dataclass(frozen=True)
class Filters:
    """What the queue's address says. Empty means: not asked. `span`: within one unit or across; `sure`: only the likely ones."""

    state: PairState = PairState.WAITING
    reason: Reason | None = None
    unit: int | None = None
    span: str = ""
    sure: bool = False
    person: int | None = None


def matching_pairs(actor: Actor, filters: Filters) -> SelectOfScalar[DuplicatePair]:
    """The queue, unordered."""
    wanted = visible_to(actor).where(DuplicatePair.state == filters.state)
    if filters.reason:
        wanted = wanted.where(col(DuplicatePair.reasons).contains(f"|{filters.reason}|", autoescape=True))
    if filters.unit:
        kept = sa.or_(
            *(_kept_by(side, filters.unit) for side in (DuplicatePair.low_id, DuplicatePair.high_id))
        )
        wanted = wanted.where(kept)
    if filters.span in ("within", "across"):
        wanted = wanted.where(~_across() if filters.span == "within" else _across())
    if filters.sure:
        wanted = wanted.where(col(DuplicatePair.score) >= SURE_FROM)
    if filters.person:
        wanted = wanted.where(
            sa.or_(DuplicatePair.low_id == filters.person, DuplicatePair.high_id == filters.person)
        )
    return wanted


def _kept_by(side: Any, unit_id: int) -> sa.ColumnElement[bool]:
    kept = aliased(Stewardship)
    return sa.exists().where(kept.person_id == side, kept.unit_id == unit_id)


def _across() -> sa.ColumnElement[bool]:
    """That more than one unit keeps one or the other."""
    one, other = aliased(Stewardship), aliased(Stewardship)
    sides = (DuplicatePair.low_id, DuplicatePair.high_id)
    return sa.exists().where(
        one.person_id.in_(sides), other.person_id.in_(sides), one.unit_id < other.unit_id
    )


def page_of_pairs(actor: Actor, filters: Filters, *, page: int = 1) -> Sequence[DuplicatePair]:
    """Fifty pairs, the likeliest first."""
    wanted = matching_pairs(actor, filters).order_by(col(DuplicatePair.score).desc(), col(DuplicatePair.id))
    return db.session.scalars(wanted.limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()


def pairs_with_people(
    actor: Actor, filters: Filters, *, page: int = 1
) -> tuple[Sequence[DuplicatePair], dict[int, Person]]:
    """The same with both sides, by id; one statement. Who sees a pair sees both."""
    low, high = aliased(Person), aliased(Person)
    wanted: Any = (
        matching_pairs(actor, filters)
        .join(low, low.id == DuplicatePair.low_id)
        .join(high, high.id == DuplicatePair.high_id)
        .add_columns(low, high)
        .order_by(col(DuplicatePair.score).desc(), col(DuplicatePair.id))
    )
    rows = db.session.execute(wanted.limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()
    return [row[0] for row in rows], {person.id or 0: person for row in rows for person in row[1:]}


def count_up_to(actor: Actor, filters: Filters, *, most: int = COUNTED_UP_TO) -> int:
    """How many the queue has; `most + 1` means more than `most`."""
    wanted = matching_pairs(actor, filters).with_only_columns(col(DuplicatePair.id)).limit(most + 1)
    counting = sa.select(sa.func.count()).select_from(wanted.subquery())
    return int(db.session.scalar(counting.execution_options(scope=actor.key)) or 0)


def counts_by_state(actor: Actor, filters: Filters) -> dict[PairState, int]:
    """How many stand in each state under the other filters, each up to a thousand and one; one statement."""
    sizes = []
    for state in PairState:
        asked = matching_pairs(actor, Filters(**{**filters.__dict__, "state": state}))
        few = asked.with_only_columns(col(DuplicatePair.id)).limit(COUNTED_UP_TO + 1).subquery()
        sizes.append(sa.select(sa.func.count()).select_from(few).scalar_subquery())
    row = db.session.execute(sa.select(*sizes).execution_options(scope=actor.key)).one()
    return dict(zip(PairState, map(int, row), strict=True))


def pair(actor: Actor, pair_id: int) -> DuplicatePair | None:
    return db.session.scalars(visible_to(actor).where(DuplicatePair.id == pair_id)).one_or_none()


def pair_between(actor: Actor, one: int, other: int) -> DuplicatePair | None:
    """The pair of two people, if there is one and the actor may see both."""
    low, high = sorted((one, other))
    wanted = visible_to(actor).where(DuplicatePair.low_id == low, DuplicatePair.high_id == high)
    return db.session.scalars(wanted).one_or_none()


def next_pair(actor: Actor, filters: Filters) -> DuplicatePair | None:
    """The first of the queue."""
    return next(iter(page_of_pairs(actor, filters)), None)


def pairs_touching(person_ids: Iterable[int]) -> Sequence[DuplicatePair]:
    """Every pair with one of these people, whoever may see it: for a merge."""
    ids = list(person_ids)
    wanted = select(DuplicatePair).where(
        sa.or_(col(DuplicatePair.low_id).in_(ids), col(DuplicatePair.high_id).in_(ids))
    )
    return db.session.scalars(unscoped_for("merge", wanted.order_by(col(DuplicatePair.id)))).all()


def units_keeping(person_ids: Iterable[int]) -> dict[int, set[int]]:
    """Which units keep or share each of these people: whether a merge crosses units is not a matter of who asks."""
    wanted = select(Stewardship.person_id, Stewardship.unit_id).where(
        col(Stewardship.person_id).in_(list(person_ids))
    )
    found: dict[int, set[int]] = {}
    for person_id, unit_id in db.session.execute(unscoped_for("whose people", wanted)):
        found.setdefault(person_id, set()).add(unit_id)
    return found


def may_merge(actor: Actor, person_ids: Collection[int]) -> bool:
    """The bureau merges across units; a unit those whom nobody else keeps or shares (DESIGN §3)."""
    if not actor.may(Permission.PEOPLE_WRITE):
        return False
    return actor.sees_all or all(units <= actor.unit_ids for units in units_keeping(person_ids).values())
