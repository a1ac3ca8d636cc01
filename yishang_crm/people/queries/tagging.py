"""Tags: the whole city's and one's own unit's."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.people.lists.models import PersonTag, Tag
from yishang_crm.people.models import Person


def visible_to(actor: Actor) -> SelectOfScalar[Tag]:
    """The city's tags and those of the actor's units; whoever sees everybody sees every tag."""
    tags = scoped(Tag, actor)
    if actor.sees_all:
        return tags
    return tags.where(sa.or_(col(Tag.unit_id).is_(None), col(Tag.unit_id).in_(actor.unit_ids)))


def tags(actor: Actor, *, retired: bool = False) -> Sequence[Tag]:
    """Those in use, the city's first; with the retired ones last where asked for."""
    wanted = visible_to(actor)
    if not retired:
        wanted = wanted.where(col(Tag.retired_at).is_(None))
    in_order = wanted.order_by(
        col(Tag.retired_at).is_not(None), col(Tag.unit_id).is_not(None), col(Tag.name), col(Tag.id)
    )
    return db.session.scalars(in_order).all()


def tag(actor: Actor, tag_id: int) -> Tag | None:
    return db.session.scalars(visible_to(actor).where(Tag.id == tag_id)).one_or_none()


def tag_named(actor: Actor, name: str, *, unit_id: int | None) -> Tag | None:
    """Of the city (`unit_id` None) or of one unit."""
    return db.session.scalars(
        visible_to(actor).where(Tag.name == name, col(Tag.unit_id).is_not_distinct_from(unit_id))
    ).first()


def tags_of_people(actor: Actor, person_ids: Iterable[int | None]) -> dict[int, list[Tag]]:
    """The tags of people already found for the actor, in order; one statement."""
    wanted = (
        visible_to(actor)
        .join(PersonTag, col(PersonTag.tag_id) == Tag.id)
        .add_columns(col(PersonTag.person_id))
        .where(col(PersonTag.person_id).in_(list(person_ids)), col(Tag.retired_at).is_(None))
        .order_by(col(Tag.unit_id).is_not(None), col(Tag.name), col(Tag.id))
    )
    found: dict[int, list[Tag]] = {}
    for one, person_id in db.session.execute(wanted):
        found.setdefault(person_id, []).append(one)
    return found


def tag_counts(actor: Actor, *, most: int) -> dict[int, int]:
    """How many people in the actor's scope have each tag, each counted up to `most` + 1; one statement."""
    from yishang_crm.people.queries.persons import visible_to as people_of

    ids = db.session.scalars(visible_to(actor).with_only_columns(col(Tag.id))).all()
    sizes = []
    for tag_id in ids:
        with_tag = sa.select(col(PersonTag.person_id)).where(col(PersonTag.tag_id) == tag_id)
        seen = people_of(actor).with_only_columns(col(Person.id))
        few = seen.where(col(Person.id).in_(with_tag.scalar_subquery())).limit(most + 1)
        sizes.append(sa.select(sa.func.count()).select_from(few.subquery()).scalar_subquery())
    if not sizes:
        return {}
    counted = db.session.execute(sa.select(*sizes).execution_options(scope=actor.key)).one()
    return dict(zip(map(int, ids), map(int, counted), strict=True))


def pairs(actor: Actor, tag: Tag, person_ids: Iterable[int]) -> dict[int, int]:
    """Of people already found for the actor, those with the tag: person id to the id of the pair."""
    wanted = scoped(PersonTag, actor).where(
        PersonTag.tag_id == tag.id, col(PersonTag.person_id).in_(list(person_ids))
    )
    return {pair.person_id: int(pair.id or 0) for pair in db.session.scalars(wanted)}


def own_pairs(actor: Actor, person: Person) -> Sequence[PersonTag]:
    """The pairs of a person already found for the actor, with tags in use that the actor sees."""
    seen = visible_to(actor).with_only_columns(col(Tag.id)).where(col(Tag.retired_at).is_(None))
    wanted = scoped(PersonTag, actor).where(
        PersonTag.person_id == person.id, col(PersonTag.tag_id).in_(seen.scalar_subquery())
    )
    return db.session.scalars(wanted).all()
