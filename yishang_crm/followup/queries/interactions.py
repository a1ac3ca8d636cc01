"""Contacts: seen through the people they were with, and by those whom the entry names as readers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.db import db
from yishang_crm.core.digits import number_in
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.followup.models import Channel, Interaction, Participant
from yishang_crm.followup.queries.readers import may_see_person, readable
from yishang_crm.people.models import Person

PAGE = 20


def visible_to(actor: Actor) -> SelectOfScalar[Interaction]:
    """Entries with at least one person whom the actor may see, if their readers' rule lets the actor read them."""
    entries = readable_to(actor)
    if actor.sees_all or not actor.may(Permission.FOLLOWUP_READ):
        return entries
    with_somebody = sa.exists().where(
        col(Participant.interaction_id) == Interaction.id, may_see_person(actor, col(Participant.person_id))
    )
    return entries.where(with_somebody)


def readable_to(actor: Actor) -> SelectOfScalar[Interaction]:
    """The readers' rule alone: for entries reached through a person already found for the actor."""
    return scoped(Interaction, actor).where(
        readable(Interaction, actor), col(Interaction.undone_at).is_(None)
    )


def interaction(actor: Actor, interaction_id: int) -> Interaction | None:
    return db.session.scalars(visible_to(actor).where(Interaction.id == interaction_id)).one_or_none()


@dataclass(frozen=True)
class Entry:
    """One contact as a timeline shows it. `others` are the further people whom the actor may see."""

    interaction: Interaction
    unit: str = ""
    others: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class TimelinePage:
    """Entries newest first; `before` names the place where the next page begins, None at the end."""

    entries: Sequence[Entry] = ()
    before: str | None = None


def timeline(
    actor: Actor,
    person_id: int,
    *,
    before: str | None = None,
    channel: Channel | None = None,
    most: int = PAGE,
) -> TimelinePage:
    """The contacts with a person already found for the actor; two statements however many."""
    wanted = _of_person(actor, person_id).outerjoin(Unit, col(Unit.id) == Interaction.unit_id)
    if channel:
        wanted = wanted.where(Interaction.channel == channel)
    if place := _read_place(before):
        wanted = wanted.where(
            sa.tuple_(col(Interaction.at), col(Interaction.id)) < sa.tuple_(*map(_bound, place))
        )
    wanted = wanted.add_columns(sa.func.coalesce(Unit.short_name, ""))
    newest = wanted.order_by(col(Interaction.at).desc(), col(Interaction.id).desc()).limit(most + 1)
    rows = [tuple(row) for row in db.session.execute(newest)]
    shown = rows[:most]
    others = people_in(actor, [entry.id for entry, _unit in shown], but=person_id)
    entries = [Entry(entry, unit, tuple(others.get(entry.id, ()))) for entry, unit in shown]
    return TimelinePage(entries, _place(shown[-1][0]) if len(rows) > most else None)


def channel_counts(actor: Actor, person_id: int) -> dict[Channel, int]:
    """How many contacts by each channel with a person already found for the actor; the most frequent first."""
    counting = _of_person(actor, person_id).with_only_columns(col(Interaction.channel), sa.func.count())
    rows = db.session.execute(counting.group_by(col(Interaction.channel)))
    counts = {Channel(channel): int(count) for channel, count in rows}
    return dict(sorted(counts.items(), key=lambda one: (-one[1], list(Channel).index(one[0]))))


def people_in(
    actor: Actor, interaction_ids: Sequence[int | None], *, but: int | None = None
) -> dict[int, list[tuple[int, str]]]:
    """Id and name of the people in each entry, only those whom the actor may see."""
    if not interaction_ids:
        return {}
    wanted = (
        scoped(Participant, actor)
        .join(Person, col(Person.id) == Participant.person_id)
        .with_only_columns(col(Participant.interaction_id), col(Person.id), col(Person.name))
        .where(
            col(Participant.interaction_id).in_(interaction_ids),
            may_see_person(actor, col(Participant.person_id)),
        )
        .order_by(col(Participant.id))
    )
    if but is not None:
        wanted = wanted.where(Participant.person_id != but)
    found: dict[int, list[tuple[int, str]]] = {}
    for interaction_id, person_id, name in db.session.execute(wanted):
        found.setdefault(interaction_id, []).append((person_id, name))
    return found


def own_latest(actor: Actor, *, most: int = PAGE) -> Sequence[Entry]:
    """What the actor logged last, with the people in it; two statements."""
    mine = (
        visible_to(actor)
        .where(Interaction.user_id == actor.id)
        .order_by(col(Interaction.id).desc())
        .limit(most)
    )
    entries = db.session.scalars(mine).all()
    people = people_in(actor, [entry.id for entry in entries])
    return [Entry(entry, others=tuple(people.get(entry.id or 0, ()))) for entry in entries]


def first_sent(client_id: str) -> Interaction | None:
    """The entry that an earlier sending of the same draft made; its author's key stands in the name."""
    wanted = sa.select(Interaction).where(col(Interaction.client_id) == client_id)
    return db.session.scalars(unscoped_for("the same draft again", wanted)).one_or_none()


def kept(entry: Interaction) -> Interaction:
    """Store a new entry (inside an action); of two sendings of one draft at the same moment the first is returned."""
    try:
        with db.session.begin_nested():
            db.session.add(entry)
    except IntegrityError:
        first = first_sent(entry.client_id)
        if first is None:
            raise
        return first
    return entry


def participants_of(entry_ids: Iterable[int]) -> Sequence[int]:
    """Ids of the people in entries, for setting their clocks."""
    wanted = sa.select(col(Participant.person_id)).where(col(Participant.interaction_id).in_(list(entry_ids)))
    return db.session.scalars(unscoped_for("cadence", wanted)).all()


def _of_person(actor: Actor, person_id: int) -> SelectOfScalar[Interaction]:
    with_them = readable_to(actor).join(Participant, col(Participant.interaction_id) == Interaction.id)
    return with_them.where(Participant.person_id == person_id)


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


def _place(entry: Interaction) -> str:
    return f"{(entry.at - _EPOCH) // _MICROSECOND}-{entry.id}"


def _read_place(text: str | None) -> tuple[dt.datetime, int] | None:
    at, _, entry_id = (text or "").partition("-")
    if not (at.isascii() and at.isdigit() and entry_id.isascii() and entry_id.isdigit()):
        return None
    if len(at) > 16 or (number := number_in(entry_id)) is None:  # 16 digits reach the year 2286
        return None
    return _EPOCH + int(at) * _MICROSECOND, number


def _bound(value: dt.datetime | int) -> sa.ColumnElement[object]:
    return sa.literal(
        value, Interaction.__table__.c.at.type if isinstance(value, dt.datetime) else sa.Integer()
    )  # type: ignore[attr-defined]
