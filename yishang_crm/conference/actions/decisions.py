"""Deciding on nominations: approve, reserve, reject; and withdrawing, which ends link, code and letter."""

from collections.abc import Sequence

from yishang_crm.conference import queries
from yishang_crm.conference.actions.nominations import give_back_place
from yishang_crm.conference.actions.seats import settle_seats
from yishang_crm.conference.models import Approval, Edition, Guest
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment
from yishang_crm.core.deed import note as leave_note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.outbox import door

_UNDECIDED = (Approval.SUBMITTED, Approval.PRELIM_OK)
_OPEN = (*_UNDECIDED, Approval.RESERVE)


@action(Permission.CONFERENCE_APPROVE)
def approve(actor: Actor, guest: Guest, *, note: str = "") -> None:
    """The committee's yes (审定)."""
    held(actor, guest).approve(at=now(), note=note)
    leave_note(reason=note)


@action(Permission.CONFERENCE_APPROVE)
def reserve(actor: Actor, guest: Guest, *, note: str = "") -> None:
    """On the waiting list (备选): moves up when somebody declines."""
    held(actor, guest).reserve(note=note)
    leave_note(reason=note)


@action(Permission.CONFERENCE_APPROVE)
def reject(actor: Actor, guest: Guest, *, note: str) -> None:
    """Not invited; the nominating units read the reason."""
    guest = held(actor, guest)
    guest.reject(note=note)
    give_back_place(guest)
    leave_note(reason=note)


@action(Permission.CONFERENCE_APPROVE)
def approve_many(
    actor: Actor, edition: Edition, guests: Sequence[Guest], *, at: Moment, note: str = ""
) -> int:
    """Approve a selection; whoever was decided on meanwhile is left alone. Returns how many.

    By the moment `at` `undo_approvals` knows them, also when they were approved in several portions.
    """
    waiting = _all_held(actor, guests, _OPEN)
    for guest in waiting:
        guest.approve(at=at, note=note)
    about(edition)
    leave_note(count=len(waiting), reason=note)
    return len(waiting)


@action(Permission.CONFERENCE_APPROVE)
def undo_approvals(actor: Actor, edition: Edition, *, at: Moment) -> int:
    """Take back what was approved in one go, as far as nothing has come of it. Returns how many."""
    untouched = [guest for guest in queries.approved_at(actor, edition, at=at) if guest.may_undo_approval]
    for guest in untouched:
        guest.undo_approval()
    about(edition)
    leave_note(count=len(untouched))
    return len(untouched)


@action(Permission.CONFERENCE_APPROVE)
def reserve_many(actor: Actor, edition: Edition, guests: Sequence[Guest], *, note: str = "") -> int:
    """Put a selection on the waiting list; whoever was decided on meanwhile is left alone."""
    waiting = _all_held(actor, guests, _UNDECIDED)
    for guest in waiting:
        guest.reserve(note=note)
    about(edition)
    leave_note(count=len(waiting), reason=note)
    return len(waiting)


@action(Permission.CONFERENCE_APPROVE)
def reject_many(actor: Actor, edition: Edition, guests: Sequence[Guest], *, note: str) -> int:
    """Reject a selection with one reason. Raises `NotPossible` without one."""
    waiting = _all_held(actor, guests, _OPEN)
    for guest in waiting:
        guest.reject(note=note)
        give_back_place(guest)
    about(edition)
    leave_note(count=len(waiting), reason=note)
    return len(waiting)


@action(Permission.CONFERENCE_NOMINATE)
def withdraw(actor: Actor, guest: Guest, *, note: str) -> None:
    """Invited no more: seats and quota are given back, what has not left is called back, link and code are worth nothing.

    A unit withdraws its own nominations while they are not approved; afterwards it is the office's matter.
    """
    guest = held(actor, guest)
    _withdraw(actor, guest, note=note)
    about(guest)


@action(Permission.CONFERENCE_NOMINATE)
def withdraw_many(
    actor: Actor, edition: Edition, guests: Sequence[Guest], *, note: str
) -> tuple[int, list[tuple[Guest, NotPossible]]]:
    """Withdraw a selection with one reason: how many, and who could not be, with why."""
    refused: list[tuple[Guest, NotPossible]] = []
    found = _all_held(actor, guests, tuple(Approval))
    for guest in found:
        try:
            _withdraw(actor, guest, note=note)
        except NotPossible as why:
            refused.append((guest, why))
    about(edition)
    leave_note(count=len(found) - len(refused))
    return len(found) - len(refused), refused


def _withdraw(actor: Actor, guest: Guest, *, note: str) -> None:
    if not actor.sees_all and (guest.unit_id not in actor.unit_ids or guest.approval == Approval.APPROVED):
        raise NotPossible(N_("审定以后，或者不由本单位对接的，要撤回请找会务组。"))
    seats = guest.seats
    guest.withdraw(note=note)
    settle_seats(guest, had=seats)
    give_back_place(guest)
    door.call_back(about=guest.key, reason=N_("邀请已撤回。"))
    leave_note(reason=note)


def held(actor: Actor, guest: Guest) -> Guest:
    """The guest, fresh and locked, the open action about them."""
    fresh = queries.guest_to_change(actor, guest.id or 0)
    if fresh is None:
        raise NotPossible(N_("这位嘉宾不在您负责的范围内。"))
    about(fresh)
    return fresh


def _all_held(actor: Actor, guests: Sequence[Guest], states: Sequence[Approval]) -> list[Guest]:
    """Those of a selection that are in one of these states, fresh and locked."""
    found = queries.guests_to_change(actor, [guest.id or 0 for guest in guests])
    return [guest for guest in found if guest.approval in states]
