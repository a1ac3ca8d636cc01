"""S24: whatever is tried with a promise in whatever order, it stays possible, and what is refused changes nothing."""

import datetime as dt

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.followup.models import Task

AT = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
TODAY = dt.date(2026, 9, 1)


class Promise(RuleBasedStateMachine):
    """Beside the task stands the plainest account of it: open or done, whose, for when, how often changed."""

    def __init__(self) -> None:
        super().__init__()
        self.task = Task(id=1, what="回电话", unit_id=1, user_id=1, due_on=TODAY, due_time=dt.time(9))
        self.is_open, self.owner, self.due_on, self.changes = True, 1, TODAY, 0

    def tried(self, act, *, is_lawful: bool) -> bool:
        before = self.task.model_dump()
        try:
            act()
        except NotPossible:
            assert not is_lawful
            assert self.task.model_dump() == before
            return False
        assert is_lawful
        self.changes += 1
        return True

    @rule()
    def finish(self) -> None:
        if self.tried(lambda: self.task.finish(at=AT, by="汪澄"), is_lawful=self.is_open):
            self.is_open = False

    @rule()
    def reopen(self) -> None:
        if self.tried(self.task.reopen, is_lawful=not self.is_open):
            self.is_open = True

    @rule(days=st.integers(-5, 30))
    def postpone(self, days: int) -> None:
        to = TODAY + dt.timedelta(days=days)
        if self.tried(lambda: self.task.postpone(to=to, today=TODAY), is_lawful=self.is_open and days >= 0):
            self.due_on = to

    @rule(user=st.integers(1, 3))
    def pass_on(self, user: int) -> None:
        is_lawful = self.is_open and user != self.owner
        if self.tried(lambda: self.task.pass_on(user_id=user, unit_id=user), is_lawful=is_lawful):
            self.owner = user

    @rule(behind=st.integers(0, 3))
    def look(self, behind: int) -> None:
        try:
            self.task.must_be_at(self.task.version - behind)
            assert behind == 0
        except Stale:
            assert behind > 0

    @invariant()
    def the_account_agrees(self) -> None:
        task = self.task
        assert (task.done_at is None, task.done_by == "") == (self.is_open, self.is_open)
        assert (task.user_id, task.due_on, task.version) == (self.owner, self.due_on, 1 + self.changes)


TestPromise = Promise.TestCase
TestPromise.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
