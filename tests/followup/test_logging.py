"""Logging a contact: one entry, many timelines, clocks restarted, a promise; once however often it is sent."""

import datetime as dt

import pytest
import time_machine

from tests.cast import Cast
from tests.followup.arranged import TUESDAY, add_person, log, share_with
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import day_begins
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.followup import actions, queries
from yishang_crm.followup.models import Channel, Readers
from yishang_crm.followup.queries import TaskFilters
from yishang_crm.people.models import Tier

pytestmark = pytest.mark.usefixtures("indoors")
TODAY = dt.date(2026, 9, 8)


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(TUESDAY, tick=False) as clock:
        yield clock


def due_of(actor, person):
    clock = queries.cadence(actor, person.id)
    return clock.due_on if clock else None


def test_a_dinner_with_three_is_one_entry_on_three_timelines(cast: Cast):
    guests = [add_person(cast.tongcheng, name) for name in ("江望之", "余秉衡", "储汉青")]
    entry = log(cast.tongcheng, *guests, channel=Channel.MEAL)
    pages = [queries.timeline(cast.tongcheng, guest.id) for guest in guests]
    assert [[one.interaction.id for one in page.entries] for page in pages] == [[entry.id]] * 3
    assert pages[0].entries[0].others == ((guests[1].id, "余秉衡"), (guests[2].id, "储汉青"))


def test_each_clock_is_restarted_by_the_rule_of_the_tier(cast: Cast):
    close, less = add_person(cast.tongcheng, "江望之"), add_person(cast.tongcheng, "方若谷", tier=Tier.B)
    log(cast.tongcheng, close, less)
    assert due_of(cast.tongcheng, close) == dt.date(2026, 11, 7)
    assert due_of(cast.tongcheng, less) == dt.date(2027, 1, 6)


def test_the_offices_own_rule_counts_and_a_persons_own_before_it(cast: Cast):
    jiang, yu = add_person(cast.tongcheng, "江望之"), add_person(cast.tongcheng, "余秉衡")
    assert actions.seed_cadence_rules(HOUSE) == 3
    actions.set_cadence_rule(HOUSE, tier=Tier.A, days=30)
    actions.set_cadence(cast.tongcheng, yu, days=7)
    log(cast.tongcheng, jiang, yu)
    assert due_of(cast.tongcheng, jiang) == dt.date(2026, 10, 8)
    assert due_of(cast.tongcheng, yu) == dt.date(2026, 9, 15)


def test_a_contact_entered_late_does_not_set_the_clock_back(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    log(cast.tongcheng, jiang)
    log(cast.tongcheng, jiang, at=day_begins(dt.date(2026, 8, 1)))
    assert due_of(cast.tongcheng, jiang) == dt.date(2026, 11, 7)


def test_a_next_day_makes_one_task_that_tells_where_it_came_from(cast: Cast):
    jiang, yu = add_person(cast.tongcheng, "江望之"), add_person(cast.tongcheng, "余秉衡")
    entry = log(
        cast.tongcheng, jiang, yu, next_on=dt.date(2026, 9, 16), next_what="陪同看地", next_time=dt.time(10)
    )
    (row,) = queries.page_of_tasks(cast.tongcheng, TaskFilters(), today=TODAY)
    task = row.task
    assert (task.what, task.due_on, task.due_time, task.user_id) == (
        "陪同看地", dt.date(2026, 9, 16), dt.time(10), cast.tongcheng.id,
    )  # fmt: skip
    assert (task.origin, row.came_from) == (f"interaction:{entry.id}", entry)
    assert [one.task.id for one in queries.promises_to(cast.tongcheng, yu.id)] == [task.id]


def test_sent_again_under_the_same_name_it_is_logged_once(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    first = log(cast.tongcheng, jiang, client_id="d1", next_on=dt.date(2026, 9, 16))
    again = log(cast.tongcheng, jiang, client_id="d1", text="改过的话", next_on=dt.date(2026, 9, 17))
    assert again.id == first.id
    assert [one.interaction.text for one in queries.timeline(cast.tongcheng, jiang.id).entries] == [
        "谈二期扩产"
    ]
    assert queries.task_counts(cast.tongcheng, today=TODAY).open == 1


def test_two_colleagues_drafts_of_one_name_are_two_entries(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    mine, hers = log(cast.tongcheng, jiang, client_id="d1"), log(cast.tongcheng2, jiang, client_id="d1")
    assert mine.id != hers.id


def test_nobody_logs_a_contact_with_somebody_elses_person(cast: Cast):
    theirs = add_person(cast.huaining, "操景澄")
    with pytest.raises(NotPossible):
        log(cast.tongcheng, theirs)
    with pytest.raises(Refused):
        log(cast.leader, theirs)


def test_days_that_make_no_sense_are_refused(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    with pytest.raises(NotPossible):
        log(cast.tongcheng, jiang, at=day_begins(dt.date(2026, 9, 10)))
    with pytest.raises(NotPossible):
        log(cast.tongcheng, jiang, next_on=dt.date(2026, 9, 7))
    with pytest.raises(NotPossible):
        actions.log(cast.tongcheng, people=[], channel=Channel.CALL)


def test_taken_back_the_entry_its_task_and_the_clock_are_as_before(cast: Cast, tuesday):
    jiang = add_person(cast.tongcheng, "江望之")
    log(cast.tongcheng, jiang)
    tuesday.shift(dt.timedelta(days=20))
    second = log(cast.tongcheng, jiang, client_id="d2", next_on=dt.date(2026, 10, 9))
    assert due_of(cast.tongcheng, jiang) == dt.date(2026, 11, 27)
    actions.undo_log(cast.tongcheng, second)
    assert due_of(cast.tongcheng, jiang) == dt.date(2026, 11, 7)
    assert len(queries.timeline(cast.tongcheng, jiang.id).entries) == 1
    assert queries.task_counts(cast.tongcheng, today=TODAY).open == 0
    assert log(cast.tongcheng, jiang, client_id="d2").id != second.id


def test_the_first_contact_taken_back_leaves_the_clock_at_its_beginning(cast: Cast, tuesday):
    jiang = add_person(cast.tongcheng, "江望之")
    actions.start_cadence(cast.tongcheng, [jiang])
    tuesday.shift(dt.timedelta(days=20))
    actions.undo_log(cast.tongcheng, log(cast.tongcheng, jiang))
    clock = queries.cadence(cast.tongcheng, jiang.id)
    assert (clock.last_on, clock.last_interaction_id, clock.due_on) == (None, None, dt.date(2026, 11, 7))


def test_only_its_author_takes_it_back_and_only_for_thirty_days(cast: Cast, tuesday):
    jiang = add_person(cast.tongcheng, "江望之")
    entry = log(cast.tongcheng, jiang)
    with pytest.raises(NotPossible):
        actions.undo_log(cast.tongcheng2, entry)
    tuesday.shift(dt.timedelta(days=31))
    with pytest.raises(NotPossible):
        actions.undo_log(cast.tongcheng, entry)


def test_a_finished_promise_stays_when_its_contact_is_taken_back(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    entry = log(cast.tongcheng, jiang, next_on=TODAY)
    (row,) = queries.page_of_tasks(cast.tongcheng, TaskFilters(), today=TODAY)
    actions.finish_task(cast.tongcheng, row.task)
    actions.undo_log(cast.tongcheng, entry)
    (done,) = queries.page_of_tasks(cast.tongcheng, TaskFilters(done=True), today=TODAY)
    assert (done.task.id, done.came_from) == (row.task.id, None)


def test_a_partner_logs_a_contact_which_all_staff_of_the_person_read(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    entry = actions.log_as_partner(cast.ambassador, jiang, channel=Channel.WECHAT, text="问了二期进度")
    assert entry.readers is Readers.OFFICE
    assert [one.interaction.id for one in queries.timeline(cast.tongcheng, jiang.id).entries] == [entry.id]
    assert due_of(cast.tongcheng, jiang) == dt.date(2026, 11, 7)
    assert [one.interaction.id for one in queries.own_latest(cast.ambassador)] == [entry.id]
    with pytest.raises(Refused):
        log(cast.ambassador, jiang)
    with pytest.raises(Refused):
        actions.log_as_partner(cast.tongcheng, jiang, channel=Channel.CALL, text="谈")


def test_midnight_in_anqing_parts_two_days(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    with time_machine.travel(dt.datetime(2026, 9, 8, 15, 59, 59, tzinfo=dt.UTC), tick=False):
        assert log(cast.tongcheng, jiang).day == dt.date(2026, 9, 8)
    assert due_of(cast.tongcheng, jiang) == dt.date(2026, 11, 7)
    with time_machine.travel(dt.datetime(2026, 9, 8, 16, 0, 0, tzinfo=dt.UTC), tick=False):
        assert log(cast.tongcheng, jiang).day == dt.date(2026, 9, 9)
    assert due_of(cast.tongcheng, jiang) == dt.date(2026, 11, 8)


def test_the_timeline_is_read_page_by_page_without_gap_or_repetition(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    logged = [log(cast.tongcheng, jiang, at=day_begins(dt.date(2026, 8, 1 + n // 2))).id for n in range(7)]
    seen, before = [], None
    while True:
        page = queries.timeline(cast.tongcheng, jiang.id, before=before, most=3)
        seen += [one.interaction.id for one in page.entries]
        before = page.before
        if before is None:
            break
    assert seen == sorted(logged, reverse=True)


def test_shared_people_are_seen_but_not_the_other_units_entries(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    log(cast.tongcheng, jiang, text="只本单位")
    log(cast.tongcheng, jiang, text="全市", readers=Readers.OFFICE)
    share_with(cast.tongcheng, jiang, "340822")
    told = [one.interaction.text for one in queries.timeline(cast.huaining, jiang.id).entries]
    assert told == ["全市"]
