"""Approving, reserving, rejecting, withdrawing; and undoing what was approved in one go."""

import pytest

from tests.cast import Cast
from tests.conference.arranged import a_guest, an_edition, an_invited
from yishang_crm.conference import actions, queries
from yishang_crm.conference.models import Approval, Reply
from yishang_crm.conference.queries import Filters
from yishang_crm.core.clock import now
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.outbox.models import State

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def edition(cast: Cast):
    return an_edition(cast.organizer)


def test_a_leader_approves_and_a_county_does_not(cast: Cast, edition):
    guest = a_guest(cast.tongcheng, edition)
    with pytest.raises(Refused):
        actions.approve(cast.tongcheng, guest)
    actions.approve(cast.leader, guest, note="同意")
    assert (guest.approval, guest.decision_note) == (Approval.APPROVED, "同意")


def test_who_changed_what_and_why_stands_in_the_trail(cast: Cast, edition):
    guest = a_guest(cast.tongcheng, edition)
    actions.approve(cast.leader, guest, note="同意")
    latest, first = queries.trail(cast.tongcheng, guest)
    assert (latest.who, latest.verb, latest.note) == ("方知远", "conference.approve", {"reason": "同意"})
    assert latest.changes["approval"] == ["submitted", "approved"]
    assert (first.who, first.verb) == ("汪澄", "conference.nominate")


def test_many_are_approved_at_once_and_whoever_was_decided_on_is_left_alone(cast: Cast, edition):
    guests = [a_guest(cast.tongcheng, edition) for _ in range(3)]
    actions.reject(cast.organizer, guests[0], note="不合适")
    assert actions.approve_many(cast.organizer, edition, guests, at=now()) == 2
    assert [guest.approval.value for guest in guests] == ["rejected", "approved", "approved"]


def test_what_was_approved_in_one_go_is_undone_as_far_as_nothing_came_of_it(cast: Cast, edition):
    guests, at = [a_guest(cast.tongcheng, edition) for _ in range(3)], now()
    actions.approve_many(cast.organizer, edition, guests, at=at)
    earlier = a_guest(cast.tongcheng, edition)
    actions.approve(cast.organizer, earlier)
    actions.make_letter(cast.organizer, guests[0])
    assert actions.undo_approvals(cast.organizer, edition, at=at) == 2
    assert [guest.approval.value for guest in (*guests, earlier)] == [
        "approved", "submitted", "submitted", "approved",
    ]  # fmt: skip


def test_a_reserve_moves_up(cast: Cast, edition):
    guest = a_guest(cast.tongcheng, edition)
    actions.reserve_many(cast.organizer, edition, [guest])
    assert guest.approval == Approval.RESERVE
    actions.approve(cast.organizer, guest)
    assert guest.approval == Approval.APPROVED


def test_a_county_withdraws_its_own_until_they_are_approved(cast: Cast, edition):
    own, invited = a_guest(cast.tongcheng, edition), an_invited(cast.tongcheng, edition)
    actions.withdraw(cast.tongcheng, own, note="重复")
    with pytest.raises(NotPossible, match="会务组"):
        actions.withdraw(cast.tongcheng, invited, note="重复")
    with pytest.raises(NotPossible, match="范围"):
        actions.withdraw(cast.huaining, invited, note="重复")
    assert (own.approval, invited.approval) == (Approval.WITHDRAWN, Approval.APPROVED)


def test_a_withdrawal_gives_seats_back_and_calls_the_letter_back(cast: Cast, edition):
    guest = an_invited(cast.tongcheng, edition)
    (message,), _ = actions.post_letters(cast.organizer, edition, [guest])
    actions.record_answer(cast.tongcheng, guest, reply=Reply.ACCEPTED, companions=2)
    assert edition.seats_taken == 3
    actions.withdraw(cast.organizer, guest, note="不便邀请")
    assert edition.seats_taken == queries.recounted_seats(cast.organizer, edition) == 0
    assert message.state == State.CANCELLED


def test_many_are_withdrawn_and_who_cannot_be_is_named(cast: Cast, edition):
    here, away = an_invited(cast.tongcheng, edition), an_invited(cast.tongcheng, edition)
    actions.check_in(cast.desk, here, at=now())
    count, refused = actions.withdraw_many(cast.organizer, edition, [here, away], note="取消")
    assert count == 1
    assert [(guest.id, str(why)) for guest, why in refused] == [(here.id, "客人已经报到，不能撤回邀请。")]


def test_figures_agree_with_the_lists_they_open_for_everybody(cast: Cast, edition):
    guests = [an_invited(cast.tongcheng, edition) for _ in range(4)]
    guests += [a_guest(cast.huaining, edition), a_guest(cast.tongcheng, edition)]
    actions.record_answer(cast.tongcheng, guests[0], reply=Reply.ACCEPTED, companions=1)
    actions.record_answer(cast.tongcheng, guests[1], reply=Reply.DECLINED)
    actions.post_letters(cast.organizer, edition, guests[:2])
    actions.check_in(cast.desk, guests[0], at=now())
    actions.withdraw(cast.organizer, guests[3], note="重复")
    for actor in (cast.organizer, cast.tongcheng, cast.huaining):
        figures = queries.figures(actor, edition)
        listed = {
            name: queries.count_guests(actor, edition, filters) for name, filters in queries.COUNTED.items()
        }
        assert figures.count == listed
        assert [
            len(queries.all_guests(actor, edition, filters)) for filters in queries.COUNTED.values()
        ] == list(listed.values())
    assert (queries.figures(cast.organizer, edition).seats, edition.seats_taken) == (2, 2)
    assert queries.count_guests(cast.huaining, edition, Filters()) == 1


def test_a_filter_that_says_nonsense_finds_nobody(cast: Cast, edition):
    an_invited(cast.tongcheng, edition)
    for name in ("approval", "reply", "logistics", "onsite", "letter", "category"):
        assert queries.count_guests(cast.organizer, edition, Filters(**{name: "' OR 1=1 --"})) == 0
