"""S4: nothing that this room shows, counts or suggests names somebody whom the reader may not see."""

import datetime as dt

import pytest
import time_machine

from tests.cast import Cast
from tests.followup.arranged import TUESDAY, add_person, log, share_with
from yishang_crm.core.actor import HOUSE
from yishang_crm.followup import actions, queries
from yishang_crm.followup.models import Channel, Readers
from yishang_crm.followup.queries import TaskFilters
from yishang_crm.people.models import Person

pytestmark = pytest.mark.usefixtures("indoors")
TODAY = dt.date(2026, 9, 8)


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(TUESDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def dinner(cast: Cast) -> tuple[Person, Person]:
    """The bureau dined with one person of each county, told the whole city, and promised something for today."""
    ours = add_person(cast.tongcheng, "江望之", phone="19900000417")
    theirs = add_person(cast.huaining, "操景澄", phone="19900000226")
    log(cast.bureau, ours, theirs, readers=Readers.OFFICE, channel=Channel.MEAL, next_on=TODAY)
    return ours, theirs


def test_a_dinner_with_both_counties_names_to_each_only_their_own(cast: Cast, dinner):
    ours, theirs = dinner
    (entry,) = queries.timeline(cast.tongcheng, ours.id).entries
    assert entry.others == ()
    assert queries.people_in(cast.tongcheng, [entry.interaction.id]) == {
        entry.interaction.id: [(ours.id, "江望之")]
    }
    (entry,) = queries.timeline(cast.leader, ours.id).entries
    assert entry.others == ((theirs.id, "操景澄"),)


def test_a_promise_about_somebody_out_of_sight_is_not_there_even_for_its_owner(cast: Cast):
    theirs = add_person(cast.huaining, "操景澄")
    task = actions.add_task(
        HOUSE,
        what="给操景澄回话",
        person_id=theirs.id,
        unit_id=cast.tongcheng.unit_id,
        user_id=cast.tongcheng.id,
        due_on=TODAY,
    )
    assert queries.task(cast.tongcheng, task.id) is None
    assert queries.page_of_tasks(cast.tongcheng, TaskFilters(), today=TODAY) == []
    assert queries.task_counts(cast.tongcheng, today=TODAY) == queries.TaskCounts(0, 0, 0)
    assert queries.today(cast.tongcheng, day=TODAY).is_quiet
    assert queries.task(cast.bureau, task.id) is not None


def test_words_of_a_line_find_nobody_of_another_county(cast: Cast, dinner):
    for token in ("操景澄", "cjc", "caojingcheng", "0226"):
        assert queries.People(cast.tongcheng, f"{token} 电话").candidates(token) == []
        assert [one.name for one in queries.People(cast.huaining, f"{token} 电话").candidates(token)] == [
            "操景澄"
        ]


def test_a_private_entry_is_for_its_author_and_leaders(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    log(
        cast.tongcheng,
        jiang,
        text="家里有事",
        readers=Readers.ME_AND_LEADER,
        next_on=TODAY,
        next_what="问候老人",
    )
    readers = {"tongcheng": cast.tongcheng, "leader": cast.leader}
    others = {"tongcheng2": cast.tongcheng2, "bureau": cast.bureau, "organizer": cast.organizer}
    for who, actor in (readers | others).items():
        told = [one.interaction.text for one in queries.timeline(actor, jiang.id).entries]
        counts = queries.channel_counts(actor, jiang.id)
        promised = [row.task.what for row in queries.promises_to(actor, jiang.id)]
        assert (told, counts, promised) == (
            (["家里有事"], {Channel.CALL: 1}, ["问候老人"]) if who in readers else ([], {}, [])
        ), who


def test_the_list_of_owed_calls_does_not_tell_what_a_private_entry_says(cast: Cast, tuesday):
    jiang = add_person(cast.bureau, "江望之")
    log(cast.bureau, jiang, text="家里有事", readers=Readers.ME_AND_LEADER)
    tuesday.shift(dt.timedelta(days=61))
    day = dt.date(2026, 11, 8)
    assert [one.last.text for one in queries.owed(cast.bureau, today=day)] == ["家里有事"]
    (seen,) = queries.owed(cast.organizer, today=day, whose="unit")
    assert (seen.person.id, seen.last) == (jiang.id, None)


def test_who_is_only_shared_is_called_by_the_unit_that_keeps_them(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    actions.start_cadence(cast.tongcheng, [jiang])
    share_with(cast.tongcheng, jiang, "340822")
    day = TODAY + dt.timedelta(days=61)
    assert queries.owed(cast.huaining, today=day, whose="unit") == []
    assert len(queries.owed(cast.tongcheng, today=day, whose="unit")) == 1


def test_a_promise_tells_its_source_only_to_who_may_read_it(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    share_with(cast.tongcheng, jiang, "340822")
    log(cast.tongcheng, jiang, text="只本单位", next_on=TODAY)
    task = queries.promises_to(cast.tongcheng, jiang.id)[0].task
    actions.pass_on_task(cast.bureau, task, user=user_of(cast, "huaining"))
    (row,) = queries.page_of_tasks(cast.huaining, TaskFilters(), today=TODAY)
    assert (row.person_name, row.came_from) == ("江望之", None)


def user_of(cast: Cast, login: str):
    from yishang_crm.accounts import queries as accounts

    return accounts.user(cast.bureau, getattr(cast, login).id)


def test_a_promise_is_passed_only_to_somebody_who_sees_the_person(cast: Cast):
    from yishang_crm.core.errors import NotPossible

    jiang = add_person(cast.tongcheng, "江望之")
    task = actions.add_task(cast.tongcheng, what="回话", person_id=jiang.id, due_on=TODAY)
    with pytest.raises(NotPossible):
        actions.pass_on_task(cast.bureau, task, user=user_of(cast, "huaining"))
    actions.pass_on_task(cast.tongcheng, task, user=user_of(cast, "tongcheng2"))
    assert task.user_id == cast.tongcheng2.id


def test_owed_calls_are_those_in_ones_own_care(cast: Cast, tuesday):
    mine, hers = add_person(cast.tongcheng, "江望之"), add_person(cast.tongcheng2, "余秉衡")
    theirs = add_person(cast.huaining, "操景澄")
    for actor, person in ((cast.tongcheng, mine), (cast.tongcheng2, hers), (cast.huaining, theirs)):
        actions.start_cadence(actor, [person])
    day = TODAY + dt.timedelta(days=61)
    assert [one.person.name for one in queries.owed(cast.tongcheng, today=day)] == ["江望之"]
    assert queries.owed_counts(cast.tongcheng, today=day) == queries.OwedCounts(overdue=1, soon=0)
    of_unit = queries.owed(cast.tongcheng, today=day, whose="unit")
    assert {one.person.name for one in of_unit} == {"江望之", "余秉衡"}
    assert queries.owed_counts(cast.tongcheng, today=day, whose="unit") == queries.OwedCounts(
        overdue=2, soon=0
    )
    assert queries.owed_counts(cast.stranger, today=day) == queries.OwedCounts(0, 0)


def test_overdue_begins_the_day_after(cast: Cast):
    jiang = add_person(cast.tongcheng, "江望之")
    actions.start_cadence(cast.tongcheng, [jiang])
    due = TODAY + dt.timedelta(days=60)
    sizes = [queries.owed_counts(cast.tongcheng, today=due + dt.timedelta(days=n)) for n in (-8, -7, 0, 1)]
    assert [(one.overdue, one.soon) for one in sizes] == [(0, 0), (0, 1), (0, 1), (1, 0)]


def test_who_asked_to_be_left_alone_is_owed_no_call(cast: Cast):
    from yishang_crm.people import actions as people

    jiang = add_person(cast.tongcheng, "江望之")
    actions.start_cadence(cast.tongcheng, [jiang])
    people.forbid_contact(cast.tongcheng, jiang, reason="本人要求")
    assert queries.owed(cast.tongcheng, today=TODAY + dt.timedelta(days=61)) == []
