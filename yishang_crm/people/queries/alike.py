"""Who is like somebody that is being entered or imported. Of those out of scope only that somebody is, and whom to ask."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.duplicates.facts import Facts, keys
from yishang_crm.people.duplicates.weighing import MOST_SHARING, SURE_FROM, Reason, Weighed, weigh
from yishang_crm.people.models import Person, Stewardship
from yishang_crm.people.queries import matching
from yishang_crm.people.queries.persons import visible_to

MOST_SHOWN = 5


@dataclass(frozen=True)
class Hit:
    """Somebody in the actor's scope who is like it."""

    person: Person
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Alike:
    """`hits` the actor may see, the likeliest first; `namesakes` bear the same name and no more is known; `ask`: names of
    units that keep somebody very like it whom the actor does not see."""

    hits: tuple[Hit, ...] = ()
    namesakes: tuple[Person, ...] = ()
    ask: tuple[str, ...] = ()

    @property
    def is_serious(self) -> bool:
        """Whether somebody should look before another record is made."""
        return bool(self.hits or self.ask)

    @property
    def is_anything(self) -> bool:
        return self.is_serious or bool(self.namesakes)


def alike(actor: Actor, entered: Facts) -> Alike:
    """Of one who is being entered, with namesakes in scope."""
    (found,) = alike_many(actor, [entered])
    if not entered.names:
        return found
    shown = [hit.person.id for hit in found.hits]
    wanted = visible_to(actor).where(Person.name_key == entered.names[0], col(Person.id).not_in(shown))
    same = db.session.scalars(wanted.order_by(col(Person.id).desc()).limit(3)).all()
    return Alike(found.hits, tuple(same), found.ask)


def alike_many(actor: Actor, entered: Sequence[Facts]) -> list[Alike]:
    """Of many (an import's rows), in their order; a handful of statements however many."""
    own_keys = [set(keys(one)) for one in entered]
    behind = matching.people_behind(set().union(*own_keys) if own_keys else set())
    near = [{person_id for key in some for person_id in behind.get(key, ())} for some in own_keys]
    ids = set().union(*near) if near else set()
    if not ids:
        return [Alike() for _ in entered]
    profiles = matching.profiles(ids)
    numbers = {number for one in entered for number in (*one.own_phones, *one.own_others)}
    offices = matching.held_by_many(numbers, more_than=MOST_SHARING)
    bearers = matching.namesakes({one.names[0] for one in entered if one.names})
    weighed = [
        sorted(
            (
                (person_id, result)
                for person_id in some
                if person_id in profiles
                and (
                    result := weigh(one, profiles[person_id], namesakes=_with(bearers, one), offices=offices)
                ).is_offered
            ),
            key=lambda pair: (-pair[1].score, pair[0]),
        )
        for one, some in zip(entered, near, strict=True)
    ]
    seen = _seen(actor, {person_id for some in weighed for person_id, _result in some})
    hidden = {
        person_id
        for some in weighed
        for person_id, result in some
        if person_id not in seen and result.score >= SURE_FROM
    }
    ask = _whom_to_ask(hidden)
    return [_alike(some, seen, ask) for some in weighed]


def _with(bearers: dict[str, int], one: Facts) -> dict[str, int]:
    # Whoever is entered bears the name as well.
    return {one.names[0]: bearers.get(one.names[0], 0) + 1} if one.names else {}


def _alike(weighed: Sequence[tuple[int, Weighed]], seen: dict[int, Person], ask: dict[int, str]) -> Alike:
    hits = [
        Hit(seen[person_id], result.score, result.reasons)
        for person_id, result in weighed
        if person_id in seen
    ]
    units = dict.fromkeys(
        ask[person_id] for person_id, result in weighed if person_id in ask and result.score >= SURE_FROM
    )
    return Alike(tuple(hits[:MOST_SHOWN]), ask=tuple(units))


def _seen(actor: Actor, ids: set[int]) -> dict[int, Person]:
    found: dict[int, Person] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 5000):
        people = visible_to(actor).where(col(Person.id).in_(wanted[start : start + 5000]))
        found.update((person.id or 0, person) for person in db.session.scalars(people))
    return found


def _whom_to_ask(ids: set[int]) -> dict[int, str]:
    """The answerable unit of each; nothing else of them is told."""
    wanted = (
        select(Stewardship.person_id, Unit.name)
        .join(Unit, col(Unit.id) == Stewardship.unit_id)
        .where(col(Stewardship.person_id).in_(sorted(ids)))
        .order_by(col(Stewardship.answerable), sa.desc(Stewardship.id))
    )
    return {int(row[0]): str(row[1]) for row in db.session.execute(unscoped_for("whom to ask", wanted))}
