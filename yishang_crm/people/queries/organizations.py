"""Organizations and the dictionary of places: no personal data, open to all staff."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.people.models import Organization, Place, Position
from yishang_crm.people.names import simplified_key
from yishang_crm.people.places import Gazetteer, PlaceRow
from yishang_crm.people.queries.index import people_matching


def organization(organization_id: int) -> Organization | None:
    return db.session.get(Organization, organization_id)


def organization_named(name_key: str) -> Organization | None:
    """By its comparison key (simplified, without spaces)."""
    return db.session.scalars(select(Organization).where(Organization.name_key == name_key)).one_or_none()


def places() -> Sequence[Place]:
    """The dictionary of native places, in customary order."""
    return db.session.scalars(select(Place).order_by(col(Place.display_order), col(Place.id))).all()


def counties() -> Sequence[str]:
    """Names of counties and zones, in customary order."""
    wanted = (
        select(Place.name).where(col(Place.level).in_(("county", "zone"))).order_by(col(Place.display_order))
    )
    return db.session.scalars(wanted).all()


def place_rows() -> list[PlaceRow]:
    """The dictionary as plain rows."""
    return [
        PlaceRow(
            name=place.name,
            level=place.level,
            parent=place.parent,
            aliases=tuple(alias for alias in place.aliases.split("|") if alias),
            counts_as_native=place.counts_as_native,
            valid_to=place.valid_to,
            code=place.code,
            order=place.display_order,
            state=place.state,
            remark=place.remark,
        )
        for place in places()
    ]


def gazetteer() -> Gazetteer:
    """The dictionary as the importer matches against it."""
    return Gazetteer(place_rows())


def organizations_named(name_keys: Iterable[str]) -> dict[str, int]:
    """Ids of the organizations among these comparison keys."""
    wanted = select(Organization.name_key, Organization.id).where(
        col(Organization.name_key).in_(list(name_keys))
    )
    return {key: int(organization_id or 0) for key, organization_id in db.session.execute(wanted)}


def organizations_found(actor: Actor, text: str, *, most: int = 5) -> Sequence[Organization]:
    """By part of the name, where somebody the actor finds by it is there; and by its beginning, whoever is there."""
    key = simplified_key(text)
    if not key:
        return []
    found: list[Organization] = []
    if (people := people_matching(actor, text)) is not None:
        there = (
            scoped(Position, actor)
            .with_only_columns(col(Position.organization_id))
            .where(col(Position.person_id).in_(sa.select(people.limit(60).subquery().columns[0])))
        )
        named = select(Organization).where(
            col(Organization.id).in_(there.scalar_subquery()),
            sa.or_(
                col(Organization.name_key).contains(key, autoescape=True),
                col(Organization.short_name).contains(text, autoescape=True),
            ),
        )
        found += db.session.scalars(
            named.order_by(sa.func.length(col(Organization.name)), col(Organization.id))
            .limit(most)
            .execution_options(scope=actor.key)
        )
    begins = select(Organization).where(
        col(Organization.name_key) >= key, col(Organization.name_key) < f"{key}\U0010ffff"
    )
    found += db.session.scalars(begins.order_by(col(Organization.name_key)).limit(most))
    return list({one.id: one for one in found}.values())[:most]
