"""Rounds, worklists and their figures; beginning one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.outbox.models import Message, State
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import (
    ContactKind,
    ContactPoint,
    ContactState,
    Person,
    PersonState,
    Stewardship,
)
from yishang_crm.people.queries import listing, persons
from yishang_crm.people.rounds.models import ChangeProposal, ConfirmationRound, ProposalState, RoundEntry

PAGE = 50
AT_ONCE = 2000
CONFIRMATION = "confirmation"  # the purpose of letters


# Rounds


def visible_to(actor: Actor) -> SelectOfScalar[ConfirmationRound]:
    """The bureau sees all rounds; a unit its own, and those in which people of its are asked about."""
    rounds = scoped(ConfirmationRound, actor)
    if actor.sees_all:
        return rounds
    concerned = sa.exists().where(
        col(RoundEntry.round_id) == ConfirmationRound.id, col(RoundEntry.unit_id).in_(actor.unit_ids)
    )
    return rounds.where(sa.or_(col(ConfirmationRound.unit_id).in_(actor.unit_ids), concerned))


def entries_visible_to(actor: Actor) -> SelectOfScalar[RoundEntry]:
    entries = scoped(RoundEntry, actor)
    return entries if actor.sees_all else entries.where(col(RoundEntry.unit_id).in_(actor.unit_ids))


def confirmation_round(actor: Actor, round_id: int) -> ConfirmationRound | None:
    return db.session.scalars(visible_to(actor).where(ConfirmationRound.id == round_id)).one_or_none()


def rounds(actor: Actor) -> Sequence[ConfirmationRound]:
    """Open ones first, the newest first."""
    order = col(ConfirmationRound.closed_at).is_not(None), col(ConfirmationRound.id).desc()
    return db.session.scalars(visible_to(actor).order_by(*order).limit(PAGE)).all()


@dataclass(frozen=True)
class Progress:
    """How far a unit has come. `waiting` is what is neither confirmed nor tried in vain."""

    unit_id: int
    unit: str
    total: int
    confirmed: int
    unreachable: int

    @property
    def waiting(self) -> int:
        return self.total - self.confirmed - self.unreachable


def progress(actor: Actor, found: ConfirmationRound) -> list[Progress]:
    """By unit in the customary order; one statement."""
    confirmed, unreachable = _is_confirmed(found), _is_unreachable(found)
    counting = (
        entries_visible_to(actor)
        .join(Person, col(Person.id) == RoundEntry.person_id)
        .join(Unit, col(Unit.id) == RoundEntry.unit_id)
        .where(RoundEntry.round_id == found.id)
        .with_only_columns(
            col(Unit.id),
            col(Unit.short_name),
            sa.func.count(),
            sa.func.sum(sa.case((confirmed, 1), else_=0)),
            sa.func.sum(sa.case((unreachable, 1), else_=0)),
        )
        .group_by(col(Unit.id), col(Unit.short_name), col(Unit.display_order))
        .order_by(col(Unit.display_order), col(Unit.id))
    )
    return [
        Progress(row[0], row[1], *(int(number) for number in row[2:])) for row in db.session.execute(counting)
    ]


def is_waiting(begun_at: Any) -> Any:
    """Neither confirmed since that moment (a value or a column) nor tried in vain."""
    return sa.and_(
        sa.not_(sa.func.coalesce(_is_confirmed_since(begun_at), sa.false())),
        col(RoundEntry.unreachable_at).is_(None),
    )


def _is_confirmed(found: ConfirmationRound) -> Any:
    return _is_confirmed_since(found.begun_at)


def _is_confirmed_since(begun_at: Any) -> Any:
    return sa.and_(col(Person.confirmed_at).is_not(None), col(Person.confirmed_at) >= begun_at)


def _is_unreachable(found: ConfirmationRound) -> Any:
    return sa.and_(col(RoundEntry.unreachable_at).is_not(None), sa.not_(_confirmed_or_null(found)))


def _confirmed_or_null(found: ConfirmationRound) -> Any:
    """Whether the record was confirmed since the round began: true or false, so that it can be turned round."""
    # A record never confirmed compares to null, and NOT null is null again.
    return sa.func.coalesce(_is_confirmed(found), sa.false())


# A worklist


@dataclass(frozen=True)
class Line:
    """One person on a worklist."""

    entry: RoundEntry
    card: persons.Card
    proposals: int = 0
    letter: State | None = None


@dataclass(frozen=True)
class Asked:
    """Which part of a round: `state` is waiting, confirmed or unreachable, or one of `parts_by_letter`; a unit; only the
    reader's own."""

    state: str = "waiting"
    unit_id: int | None = None
    mine: bool = False


def worklist(actor: Actor, found: ConfirmationRound, asked: Asked, *, page: int = 1) -> Sequence[Line]:
    """Fifty people of a round, those with something to decide first; four statements however many."""
    waiting = _waiting_proposals(RoundEntry.id)
    letter = sa.select(col(Message.state)).where(col(Message.key) == letter_key()).scalar_subquery()
    wanted = _part(actor, found, asked).add_columns(Person, letter)
    wanted = wanted.order_by(waiting.desc(), col(RoundEntry.id))
    rows = db.session.execute(wanted.limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()
    cards = persons.cards(actor, [person for _entry, person, _letter in rows])
    counts = _counts_of_proposals(actor, [entry.id for entry, _person, _letter in rows])
    return [
        Line(entry, card, counts.get(entry.id or 0, 0), letter)
        for (entry, _person, letter), card in zip(rows, cards, strict=True)
    ]


def count_of(actor: Actor, found: ConfirmationRound, asked: Asked) -> int:
    wanted = _part(actor, found, asked).with_only_columns(sa.func.count())
    return int(db.session.scalar(wanted) or 0)


def _part(actor: Actor, found: ConfirmationRound, asked: Asked) -> Any:
    states = {
        "waiting": is_waiting(found.begun_at),
        "confirmed": _is_confirmed(found),
        "unreachable": _is_unreachable(found),
        **parts_by_letter(found),
    }
    wanted = entries_with_people(actor, found).where(states.get(asked.state, sa.true()))
    if asked.unit_id:
        wanted = wanted.where(RoundEntry.unit_id == asked.unit_id)
    return wanted.where(RoundEntry.user_id == actor.id) if asked.mine else wanted


def entries_with_people(actor: Actor, found: ConfirmationRound) -> SelectOfScalar[RoundEntry]:
    entries = entries_visible_to(actor).join(Person, col(Person.id) == RoundEntry.person_id)
    return entries.where(RoundEntry.round_id == found.id)


def parts_by_letter(found: ConfirmationRound) -> dict[str, Any]:
    """Of those who have not answered: who can be written to, who has a letter, and who has no address it could go to."""
    has_letter = sa.exists().where(col(Message.key) == letter_key())
    has_mail = sa.exists().where(
        col(ContactPoint.person_id) == RoundEntry.person_id,
        ContactPoint.kind == ContactKind.EMAIL,
        ContactPoint.state == ContactState.OK,
    )
    # Who was tried in vain by phone is written to all the more; the dead and who wants to be left alone are not.
    unanswered = sa.and_(
        sa.not_(_confirmed_or_null(found)),
        col(RoundEntry.answered_at).is_(None),
        Person.state != PersonState.DECEASED,
        col(Person.do_not_contact_at).is_(None),
    )
    return {
        "ready": sa.and_(unanswered, sa.not_(has_letter), has_mail),
        "written": sa.and_(unanswered, has_letter),
        "no_mail": sa.and_(unanswered, sa.not_(has_letter), sa.not_(has_mail)),
    }


def letter_key() -> Any:
    """Under which the letter to an entry stands in the outbox, if it was not cancelled."""
    return sa.literal(f"{CONFIRMATION}:round_entry:").concat(sa.cast(col(RoundEntry.id), sa.String))


def _waiting_proposals(entry_id: Any) -> Any:
    return (
        sa.select(sa.func.count())
        .where(col(ChangeProposal.entry_id) == entry_id, col(ChangeProposal.state) == ProposalState.WAITING)
        .scalar_subquery()
    )


def _counts_of_proposals(actor: Actor, entry_ids: Sequence[int | None]) -> dict[int, int]:
    counting = (
        scoped(ChangeProposal, actor)
        .where(col(ChangeProposal.entry_id).in_(entry_ids), ChangeProposal.state == ProposalState.WAITING)
        .with_only_columns(col(ChangeProposal.entry_id), sa.func.count())
        .group_by(col(ChangeProposal.entry_id))
    )
    return {int(entry_id): int(count) for entry_id, count in db.session.execute(counting)}


def entry(actor: Actor, entry_id: int) -> RoundEntry | None:
    """An entry of a person whom the actor (still) sees."""
    seen = persons.visible_to(actor).with_only_columns(col(Person.id))
    wanted = entries_visible_to(actor).where(RoundEntry.id == entry_id)
    return db.session.scalars(
        wanted.where(seen.where(col(Person.id) == RoundEntry.person_id).correlate(RoundEntry).exists())
    ).one_or_none()


def round_of(found: RoundEntry) -> ConfirmationRound:
    """The round of an entry already found for the actor."""
    wanted = select(ConfirmationRound).where(ConfirmationRound.id == found.round_id)
    return db.session.scalars(unscoped_for("the round of an entry", wanted)).one()


# Beginning one


def how_many(actor: Actor, filters: Filters, *, most: int) -> int:
    """People of the list that some unit answers for; `most + 1` means more."""
    wanted = _with_owner(actor, filters).limit(most + 1).subquery()
    counting = sa.select(sa.func.count()).select_from(wanted).execution_options(scope=actor.key)
    return int(db.session.scalar(counting) or 0)


def last_put(begun: ConfirmationRound) -> int:
    """The highest person id that is on a worklist already; 0 for none."""
    wanted = sa.select(sa.func.max(col(RoundEntry.person_id))).where(col(RoundEntry.round_id) == begun.id)
    return int(db.session.scalar(unscoped_for("filling a round", wanted)) or 0)


def put_so_far(begun: ConfirmationRound) -> int:
    counting = sa.select(sa.func.count()).where(col(RoundEntry.round_id) == begun.id)
    return int(db.session.scalar(unscoped_for("filling a round", counting)) or 0)


def portions(
    actor: Actor, filters: Filters, *, after: int = 0
) -> Iterator[Sequence[tuple[int, int, int | None]]]:
    """Person, answerable unit and owner, two thousand at a time by rising id."""
    last = after
    while True:
        wanted = _with_owner(actor, filters).where(col(Person.id) > last).order_by(col(Person.id))
        rows = [(int(a), int(b), c) for a, b, c in db.session.execute(wanted.limit(AT_ONCE))]
        if not rows:
            return
        last = rows[-1][0]
        yield rows


def _with_owner(actor: Actor, filters: Filters) -> Any:
    # The dead are asked nothing; who wants to be left alone is not disturbed for a round.
    # Under another name, for the list's own conditions look at stewards, too.
    owner = aliased(Stewardship)
    owners = listing.matching(actor, filters).join(
        owner, sa.and_(owner.person_id == Person.id, owner.answerable.is_(True))
    )
    if not actor.sees_all:
        owners = owners.where(owner.unit_id.in_(actor.unit_ids))
    alive = Person.state != PersonState.DECEASED, col(Person.do_not_contact_at).is_(None)
    return owners.where(*alive).with_only_columns(col(Person.id), owner.unit_id, owner.user_id)
