"""A guest at the desk: in once, held where a hand is needed, never refused without a way in."""

import datetime as dt

import pytest
import time_machine

from tests.cast import Cast
from tests.reception.arranged import NONCES, a_guest, an_edition, change, entries, seen
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Approval, Edition, Guest, Onsite, Reply
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.errors import Refused
from yishang_crm.reception import actions, queries
from yishang_crm.reception.actions import Said
from yishang_crm.reception.models import Outcome

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def edition(indoors) -> Edition:
    return an_edition()


@pytest.fixture
def guest(edition: Edition) -> Guest:
    return a_guest(edition)


def sent(cast: Cast, edition: Edition, nonce: int = 0, *, desk: str = "东门1号台", **said) -> queries.Answer:
    """As a desk sends it: asked first whether this nonce was answered before."""
    words = Said(nonce=NONCES[nonce], desk=desk, **said)
    before = queries.answered_before(cast.desk, edition, words.nonce)
    return before or actions.answer(cast.desk, edition, words)


def outcome_of(answer: queries.Answer) -> Outcome:
    return answer.check_in.outcome


def test_a_guest_with_a_pass_is_let_in(cast, edition, guest):
    answer = sent(cast, edition, code=tokens.entry_token(guest))

    assert outcome_of(answer) == Outcome.ARRIVED
    assert (guest.onsite, answer.party.name, answer.party.post) == (
        Onsite.CHECKED_IN,
        "余秉衡",
        "深圳望岳精密科技 董事长",
    )


def test_an_arrival_leaves_one_entry_with_what_was_and_is(cast, edition, guest):
    sent(cast, edition, code=tokens.entry_token(guest))

    [entry] = entries("reception.receive")
    assert (entry.actor, entry.about) == (cast.desk.key, guest.key)
    assert "onsite" in entry.rows[guest.key]["fields"]


def test_the_same_nonce_gets_the_same_answer(cast, edition, guest):
    answers = [sent(cast, edition, code=tokens.entry_token(guest)) for _ in range(5)]

    assert {answer.check_in.id for answer in answers} == {answers[0].check_in.id}
    assert (seen().arrivals, len(entries("reception.receive"))) == (1, 1)


def test_another_sending_hears_when_where_and_by_whom(cast, edition, guest):
    first = sent(cast, edition, 1, code=tokens.entry_token(guest), desk="西门1号台")
    second = sent(cast, edition, 2, code=tokens.entry_token(guest))

    assert outcome_of(second) == Outcome.REPEATED
    assert (second.earlier.id, second.earlier.desk, second.earlier.user_name) == (
        first.check_in.id,
        "西门1号台",
        "周泊远",
    )
    assert seen().arrivals == 1


@pytest.mark.parametrize("code", ["link", "url", "six digits"])
def test_the_letter_itself_opens_the_gate_too(cast, edition, guest, code):
    codes = {
        "link": tokens.token(guest),
        "url": f"https://example.com/r/{tokens.token(guest)}",
        "six digits": tokens.reply_code(guest),
    }
    assert outcome_of(sent(cast, edition, code=codes[code])) == Outcome.ARRIVED


@pytest.mark.parametrize("code", ["000000", "x" * 22, "https://example.com/r/", "' OR 1=1 --", "e" * 400])
def test_a_code_of_nobody_is_not_known(cast, edition, guest, code):
    answer = sent(cast, edition, code=code)

    assert (outcome_of(answer), answer.party) == (Outcome.UNKNOWN, None)
    assert guest.onsite == Onsite.EXPECTED


def test_last_years_pass_names_its_edition_and_not_its_guest(cast, edition):
    last_year = an_edition("2025", 4, closed_at=now())
    guest = a_guest(last_year, "查静安")

    answer = sent(cast, edition, code=tokens.entry_token(guest))

    assert (outcome_of(answer), answer.check_in.title, answer.party) == (
        Outcome.FOREIGN,
        "第四届中国宜商大会",
        None,
    )


def test_a_closed_edition_takes_nobody(cast):
    closed = an_edition("2025", 4, closed_at=now())
    guest = a_guest(closed)

    assert outcome_of(sent(cast, closed, code=tokens.entry_token(guest))) == Outcome.CLOSED
    assert guest.onsite == Onsite.EXPECTED


def test_a_replaced_pass_opens_nothing(cast, edition, guest):
    old = tokens.entry_token(guest)
    change(HOUSE, guest, token_generation=2)

    assert outcome_of(sent(cast, edition, 1, code=old)) == Outcome.REPLACED
    assert outcome_of(sent(cast, edition, 2, code=tokens.entry_token(guest))) == Outcome.ARRIVED


def test_a_withdrawn_guest_waits_for_a_word(cast, edition, guest):
    old = tokens.entry_token(guest)
    change(HOUSE, guest, approval=Approval.WITHDRAWN, token_generation=2)

    assert [outcome_of(sent(cast, edition, 1, code=old)), outcome_of(sent(cast, edition, 2, guest_id=guest.id))] == [
        Outcome.WITHDRAWN, Outcome.WITHDRAWN,
    ]  # fmt: skip
    assert guest.onsite == Onsite.EXPECTED


@pytest.mark.parametrize(
    "state",
    [
        {"level": "A"},
        {"reply": Reply.NONE},
        {"reply": Reply.TENTATIVE},
        {"reply": Reply.DECLINED},
        {"approval": Approval.RESERVE},
        {"reply": Reply.DELEGATED, "delegate_name": ""},
    ],
    ids=str,
)
def test_who_needs_a_hand_is_held_until_admitted(cast, edition, state):
    guest = a_guest(edition, **state)

    held = sent(cast, edition, 1, code=tokens.entry_token(guest))
    assert (outcome_of(held), guest.onsite) == (Outcome.HELD, Onsite.EXPECTED)

    admitted = sent(cast, edition, 2, guest_id=guest.id, admitted=True)
    assert (outcome_of(admitted), guest.onsite) == (Outcome.ARRIVED, Onsite.CHECKED_IN)


def test_a_delegate_comes_in_on_the_guests_pass(cast, edition):
    guest = a_guest(edition, reply=Reply.DELEGATED, delegate_name="江南秋", delegate_title="副总经理")

    assert outcome_of(sent(cast, edition, code=tokens.entry_token(guest))) == Outcome.ARRIVED


def test_a_companion_before_the_principal_leaves_the_principals_place_free(cast, edition):
    guest = a_guest(edition, companions=2)

    first = sent(cast, edition, 1, guest_id=guest.id, is_companion=True)
    assert (outcome_of(first), first.party.companions_came, guest.onsite) == (
        Outcome.COMPANION,
        1,
        Onsite.EXPECTED,
    )

    principal = sent(cast, edition, 2, code=tokens.entry_token(guest))
    assert (outcome_of(principal), principal.party.companions_came) == (Outcome.ARRIVED, 1)


def test_a_walk_in_is_never_refused(cast, edition):
    answer = sent(cast, edition, walk_in="琚远山", walk_in_organization="芜湖新友")

    assert (outcome_of(answer), answer.check_in.name) == (Outcome.WALK_IN, "琚远山")
    [hit] = queries.hits(cast.desk, edition, "琚远山")
    assert (hit.guest.id, hit.guest.onsite) == (answer.check_in.guest_id, Onsite.CHECKED_IN)


def test_a_walk_in_taken_back_is_not_on_the_list_as_here(cast, edition):
    walked_in = sent(cast, edition, 1, walk_in="琚远山")
    assert outcome_of(sent(cast, edition, 2, takes_back=True)) == Outcome.UNDONE

    [hit] = queries.hits(cast.desk, edition, "琚远山")
    assert hit.guest.id == walked_in.check_in.guest_id
    assert (hit.guest.onsite, hit.guest.approval) == (Onsite.EXPECTED, Approval.WITHDRAWN)


@pytest.mark.parametrize("name", ["-", "…", "12345"])
def test_a_name_that_is_none_still_comes_in(cast, edition, name):
    assert outcome_of(sent(cast, edition, walk_in=name)) == Outcome.WALK_IN


def test_the_last_one_can_be_taken_back_at_once(cast, edition, guest):
    change(HOUSE, guest, onsite=Onsite.ARRIVED)
    sent(cast, edition, 1, code=tokens.entry_token(guest))

    undone = sent(cast, edition, 2, takes_back=True)

    assert (outcome_of(undone), guest.onsite, guest.checked_in_at) == (Outcome.UNDONE, Onsite.ARRIVED, None)
    assert seen().arrivals == 0
    assert outcome_of(sent(cast, edition, 3, code=tokens.entry_token(guest))) == Outcome.ARRIVED


def test_after_thirty_seconds_it_is_the_supervisors(cast, edition, guest):
    sent(cast, edition, 1, code=tokens.entry_token(guest))

    with time_machine.travel(now() + dt.timedelta(seconds=31)):
        assert outcome_of(sent(cast, edition, 2, takes_back=True)) == Outcome.NOT_UNDONE
    assert guest.onsite == Onsite.CHECKED_IN


def test_a_desk_takes_back_its_own_and_no_other_desks(cast, edition, guest):
    sent(cast, edition, 1, code=tokens.entry_token(guest), desk="西门1号台")

    assert outcome_of(sent(cast, edition, 2, takes_back=True, desk="东门1号台")) == Outcome.NOT_UNDONE
    assert seen().arrivals == 1


@pytest.mark.parametrize("days", [-1, 1, 400])
def test_the_devices_clock_decides_nothing(cast, edition, guest, days):
    answer = sent(cast, edition, code=tokens.entry_token(guest), scanned_at=now() + dt.timedelta(days=days))

    assert outcome_of(answer) == Outcome.ARRIVED
    assert abs((guest.checked_in_at - now()).total_seconds()) < 60


@pytest.mark.parametrize("login", ["tongcheng", "leader", "bureau", "admin", "ambassador"])
def test_who_does_not_stand_at_the_desk_lets_nobody_in(cast, edition, guest, login):
    with pytest.raises(Refused):
        actions.receive(getattr(cast, login), edition, Said(nonce=NONCES[0], desk="x", guest_id=guest.id))
    assert seen().arrivals == 0
