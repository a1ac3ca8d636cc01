"""Answers: by the guest or by staff, through one function; deadline, consent, seats, companions."""

import datetime as dt

import pytest
import time_machine

from tests.cast import Cast
from tests.conference.arranged import a_guest, an_edition, an_invited, as_guest
from yishang_crm.conference import actions, queries
from yishang_crm.conference.models import Logistics, Reply, ReplyChannel, Travel
from yishang_crm.core.clock import now
from yishang_crm.core.errors import NotPossible, Refused, Stale

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def edition(cast: Cast):
    return an_edition(cast.organizer)


@pytest.fixture
def guest(cast: Cast, edition):
    return an_invited(cast.tongcheng, edition)


def test_the_guest_answers_and_staff_would_have_written_the_same(cast: Cast, edition, guest):
    other = an_invited(cast.tongcheng, edition)
    details = {
        "companions": 2,
        "travel": Travel.TRAIN,
        "travel_number": "G7754",
        "arrives_at": edition.starts_at - dt.timedelta(hours=16),
        "nights": 1,
        "diet": "素食",
    }
    actions.answer(as_guest(guest), guest, reply=Reply.ACCEPTED, consented=True, **details)
    actions.record_answer(cast.tongcheng, other, reply=Reply.ACCEPTED, **details)
    same = ("reply", "logistics", *details)
    assert [getattr(guest, name) for name in same] == [getattr(other, name) for name in same]
    assert (guest.reply_channel, other.reply_channel) == (ReplyChannel.LINK, ReplyChannel.LIAISON)
    assert (guest.consent_version, other.consent_version) == (edition.consent_version, "")
    assert (guest.logistics, edition.seats_taken) == (Logistics.READY, 6)


def test_a_guest_answers_for_nobody_else(cast: Cast, edition, guest):
    other = an_invited(cast.tongcheng, edition)
    with pytest.raises(Refused):
        actions.answer(as_guest(other), guest, reply=Reply.ACCEPTED, consented=True)
    with pytest.raises(Refused):
        actions.record_answer(as_guest(guest), guest, reply=Reply.ACCEPTED)
    assert guest.reply == Reply.NONE


def test_a_yes_needs_the_notice_read_a_no_does_not(cast: Cast, guest):
    with pytest.raises(NotPossible, match="告知"):
        actions.answer(as_guest(guest), guest, reply=Reply.ACCEPTED)
    actions.answer(as_guest(guest), guest, reply=Reply.DECLINED, decline_reason="出国")
    actions.answer(as_guest(guest), guest, reply=Reply.ACCEPTED, consented=True)
    actions.answer(as_guest(guest), guest, reply=Reply.ACCEPTED, companions=1)
    assert (guest.reply, guest.companions) == (Reply.ACCEPTED, 1)


def test_after_the_deadline_the_guest_calls_and_the_liaison_writes(cast: Cast, edition, guest):
    visitor = as_guest(guest)
    with time_machine.travel(edition.starts_at - dt.timedelta(days=2), tick=False):
        with pytest.raises(NotPossible, match="截止"):
            actions.answer(visitor, guest, reply=Reply.ACCEPTED, consented=True)
        actions.record_answer(cast.tongcheng, guest, reply=Reply.ACCEPTED)
    assert guest.reply == Reply.ACCEPTED


def test_nothing_is_written_when_the_edition_is_closed(cast: Cast, edition, guest):
    edition.closed_at = now()
    with pytest.raises(NotPossible, match="已经结束"):
        actions.record_answer(cast.tongcheng, guest, reply=Reply.ACCEPTED)


def test_an_answer_over_somebody_else_s_is_refused(cast: Cast, guest):
    seen = guest.version
    actions.record_answer(cast.tongcheng2, guest, reply=Reply.DECLINED, version=seen)
    with pytest.raises(Stale):
        actions.record_answer(cast.tongcheng, guest, reply=Reply.ACCEPTED, version=seen)
    assert guest.reply == Reply.DECLINED


def test_companions_have_a_limit(cast: Cast, edition, guest):
    for many in (edition.max_companions + 1, -1):
        with pytest.raises(NotPossible, match="随行"):
            actions.record_answer(cast.tongcheng, guest, reply=Reply.ACCEPTED, companions=many)
    assert (guest.reply, edition.seats_taken) == (Reply.NONE, 0)


def test_an_arrival_months_away_is_a_slip_of_the_finger(cast: Cast, edition, guest):
    for days in (-40, 40):
        with pytest.raises(NotPossible, match="到达时间"):
            actions.record_answer(
                cast.tongcheng,
                guest,
                reply=Reply.ACCEPTED,
                arrives_at=edition.starts_at + dt.timedelta(days=days),
            )
    assert edition.seats_taken == 0


def test_seats_follow_every_change_of_mind(cast: Cast, edition, guest):
    taken = []
    for reply, companions in [
        (Reply.ACCEPTED, 2), (Reply.ACCEPTED, 1), (Reply.DELEGATED, 1), (Reply.DECLINED, 0), (Reply.ACCEPTED, 3),
        (Reply.CANCELLED, 0),
    ]:  # fmt: skip
        actions.record_answer(cast.tongcheng, guest, reply=reply, companions=companions)
        taken.append(edition.seats_taken)
        assert edition.seats_taken == queries.recounted_seats(cast.organizer, edition)
    assert taken == [3, 2, 2, 0, 4, 0]


def test_when_the_hall_is_full_a_yes_waits_and_a_freed_seat_is_given(cast: Cast):
    edition = an_edition(cast.organizer, seats=2)
    first, second = an_invited(cast.tongcheng, edition), an_invited(cast.tongcheng, edition)
    actions.record_answer(cast.tongcheng, first, reply=Reply.ACCEPTED, companions=1)
    actions.answer(as_guest(second), second, reply=Reply.ACCEPTED, consented=True)
    assert (second.reply, second.waits_since is not None, edition.seats_taken) == (Reply.TENTATIVE, True, 2)
    since = second.waits_since
    actions.answer(as_guest(second), second, reply=Reply.ACCEPTED)
    assert second.waits_since == since
    actions.record_answer(cast.tongcheng, first, reply=Reply.DECLINED)
    actions.record_answer(cast.tongcheng, second, reply=Reply.ACCEPTED)
    assert (second.reply, second.waits_since, edition.seats_taken) == (Reply.ACCEPTED, None, 1)


def test_who_has_a_seat_and_wants_more_than_there_are_keeps_what_they_have(cast: Cast):
    edition = an_edition(cast.organizer, seats=2)
    guest = an_invited(cast.tongcheng, edition)
    actions.record_answer(cast.tongcheng, guest, reply=Reply.ACCEPTED)
    with pytest.raises(NotPossible, match="座位不够"):
        actions.record_answer(cast.tongcheng, guest, reply=Reply.ACCEPTED, companions=2)
    assert (guest.reply, guest.companions, edition.seats_taken) == (Reply.ACCEPTED, 0, 1)


def test_a_delegate_s_phone_is_sealed_and_normalized(cast: Cast, guest):
    actions.record_answer(
        cast.tongcheng, guest, reply=Reply.DELEGATED, delegate_name="江南秋", delegate_phone="199 0000 9999"
    )
    assert str(guest.delegate_phone) == "199****9999"
    with pytest.raises(NotPossible, match="号码"):
        actions.record_answer(cast.tongcheng, guest, reply=Reply.DELEGATED, delegate_phone="不知道")


def test_nobody_is_recorded_for_who_was_not_invited_or_is_not_one_s_own(cast: Cast, edition, guest):
    with pytest.raises(NotPossible):
        actions.record_answer(cast.tongcheng, a_guest(cast.tongcheng, edition), reply=Reply.ACCEPTED)
    with pytest.raises(NotPossible, match="范围"):
        actions.record_answer(cast.huaining, guest, reply=Reply.ACCEPTED)
