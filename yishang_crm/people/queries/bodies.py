"""Organizations and chambers: the lists, one with its people, its family, its honours, its editions and officers."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.models import Organization, OrganizationKind, Person, Position
from yishang_crm.people.models.bodies import (
    HAVE_EDITIONS,
    Chamber,
    ChamberEdition,
    ChamberLevel,
    ChamberState,
    OrganizationHonour,
)
from yishang_crm.people.models.dictionary import Dictionary, DictionaryWord
from yishang_crm.people.names import simplified_key
from yishang_crm.people.queries.persons import COUNTED_UP_TO, PAGE, visible_to

MOST_SHOWN = 100
# A chamber that has sent no word of its next election is asked about a season ahead.
DUE_WITHIN = dt.timedelta(days=90)


@dataclass(frozen=True)
class BodyFilters:
    """What the address of a list of organizations says. Empty means: not asked."""

    q: str = ""
    kind: str = ""
    honour: int | None = None
    chain: str = ""
    seat: str = ""
    level: str = ""
    state: str = ""
    due: str = ""

    @property
    def are_empty(self) -> bool:
        return self == BodyFilters()


@dataclass(frozen=True)
class Body:
    """A row of the list: how many of its present people the actor may see; `chamber` where it is one."""

    organization: Organization
    people: int = 0
    chamber: Chamber | None = None
    edition: int | None = None


def page_of_organizations(actor: Actor, filters: BodyFilters, *, page: int = 1) -> list[Body]:
    """Fifty organizations; one statement."""
    wanted = _matching(filters).add_columns(_present_people(actor)).order_by(col(Organization.id))
    wanted = wanted.limit(PAGE).offset((max(page, 1) - 1) * PAGE).execution_options(scope=actor.key)
    return [Body(organization, int(people)) for organization, people in db.session.execute(wanted)]


def count_organizations(filters: BodyFilters, *, most: int = COUNTED_UP_TO) -> int:
    """How many the list has; `most + 1` means more than `most`."""
    few = _matching(filters).with_only_columns(col(Organization.id)).limit(most + 1)
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(few.subquery())) or 0)


def page_of_chambers(actor: Actor, filters: BodyFilters, *, today: dt.date, page: int = 1) -> list[Body]:
    """Fifty chambers, the next re-election first; one statement."""
    edition = sa.select(ChamberEdition.number).where(
        col(ChamberEdition.organization_id) == Organization.id, col(ChamberEdition.ended_on).is_(None)
    )
    wanted = _chambers(filters, today=today).add_columns(
        Chamber, edition.correlate(Organization).scalar_subquery(), _present_people(actor)
    )
    wanted = wanted.order_by(
        col(Chamber.reelection_on).is_(None), col(Chamber.reelection_on), col(Organization.id)
    )
    wanted = wanted.limit(PAGE).offset((max(page, 1) - 1) * PAGE).execution_options(scope=actor.key)
    return [
        Body(organization, int(people), chamber, number)
        for organization, chamber, number, people in db.session.execute(wanted)
    ]


def count_chambers(filters: BodyFilters, *, today: dt.date, most: int = COUNTED_UP_TO) -> int:
    few = _chambers(filters, today=today).with_only_columns(col(Organization.id)).limit(most + 1)
    return int(db.session.scalar(sa.select(sa.func.count()).select_from(few.subquery())) or 0)


def dues(*, today: dt.date) -> tuple[int, int]:
    """How many chambers are past their re-election, and how many have it before them soon; one statement."""
    at = col(Chamber.reelection_on)
    awake = col(Chamber.state) != ChamberState.DORMANT
    counting = (
        sa.select(
            sa.func.count().filter(at < today), sa.func.count().filter(at >= today, at <= today + DUE_WITHIN)
        )
        .select_from(Chamber)
        .join(Organization, col(Organization.id) == Chamber.organization_id)
        .where(awake, col(Organization.kind).in_(HAVE_EDITIONS))
    )
    past, soon = db.session.execute(counting).one()
    return int(past), int(soon)


def _matching(filters: BodyFilters) -> Any:
    wanted = select(Organization)
    if filters.q:
        named = [col(Organization.name_key).contains(simplified_key(filters.q), autoescape=True)]
        named.append(col(Organization.short_name).contains(filters.q, autoescape=True))
        named.append(col(Organization.uscc) == filters.q.upper())
        wanted = wanted.where(sa.or_(*named))
    if filters.kind in set(OrganizationKind):
        wanted = wanted.where(Organization.kind == OrganizationKind(filters.kind))
    if filters.honour:
        bears = sa.select(OrganizationHonour.organization_id).where(
            OrganizationHonour.word_id == filters.honour
        )
        wanted = wanted.where(col(Organization.id).in_(bears))
    if filters.chain:
        wanted = wanted.where(Organization.chain == filters.chain)
    if filters.seat:
        wanted = wanted.where(col(Organization.seat).contains(filters.seat, autoescape=True))
    return wanted


def _chambers(filters: BodyFilters, *, today: dt.date) -> Any:
    wanted = _matching(filters).where(col(Organization.kind).in_(HAVE_EDITIONS))
    wanted = wanted.outerjoin(Chamber, col(Chamber.organization_id) == Organization.id)
    if filters.level in set(ChamberLevel):
        wanted = wanted.where(Chamber.level == ChamberLevel(filters.level))
    if filters.state in set(ChamberState):
        wanted = wanted.where(Chamber.state == ChamberState(filters.state))
    at = col(Chamber.reelection_on)
    if filters.due == "past":
        wanted = wanted.where(at < today, col(Chamber.state) != ChamberState.DORMANT)
    if filters.due == "soon":
        wanted = wanted.where(
            at >= today, at <= today + DUE_WITHIN, col(Chamber.state) != ChamberState.DORMANT
        )
    return wanted


def _present_people(actor: Actor) -> Any:
    counting = sa.select(sa.func.count(sa.distinct(Position.person_id))).where(
        Position.organization_id == Organization.id, col(Position.until).is_(None), _holder_is_seen(actor)
    )
    return counting.correlate(Organization).scalar_subquery()


# One organization


@dataclass(frozen=True)
class Holder:
    """Who holds, or held, a position: `edition` is the number of the chamber's edition it belongs to."""

    post: Position
    person: Person
    edition: int | None = None


@dataclass(frozen=True)
class Family:
    """The organizations around one: what it belongs to, and what belongs to it."""

    parent: Organization | None = None
    children: Sequence[Organization] = field(default_factory=tuple)


def people_at(actor: Actor, organization: Organization, *, former: bool = False) -> list[Holder]:
    """Who is at an organization, or was: those the actor may see, officers in the order of their offices."""
    office = aliased(DictionaryWord)
    wanted = (
        scoped(Position, actor)
        .join(Person, col(Person.id) == Position.person_id)
        .outerjoin(ChamberEdition, col(ChamberEdition.id) == Position.edition_id)
        .outerjoin(office, sa.and_(office.name == Position.title, office.dictionary == Dictionary.OFFICE))
        .add_columns(Person, ChamberEdition.number)
        .where(Position.organization_id == organization.id, _holder_is_seen(actor))
        .where(col(Position.until).is_not(None) if former else col(Position.until).is_(None))
        .order_by(
            col(ChamberEdition.number).is_(None),
            col(ChamberEdition.number).desc(),
            sa.func.coalesce(office.display_order, 999),
            col(Position.rank),
            col(Position.id),
        )
        .limit(MOST_SHOWN + 1)
    )
    return [Holder(*row) for row in db.session.execute(wanted)]


def family(organization: Organization) -> Family:
    """One statement."""
    beside = sa.or_(col(Organization.id) == organization.parent_id, Organization.parent_id == organization.id)
    found = db.session.scalars(
        select(Organization).where(beside).order_by(col(Organization.id)).limit(200)
    ).all()
    parent = next((one for one in found if one.id == organization.parent_id), None)
    return Family(parent, [one for one in found if one.parent_id == organization.id])


def honours_of(organization: Organization) -> Sequence[DictionaryWord]:
    wanted = (
        select(DictionaryWord)
        .join(OrganizationHonour, col(OrganizationHonour.word_id) == DictionaryWord.id)
        .where(OrganizationHonour.organization_id == organization.id)
        .order_by(col(DictionaryWord.display_order))
    )
    return db.session.scalars(wanted).all()


def honour_rows(organization: Organization) -> Sequence[OrganizationHonour]:
    wanted = select(OrganizationHonour).where(OrganizationHonour.organization_id == organization.id)
    return db.session.scalars(wanted).all()


def chamber_of(organization: Organization) -> Chamber | None:
    """What only a chamber has; None where nothing was said yet."""
    return db.session.scalars(select(Chamber).where(Chamber.organization_id == organization.id)).one_or_none()


def editions_of(organization: Organization) -> Sequence[ChamberEdition]:
    """The present one first."""
    wanted = select(ChamberEdition).where(ChamberEdition.organization_id == organization.id)
    return db.session.scalars(wanted.order_by(col(ChamberEdition.number).desc())).all()


def organization_with_uscc(code: str) -> Organization | None:
    return db.session.scalars(select(Organization).where(Organization.uscc == code)).one_or_none()


def ancestors_of(organization: Organization) -> list[int]:
    """Ids of what an organization belongs to, the nearest first; at most twenty."""
    found: list[int] = []
    parent_id = organization.parent_id
    while parent_id and parent_id not in found and len(found) < 20:
        found.append(parent_id)
        parent_id = db.session.scalar(select(Organization.parent_id).where(Organization.id == parent_id))
    return found


def posts_of_edition(edition: ChamberEdition) -> Sequence[Position]:
    """All open posts of an edition, also of people whom nobody here may see: an edition ends for all its officers."""
    wanted = select(Position).where(Position.edition_id == edition.id, col(Position.until).is_(None))
    return db.session.scalars(unscoped_for("an edition ends for all its officers", wanted)).all()


def words_of(dictionary: Dictionary, *, also_closed: bool = False) -> Sequence[DictionaryWord]:
    """The words of one dictionary in its order."""
    wanted = select(DictionaryWord).where(DictionaryWord.dictionary == dictionary)
    if not also_closed:
        wanted = wanted.where(col(DictionaryWord.closed_at).is_(None))
    return db.session.scalars(
        wanted.order_by(col(DictionaryWord.display_order), col(DictionaryWord.id))
    ).all()


def all_words() -> Sequence[DictionaryWord]:
    order = (col(DictionaryWord.dictionary), col(DictionaryWord.display_order), col(DictionaryWord.id))
    return db.session.scalars(select(DictionaryWord).order_by(*order)).all()


def dictionary_word(word_id: int) -> DictionaryWord | None:
    return db.session.get(DictionaryWord, word_id)


def same_word(word: DictionaryWord) -> DictionaryWord | None:
    """Another entry of the same dictionary that says the same."""
    wanted = select(DictionaryWord).where(
        DictionaryWord.dictionary == word.dictionary,
        DictionaryWord.name == word.name,
        DictionaryWord.other == word.other,
    )
    return db.session.scalars(wanted.where(col(DictionaryWord.id) != (word.id or 0))).first()


def chains_in_use() -> Sequence[str]:
    """Chains that organizations bear, for the form to offer."""
    wanted = (
        select(Organization.chain).where(Organization.chain != "").distinct().order_by(Organization.chain)
    )
    return db.session.scalars(wanted.limit(60)).all()


def _holder_is_seen(actor: Actor) -> sa.ColumnElement[bool]:
    """That the actor may see whoever holds a position. Asked row by row: a county sees 30,000 people, and a list of
    them all would be made for each page."""
    if actor.sees_all:
        return sa.true()
    seen = visible_to(actor).with_only_columns(col(Person.id)).where(col(Person.id) == Position.person_id)
    return seen.correlate(Position).exists()
