"""The states of a guest: every illegal jump is refused, and nothing is half changed."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishang_crm.conference.models import (
    Approval,
    Edition,
    Guest,
    Logistics,
    Onsite,
    Quota,
    Reply,
    ReplyChannel,
    Travel,
)
from yishang_crm.core.errors import NotPossible, Stale

AT = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)


def a_guest(**states) -> Guest:
    return Guest(id=1, edition_id=1, person_id=1, unit_id=1, **states)


DECISIONS: dict[str, tuple[Callable[[Guest], None], set[Approval], Approval]] = {
    "approve": (
        lambda guest: guest.approve(at=AT),
        {Approval.SUBMITTED, Approval.PRELIM_OK, Approval.RESERVE},
        Approval.APPROVED,
    ),
    "reserve": (lambda guest: guest.reserve(), {Approval.SUBMITTED, Approval.PRELIM_OK}, Approval.RESERVE),
    "reject": (
        lambda guest: guest.reject(note="不合适"),
        {Approval.SUBMITTED, Approval.PRELIM_OK, Approval.RESERVE},
        Approval.REJECTED,
    ),
    "withdraw": (
        lambda guest: guest.withdraw(note="重复"),
        {Approval.SUBMITTED, Approval.PRELIM_OK, Approval.RESERVE, Approval.APPROVED},
        Approval.WITHDRAWN,
    ),
    "undo": (lambda guest: guest.undo_approval(), {Approval.APPROVED}, Approval.SUBMITTED),
}


@pytest.mark.parametrize("state", Approval)
@pytest.mark.parametrize("decision", DECISIONS)
def test_each_decision_is_possible_from_its_states_and_no_other(decision, state):
    decide, possible, becomes = DECISIONS[decision]
    guest = a_guest(approval=state)
    if state in possible:
        decide(guest)
        assert guest.approval == becomes
    else:
        with pytest.raises(NotPossible):
            decide(guest)
        assert guest.approval == state


@pytest.mark.parametrize("decision", ["reject", "withdraw"])
def test_to_turn_somebody_down_one_says_why(decision):
    guest = a_guest(approval=Approval.SUBMITTED)
    with pytest.raises(NotPossible, match="写明"):
        getattr(guest, decision)(note="")
    assert guest.approval == Approval.SUBMITTED


def test_a_withdrawal_makes_link_and_code_worthless():
    guest = a_guest(approval=Approval.APPROVED, code_index="x" * 64)
    guest.withdraw(note="重复")
    assert (guest.token_generation, guest.code_index) == (2, None)


def test_whoever_is_here_is_not_withdrawn():
    guest = a_guest(approval=Approval.APPROVED, onsite=Onsite.CHECKED_IN)
    with pytest.raises(NotPossible):
        guest.withdraw(note="重复")


def test_an_approval_of_which_something_has_come_is_not_undone():
    for come in ({"letter_number": 1}, {"reply": Reply.DECLINED}, {"onsite": Onsite.CHECKED_IN}):
        with pytest.raises(NotPossible):
            a_guest(approval=Approval.APPROVED, **come).undo_approval()


@pytest.mark.parametrize("state", [state for state in Approval if state != Approval.APPROVED])
def test_only_the_invited_answer_and_get_letters(state):
    guest = a_guest(approval=state)
    with pytest.raises(NotPossible):
        guest.answer(Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK)
    with pytest.raises(NotPossible):
        guest.take_letter(1, at=AT)
    assert (guest.reply, guest.letter_number) == (Reply.NONE, None)


def test_a_letter_is_made_once():
    guest = a_guest(approval=Approval.APPROVED)
    guest.take_letter(417, at=AT)
    with pytest.raises(NotPossible, match="417"):
        guest.take_letter(418, at=AT)
    assert guest.letter_number == 417


def test_nothing_is_answered_for_those_who_are_here_and_nobody_answers_nothing():
    here = a_guest(approval=Approval.APPROVED, onsite=Onsite.CHECKED_IN)
    with pytest.raises(NotPossible):
        here.answer(Reply.DECLINED, at=AT, channel=ReplyChannel.LIAISON)
    with pytest.raises(NotPossible):
        a_guest(approval=Approval.APPROVED).answer(Reply.NONE, at=AT, channel=ReplyChannel.LIAISON)


def test_only_a_yes_can_be_cancelled():
    with pytest.raises(NotPossible):
        a_guest(approval=Approval.APPROVED).answer(Reply.CANCELLED, at=AT, channel=ReplyChannel.LIAISON)


def test_an_answer_keeps_what_it_does_not_name_and_no_companions_of_those_who_stay_away():
    guest = a_guest(approval=Approval.APPROVED)
    guest.answer(Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK, companions=2, diet="素食")
    guest.answer(Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK, travel=Travel.TRAIN)
    assert (guest.companions, guest.diet, guest.seats, guest.version) == (2, "素食", 3, 3)
    guest.answer(Reply.DECLINED, at=AT, channel=ReplyChannel.LIAISON)
    assert (guest.companions, guest.diet, guest.seats) == (0, "素食", 0)


def test_an_answer_has_no_other_parts():
    with pytest.raises(ValueError, match="approval"):
        a_guest(approval=Approval.APPROVED).answer(
            Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK, approval=Approval.REJECTED
        )


ARRIVAL = {"travel": Travel.TRAIN, "arrives_at": AT}


def test_logistics_are_ready_when_the_arrival_is_known():
    guest = a_guest(approval=Approval.APPROVED)
    guest.answer(Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK, travel=Travel.TRAIN)
    assert guest.logistics == Logistics.INCOMPLETE
    guest.answer(Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK, arrives_at=AT)
    assert guest.logistics == Logistics.READY


def test_a_delegate_needs_a_name_before_anybody_can_be_fetched():
    guest = a_guest(approval=Approval.APPROVED)
    guest.answer(Reply.DELEGATED, at=AT, channel=ReplyChannel.LINK, **ARRIVAL)
    assert guest.logistics == Logistics.INCOMPLETE
    guest.answer(Reply.DELEGATED, at=AT, channel=ReplyChannel.LINK, delegate_name="江南秋")
    assert guest.logistics == Logistics.READY


def test_another_train_has_to_be_arranged_anew_the_same_one_not():
    guest = a_guest(approval=Approval.APPROVED)
    guest.answer(Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK, **ARRIVAL)
    guest.logistics = Logistics.NOTIFIED
    guest.answer(Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK, diet="清真")
    assert guest.logistics == Logistics.NOTIFIED
    guest.answer(Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK, travel_number="G7754")
    assert guest.logistics == Logistics.READY


def test_nobody_arrives_twice():
    guest = a_guest(approval=Approval.APPROVED)
    assert [guest.check_in(at=AT), guest.check_in(at=AT + dt.timedelta(hours=1))] == [True, False]
    assert guest.checked_in_at == AT


def test_a_stale_answer_says_what_stands_now():
    guest = a_guest(approval=Approval.APPROVED, version=3)
    guest.must_be_version(3)
    guest.must_be_version(None)
    with pytest.raises(Stale) as stale:
        guest.must_be_version(2)
    assert stale.value.theirs["reply"] == Reply.NONE


def test_a_rejected_guest_is_not_proposed_again_a_withdrawn_one_begins_anew():
    with pytest.raises(NotPossible, match="不合适"):
        a_guest(approval=Approval.REJECTED, decision_note="不合适").must_be_free_again()
    guest = a_guest(approval=Approval.WITHDRAWN, reply=Reply.ACCEPTED, companions=2, letter_number=7)
    guest.nominate_again(at=AT, by="汪澄", reason="又想来了", category=guest.category, unit_id=2)
    assert (guest.approval, guest.reply, guest.seats, guest.letter_number, guest.unit_id) == (
        Approval.SUBMITTED, Reply.NONE, 0, None, 2,
    )  # fmt: skip


def test_a_quota_is_never_less_than_what_stands():
    quota = Quota(edition_id=1, unit_id=1, category="native", granted=5, used=3)
    quota.grant(3)
    with pytest.raises(NotPossible, match="3人"):
        quota.grant(2)
    assert (quota.granted, quota.left) == (3, 0)


def an_edition(**details) -> Edition:
    wanted = {
        "slug": "2026", "number": 5, "name": "第五届", "venue": "会议中心", "letter_year": 2026,
        "starts_at": AT, "ends_at": AT + dt.timedelta(hours=9), "reply_until": dt.date(2026, 8, 20),
    } | details  # fmt: skip
    return Edition(**wanted)


@pytest.mark.parametrize(
    "nonsense",
    [{"ends_at": AT}, {"reply_until": dt.date(2026, 9, 2)}, {"seats": 3, "seats_taken": 4}],
)
def test_an_edition_makes_sense(nonsense):
    an_edition().must_make_sense()
    with pytest.raises(NotPossible):
        an_edition(**nonsense).must_make_sense()


def test_an_edition_takes_replies_through_its_last_day_and_none_when_closed():
    edition = an_edition()
    assert edition.takes_replies(on=dt.date(2026, 8, 20))
    assert not edition.takes_replies(on=dt.date(2026, 8, 21))
    edition.close(at=AT)
    assert not edition.takes_replies(on=dt.date(2026, 8, 1))
    with pytest.raises(NotPossible):
        edition.close(at=AT)


def test_follow_up_begins_once_and_after_the_end():
    edition = an_edition()
    with pytest.raises(NotPossible):
        edition.begin_follow_up(at=AT)
    edition.begin_follow_up(at=AT + dt.timedelta(days=1))
    with pytest.raises(NotPossible):
        edition.begin_follow_up(at=AT + dt.timedelta(days=2))


STEPS: dict[str, Callable[[Guest], object]] = {
    "approve": lambda guest: guest.approve(at=AT),
    "reserve": lambda guest: guest.reserve(),
    "reject": lambda guest: guest.reject(note="不合适"),
    "withdraw": lambda guest: guest.withdraw(note="重复"),
    "undo": lambda guest: guest.undo_approval(),
    "letter": lambda guest: guest.take_letter(1, at=AT),
    "accept": lambda guest: guest.answer(Reply.ACCEPTED, at=AT, channel=ReplyChannel.LINK, companions=1),
    "decline": lambda guest: guest.answer(Reply.DECLINED, at=AT, channel=ReplyChannel.LINK),
    "cancel": lambda guest: guest.answer(Reply.CANCELLED, at=AT, channel=ReplyChannel.LINK),
    "come": lambda guest: guest.check_in(at=AT),
    "again": lambda guest: guest.nominate_again(at=AT, by="", reason="", category=guest.category, unit_id=1),
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=25))
def test_whatever_is_tried_in_whatever_order_a_guest_stays_possible(steps):
    guest = a_guest()
    for step in steps:
        before = guest.model_dump()
        try:
            STEPS[step](guest)
        except NotPossible:
            assert guest.model_dump() == before, f"{step} was refused and changed something"
        assert guest.seats in ((1 + guest.companions, 0) if guest.is_coming else (0,))
        assert guest.seats == 0 or guest.approval == Approval.APPROVED
        assert guest.letter_number is None or guest.approval in (Approval.APPROVED, Approval.WITHDRAWN)
        assert not (guest.approval == Approval.WITHDRAWN and guest.code_index)
