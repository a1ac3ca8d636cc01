"""Promises: made, done, put off, handed on."""

import datetime as dt

import pytest
import time_machine

from tests.cast import Cast
from tests.followup.arranged import TUESDAY, add_person
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.errors import NotPossible, Refused, Stale
from yishang_crm.followup import actions, queries
from yishang_crm.followup.queries import TaskFilters

pytestmark = pytest.mark.usefixtures("indoors")
TODAY = dt.date(2026, 9, 8)


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(TUESDAY, tick=False) as clock:
        yield clock


def promise(cast: Cast, what: str = "回话", days: int = 0, **details):
    return actions.add_task(cast.tongcheng, what=what, due_on=TODAY + dt.timedelta(days=days), **details)


def shown(actor, **filters):
    return [row.task.what for row in queries.page_of_tasks(actor, TaskFilters(**filters), today=TODAY)]


def test_the_lists_and_their_counts_agree(cast: Cast, tuesday):
    tuesday.shift(-dt.timedelta(days=3))
    promise(cast, "三天前", -3, user_id=cast.tongcheng.id)
    promise(cast, "昨天", -1)
    tuesday.shift(dt.timedelta(days=3))
    promise(cast, "今天", user_id=cast.tongcheng.id)
    promise(cast, "后天", 2, user_id=cast.tongcheng.id)
    promise(cast, "下月", 30, user_id=cast.tongcheng.id)
    promise(cast, "她的", user_id=cast.tongcheng2.id)
    assert shown(cast.tongcheng) == ["三天前", "昨天", "今天", "后天", "下月"]
    assert shown(cast.tongcheng, when="due") == ["三天前", "昨天", "今天"]
    assert shown(cast.tongcheng, when="overdue") == ["三天前", "昨天"]
    assert shown(cast.tongcheng, when="week") == ["后天"]
    assert shown(cast.tongcheng, when="later") == ["下月"]
    assert queries.task_counts(cast.tongcheng, today=TODAY) == queries.TaskCounts(open=5, due=3, overdue=2)
    assert queries.count_up_to(cast.tongcheng, TaskFilters(when="due"), today=TODAY) == 3
    assert queries.task_counts(cast.tongcheng, today=TODAY, whose="unit") == queries.TaskCounts(
        open=6, due=4, overdue=2
    )
    assert shown(cast.huaining, whose="unit") == []


def test_done_once_and_back_again(cast: Cast):
    task = promise(cast)
    actions.finish_task(cast.tongcheng2, task)
    assert (task.done_by, shown(cast.tongcheng), shown(cast.tongcheng, done=True)) == ("查静", [], ["回话"])
    with pytest.raises(NotPossible):
        actions.finish_task(cast.tongcheng, task)
    actions.reopen_task(cast.tongcheng, task)
    assert shown(cast.tongcheng) == ["回话"]


def test_put_off_to_a_day_to_come(cast: Cast):
    task = promise(cast, due_time=dt.time(10))
    actions.postpone_task(cast.tongcheng, task, due_on=dt.date(2026, 9, 15))
    assert (task.due_on, task.due_time) == (dt.date(2026, 9, 15), None)
    with pytest.raises(NotPossible):
        actions.postpone_task(cast.tongcheng, task, due_on=dt.date(2026, 9, 7))


def test_a_change_on_an_old_view_is_told(cast: Cast):
    task = promise(cast)
    seen = task.version
    actions.postpone_task(cast.tongcheng, task, due_on=dt.date(2026, 9, 15), version=seen)
    with pytest.raises(Stale):
        actions.postpone_task(cast.tongcheng2, task, due_on=dt.date(2026, 9, 16), version=seen)


def test_a_job_promises_for_a_unit_and_can_tell_that_it_has(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    assert not queries.has_task("guest:9")
    actions.add_task(
        HOUSE,
        what="会后回访",
        person_id=jiang.id,
        unit_id=cast.tongcheng.unit_id,
        due_on=TODAY,
        origin="guest:9",
    )
    assert queries.has_task("guest:9")
    assert shown(cast.tongcheng) == shown(cast.tongcheng2) == ["会后回访"]


def test_a_county_promises_only_for_itself_and_a_leader_not_at_all(cast: Cast):
    with pytest.raises(NotPossible):
        promise(cast, unit_id=cast.huaining.unit_id)
    with pytest.raises(NotPossible):
        promise(cast, days=-1)
    with pytest.raises(NotPossible):
        promise(cast, person_id=add_person(cast.huaining, "操景澄").id)
    with pytest.raises(Refused):
        actions.add_task(cast.leader, what="回话", due_on=TODAY)
