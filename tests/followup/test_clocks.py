"""Clocks begin by themselves, for everybody once."""

import datetime as dt

import pytest
import time_machine

from tests.cast import Cast
from tests.followup.arranged import TUESDAY, add_person, log
from yishang_crm.followup import jobs, queries

pytestmark = pytest.mark.usefixtures("indoors")


@time_machine.travel(TUESDAY, tick=False)
def test_who_was_never_contacted_is_owed_a_first_call(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "CLOCKS_AT_ONCE", 2)
    fresh = [add_person(cast.tongcheng, f"江望{one}") for one in "之一二"]
    known = add_person(cast.tongcheng, "余秉衡")
    log(cast.tongcheng, known, at=TUESDAY - dt.timedelta(days=30))
    assert jobs.begin_clocks() == {"begun": 3}
    assert jobs.begin_clocks() == {}
    due = {
        clock.person_id: clock.due_on for clock in queries.of_people(cast.tongcheng, [fresh[0].id, known.id])
    }
    assert due == {fresh[0].id: dt.date(2026, 11, 7), known.id: dt.date(2026, 10, 8)}
