"""One hop around a person or an organization: only people whom the actor may see."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.people.acquaintance import Tie, ties_told
from yishang_crm.people.models import Organization, Person, Position
from yishang_crm.people.queries.persons import visible_to
from yishang_crm.people.queries.relations import Related, relations_of

MOST_POSTS = 100


@dataclass(frozen=True)
class Circle:
    """Around a person: relations, ties that other rooms told of with whom they lead to, and posts."""

    related: Sequence[Related] = ()
    told: Sequence[tuple[Tie, Person]] = ()
    posts: Sequence[tuple[Position, Organization]] = ()
    among: Collection[tuple[int, int]] = field(default_factory=frozenset)


def circle_of(actor: Actor, person: Person) -> Circle:
    """The circle of a person already found for the actor; four statements, and those of the other rooms."""
    person_id = person.id or 0
    related = relations_of(actor, person)
    ties = {tie.b: tie for tie in _from(person_id, ties_told(actor, [person_id]))}
    told = [(ties[one.id or 0], one) for one in visible_people(actor, ties)]
    posts = _posts(actor, person_id)
    people = [one.other.id or 0 for one in related] + [one.id or 0 for _tie, one in told]
    among = _posts_among(actor, people, [firm.id or 0 for _post, firm in posts])
    return Circle(related, told, posts, among)


def visible_people(actor: Actor, ids: Iterable[int]) -> Sequence[Person]:
    """Those of these people whom the actor may see; no statement for nobody."""
    wanted = list(ids)
    if not wanted:
        return ()
    return db.session.scalars(
        visible_to(actor).where(col(Person.id).in_(wanted)).order_by(col(Person.id))
    ).all()


def _from(person_id: int, ties: Iterable[Tie]) -> list[Tie]:
    return [tie if tie.a == person_id else tie.turned() for tie in ties]


def _posts(actor: Actor, person_id: int) -> list[tuple[Position, Organization]]:
    wanted = (
        scoped(Position, actor)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .add_columns(Organization)
        .where(Position.person_id == person_id)
        .order_by(col(Position.until).is_not(None), col(Position.rank), col(Position.id))
        .limit(MOST_POSTS)
    )
    once: dict[int, tuple[Position, Organization]] = {}
    for post, firm in db.session.execute(wanted):
        once.setdefault(firm.id, (post, firm))
    return list(once.values())


def _posts_among(actor: Actor, people: Sequence[int], firms: Sequence[int]) -> frozenset[tuple[int, int]]:
    """Which of these people, already found for the actor, are at which of these organizations."""
    if not people or not firms:
        return frozenset()
    wanted: Any = scoped(Position, actor).with_only_columns(
        col(Position.person_id), col(Position.organization_id)
    )
    at = sa.and_(col(Position.person_id).in_(people), col(Position.organization_id).in_(firms))
    found = db.session.execute(wanted.where(at, col(Position.until).is_(None)))
    return frozenset((person_id, firm_id) for person_id, firm_id in found)
