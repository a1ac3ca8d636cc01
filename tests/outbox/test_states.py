"""The state machine: the model and the statements of the database agree, and no way leads from sent to queued."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from tests.outbox.arranged import a_message, many
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import Deed, doing
from yishang_crm.core.errors import NotPossible, Refused, Stale
from yishang_crm.core.sealed import Sealed
from yishang_crm.outbox import actions, ledger
from yishang_crm.outbox.models import DELAYS, MOVES, NOT_POSSIBLE, Message, Outcome, State
from yishang_crm.outbox.queries import Filter

AT = dt.datetime(2026, 9, 8, tzinfo=dt.UTC)


def bare(state: State, **details) -> Message:
    wanted = {
        "id": 7, "key": "invitation:visit:42", "purpose": "invitation", "about": "visit:42", "recipient_name": "余秉衡",
        "address": Sealed("a@example.com"), "subject": "函", "body_text": "文", "message_id": "<m@x>", "state": state,
    }  # fmt: skip
    return Message(**wanted | details)


DEEDS = {
    "release": (lambda m: m.release(at=AT, by="user:1"), {State.HELD: State.QUEUED}),
    "hold_again": (lambda m: m.hold_again(), {State.QUEUED: State.HELD}),
    "cancel": (lambda m: m.cancel(), dict.fromkeys((State.HELD, State.QUEUED, State.FAILED, State.IN_DOUBT), State.CANCELLED)),
    "begin": (lambda m: m.begin(at=AT), {State.QUEUED: State.SENDING}),
    "arrive": (lambda m: m.arrive(at=AT), dict.fromkeys((State.SENDING, State.IN_DOUBT), State.SENT)),
    "postpone": (lambda m: m.postpone(at=AT, error="451"), {State.SENDING: State.QUEUED}),
    "fail": (lambda m: m.fail(error="550"), dict.fromkeys((State.SENDING, State.QUEUED), State.FAILED)),
    "doubt": (lambda m: m.doubt(error="?"), {State.SENDING: State.IN_DOUBT}),
    "requeue": (lambda m: m.requeue(at=AT, by="user:1"), dict.fromkeys((State.FAILED, State.IN_DOUBT), State.QUEUED)),
    "bounce": (lambda m: m.bounce(error="550"), {State.SENT: State.BOUNCED}),
}  # fmt: skip


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_moves_where_it_may_and_says_why_elsewhere(deed, state):
    act, ways = DEEDS[deed]
    message = bare(state, attempts=1)
    if state in ways:
        act(message)
        assert message.state is ways[state]
        assert ways[state] in MOVES[state]
        return
    with pytest.raises(NotPossible) as refused:
        act(message)
    assert refused.value.sentence == NOT_POSSIBLE[state]
    assert message.state is state


def test_no_way_leads_from_sent_back_to_queued():
    reached, before = {State.SENT}, set()
    while reached != before:
        before = set(reached)
        reached |= {after for state in before for after in MOVES[state]}
    assert reached == {State.SENT, State.BOUNCED}


def test_every_move_of_the_machine_has_a_deed():
    made = {(state, after) for _, ways in DEEDS.values() for state, after in ways.items()}
    named = {(state, after) for state, ways in MOVES.items() for after in ways}
    assert named - made == {(State.SENDING, State.FAILED)} - made
    assert made == named


def test_an_emptied_letter_is_not_sent_again():
    message = bare(State.FAILED, emptied_at=AT)
    with pytest.raises(NotPossible):
        message.requeue(at=AT, by="user:1")


def test_a_cancelled_doubt_keeps_its_key_because_it_may_have_arrived():
    message = bare(State.IN_DOUBT)
    message.cancel()
    assert message.key == "invitation:visit:42"


class Ledger(RuleBasedStateMachine):
    """The same deeds done to a bare model and through the statements of the database; afterwards both stand alike."""

    def __init__(self) -> None:
        super().__init__()
        Ledger.runs += 1
        self.row = a_message(1000 + Ledger.runs, hold=True)
        self.model = bare(State.HELD)
        self.sent = 0

    runs = 0

    def fresh(self) -> Message:
        db.session.expire(self.row)
        return self.row

    def both(self, act, statement) -> None:
        try:
            act(self.model)
            expected = True
        except NotPossible:
            expected = False
        with doing(Deed(HOUSE, "test.deed")):
            try:
                done = statement()
            except NotPossible:
                done = False
        assert (done is not False) == expected

    @rule()
    def release(self):
        self.both(lambda m: m.release(at=AT, by="x"), lambda: actions.release(HOUSE, self.one(), expected=1))

    @rule()
    def hold_again(self):
        self.both(lambda m: m.hold_again(), lambda: actions.hold_again(HOUSE, self.one()) == 1)

    @rule()
    def cancel(self):
        self.both(lambda m: m.cancel(), lambda: actions.cancel(HOUSE, self.fresh()))

    @rule()
    def requeue(self):
        self.both(lambda m: m.requeue(at=AT, by="x"), lambda: actions.requeue(HOUSE, self.fresh()))

    @rule()
    def confirm(self):
        # A person may confirm only a doubt; while a worker has it, the worker says.
        if self.model.state is not State.SENDING:
            self.both(lambda m: m.arrive(at=AT), lambda: actions.confirm_arrival(HOUSE, self.fresh()))

    @rule()
    def bounce(self):
        self.both(
            lambda m: m.bounce(error="550"), lambda: actions.record_bounce(HOUSE, self.fresh(), detail="550")
        )

    @rule()
    def begin(self):
        def take() -> bool:
            ledger.lease(
                by="w/1", at=now() + dt.timedelta(days=2), until=now() + dt.timedelta(days=3), limit=1000
            )
            return ledger.claim(self.row.id, by="w/1", at=now(), until=now() + dt.timedelta(days=3))

        self.both(lambda m: m.begin(at=AT), take)

    @rule(outcome=st.sampled_from([Outcome.SENT, Outcome.TEMPORARY, Outcome.PERMANENT, Outcome.IN_DOUBT]))
    def answer(self, outcome):
        if self.model.state is not State.SENDING:
            return
        act = {
            Outcome.SENT: lambda m: m.arrive(at=AT),
            Outcome.TEMPORARY: lambda m: m.postpone(at=AT, error="451"),
            Outcome.PERMANENT: lambda m: m.fail(error="550"),
            Outcome.IN_DOUBT: lambda m: m.doubt(error="?"),
        }[outcome]
        result = ledger.Result(self.row.id, outcome, now(), "?", self.model.attempts)
        self.both(act, lambda: ledger.record(result, by="w/1"))

    def one(self) -> Filter:
        return Filter(ids=(self.row.id,))

    @invariant()
    def stand_alike(self):
        row = self.fresh()
        assert (row.state, row.attempts) == (self.model.state, self.model.attempts)


def test_the_database_moves_as_the_model_does(indoors):
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


# Decisions of people


@pytest.fixture
def held(indoors) -> list[int]:
    return [a_message(number, hold=True).id for number in range(1, 6)]


def test_a_release_restates_the_count(held):
    with pytest.raises(NotPossible) as refused:
        actions.release(HOUSE, Filter(), expected=4)
    assert str(refused.value) == "数目变了：您看到的是4封，现在是5封。什么都没有动，请再看一眼。"


def test_a_release_is_taken_back_as_a_whole(held):
    mark, count = actions.release(HOUSE, Filter(ids=tuple(held[:3])), expected=3)
    assert (count, actions.hold_again(HOUSE, Filter(release_mark=mark))) == (3, 3)


def test_who_may_only_look_releases_nothing(held, cast):
    for actor in (cast.bureau, cast.leader, cast.tongcheng, cast.stranger):
        with pytest.raises(Refused):
            actions.release(actor, Filter(), expected=5)


def test_a_letter_somebody_else_corrected_first_is_not_overwritten(indoors):
    message = a_message(hold=True)
    actions.edit_held(HOUSE, message, version=1, subject="邀请函（改）", body_text="改过")
    with pytest.raises(Stale) as stale:
        actions.edit_held(HOUSE, message, version=1, subject="另一个", body_text="另一个")
    assert stale.value.theirs == {"subject": "邀请函（改）", "body_text": "改过"}
    assert message.body_html == "<p>改过</p>"


def test_waits_are_those_of_the_design():
    assert [int(wait.total_seconds() // 60) for wait in DELAYS] == [1, 5, 30, 120, 360]


@pytest.mark.parametrize("letters", [10, 2000])
def test_two_thousand_are_released_with_as_many_statements_as_ten(indoors, count_queries, letters):
    many(HOUSE, letters, hold=True, first=10_000)
    db.session.flush()
    with count_queries() as counted:
        actions.release(HOUSE, Filter(), expected=letters)
    assert counted.n == 2
