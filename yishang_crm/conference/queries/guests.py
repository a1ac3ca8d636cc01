"""Guests: who may be seen, the list and its filters, one guest, and their cards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.conference.models import (
    COMING,
    Approval,
    Category,
    Edition,
    Guest,
    Logistics,
    Nomination,
    Onsite,
    Reply,
)
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import Moment, db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.outbox.models import Message
from yishang_crm.outbox.models import State as MessageState
from yishang_crm.people.models import Organization, Person, Position
from yishang_crm.people.queries import people_matching
from yishang_crm.people.salutation import OfPerson

PAGE = 50
INVITATION = "invitation"


def visible_to(actor: Actor) -> SelectOfScalar[Guest]:
    """Organizers, bureau and leaders see every guest; a unit those it owns or nominated; others only themselves."""
    guests = scoped(Guest, actor)
    if actor.sees_all:
        return guests
    if actor.guest_id is not None:
        return guests.where(Guest.id == actor.guest_id)
    if actor.person_id is not None:
        return guests.where(Guest.person_id == actor.person_id)
    nominated = sa.exists().where(
        col(Nomination.guest_id) == Guest.id, col(Nomination.unit_id).in_(actor.unit_ids)
    )
    return guests.where(sa.or_(col(Guest.unit_id).in_(actor.unit_ids), nominated))


@dataclass(frozen=True)
class Filters:
    """What the list's address says. Empty means: not asked. Each value may also name a group (see `_CONDITIONS`)."""

    q: str = ""
    approval: str = ""
    reply: str = ""
    logistics: str = ""
    onsite: str = ""
    letter: str = ""
    unit: int | None = None
    category: str = ""
    level: str = ""

    @property
    def are_empty(self) -> bool:
        return self == Filters()

    @property
    def said(self) -> dict[str, Any]:
        """As it stands in an address."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}


def matching(actor: Actor, edition: Edition, filters: Filters) -> SelectOfScalar[Guest]:
    """The guests of a list, unordered."""
    wanted = visible_to(actor).where(Guest.edition_id == edition.id)
    if filters.q and (found := people_matching(actor, filters.q)) is not None:
        wanted = wanted.where(col(Guest.person_id).in_(found.scalar_subquery()))
    return wanted.where(*conditions(filters))


def conditions(filters: Filters) -> list[Any]:
    """A filter as SQL, also for counting many at once: so a figure and the list it opens cannot disagree."""
    wanted: list[Any] = []
    if filters.approval:
        wanted.append(_APPROVALS.get(filters.approval, _is(Guest.approval, Approval, filters.approval)))
    if filters.reply:
        wanted.append(_REPLIES.get(filters.reply, _is(Guest.reply, Reply, filters.reply)))
    if filters.logistics:
        wanted.append(_LOGISTICS.get(filters.logistics, _is(Guest.logistics, Logistics, filters.logistics)))
    if filters.onsite:
        wanted.append(_is(Guest.onsite, Onsite, filters.onsite))
    if filters.letter:
        wanted.append(_LETTERS[filters.letter]() if filters.letter in _LETTERS else sa.false())
    if filters.unit:
        wanted.append(Guest.unit_id == filters.unit)
    if filters.category:
        wanted.append(_is(Guest.category, Category, filters.category))
    if filters.level:
        wanted.append(Guest.level == filters.level)
    return wanted


def _is(column: Any, values: Any, value: str) -> Any:
    return column == values(value) if value in set(values) else sa.false()


def letter_state(*states: MessageState) -> Any:
    """Whether the guest's invitation stands in one of these states in the outbox."""
    about = sa.literal("guest:").concat(sa.cast(Guest.id, sa.String))
    return sa.exists().where(
        col(Message.about) == about, col(Message.purpose) == INVITATION, col(Message.state).in_(states)
    )


_WAITING = (MessageState.HELD, MessageState.QUEUED, MessageState.SENDING)
_FAILED = (MessageState.FAILED, MessageState.IN_DOUBT, MessageState.BOUNCED)
_APPROVALS: dict[str, Any] = {
    "open": col(Guest.approval).in_([Approval.SUBMITTED, Approval.PRELIM_OK]),
    "standing": col(Guest.approval).not_in([Approval.REJECTED, Approval.WITHDRAWN]),
}
_REPLIES: dict[str, Any] = {
    "answered": col(Guest.reply) != Reply.NONE,
    "coming": col(Guest.reply).in_(COMING),
    "waiting": col(Guest.waits_since).is_not(None),
}
_LOGISTICS: dict[str, Any] = {"known": col(Guest.logistics) != Logistics.INCOMPLETE}
_LETTERS: dict[str, Any] = {
    "none": lambda: col(Guest.letter_number).is_(None),
    "made": lambda: col(Guest.letter_number).is_not(None),
    "unposted": lambda: sa.and_(
        col(Guest.letter_number).is_not(None),
        ~letter_state(*_WAITING, *_FAILED, MessageState.SENT),
    ),
    "outbox": lambda: letter_state(*_WAITING),
    "sent": lambda: letter_state(MessageState.SENT),
    "failed": lambda: letter_state(*_FAILED),
}

_ORDER = (col(Guest.level), col(Guest.id))


def page_of_guests(actor: Actor, edition: Edition, filters: Filters, *, page: int = 1) -> Sequence[Guest]:
    """Fifty guests of the list, A before B before C."""
    wanted = matching(actor, edition, filters).order_by(*_ORDER).limit(PAGE).offset((max(page, 1) - 1) * PAGE)
    return db.session.scalars(wanted).all()


def count_guests(actor: Actor, edition: Edition, filters: Filters) -> int:
    counted = matching(actor, edition, filters).with_only_columns(sa.func.count(col(Guest.id)))
    return int(db.session.scalar(counted) or 0)


def all_guests(actor: Actor, edition: Edition, filters: Filters) -> Sequence[Guest]:
    """Every guest of a list, for a bulk act on all that match."""
    return db.session.scalars(matching(actor, edition, filters).order_by(*_ORDER)).all()


def latest_answers(actor: Actor, edition: Edition, filters: Filters, *, page: int = 1) -> Sequence[Guest]:
    """Who answered, newest first."""
    wanted = matching(actor, edition, filters).where(col(Guest.replied_at).is_not(None))
    wanted = wanted.order_by(col(Guest.replied_at).desc(), col(Guest.id)).limit(PAGE)
    return db.session.scalars(wanted.offset((max(page, 1) - 1) * PAGE)).all()


def guest(actor: Actor, guest_id: int) -> Guest | None:
    return db.session.scalars(visible_to(actor).where(Guest.id == guest_id)).one_or_none()


def guest_to_change(actor: Actor, guest_id: int) -> Guest | None:
    """The same row, fresh and locked until the transaction ends: another hand may be answering for them now."""
    wanted = visible_to(actor).where(Guest.id == guest_id).with_for_update(of=Guest)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def guests_to_change(actor: Actor, ids: Iterable[int]) -> Sequence[Guest]:
    """Many, locked in one order, so that two who lock many never wait for each other."""
    wanted = (
        visible_to(actor)
        .where(col(Guest.id).in_(list(ids)))
        .order_by(col(Guest.id))
        .with_for_update(of=Guest)
    )
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def guests_by_ids(actor: Actor, edition: Edition, ids: Iterable[int]) -> Sequence[Guest]:
    """Those of these guests whom the actor may see."""
    wanted = visible_to(actor).where(Guest.edition_id == edition.id, col(Guest.id).in_(list(ids)))
    return db.session.scalars(wanted.order_by(*_ORDER)).all()


def approved_at(actor: Actor, edition: Edition, *, at: Moment) -> Sequence[Guest]:
    """Who was approved in one go, fresh and locked."""
    wanted = visible_to(actor).where(
        Guest.edition_id == edition.id, Guest.approved_at == at, Guest.approval == Approval.APPROVED
    )
    wanted = wanted.order_by(col(Guest.id)).with_for_update(of=Guest)
    return db.session.scalars(wanted.execution_options(populate_existing=True)).all()


def guest_of_person(actor: Actor, edition: Edition, person_id: int) -> Guest | None:
    """A person's place on an edition's list."""
    wanted = visible_to(actor).where(Guest.edition_id == edition.id, Guest.person_id == person_id)
    return db.session.scalars(wanted).one_or_none()


def listed(actor: Actor, edition: Edition, person_ids: Iterable[int]) -> dict[int, Guest]:
    """Those of these people who are on the list already, as far as the actor may see, by person id."""
    wanted = visible_to(actor).where(
        Guest.edition_id == edition.id, col(Guest.person_id).in_(list(person_ids))
    )
    return {guest.person_id: guest for guest in db.session.scalars(wanted)}


def editions_of_person(actor: Actor, person_id: int) -> Sequence[tuple[Guest, Edition]]:
    """To which editions a person was invited, the latest first."""
    wanted = (
        visible_to(actor)
        .join(Edition, col(Edition.id) == Guest.edition_id)
        .add_columns(Edition)
        .where(Guest.person_id == person_id)
        .order_by(col(Edition.starts_at).desc())
    )
    return [tuple(row) for row in db.session.execute(wanted)]


def are_guests_of(actor: Actor, edition_id: str) -> Any:
    """The condition `edition=…` of the people list: on that list, approved or not yet, as far as the actor may see."""
    guests = (
        visible_to(actor).with_only_columns(col(Guest.person_id)).where(Guest.edition_id == int(edition_id))
    )
    return col(Person.id).in_(guests.where(_APPROVALS["standing"]).scalar_subquery())


def nominations(actor: Actor, guest: Guest) -> Sequence[tuple[Nomination, Unit]]:
    """Who nominated a guest already found for the actor, the first one first."""
    wanted = (
        scoped(Nomination, actor)
        .join(Unit, col(Unit.id) == Nomination.unit_id)
        .add_columns(Unit)
        .where(Nomination.guest_id == guest.id)
        .order_by(col(Nomination.id))
    )
    return [tuple(row) for row in db.session.execute(wanted)]


def guests_of_people(edition: Edition, person_ids: Iterable[int]) -> dict[int, Guest]:
    """Whoever of these is on the list already, by person id, whichever unit owns them: nobody is invited twice."""
    wanted = select(Guest).where(Guest.edition_id == edition.id, col(Guest.person_id).in_(list(person_ids)))
    found = db.session.scalars(unscoped_for("nobody is invited twice", wanted.with_for_update()))
    return {guest.person_id: guest for guest in found}


def nominating_units(guest_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Guest and unit of each nomination there is."""
    wanted = select(Nomination.guest_id, Nomination.unit_id).where(
        col(Nomination.guest_id).in_(list(guest_ids))
    )
    return {
        (guest_id, unit_id) for guest_id, unit_id in db.session.execute(unscoped_for("nominating", wanted))
    }


def standing(edition_id: int, *, unit_id: int, category: Category) -> int:
    """How many nominations of a unit and category stand: what a quota's `used` must equal."""
    wanted = sa.select(sa.func.count()).where(
        col(Guest.edition_id) == edition_id,
        col(Guest.unit_id) == unit_id,
        col(Guest.category) == category,
        _APPROVALS["standing"],
    )
    return int(db.session.scalar(unscoped_for("counting for a quota", wanted.select_from(Guest))) or 0)


@dataclass
class Card(OfPerson):
    """A guest as lists show them, with name and external post. Also an `Addressee` of `people.salutation`."""

    guest: Guest
    person: Person
    owner: Unit
    organization: str = ""
    title: str = ""

    @property
    def unit(self) -> str:
        """Whose guest it is, in short."""
        return self.owner.short_name

    @property
    def post(self) -> str:
        return f"{self.organization} {self.title}".strip()


def cards(actor: Actor, guests: Sequence[Guest]) -> list[Card]:
    """Cards for guests already found for the actor, in their order; two statements however many."""
    wanted = (
        scoped(Person, actor)
        .join(Guest, col(Guest.person_id) == Person.id)
        .join(Unit, col(Unit.id) == Guest.unit_id)
        .add_columns(Unit, col(Guest.id))
        .where(col(Guest.id).in_([guest.id for guest in guests]))
    )
    known = {guest_id: (person, owner) for person, owner, guest_id in db.session.execute(wanted)}
    posts = _posts(actor, [guest.person_id for guest in guests])
    return [
        Card(guest, *known[guest.id or 0], *posts.get(guest.person_id, ("", "")))
        for guest in guests
        if guest.id in known
    ]


def card(actor: Actor, guest: Guest) -> Card:
    return cards(actor, [guest])[0]


def _posts(actor: Actor, person_ids: Sequence[int | None]) -> dict[int, tuple[str, str]]:
    short = sa.case((Organization.short_name != "", Organization.short_name), else_=Organization.name)
    wanted = (
        scoped(Position, actor)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .with_only_columns(col(Position.person_id), short, col(Position.title))
        .where(col(Position.person_id).in_(person_ids), col(Position.until).is_(None))
        .order_by(col(Position.rank).desc(), col(Position.id).desc())
    )
    return {person_id: (firm, title) for person_id, firm, title in db.session.execute(wanted)}
