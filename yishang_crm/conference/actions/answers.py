"""The guest's word: by link, by code, to a liaison on the phone, by a chamber. All equal, through one function."""

from typing import Any

from yishang_crm.conference import queries
from yishang_crm.conference.actions.decisions import held
from yishang_crm.conference.actions.seats import settle_seats, take_seats
from yishang_crm.conference.models import COMING, Edition, Guest, Reply, ReplyChannel
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.clock import local, now, today
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.people.actions.contacts import normalized


@action(Permission.CONFERENCE_REPLY)
def answer(
    actor: Actor, guest: Guest, *, reply: Reply, channel: ReplyChannel = ReplyChannel.LINK, consented: bool = False,
    version: int | None = None, **details: Any,
) -> None:  # fmt: skip
    """The guest answers for themselves: until the deadline, and having read the notice before they say they come.

    `details` are some of `models.ANSWERED`; what is not named stays as it was. When the hall is full a yes becomes
    `tentative` with `waits_since`; who has a seat and wants more than there are is refused and keeps what they have.
    """
    if actor.guest_id != guest.id:
        raise Refused(N_("这份邀请不是给您的。"))
    guest = held(actor, guest)
    edition = queries.edition_by_id(guest.edition_id)
    if not edition.takes_replies(on=today()):
        raise NotPossible(N_("答复已经截止。要改请直接打电话给联络员，我们替您登记。"))
    if reply in COMING and not consented and guest.consented_at is None:
        raise NotPossible(N_("请先看一眼个人信息告知，再保存。"))
    _answer(edition, guest, reply=reply, channel=channel, version=version, details=details)
    if consented:
        guest.consent(edition.consent_version, at=now())


@action(Permission.CONFERENCE_RECORD_REPLY)
def record_answer(
    actor: Actor, guest: Guest, *, reply: Reply, channel: ReplyChannel = ReplyChannel.LIAISON,
    version: int | None = None, **details: Any,
) -> None:  # fmt: skip
    """Staff write down what a guest told them; also after the deadline, while the edition is open. As `answer` otherwise."""
    guest = held(actor, guest)
    edition = queries.edition_by_id(guest.edition_id)
    edition.must_be_open()
    _answer(edition, guest, reply=reply, channel=channel, version=version, details=details)


def _answer(
    edition: Edition, guest: Guest, *, reply: Reply, channel: ReplyChannel, version: int | None, details: dict[str, Any]
) -> None:  # fmt: skip
    """Everything that may refuse comes before the first seat is taken."""
    guest.must_be_version(version)
    details = _tidied(details)
    companions = details.get("companions", guest.companions)
    guest.must_be_answerable(reply, companions=companions, most=edition.max_companions)
    _must_arrive_in_time(edition, details)
    had = guest.seats
    more = guest.seats_for(reply, companions) - had
    if more > 0 and not take_seats(guest, more):
        if had:
            raise NotPossible(N_("会场座位不够，这次没有加上随行。原来的答复不变，请与联络员商量。"))
        guest.answer(Reply.TENTATIVE, at=now(), channel=channel, **details)
        guest.wait_for_seat(at=now())
        return
    guest.answer(reply, at=now(), channel=channel, **details)
    settle_seats(guest, had=had)


def _tidied(details: dict[str, Any]) -> dict[str, Any]:
    """The delegate's phone normalized and sealed; an empty one is none."""
    typed = details.get("delegate_phone")
    if "delegate_phone" not in details or isinstance(typed, Sealed):
        return details
    return details | {"delegate_phone": Sealed(normalized(typed, kind=None)[1]) if typed else None}


def _must_arrive_in_time(edition: Edition, details: dict[str, Any]) -> None:
    arrives_at = details.get("arrives_at")
    if arrives_at is None:
        return
    days_before = (local(edition.starts_at).date() - local(arrives_at).date()).days
    if days_before > 30 or arrives_at > edition.ends_at:
        raise NotPossible(N_("到达时间不在大会前后，请核对。"))
