"""What the conditions of the people list mean in SQL. Each stands on an index of its own."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import day_begins, now
from yishang_crm.people.lists.models import PersonTag, Tag
from yishang_crm.people.models import (
    Gender,
    Person,
    PersonState,
    Position,
    Stewardship,
    Tier,
)
from yishang_crm.people.models.brought import WRITTEN, ImportBatch, ImportRow
from yishang_crm.people.places.localities import CHINA, is_wide
from yishang_crm.people.queries.imports import batches_visible_to
from yishang_crm.people.queries.index import people_matching
from yishang_crm.people.queries.tagging import visible_to as tags_of


def searched(actor: Actor, text: str) -> Any:
    found = people_matching(actor, text)
    return sa.true() if found is None else col(Person.id).in_(found.scalar_subquery())


def kept_by_unit(_actor: Actor, unit: str) -> Any:
    return sa.exists().where(col(Stewardship.person_id) == Person.id, col(Stewardship.unit_id) == int(unit))


def owned(actor: Actor, owner: str) -> Any:
    """By a colleague (`me` is whoever reads), or by nobody in the units the reader sees."""
    mine = [] if actor.sees_all else [col(Stewardship.unit_id).in_(actor.unit_ids)]
    if owner == "none":
        without = sa.select(col(Stewardship.person_id)).where(col(Stewardship.user_id).is_(None), *mine)
        kept = sa.exists().where(
            col(Stewardship.person_id) == Person.id, col(Stewardship.user_id).is_not(None), *mine
        )
        return sa.and_(col(Person.id).in_(without.scalar_subquery()), ~kept)
    user_id = actor.id if owner == "me" else int(owner)
    # Whom a colleague of another unit keeps there is not for this reader to ask.
    of_user = sa.select(col(Stewardship.person_id)).where(col(Stewardship.user_id) == user_id, *mine)
    return col(Person.id).in_(of_user.scalar_subquery())


def _asked_of_each(condition: Any) -> Any:
    """For what holds of most people: not found by an index of its own, which would give up the index of the order."""
    return sa.case((condition, 1), else_=0) == 1


def tagged(actor: Actor, tags: str) -> Any:
    """With any of the tags, as far as the reader sees them."""
    ids = [int(tag) for tag in tags.split(",")]
    seen = tags_of(actor).with_only_columns(col(Tag.id)).where(col(Tag.id).in_(ids))
    with_tag = sa.select(col(PersonTag.person_id)).where(col(PersonTag.tag_id).in_(seen.scalar_subquery()))
    return col(Person.id).in_(with_tag.scalar_subquery())


def from_place(_actor: Actor, place: str) -> Any:
    return col(Person.native_place) == place


def residing(_actor: Actor, places: str) -> Any:
    return col(Person.residence).in_(places.split(","))


def living_at(_actor: Actor, key: str) -> Any:
    """At a place of the dictionary of localities, or anywhere within it."""
    if key == CHINA:  # nearly everybody: asked so that the list's own order is kept, and no index is
        return sa.func.substr(Person.residence_key, 1, 2) == CHINA
    return col(Person.residence_area if is_wide(key) else Person.residence_key) == key


def employed_at(_actor: Actor, organization: str) -> Any:
    return _has_been_at(organization, col(Position.until).is_(None))


def formerly_at(_actor: Actor, organization: str) -> Any:
    return _has_been_at(organization, col(Position.until).is_not(None))


def _has_been_at(organization: str, *when: sa.ColumnElement[bool]) -> Any:
    # As a set, not row by row: an organization has few people, the house many.
    return col(Person.id).in_(
        sa.select(Position.person_id).where(Position.organization_id == int(organization), *when)
    )


def of_tier(_actor: Actor, tiers: str) -> Any:
    return col(Person.tier).in_([Tier(tier) for tier in tiers.split(",")])


def in_industry(_actor: Actor, industry: str) -> Any:
    return col(Person.industry) == industry


def in_state(_actor: Actor, states: str) -> Any:
    wanted = col(Person.state).in_([PersonState(state) for state in states.split(",")])
    return _asked_of_each(wanted) if PersonState.ACTIVE.value in states.split(",") else wanted


def of_gender(_actor: Actor, gender: str) -> Any:
    if gender == "unknown":
        return col(Person.gender).is_(None)
    return _asked_of_each(col(Person.gender) == Gender(gender))


HAS = {
    "phone": (Person.has_phone, True),
    "nophone": (Person.has_phone, False),
    "mail": (Person.has_mail, True),
    "nomail": (Person.has_mail, False),
}


def reachable(_actor: Actor, ways: str) -> Any:
    """All of them hold. Usable points only: a wrong number is none."""
    wanted = [(col(HAS[way][0]) == HAS[way][1], HAS[way][1]) for way in ways.split(",")]
    return sa.and_(*(_asked_of_each(holds) if is_common else holds for holds, is_common in wanted))


def confirmed_before(_actor: Actor, text: str) -> Any:
    never = col(Person.confirmed_at).is_(None)
    if text == "never":
        return never
    if text.endswith("d"):
        moment = now() - dt.timedelta(days=int(text[:-1]))
    else:
        moment = day_begins(dt.date.fromisoformat(text))
    return sa.or_(never, col(Person.confirmed_at) < moment)


def from_source(_actor: Actor, source: str) -> Any:
    return col(Person.source) == source


def silent(_actor: Actor, yes: str) -> Any:
    at = col(Person.do_not_contact_at)
    return at.is_not(None) if yes == "yes" else _asked_of_each(at.is_(None))


def of_batch(actor: Actor, batch: str) -> Any:
    """Whom a file brought or brought up to date, if the reader may see its receipt; not what was taken back."""
    seen = (
        batches_visible_to(actor).with_only_columns(col(ImportBatch.id)).where(ImportBatch.id == int(batch))
    )
    made = sa.select(col(ImportRow.person_id)).where(
        col(ImportRow.batch_id).in_(seen.scalar_subquery()),
        col(ImportRow.outcome).in_(WRITTEN),
        col(ImportRow.written_at).is_not(None),
        col(ImportRow.undone_at).is_(None),
    )
    return col(Person.id).in_(made.scalar_subquery())
