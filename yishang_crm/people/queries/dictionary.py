"""The dictionary of native places as the bureau edits it: its entries, and how many people wrote each."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.people.models import Person, Place
from yishang_crm.people.queries.persons import visible_to


def place(place_id: int) -> Place | None:
    return db.session.get(Place, place_id)


def counties_and_towns(*, of: str = "") -> Sequence[Place]:
    """The counties, zones and the city, or the towns of one of them; in customary order."""
    wanted = select(Place).order_by(col(Place.display_order), col(Place.id))
    wanted = (
        wanted.where(Place.parent == of, Place.level == "town") if of else wanted.where(Place.level != "town")
    )
    return db.session.scalars(wanted).all()


def county_named(name: str) -> Place | None:
    wanted = select(Place).where(Place.name == name, col(Place.level) != "town").limit(1)
    return db.session.scalars(wanted).first()


def towns_per_county() -> dict[str, int]:
    """How many towns stand under each county."""
    counting = (
        sa.select(col(Place.parent), sa.func.count()).where(Place.level == "town").group_by(col(Place.parent))
    )
    return {name: int(count) for name, count in db.session.execute(counting)}


def known_as(spellings: Iterable[str], *, but: int | None, towns_of: str | None) -> Place | None:
    """Another entry that is recognized by one of these spellings: among the counties, or among the towns of one."""
    wanted = select(Place).where(Place.level == "town", Place.parent == towns_of)
    if towns_of is None:
        wanted = select(Place).where(Place.level != "town")
    asked = set(spellings)
    return next(
        (one for one in db.session.scalars(wanted) if one.id != but and asked & set(one.spellings)), None
    )


def people_who_wrote(actor: Actor, names: Iterable[str], *, county: str = "") -> dict[str, int]:
    """How many people the actor sees have each of these as native place, or as town of a county; one statement.

    Who was erased has no place, so whoever sees all is answered from the index alone.
    """
    people = scoped(Person, actor) if actor.sees_all else visible_to(actor)
    column = col(Person.native_town) if county else col(Person.native_place)
    wanted = people.where(column.in_(list(names)))
    if county:
        wanted = wanted.where(Person.native_place == county)
    counting = wanted.with_only_columns(column, sa.func.count()).group_by(column)
    return {name: int(count) for name, count in db.session.execute(counting)}
