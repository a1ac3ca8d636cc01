"""A selection of the people list: who is in it, what an act would change, and whom it leaves out."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.people.acts import Selection
from yishang_crm.people.lists.models import PersonTag, Tag
from yishang_crm.people.models import Person, Stewardship, StewardshipKind
from yishang_crm.people.queries.listing import matching
from yishang_crm.people.queries.persons import visible_to


def chosen(actor: Actor, selection: Selection) -> SelectOfScalar[Person]:
    """Those of the selection whom the actor may see."""
    if selection.filters is not None:
        return matching(actor, selection.filters)
    return visible_to(actor).where(col(Person.id).in_(selection.ids))


def people_chosen(actor: Actor, selection: Selection, *, most: int) -> Sequence[Person]:
    """The first `most` of a selection, the newest first."""
    return db.session.scalars(chosen(actor, selection).order_by(col(Person.id).desc()).limit(most)).all()


def count_chosen(actor: Actor, selection: Selection, *, also: Any = None, most: int) -> tuple[int, int]:
    """How many are in the selection, up to `most` + 1, and of how many of these `also` holds; one statement."""
    columns = [col(Person.id), sa.case((also, 1), else_=0).label("also")] if also is not None else [
        col(Person.id), sa.literal(0).label("also")
    ]  # fmt: skip
    few = chosen(actor, selection).with_only_columns(*columns).limit(most + 1).subquery()
    counting = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(few.c.also), 0)).select_from(few)
    people, holding = db.session.execute(counting.execution_options(scope=actor.key)).one()
    return int(people), int(holding)


def has_value(field: str, value: Any) -> Any:
    """That a person's field has this value already."""
    return getattr(Person, field).is_not_distinct_from(value)


def has_tag(tag: Tag) -> Any:
    return sa.exists().where(col(PersonTag.person_id) == Person.id, col(PersonTag.tag_id) == tag.id)


def is_kept_by(unit_id: int, *, user_id: int | None = None) -> Any:
    """That a unit keeps a person; by this colleague, where one is named."""
    return sa.exists().where(
        col(Stewardship.person_id) == Person.id,
        col(Stewardship.unit_id) == unit_id,
        col(Stewardship.kind) == StewardshipKind.STEWARD,
        *([col(Stewardship.user_id) == user_id] if user_id else []),
    )


def is_answered_for_by(unit_id: int) -> Any:
    return sa.exists().where(
        col(Stewardship.person_id) == Person.id,
        col(Stewardship.unit_id) == unit_id,
        col(Stewardship.answerable).is_(True),
    )


def stewardships_of(
    actor: Actor, person_ids: Iterable[int], *, unit_id: int | None = None
) -> Sequence[Stewardship]:
    """Of people already found for the actor; of one unit where asked. Held until the transaction ends."""
    wanted = scoped(Stewardship, actor).where(col(Stewardship.person_id).in_(list(person_ids)))
    if unit_id is not None:
        wanted = wanted.where(
            Stewardship.unit_id == unit_id, col(Stewardship.kind) == StewardshipKind.STEWARD
        )
    fresh = wanted.order_by(col(Stewardship.id)).with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(fresh).all()


def seen_among(actor: Actor, person_ids: Collection[int]) -> set[int]:
    """Those of these people whom the actor may see."""
    wanted = visible_to(actor).with_only_columns(col(Person.id)).where(col(Person.id).in_(person_ids))
    return set(db.session.execute(wanted).scalars())
