"""How somebody is reached: the shortest chains of acquaintance, breadth first over indexed tables.

Every step asks for all of a frontier at once. Who worked together with thousands is no acquaintance of theirs:
an organization with more than `ACQUAINTED` people ties nobody, but for the officers of one edition of a chamber.
Only people whom the actor may see stand in a chain, and no chain says that there would be another.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col

from yishang_crm.accounts.models import Unit, User
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.people.acquaintance import Bond, LastContacts, Tie, last_contacts, ties_told
from yishang_crm.people.models import (
    ContactPoint,
    Organization,
    OrganizationKind,
    Person,
    PersonState,
    Position,
    Stewardship,
)
from yishang_crm.people.models.bodies import HAVE_EDITIONS
from yishang_crm.people.queries.persons import visible_to
from yishang_crm.people.queries.relations import seen, ties_by_relation

ACQUAINTED = 80
FRONTIER = 120  # people asked about in one step, the strongest ties first
NEAR = 40  # of them, those from whom a further step is taken
BEST = 3


@dataclass(frozen=True)
class Colleague:
    """A colleague who knows somebody: who keeps them (`is_steward`), or whom they have on WeChat."""

    user_id: int
    name: str
    unit: str
    person_id: int
    is_steward: bool
    nearness: int = 2  # 0 the actor, 1 their own unit, 2 another


@dataclass(frozen=True)
class Chain:
    """A way: a colleague, or none where it was asked from a person; the people in order, and the tie before each but the first."""

    colleague: Colleague | None
    people: tuple[Person, ...]
    ties: tuple[Tie, ...]

    @property
    def hops(self) -> int:
        return len(self.ties) + (self.colleague is not None)


@dataclass(frozen=True)
class Ways:
    """The best chains, and when the two of each edge were last in touch."""

    chains: Sequence[Chain] = ()
    contacts: LastContacts = field(default_factory=LastContacts)


def ways_to(actor: Actor, target: Person) -> Ways:
    """From our own colleagues to somebody already found for the actor: at most three steps, the best three."""
    goal = target.id or 0
    near = _neighbours(actor, [goal], but={goal})
    found = _with_colleagues(actor, [goal, *near])
    paths: list[tuple[Colleague, tuple[Tie, ...]]] = [(one, ()) for one in found.get(goal, ())]
    paths += [(one, (tie,)) for person_id, tie in near.items() for one in found.get(person_id, ())]
    if len(_distinct(paths)) < BEST:
        first = list(near)[:NEAR]
        far = _neighbours(actor, first, but={goal, *near})
        beyond = _with_colleagues(actor, list(far))
        paths += [
            (one, (tie, near[tie.b])) for person_id, tie in far.items() for one in beyond.get(person_id, ())
        ]
    pairs = {(one.user_id, one.person_id) for one, _ties in paths}
    told = last_contacts(actor, pairs, ()).of_colleagues
    best = _distinct(sorted(paths, key=lambda path: _worth(path, told)))[:BEST]
    return _ways(actor, [(one, ties) for one, ties in best], goal)


def ways_between(actor: Actor, start: Person, target: Person) -> Ways:
    """From one person to another, both found for the actor: from both ends at once, at most three steps."""
    a, b = start.id or 0, target.id or 0
    from_a, from_b = _neighbours(actor, [a], but={a}), _neighbours(actor, [b], but={b})
    # A neighbour's tie leads from the neighbour to the end it was found from.
    paths: list[tuple[Tie, ...]] = []
    if b in from_a:
        paths.append((from_a[b].turned(),))
    both = [one for one in from_a if one in from_b]
    paths += [(from_a[one].turned(), from_b[one]) for one in both]
    if len(paths) < BEST:
        mine = [one for one in from_a if one not in (b, *both)][:NEAR]
        across = _ties(actor, mine) if mine else []
        ends = set(from_b) - {a}
        for tie in across:
            for step in (tie, tie.turned()):
                if step.a in mine and step.b in ends and step.b not in (step.a, *both):
                    paths.append((from_a[step.a].turned(), step, from_b[step.b]))
    paths.sort(key=lambda ties: (len(ties), sum(tie.bond for tie in ties)))
    middles: dict[tuple[int, ...], tuple[Tie, ...]] = {}
    for ties in paths:
        middles.setdefault(tuple(tie.b for tie in ties[:-1]), ties)
    return _ways(actor, [(None, ties) for ties in list(middles.values())[:BEST]], b)


def _worth(path: tuple[Colleague, tuple[Tie, ...]], told: dict[tuple[int, int], Any]) -> tuple[Any, ...]:
    """Shorter first, then stronger ties, then colleagues nearer to the actor, then who was in touch last."""
    colleague, ties = path
    day = told.get((colleague.user_id, colleague.person_id))
    return (
        len(ties),
        sum(tie.bond for tie in ties),
        colleague.nearness,
        not colleague.is_steward,
        -day.toordinal() if day else 0,
        colleague.person_id,
    )


def _distinct(
    paths: Iterable[tuple[Colleague, tuple[Tie, ...]]],
) -> list[tuple[Colleague, tuple[Tie, ...]]]:
    """One way through each person, and directly one for each colleague: three ways should be three."""
    once: dict[tuple[int, int], tuple[Colleague, tuple[Tie, ...]]] = {}
    for colleague, ties in paths:
        key = (0, ties[-1].a) if ties else (colleague.user_id, 0)
        once.setdefault(key, (colleague, ties))
    return list(once.values())


def _ways(actor: Actor, paths: Sequence[tuple[Colleague | None, tuple[Tie, ...]]], goal: int) -> Ways:
    ids = {goal} | {end for _one, ties in paths for tie in ties for end in (tie.a, tie.b)}
    people = {one.id: one for one in db.session.scalars(visible_to(actor).where(col(Person.id).in_(ids)))}
    chains = [
        Chain(one, tuple(people[each] for each in [*(tie.a for tie in ties), goal]), ties)
        for one, ties in paths
    ]
    colleagues = {(one.user_id, one.person_id) for one, _ties in paths if one}
    pairs = {(min(tie.a, tie.b), max(tie.a, tie.b)) for _one, ties in paths for tie in ties}
    return Ways(chains, last_contacts(actor, colleagues, pairs))


# Neighbours


def _neighbours(actor: Actor, ids: Sequence[int], *, but: set[int]) -> dict[int, Tie]:
    """Whom these people know, each with the strongest tie from them to one of these, the strongest first.

    Who has died or wants to be left alone is nobody to ask.
    """
    if not ids:
        return {}
    asked = set(ids)
    strongest: dict[int, Tie] = {}
    for tie in sorted(_ties(actor, ids), key=lambda tie: tie.bond):
        leading = tie if tie.b in asked else tie.turned()
        if leading.a not in asked and leading.a not in but:
            strongest.setdefault(leading.a, leading)
    few = dict(list(strongest.items())[: FRONTIER * 2])
    if not few:
        return {}
    willing = (
        visible_to(actor)
        .with_only_columns(col(Person.id))
        .where(
            col(Person.id).in_(few),
            col(Person.state).in_((PersonState.ACTIVE, PersonState.RETIRED)),
            col(Person.do_not_contact_at).is_(None),
        )
    )
    may_be_asked = set(db.session.scalars(willing))
    return dict([(one, tie) for one, tie in few.items() if one in may_be_asked][:FRONTIER])


def _ties(actor: Actor, ids: Sequence[int]) -> list[Tie]:
    return [*ties_by_relation(actor, ids), *ties_told(actor, ids), *_ties_by_post(actor, ids)]


def _ties_by_post(actor: Actor, ids: Sequence[int]) -> list[Tie]:
    """Who is or was at the same organization; three statements."""
    own = scoped(Position, actor).where(col(Position.person_id).in_(ids)).limit(FRONTIER * 8)
    posts = db.session.scalars(own).all()
    firms = _small(actor, {post.organization_id for post in posts})
    editions = {post.edition_id for post in posts if post.edition_id and post.organization_id not in firms}
    if not firms and not editions:
        return []
    at = sa.or_(col(Position.organization_id).in_(firms), col(Position.edition_id).in_(editions))
    others = scoped(Position, actor).where(at, col(Position.person_id).not_in(ids))
    others = (
        others.where(seen(actor, col(Position.person_id))).order_by(col(Position.id)).limit(FRONTIER * 20)
    )
    by_firm: dict[int, list[Position]] = defaultdict(list)
    for post in posts:
        by_firm[post.organization_id].append(post)
    ties = []
    for other in db.session.scalars(others):
        for post in by_firm[other.organization_id]:
            if other.organization_id in firms or other.edition_id == post.edition_id:
                name, kind = firms.get(other.organization_id, ("", OrganizationKind.CHAMBER))
                bond = _bond(kind, are_both_there=post.until is None and other.until is None)
                ties.append(
                    Tie(other.person_id, post.person_id, bond, name, name, through=other.organization_id)
                )
    return ties


def _small(actor: Actor, firms: Collection[int]) -> dict[int, tuple[str, OrganizationKind]]:
    """Name and kind of those of these organizations where people may be thought to know each other."""
    if not firms:
        return {}
    post = aliased(Position)
    one_too_many = (
        sa.select(post.id)
        .where(post.organization_id == Organization.id)
        .order_by(post.id)
        .limit(1)
        .offset(ACQUAINTED)
        .correlate(Organization)
        .scalar_subquery()
    )
    called = sa.case((Organization.short_name != "", Organization.short_name), else_=Organization.name)
    wanted = sa.select(Organization.id, called, Organization.kind).where(
        col(Organization.id).in_(firms), one_too_many.is_(None)
    )
    found = db.session.execute(wanted.execution_options(scope=actor.key))
    return {firm_id: (name, kind) for firm_id, name, kind in found}


def _bond(kind: OrganizationKind, *, are_both_there: bool) -> Bond:
    if kind == OrganizationKind.SCHOOL:
        return Bond.SCHOOL
    if not are_both_there:
        return Bond.ONCE_TOGETHER
    return Bond.CHAMBER if kind in HAVE_EDITIONS else Bond.TOGETHER


# Colleagues


def _with_colleagues(actor: Actor, ids: Sequence[int]) -> dict[int, list[Colleague]]:
    """Who of us knows each of these people, already found for the actor; two statements."""
    if not ids:
        return {}
    names: Any = (User.id, User.name, User.unit_id, Unit.short_name)
    keeping = (
        scoped(Stewardship, actor)
        .join(User, col(User.id) == Stewardship.user_id)
        .join(Unit, col(Unit.id) == User.unit_id)
        .with_only_columns(col(Stewardship.person_id), *names)
        .where(col(Stewardship.person_id).in_(ids), col(User.disabled_at).is_(None))
        .order_by(col(Stewardship.answerable).desc(), col(Stewardship.id))
    )
    connected = (
        scoped(ContactPoint, actor)
        .join(User, col(User.id) == ContactPoint.connected_user_id)
        .join(Unit, col(Unit.id) == User.unit_id)
        .with_only_columns(col(ContactPoint.person_id), *names)
        .where(col(ContactPoint.person_id).in_(ids), col(User.disabled_at).is_(None))
        .order_by(col(ContactPoint.id))
    )
    found: dict[int, list[Colleague]] = defaultdict(list)
    for is_steward, statement in ((True, keeping), (False, connected)):
        for person_id, user_id, name, unit_id, unit in db.session.execute(statement):
            if user_id not in {one.user_id for one in found[person_id]}:
                nearness = 0 if user_id == actor.id else 1 if unit_id in actor.unit_ids else 2
                found[person_id].append(Colleague(user_id, name, unit, person_id, is_steward, nearness))
    return found
