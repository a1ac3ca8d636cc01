"""Exports, and the people of one in their order, read a portion at a time."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit, User
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.people.exports.columns import Line
from yishang_crm.people.exports.models import Export, ExportState, Order
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import ContactPoint, Organization, Person, Position, Stewardship
from yishang_crm.people.names import plain_pinyin, surname_stroke_key
from yishang_crm.people.queries.listing import matching
from yishang_crm.people.queries.persons import visible_to

PAGE = 50
AT_ONCE = 500
MOST_SELECTED = 5_000
_LAST = 1_000_000


def exports_visible_to(actor: Actor) -> SelectOfScalar[Export]:
    """Who sees all sees what everybody took out; a unit what its own people did."""
    wanted = scoped(Export, actor)
    return wanted if actor.sees_all else wanted.where(col(Export.unit_id).in_(actor.unit_ids))


def export(actor: Actor, export_id: int) -> Export | None:
    return db.session.scalars(exports_visible_to(actor).where(Export.id == export_id)).one_or_none()


def export_to_change(actor: Actor, export_id: int) -> Export:
    """The same row, fresh and locked: an erasure may have wiped it while its file was written."""
    wanted = exports_visible_to(actor).where(Export.id == export_id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def exports(actor: Actor, *, mine: bool, before: int | None = None) -> Sequence[Export]:
    """Fifty and one, newest first."""
    wanted = exports_visible_to(actor)
    if mine:
        wanted = wanted.where(Export.user_id == actor.id)
    if before:
        wanted = wanted.where(col(Export.id) < before)
    return db.session.scalars(wanted.order_by(col(Export.id).desc()).limit(PAGE + 1)).all()


def last_columns(actor: Actor) -> list[str]:
    """The columns this person chose last."""
    mine = (
        exports_visible_to(actor).where(Export.user_id == actor.id).order_by(col(Export.id).desc()).limit(1)
    )
    last = db.session.scalars(mine).one_or_none()
    return list(last.columns) if last else []


def waiting(actor: Actor, *, at: dt.datetime) -> Sequence[Export]:
    """Asked for and not begun, or left by a process that died."""
    lapsed = sa.and_(col(Export.state) == ExportState.MAKING, col(Export.leased_until) <= at)
    wanted = exports_visible_to(actor).where(sa.or_(col(Export.state) == ExportState.ASKED, lapsed))
    return db.session.scalars(wanted.order_by(col(Export.id)).limit(PAGE)).all()


def expired(actor: Actor, *, at: dt.datetime) -> Sequence[Export]:
    """Whose file has lain its time."""
    over = exports_visible_to(actor).where(
        col(Export.state) == ExportState.READY, col(Export.expires_at) <= at
    )
    return db.session.scalars(over).all()


def standing(actor: Actor) -> Sequence[Export]:
    """Whose file still lies on the disk, or is being made."""
    states = (ExportState.READY, ExportState.MAKING, ExportState.ASKED)
    return db.session.scalars(exports_visible_to(actor).where(col(Export.state).in_(states))).all()


# The people of one


def people_of(actor: Actor, said: Mapping[str, Any]) -> SelectOfScalar[Person]:
    """The people of an export whom the actor may see now: a selection, or whoever the filters find."""
    if "id" in said:
        return visible_to(actor).where(col(Person.id).in_(list(said["id"])))
    return matching(actor, Filters.read(said))


def count(actor: Actor, said: Mapping[str, Any]) -> int:
    """Exactly how many: what the file will hold."""
    ids = people_of(actor, said).with_only_columns(col(Person.id)).subquery()
    counting = sa.select(sa.func.count()).select_from(ids)
    return int(db.session.scalar(counting.execution_options(scope=actor.key)) or 0)


def in_order(actor: Actor, said: Mapping[str, Any], order: Order) -> list[int]:
    """Their ids in the order wanted; what is kept of each is a short key, so that 200,000 take little room."""
    keeper = (
        sa.select(sa.func.min(Unit.display_order))
        .join(Stewardship, col(Stewardship.unit_id) == Unit.id)
        .where(col(Stewardship.person_id) == Person.id, col(Stewardship.answerable).is_(True))
        .correlate(Person)
        .scalar_subquery()
    )
    wanted = people_of(actor, said).with_only_columns(
        col(Person.id), col(Person.name), col(Person.tier), keeper if order == Order.UNIT else sa.literal(0)
    )
    rows = [
        (_key(order, name, str(tier.value), unit if unit is not None else _LAST), person_id)
        for person_id, name, tier, unit in db.session.execute(wanted)
    ]
    rows.sort()
    return [person_id for _, person_id in rows]


def _key(order: Order, name: str, tier: str, unit: int) -> tuple[Any, ...]:
    if order == Order.PINYIN:
        return ((plain_pinyin(name) or name).casefold(), name)
    before: dict[Order, tuple[Any, ...]] = {Order.UNIT: (unit,), Order.TIER: (tier,)}
    return (*before.get(order, ()), surname_stroke_key(name))


def lines(actor: Actor, ids: Sequence[int], *, with_contacts: bool) -> Iterator[Line]:
    """What the columns need of these people, in their order; four statements for each five hundred."""
    for start in range(0, len(ids), AT_ONCE):
        yield from _some_lines(actor, ids[start : start + AT_ONCE], with_contacts=with_contacts)


def _some_lines(actor: Actor, ids: Sequence[int], *, with_contacts: bool) -> list[Line]:
    people = db.session.scalars(visible_to(actor).where(col(Person.id).in_(ids)))
    found = {person.id: Line(person) for person in people}
    posts = (
        scoped(Position, actor)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .with_only_columns(col(Position.person_id), col(Organization.name), col(Position.title))
        .where(col(Position.person_id).in_(ids), col(Position.until).is_(None))
        .order_by(col(Position.rank).desc(), col(Position.id).desc())
    )
    for person_id, organization, title in db.session.execute(posts):
        if line := found.get(person_id):  # the last one seen is the first in rank
            line.organization, line.title = organization, title
    stewards = (
        scoped(Stewardship, actor)
        .join(Unit, col(Unit.id) == Stewardship.unit_id)
        .outerjoin(User, col(User.id) == Stewardship.user_id)
        .with_only_columns(col(Stewardship.person_id), col(Unit.short_name), sa.func.coalesce(User.name, ""))
        .where(col(Stewardship.person_id).in_(ids))
        .order_by(col(Stewardship.answerable), col(Unit.display_order).desc())
    )
    for person_id, unit, liaison in db.session.execute(stewards):
        if line := found.get(person_id):
            line.unit, line.liaison = unit, liaison
    if with_contacts:
        contacts = scoped(ContactPoint, actor).where(col(ContactPoint.person_id).in_(ids))
        held: dict[int, list[ContactPoint]] = {}
        for contact in db.session.scalars(contacts.order_by(col(ContactPoint.rank), col(ContactPoint.id))):
            held.setdefault(contact.person_id, []).append(contact)
        for person_id, points in held.items():
            if line := found.get(person_id):
                line.contacts = points
    return [found[person_id] for person_id in ids if person_id in found]
