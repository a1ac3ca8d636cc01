"""The people list: who fits what the address says, fifty at a time, in an order, and how many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.people import names
from yishang_crm.people.filters import Filters, filter_named
from yishang_crm.people.models import Person
from yishang_crm.people.queries.index import people_matching
from yishang_crm.people.queries.near import Near, near
from yishang_crm.people.queries.persons import COUNTED_UP_TO, PAGE, visible_to

_HEAD = 20
_EXACT, _NEAR, _REST = range(3)


def conditions(actor: Actor, filters: Filters) -> list[Any]:
    """What the filters mean for this actor. One that the actor may not use finds nobody, rather than everybody."""
    wanted = []
    for name, text in filters.conditions.items():
        known = filter_named(name)
        usable = known is not None and actor.may(known.permission)
        wanted.append(known.narrow(actor, text) if known is not None and usable else sa.false())
    return wanted


def matching(
    actor: Actor, filters: Filters, *, among: SelectOfScalar[Person] | None = None
) -> SelectOfScalar[Person]:
    """The people of the list, unordered. `among`: the same people as `visible_to` gives, asked for in another way."""
    wanted = visible_to(actor) if among is None else among
    return wanted.where(*conditions(actor, filters))


@dataclass(frozen=True)
class Listed:
    """One page of the list, which one, and how many the list has; `COUNTED_UP_TO` + 1 means more than that."""

    people: Sequence[Person]
    total: int
    page: int = 1


def listed(actor: Actor, filters: Filters, *, page: int = 1) -> Listed:
    """Fifty people and the total, in one statement; two for what is only searched, and where more follow the page. The last
    page to whoever asks for one behind it, where the list was counted to its end."""
    page = max(1, page)
    found = _page_of(actor, filters, page)
    if found.people or page == 1:
        return found
    total = count_up_to(actor, filters)
    if total > COUNTED_UP_TO:
        return Listed([], total, page)
    return _page_of(actor, filters, max(1, -(-total // PAGE)))


def _page_of(actor: Actor, filters: Filters, page: int) -> Listed:
    if filters.are_only_searched and (found := people_matching(actor, filters.q)) is not None:
        return _best_first(actor, filters.q, found, page)
    before = (page - 1) * PAGE
    wanted = _ordered(matching(actor, filters), actor, filters).limit(PAGE + 1).offset(before)
    people = db.session.scalars(wanted).all()
    # Few are often found by looking at many: what ends on this page is not looked for a second time.
    is_last = len(people) <= PAGE
    total = min(before + len(people), COUNTED_UP_TO + 1) if is_last else count_up_to(actor, filters)
    return Listed(people[:PAGE], total, page)


def page_of_people(actor: Actor, filters: Filters, *, page: int = 1) -> Sequence[Person]:
    """Fifty people of the list."""
    return listed(actor, filters, page=page).people


def count_up_to(actor: Actor, filters: Filters, *, most: int = COUNTED_UP_TO) -> int:
    """How many the list has; `most + 1` means more than `most`, so that counting never costs the whole table."""
    only = filters.are_only_searched
    found = people_matching(actor, filters.q) if only else None
    wanted = matching(actor, filters).with_only_columns(col(Person.id)) if found is None else found
    counting = sa.select(_count(wanted, most=most))
    return int(db.session.scalar(counting.execution_options(scope=actor.key)) or 0)


def counts_up_to(actor: Actor, several: Sequence[Filters], *, most: int = COUNTED_UP_TO) -> list[int]:
    """The same for several lists at once; one statement."""
    if not several:
        return []
    sizes = [_count(matching(actor, one).with_only_columns(col(Person.id)), most=most) for one in several]
    counted = db.session.execute(sa.select(*sizes).execution_options(scope=actor.key)).one()
    return [int(size) for size in counted]


def _count(wanted: sa.Select[Any], *, most: int = COUNTED_UP_TO) -> Any:
    return sa.select(sa.func.count()).select_from(wanted.limit(most + 1).subquery()).scalar_subquery()


_ORDERS: dict[str, tuple[Any, ...]] = {
    "": (col(Person.id).desc(),),
    "tier": (col(Person.tier), col(Person.stroke_key), col(Person.id)),
    "strokes": (col(Person.stroke_key), col(Person.id)),
    "name": (col(Person.pinyin_key), col(Person.id)),
}


def _ordered(wanted: SelectOfScalar[Person], actor: Actor, filters: Filters) -> SelectOfScalar[Person]:
    if filters.sort == "unit" and actor.sees_all:
        # Units in the customary order; the index on `home_unit_id` gives each one's people in turn.
        by_unit = wanted.join(Unit, col(Unit.id) == Person.home_unit_id, isouter=not filters.are_empty)
        return by_unit.order_by(col(Unit.display_order), col(Unit.id), col(Person.id))
    order = _ORDERS.get(filters.sort, _ORDERS[""])
    if filters.q and not filters.sort:
        order = (sa.case((Person.name_key == names.simplified_key(filters.q), 0), else_=1), *order)
    return wanted.order_by(*order)


def _best_first(actor: Actor, text: str, found: sa.Select[Any], page: int) -> Listed:
    """What is only searched: who bears the very name, then one's own people and those lately in touch, then the newest.

    The index knows the units as well as the words and is cut before rows are looked at: a surname of 16,000 costs no more
    than a rare one.
    """
    key = found.selected_columns[0]
    begin = max(0, (page - 1) * PAGE - _HEAD)
    window = PAGE + 2 * _HEAD
    close = near(actor, text) if actor.kind == "user" else {}
    # The words are looked up once, for the count and for the page.
    hits = found.with_only_columns(key.label("id")).order_by(key.desc()).limit(COUNTED_UP_TO + 1).cte("hits")
    listed_hits = sa.select(hits.c.id).order_by(hits.c.id.desc())
    rest = listed_hits if begin + window <= COUNTED_UP_TO + 1 else found.order_by(key.desc())
    ways = [(_REST, rest.limit(window).offset(begin))]
    if close:
        ways.append((_NEAR, sa.select(col(Person.id)).where(col(Person.id).in_(close))))
    if names.is_han(text):  # pinyin is nobody's very name; whoever bears the name answers to it
        exact = visible_to(actor).where(Person.name_key == names.simplified_key(text))
        ways.append(
            (_EXACT, exact.with_only_columns(col(Person.id)).order_by(col(Person.id).desc()).limit(_HEAD))
        )
    parts = [
        sa.select(some.subquery().columns[0].label("id"), sa.literal_column(str(way)).label("way"))
        for way, some in ways
    ]
    ranks = sa.union_all(*parts).subquery()
    total = sa.select(sa.func.count()).select_from(hits).scalar_subquery()
    wanted = visible_to(actor).join(ranks, ranks.c.id == Person.id).add_columns(ranks.c.way, total)
    rows = db.session.execute(wanted).all()
    total = int(rows[0][2]) if rows else 0
    people = {row[0].id: row[0] for row in rows}
    head = _head(rows, close)
    rest = sorted((row[0].id for row in rows if row[1] == _REST), reverse=True)
    # Of the best, those that stand in the rest before this window are already out of the rows that were skipped.
    skipped = sum(1 for one in head if rest and one > rest[0]) if begin else 0
    ahead = [] if begin else head
    line = [*ahead, *(one for one in rest if one not in set(head))]
    start = 0 if not begin else (page - 1) * PAGE - (len(head) + begin - skipped)
    return Listed([people[one] for one in line[start : start + PAGE]], total, page)


def _head(rows: Sequence[Any], close: Mapping[int, Near]) -> list[int]:
    exact = {person.id for person, way, _total in rows if way == _EXACT}

    def rank(person_id: int) -> tuple[Any, ...]:
        mine = close.get(person_id, Near())
        return (person_id not in exact, not mine.own, -mine.turn, -person_id)

    best = {person.id for person, way, _total in rows if way in (_EXACT, _NEAR)}
    return sorted(best, key=rank)[:_HEAD]
