"""Who of a round can be written to, and with what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.people.models import Person
from yishang_crm.people.queries import persons
from yishang_crm.people.rounds.models import ConfirmationRound, RoundEntry
from yishang_crm.people.rounds.queries.worklists import (
    entries_visible_to,
    entries_with_people,
    parts_by_letter,
)

AT_ONCE = 200


@dataclass
class Addressed(persons.Card):
    """Somebody of a round with what their letter says beside: who asks, until when, and where their mail goes."""

    entry: RoundEntry = field(kw_only=True)
    found: ConfirmationRound = field(kw_only=True)
    unit: Unit = field(kw_only=True)
    email: Sealed | None = field(kw_only=True)


@dataclass(frozen=True)
class Reach:
    """Of those who have not answered yet: how many can be written to, have a letter already, or have no address."""

    ready: int
    written: int
    no_mail: int


def reach(actor: Actor, found: ConfirmationRound) -> Reach:
    """One statement; each figure is the worklist's of the state of the same name."""
    parts = [parts_by_letter(found)[name] for name in ("ready", "written", "no_mail")]
    counting = entries_with_people(actor, found).with_only_columns(
        *(sa.func.coalesce(sa.func.sum(sa.case((one, 1), else_=0)), 0) for one in parts)
    )
    return Reach(*(int(count) for count in db.session.execute(counting).one()))


def addressed(actor: Actor, found: ConfirmationRound) -> Iterator[Addressed]:
    """Those who can be written to and were not, by rising number of the entry; four statements for each two hundred."""
    last = 0
    while True:
        wanted = (
            entries_with_people(actor, found)
            .where(col(RoundEntry.id) > last, parts_by_letter(found)["ready"])
            .order_by(col(RoundEntry.id))
            .limit(AT_ONCE)
        )
        entries = db.session.scalars(wanted).all()
        yield from _with_address(actor, found, entries)
        if len(entries) < AT_ONCE:
            return
        last = entries[-1].id or 0


def addressed_by_entry(actor: Actor, entry_id: int) -> Addressed | None:
    """One of them, whatever they answered or got: for the letter that leaves."""
    row = db.session.execute(
        entries_visible_to(actor)
        .join(ConfirmationRound, col(ConfirmationRound.id) == RoundEntry.round_id)
        .add_columns(ConfirmationRound)
        .where(RoundEntry.id == entry_id)
    ).one_or_none()
    return _with_address(actor, row[1], [row[0]])[0] if row else None


def _with_address(
    actor: Actor, found: ConfirmationRound, entries: Sequence[RoundEntry]
) -> Sequence[Addressed]:
    why = "people and units of a worklist already found"
    ids = [entry.person_id for entry in entries]
    people = select(Person).where(col(Person.id).in_(ids))
    known = {person.id: person for person in db.session.scalars(unscoped_for(why, people))}
    units = select(Unit).where(col(Unit.id).in_({entry.unit_id for entry in entries}))
    owners = {unit.id: unit for unit in db.session.scalars(unscoped_for(why, units))}
    cards = persons.cards(actor, [known[one] for one in ids])
    mail = persons.mail_addresses(actor, ids)
    return [
        Addressed(
            **vars(card),
            entry=entry,
            found=found,
            unit=owners[entry.unit_id],
            email=mail.get(entry.person_id),
        )
        for entry, card in zip(entries, cards, strict=True)
    ]
