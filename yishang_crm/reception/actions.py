"""Letting guests in, exactly once; taking the last one back; nobody is refused."""

import datetime as dt
from dataclasses import dataclass

from yishang_crm.conference import actions as conference
from yishang_crm.conference.models import Edition, Guest, Onsite
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.words import N_
from yishang_crm.people import names
from yishang_crm.reception import queries
from yishang_crm.reception.models import CheckIn, Outcome, holds, is_turned_away
from yishang_crm.reception.queries import Answer, Party

TAKEN_BACK = N_("报到台撤销的临时来宾")


@dataclass(frozen=True)
class Said:
    """What a desk sent: who (a code, or a guest picked by search), or a walk-in's name, or to take the last one back.

    `nonce` is the same on every resend. `admitted`: a hand has settled what a guest was held for.
    """

    nonce: str
    desk: str
    scanned_at: dt.datetime | None = None
    code: str = ""
    guest_id: int | None = None
    is_companion: bool = False
    admitted: bool = False
    walk_in: str = ""
    walk_in_organization: str = ""
    takes_back: bool = False


def answer(actor: Actor, edition: Edition, said: Said) -> Answer:
    """Carry out what a desk sent. Ask `queries.answered_before` first: one nonce is carried out once."""
    if said.takes_back:
        return undo_last(actor, edition, said)
    if said.walk_in:
        return receive_walk_in(actor, edition, said)
    return receive(actor, edition, said)


@action(Permission.RECEPTION_CHECK_IN)
def receive(actor: Actor, edition: Edition, said: Said) -> Answer:
    """A guest, their delegate or a companion stands at a desk."""
    if edition.closed_at:
        return _answered(actor, edition, said, Outcome.CLOSED)
    meant = queries.guest_meant(actor, edition, said.code) if said.code else None
    guest_id = meant.guest_id if meant else said.guest_id
    party = queries.party(actor, edition, guest_id, held=True) if guest_id else None
    if party is None and meant and (standing := queries.led_on(meant)):
        meant, guest_id = standing, standing.guest_id
        party = queries.party(actor, edition, guest_id, held=True)
    if party is None:
        elsewhere = queries.other_edition(guest_id) if meant and guest_id else None
        return _answered(
            actor, edition, said, Outcome.FOREIGN if elsewhere else Outcome.UNKNOWN, title=elsewhere or ""
        )
    about(party.guest)
    if is_turned_away(party.guest):
        return _answered(actor, edition, said, Outcome.WITHDRAWN, party=party)
    if meant and meant.is_replaced(party.guest):
        return _answered(actor, edition, said, Outcome.REPLACED, party=party)
    return _let_in(actor, edition, said, party)


def _let_in(actor: Actor, edition: Edition, said: Said, party: Party) -> Answer:
    if said.is_companion:
        party.companions_came += 1
        return _answered(actor, edition, said, Outcome.COMPANION, party=party)
    was = party.guest.onsite
    if was == Onsite.CHECKED_IN:
        earlier = queries.arrival_of(actor, edition, party.guest.id or 0)
        return _answered(actor, edition, said, Outcome.REPEATED, party=party, earlier=earlier)
    if holds(party.guest) and not said.admitted:
        return _answered(actor, edition, said, Outcome.HELD, party=party)
    party.guest.check_in(at=now())
    return _answered(actor, edition, said, Outcome.ARRIVED, party=party, was=was)


@action(Permission.RECEPTION_CHECK_IN)
def receive_walk_in(actor: Actor, edition: Edition, said: Said) -> Answer:
    """Somebody who is on no list comes in as 临时来宾 and is sorted out later (domain.md §2.8)."""
    guest = _walked_in(actor, edition, said)
    return _answered(
        actor, edition, said, Outcome.WALK_IN, guest=guest, name=said.walk_in, title=said.walk_in_organization
    )


def _walked_in(actor: Actor, edition: Edition, said: Said) -> Guest | None:
    # A name that is none still comes in: the desk's own row tells of it.
    if not names.clean_name(said.walk_in):
        return None
    return conference.walk_in(
        actor, edition, name=said.walk_in, organization=said.walk_in_organization, at=now()
    )


@action(Permission.RECEPTION_CHECK_IN)
def undo_last(actor: Actor, edition: Edition, said: Said) -> Answer:
    """Take back the last whom this hand let in at this desk, within thirty seconds."""
    last = queries.last_at(actor, edition, desk=said.desk)
    if last is None or not last.may_be_undone(at=now()):
        return _answered(actor, edition, said, Outcome.NOT_UNDONE)
    party = queries.party(actor, edition, last.guest_id, held=True) if last.guest_id else None
    last.undo(at=now())
    if party is not None:
        _leave_again(party.guest, last)
    return _answered(
        actor, edition, said, Outcome.UNDONE, party=party, earlier=last, name=last.name, title=last.title
    )


def _leave_again(guest: Guest, last: CheckIn) -> None:
    if last.outcome == Outcome.COMPANION:
        return
    guest.onsite, guest.checked_in_at = last.was or Onsite.EXPECTED, None
    if last.outcome == Outcome.WALK_IN:
        guest.withdraw(note=TAKEN_BACK)


def _answered(
    actor: Actor,
    edition: Edition,
    said: Said,
    outcome: Outcome,
    *,
    party: Party | None = None,
    guest: Guest | None = None,
    earlier: CheckIn | None = None,
    was: Onsite | None = None,
    name: str = "",
    title: str = "",
) -> Answer:
    """The row of this sending, within the open action."""
    note(outcome=outcome.value, desk=said.desk)
    whom = party.guest if party else guest
    row = CheckIn(
        edition_id=edition.id or 0,
        guest_id=whom.id if whom else None,
        nonce=said.nonce,
        desk=said.desk,
        user_id=actor.id,
        user_name=actor.name,
        scanned_at=said.scanned_at,
        outcome=outcome,
        name=name,
        title=title,
        was=was,
        earlier_id=earlier.id if earlier else None,
    )
    db.session.add(row)
    return Answer(row, party, earlier)
