"""What a desk and its supervisor may find: the guests of one edition by name, title and level, and no phone of anybody."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.conference import queries as conference
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Approval, Edition, Guest, Onsite, Reply
from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.clock import day_begins, now, today
from yishang_crm.core.db import db, is_sqlite
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.models import Organization, Person, Position
from yishang_crm.people.queries import people_matching
from yishang_crm.reception.models import CAME, UNDO_WITHIN, CheckIn, Outcome

HITS = 8
LATEST = 20
_AT_THE_DESK = (Permission.RECEPTION_CHECK_IN, Permission.RECEPTION_READ)


def visible_to(actor: Actor, edition: Edition) -> SelectOfScalar[Guest]:
    """Who stands at the gate sees every guest of the edition, whichever unit invited them; nobody else sees any here."""
    return _guests_at(actor, edition.id or 0)


def _guests_at(actor: Actor, edition_id: int) -> SelectOfScalar[Guest]:
    guests = scoped(Guest, actor).where(Guest.edition_id == edition_id)
    return guests if _stands_at_the_gate(actor) else guests.where(sa.false())


def check_ins_visible_to(actor: Actor, edition: Edition) -> SelectOfScalar[CheckIn]:
    """The same reach for what the desks did."""
    return _check_ins_at(actor, edition.id or 0)


def _check_ins_at(actor: Actor, edition_id: int) -> SelectOfScalar[CheckIn]:
    rows = scoped(CheckIn, actor).where(CheckIn.edition_id == edition_id)
    return rows if _stands_at_the_gate(actor) else rows.where(sa.false())


# One guest at a desk


@dataclass
class Party:
    """A guest with what a desk shows: name, post, who answers for them, and how many of the companions came."""

    guest: Guest
    name: str
    organization: str
    title: str
    unit: str
    liaison: str
    companions_came: int

    @property
    def post(self) -> str:
        return f"{self.organization} {self.title}".strip()


_SHORT = sa.case((Organization.short_name != "", Organization.short_name), else_=Organization.name)


def party(actor: Actor, edition: Edition, guest_id: int, *, held: bool = False) -> Party | None:
    """One statement. `held`: no other desk decides about this guest until we have."""
    wanted = _parties_held(actor, edition.id or 0) if held else _parties(actor, edition.id or 0)
    row = db.session.execute(wanted, {"wanted": guest_id}).first()
    return Party(*row) if row else None


# Building such a statement takes longer than running it; a desk runs it for every scan.


@lru_cache(maxsize=64)
def _parties_held(actor: Actor, edition_id: int) -> Any:
    return _parties(actor, edition_id).with_for_update(of=Guest).execution_options(populate_existing=True)


@lru_cache(maxsize=64)
def _parties(actor: Actor, edition_id: int) -> Any:
    came = (
        sa.select(sa.func.count())
        .where(
            col(CheckIn.guest_id) == Guest.id,
            col(CheckIn.outcome) == Outcome.COMPANION,
            col(CheckIn.undone_at).is_(None),
        )
        .correlate(Guest)
        .scalar_subquery()
    )
    at_present = sa.and_(col(Position.person_id) == Guest.person_id, col(Position.until).is_(None))
    return (
        _guests_at(actor, edition_id)
        .join(Person, col(Person.id) == Guest.person_id)
        .join(Unit, col(Unit.id) == Guest.unit_id)
        .outerjoin(Position, at_present)
        .outerjoin(Organization, col(Organization.id) == Position.organization_id)
        .add_columns(Person.name, sa.func.coalesce(_SHORT, ""), sa.func.coalesce(Position.title, ""))
        .add_columns(Unit.short_name, Unit.liaison_name, came)
        .where(Guest.id == sa.bindparam("wanted"))
        .order_by(col(Position.rank), col(Position.id))
        .limit(1)
    )


@dataclass
class Answer:
    """A sending's row with what a verdict needs: whom it was about, and the arrival it repeated or took back."""

    check_in: CheckIn
    party: Party | None = None
    earlier: CheckIn | None = None


def answered_before(actor: Actor, edition: Edition, nonce: str) -> Answer | None:
    """What was answered to this sending, if it came before. Two sendings of one nonce wait for each other."""
    if not is_sqlite():  # SQLite has one writer at a time as it is
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(nonce))))
    return answer_to(actor, edition, nonce)


def answer_to(actor: Actor, edition: Edition, nonce: str) -> Answer | None:
    row = db.session.scalars(_sendings(actor, edition.id or 0), {"nonce": nonce}).one_or_none()
    if row is None:
        return None
    rows = check_ins_visible_to(actor, edition).where(CheckIn.id == row.earlier_id)
    earlier = db.session.scalars(rows).one_or_none() if row.earlier_id else None
    return Answer(row, party(actor, edition, row.guest_id) if row.guest_id else None, earlier)


@lru_cache(maxsize=64)
def _sendings(actor: Actor, edition_id: int) -> Any:
    return _check_ins_at(actor, edition_id).where(CheckIn.nonce == sa.bindparam("nonce"))


def arrival_of(actor: Actor, edition: Edition, guest_id: int) -> CheckIn | None:
    """How this guest came in: when, at which desk, by whom."""
    standing = check_ins_visible_to(actor, edition).where(
        CheckIn.guest_id == guest_id, CheckIn.outcome == Outcome.ARRIVED, col(CheckIn.undone_at).is_(None)
    )
    return db.session.scalars(standing.order_by(col(CheckIn.id).desc()).limit(1)).first()


def last_at(actor: Actor, edition: Edition, *, desk: str) -> CheckIn | None:
    """The last whom this hand let in at this desk, if that can still be taken back."""
    mine = check_ins_visible_to(actor, edition).where(
        CheckIn.desk == desk,
        CheckIn.user_id == actor.id,
        col(CheckIn.at) >= now() - UNDO_WITHIN,
        *_came(),
    )
    return db.session.scalars(mine.order_by(col(CheckIn.id).desc()).limit(1)).first()


def came_today(actor: Actor, edition: Edition, *, desk: str) -> int:
    """How many this desk has let in today, companions and walk-ins among them."""
    mine = check_ins_visible_to(actor, edition).where(
        CheckIn.desk == desk, col(CheckIn.at) >= day_begins(today()), *_came()
    )
    return _count(actor, mine)


def _came() -> tuple[Any, ...]:
    return col(CheckIn.outcome).in_(CAME), col(CheckIn.undone_at).is_(None)


# Search


@dataclass
class Hit:
    """A row of the desk's search. `id` says whether the guest or somebody of their party is meant: `12`, `12-companion`."""

    guest: Guest
    name: str
    post: str
    is_companion: bool = False

    @property
    def id(self) -> str:
        return f"{self.guest.id}-companion" if self.is_companion else str(self.guest.id)


def hits(actor: Actor, edition: Edition, text: str) -> list[Hit]:
    """At most eight, by name, pinyin, initials, phone tail, firm, or the name of a delegate or companion; two statements."""
    text = "".join(sign for sign in text if sign.isprintable()).strip()
    # The edition's guests below are the limit, not the unit of whoever stands at the desk.
    found = people_matching(HOUSE, text) if text else None
    if found is None:
        return []
    named = [
        col(column).contains(text, autoescape=True) for column in (Guest.delegate_name, Guest.companion_names)
    ]
    wanted = (
        visible_to(actor, edition)
        .join(Person, col(Person.id) == Guest.person_id)
        .add_columns(Person.name)
        .where(
            sa.or_(col(Guest.person_id).in_(found.scalar_subquery()), *named),
            Guest.approval != Approval.REJECTED,
        )
        .order_by(
            sa.case((col(Guest.onsite) == Onsite.CHECKED_IN, 1), else_=0), col(Person.name_key), col(Guest.id)
        )
        .limit(HITS)
    )
    rows = db.session.execute(wanted).all()
    posts = _posts(actor, [guest.person_id for guest, _ in rows])
    parties = [Hit(guest, name, posts.get(guest.person_id, "")) for guest, name in rows]
    with_companions = [
        one
        for hit in parties
        for one in (hit, Hit(hit.guest, hit.name, hit.guest.companion_names, is_companion=True))
        if not one.is_companion or hit.guest.companions
    ]
    return with_companions[:HITS]


def _posts(actor: Actor, person_ids: Sequence[int]) -> dict[int, str]:
    if not person_ids:
        return {}
    wanted = (
        scoped(Position, actor)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .with_only_columns(col(Position.person_id), _SHORT, col(Position.title))
        .where(col(Position.person_id).in_(person_ids), col(Position.until).is_(None))
        .order_by(col(Position.rank).desc(), col(Position.id).desc())
    )
    return {person_id: f"{firm} {title}".strip() for person_id, firm, title in db.session.execute(wanted)}


# The supervisor's page


@dataclass
class UnitCount:
    """How a unit's guests have come."""

    unit_id: int
    unit: str
    expected: int
    arrived: int


def by_unit(actor: Actor, edition: Edition) -> list[UnitCount]:
    """Units in their customary order: those who said they come (or came unasked), and those who are here."""
    is_here = col(Guest.onsite) == Onsite.CHECKED_IN
    said_yes = sa.and_(
        col(Guest.approval) == Approval.APPROVED, col(Guest.reply).in_([Reply.ACCEPTED, Reply.DELEGATED])
    )
    expected, arrived = _tally(sa.or_(said_yes, is_here)), _tally(is_here)
    wanted = (
        visible_to(actor, edition)
        .join(Unit, col(Unit.id) == Guest.unit_id)
        .with_only_columns(col(Unit.id), col(Unit.name), expected, arrived)
        .group_by(col(Unit.id), col(Unit.name), col(Unit.display_order))
        .having(expected > 0)
        .order_by(col(Unit.display_order), col(Unit.id))
    )
    return [UnitCount(*row) for row in db.session.execute(wanted)]


def _tally(condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


@dataclass
class DeskCount:
    """One desk today: how many came in, and when the last."""

    desk: str
    arrived: int
    last_at: dt.datetime | None


def by_desk(actor: Actor, edition: Edition) -> list[DeskCount]:
    wanted = (
        check_ins_visible_to(actor, edition)
        .with_only_columns(
            col(CheckIn.desk), sa.func.count(), sa.func.max(CheckIn.at, type_=CheckIn.__table__.c.at.type)
        )  # type: ignore[attr-defined]
        .where(col(CheckIn.at) >= day_begins(today()), *_came())
        .group_by(col(CheckIn.desk))
        .order_by(col(CheckIn.desk))
    )
    return [DeskCount(*row) for row in db.session.execute(wanted)]


@dataclass
class Line:
    """A check-in as the supervisor reads it, with the one it repeated."""

    check_in: CheckIn
    name: str
    unit: str
    delegate: str = ""
    earlier: CheckIn | None = None


def latest(actor: Actor, edition: Edition) -> list[Line]:
    """The last twenty who came in, walk-ins and companions among them."""
    wanted = _lines(actor, edition).where(*_came())
    return [_line(row) for row in db.session.execute(wanted.limit(LATEST))]


def duplicates(actor: Actor, edition: Edition) -> list[Line]:
    """Guests who were shown again at another desk: a screenshot in two hands, or a companion with the wrong code."""
    earlier = aliased(CheckIn)
    wanted = (
        _lines(actor, edition)
        .join(earlier, earlier.id == CheckIn.earlier_id)
        .add_columns(earlier)
        .where(CheckIn.outcome == Outcome.REPEATED, earlier.desk != CheckIn.desk)
    )
    return [_line(row) for row in db.session.execute(wanted.limit(LATEST))]


def _lines(actor: Actor, edition: Edition) -> Any:
    return (
        check_ins_visible_to(actor, edition)
        .outerjoin(Guest, col(Guest.id) == CheckIn.guest_id)
        .outerjoin(Person, col(Person.id) == Guest.person_id)
        .outerjoin(Unit, col(Unit.id) == Guest.unit_id)
        .add_columns(sa.func.coalesce(Person.name, CheckIn.name), sa.func.coalesce(Unit.short_name, ""))
        .add_columns(sa.func.coalesce(Guest.delegate_name, ""))
        .order_by(col(CheckIn.id).desc())
    )


def _line(row: Any) -> Line:
    return Line(*row)


@dataclass
class Totals:
    """The whole edition at this moment."""

    expected: int
    arrived: int
    companions: int
    walk_ins: int


def totals(actor: Actor, edition: Edition, units: Sequence[UnitCount]) -> Totals:
    """One statement beside what the units already told."""
    standing = col(CheckIn.undone_at).is_(None)
    extra = check_ins_visible_to(actor, edition).with_only_columns(
        _tally(sa.and_(standing, col(CheckIn.outcome) == Outcome.COMPANION)),
        _tally(sa.and_(standing, col(CheckIn.outcome) == Outcome.WALK_IN)),
    )
    companions, walk_ins = db.session.execute(extra).one()
    return Totals(
        sum(unit.expected for unit in units), sum(unit.arrived for unit in units), companions, walk_ins
    )


def _count(actor: Actor, wanted: Any) -> int:
    counting = sa.select(sa.func.count()).select_from(wanted.with_only_columns(col(CheckIn.id)).subquery())
    return int(db.session.scalar(counting.execution_options(scope=actor.key)) or 0)


def _stands_at_the_gate(actor: Actor) -> bool:
    return any(actor.may(permission) for permission in _AT_THE_DESK)


# What a code means


@dataclass(frozen=True)
class Meant:
    """Whom a code names. `generation`: that of a token, None of a reply code, which holds as long as it is found."""

    guest_id: int
    generation: int | None = None

    def is_replaced(self, guest: Guest) -> bool:
        """Whether the guest was given another since. A token bears the last byte of the generation."""
        return self.generation is not None and self.generation != guest.token_generation & 0xFF


def guest_meant(actor: Actor, edition: Edition, code: str) -> Meant | None:
    """The guest of an entry QR, a letter's link, or six digits. Whether the row agrees, the row says."""
    text = code.split("?", maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    if said := tokens.read_entry(text) or tokens.read(text):
        return Meant(*said)
    if len(text) != 6 or not (text.isascii() and text.isdecimal()):
        return None
    indexes = tokens.code_indexes(edition.id or 0, text)
    wanted = visible_to(actor, edition).where(col(Guest.code_index).in_(indexes))
    found = db.session.scalars(wanted.with_only_columns(col(Guest.id)).limit(1)).first()
    found = found or next(iter(conference.merged_codes(indexes)), None)
    return Meant(found) if found else None


def led_on(meant: Meant) -> Meant | None:
    """Where a token of a guest leads who went into another."""
    standing = conference.led_on((meant.guest_id, meant.generation or 0))
    return Meant(*standing) if standing else None


def other_edition(guest_id: int) -> str | None:
    """The name of the edition whose code this is; nothing about the guest."""
    wanted = select(Edition.name).join(Guest, col(Guest.edition_id) == Edition.id).where(Guest.id == guest_id)
    return db.session.scalars(unscoped_for("code of another edition", wanted)).one_or_none()


def check_ins_of_person(person_id: int) -> Sequence[CheckIn]:
    """Every sending of a desk about one person, whoever asks: for telling them, and for forgetting."""
    guests = sa.select(Guest.id).where(Guest.person_id == person_id)
    wanted = sa.select(CheckIn).where(col(CheckIn.guest_id).in_(guests)).order_by(col(CheckIn.id))
    return db.session.scalars(unscoped_for("a person's own rights", wanted)).all()


def check_ins_of(guest_ids: Sequence[int]) -> Sequence[CheckIn]:
    """What desks did with these guests, in its order: for a merge."""
    wanted = select(CheckIn).where(col(CheckIn.guest_id).in_(list(guest_ids))).order_by(col(CheckIn.id))
    return db.session.scalars(unscoped_for("merge", wanted)).all()
