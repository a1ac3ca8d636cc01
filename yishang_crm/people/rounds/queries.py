"""Rounds, worklists, their figures, and proposals that wait."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
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
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import ContactPoint, Organization, Person, PersonState, Position, Stewardship
from yishang_crm.people.queries import listing, persons
from yishang_crm.people.rounds.models import ChangeProposal, ConfirmationRound, ProposalState, RoundEntry

PAGE = 50
AT_ONCE = 2000


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


def proposals_visible_to(actor: Actor) -> SelectOfScalar[ChangeProposal]:
    """What was said of the people one sees."""
    seen = persons.visible_to(actor).with_only_columns(col(Person.id))
    return scoped(ChangeProposal, actor).where(
        seen.where(col(Person.id) == ChangeProposal.person_id).correlate(ChangeProposal).exists()
    )


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


def _is_confirmed(found: ConfirmationRound) -> Any:
    return sa.and_(col(Person.confirmed_at).is_not(None), col(Person.confirmed_at) >= found.begun_at)


def _is_unreachable(found: ConfirmationRound) -> Any:
    return sa.and_(col(RoundEntry.unreachable_at).is_not(None), sa.not_(_confirmed_or_null(found)))


def _confirmed_or_null(found: ConfirmationRound) -> Any:
    # A record never confirmed compares to null, and NOT null is null again.
    return sa.func.coalesce(_is_confirmed(found), sa.false())


# A worklist


@dataclass(frozen=True)
class Line:
    """One person on a worklist."""

    entry: RoundEntry
    card: persons.Card
    proposals: int = 0


@dataclass(frozen=True)
class Asked:
    """Which part of a round: `state` is waiting, confirmed or unreachable; a unit; only the reader's own."""

    state: str = "waiting"
    unit_id: int | None = None
    mine: bool = False


def worklist(actor: Actor, found: ConfirmationRound, asked: Asked, *, page: int = 1) -> Sequence[Line]:
    """Fifty people of a round, those with something to decide first; four statements however many."""
    waiting = _waiting_proposals(RoundEntry.id)
    wanted = _part(actor, found, asked).add_columns(Person).order_by(waiting.desc(), col(RoundEntry.id))
    rows = db.session.execute(wanted.limit(PAGE).offset((max(page, 1) - 1) * PAGE)).all()
    cards = persons.cards(actor, [person for _entry, person in rows])
    counts = _counts_of_proposals(actor, [entry.id for entry, _person in rows])
    return [
        Line(entry, card, counts.get(entry.id or 0, 0))
        for (entry, _person), card in zip(rows, cards, strict=True)
    ]


def count_of(actor: Actor, found: ConfirmationRound, asked: Asked) -> int:
    wanted = _part(actor, found, asked).with_only_columns(sa.func.count())
    return int(db.session.scalar(wanted) or 0)


def _part(actor: Actor, found: ConfirmationRound, asked: Asked) -> Any:
    states = {
        "waiting": sa.and_(sa.not_(_confirmed_or_null(found)), col(RoundEntry.unreachable_at).is_(None)),
        "confirmed": _is_confirmed(found),
        "unreachable": _is_unreachable(found),
    }
    wanted = (
        entries_visible_to(actor)
        .join(Person, col(Person.id) == RoundEntry.person_id)
        .where(RoundEntry.round_id == found.id, states.get(asked.state, sa.true()))
    )
    if asked.unit_id:
        wanted = wanted.where(RoundEntry.unit_id == asked.unit_id)
    return wanted.where(RoundEntry.user_id == actor.id) if asked.mine else wanted


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


# Proposals


@dataclass(frozen=True)
class Waiting:
    """A proposal with whom it is about."""

    proposal: ChangeProposal
    person: Person


def proposal(actor: Actor, proposal_id: int, *, hold: bool = False) -> ChangeProposal | None:
    """`hold`: read anew and kept from others until the transaction ends."""
    wanted = proposals_visible_to(actor).where(ChangeProposal.id == proposal_id)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(wanted).one_or_none()


def waiting_proposals(actor: Actor, *, person: Person | None = None) -> Sequence[Waiting]:
    """The oldest first; of one person, or of all whom the actor sees."""
    wanted: Any = (
        proposals_visible_to(actor)
        .join(Person, col(Person.id) == ChangeProposal.person_id)
        .where(ChangeProposal.state == ProposalState.WAITING)
        .add_columns(Person)
        .order_by(col(ChangeProposal.id))
        .limit(PAGE)
    )
    if person is not None:
        wanted = wanted.where(ChangeProposal.person_id == person.id)
    return [Waiting(*row) for row in db.session.execute(wanted)]


def present_posts(actor: Actor, person: Person) -> Sequence[Position]:
    """What a person already found for the actor holds now."""
    wanted = scoped(Position, actor).where(Position.person_id == person.id, col(Position.until).is_(None))
    return db.session.scalars(wanted).all()


def proposals_of(person_id: int) -> Sequence[ChangeProposal]:
    """Everything one person proposed, whoever asks: for telling them, and for forgetting it."""
    wanted = (
        select(ChangeProposal).where(ChangeProposal.person_id == person_id).order_by(col(ChangeProposal.id))
    )
    return db.session.scalars(unscoped_for("a person's own rights", wanted)).all()


def entries_of(person_ids: Collection[int]) -> Sequence[RoundEntry]:
    """Where these people stand on any round's list, whoever asks: for records that become one."""
    wanted = select(RoundEntry).where(col(RoundEntry.person_id).in_(person_ids)).order_by(col(RoundEntry.id))
    return db.session.scalars(unscoped_for("a merge moves worklists", wanted)).all()


def proposals_in(entry: RoundEntry) -> Sequence[ChangeProposal]:
    wanted = (
        select(ChangeProposal).where(ChangeProposal.entry_id == entry.id).order_by(col(ChangeProposal.id))
    )
    return db.session.scalars(unscoped_for("a merge moves worklists", wanted)).all()


# At the door: whoever holds a personal link


@dataclass(frozen=True)
class Own:
    """What a person's own page shows."""

    entry: RoundEntry
    found: ConfirmationRound
    person: Person
    contacts: Sequence[ContactPoint]
    posts: Sequence[tuple[Position, Organization]]
    proposals: Sequence[ChangeProposal]
    unit: Unit

    def may_be_shown(self, *, on: dt.date) -> bool:
        """A month beyond the round, so that one reads what came of it; never of the dead or those left alone."""
        over = on > self.found.due_on + dt.timedelta(days=30)
        return (
            not over and self.person.state != PersonState.DECEASED and self.person.do_not_contact_at is None
        )


def own(entry_id: int) -> Own | None:
    """Behind a genuine link; outlines only, six statements."""
    why = "a person at their own page"
    wanted = (
        select(RoundEntry, ConfirmationRound, Person, Unit)
        .join(ConfirmationRound, col(ConfirmationRound.id) == RoundEntry.round_id)
        .join(Person, col(Person.id) == RoundEntry.person_id)
        .join(Unit, col(Unit.id) == RoundEntry.unit_id)
        .where(RoundEntry.id == entry_id)
    )
    row = db.session.execute(unscoped_for(why, wanted)).one_or_none()
    if row is None:
        return None
    found, of_round, person, unit = row
    contacts = (
        select(ContactPoint).where(ContactPoint.person_id == person.id).order_by(col(ContactPoint.rank))
    )
    posts = (
        select(Position, Organization)
        .join(Organization, col(Organization.id) == Position.organization_id)
        .where(Position.person_id == person.id, col(Position.until).is_(None))
        .order_by(col(Position.rank), col(Position.id))
    )
    said = select(ChangeProposal).where(ChangeProposal.entry_id == found.id).order_by(col(ChangeProposal.id))
    return Own(
        entry=found,
        found=of_round,
        person=person,
        contacts=db.session.scalars(unscoped_for(why, contacts)).all(),
        posts=[tuple(one) for one in db.session.execute(unscoped_for(why, posts))],
        proposals=db.session.scalars(unscoped_for(why, said)).all(),
        unit=unit,
    )
