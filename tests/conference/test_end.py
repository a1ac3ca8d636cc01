"""The end of an edition: no-shows, and a task for each guest who came; walk-ins; the fuzz of all deeds."""

import random

import pytest

from tests.cast import Cast, unit_id
from tests.conference.arranged import a_guest, a_person, an_edition, an_invited, as_guest, ended
from yishang_crm.accounts import queries as accounts
from yishang_crm.conference import actions, jobs, queries
from yishang_crm.conference.models import Approval, Category, Onsite, Reply
from yishang_crm.conference.queries import Filters
from yishang_crm.core.clock import now, today
from yishang_crm.core.errors import HouseError, NotPossible
from yishang_crm.followup import queries as followup

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def edition(cast: Cast):
    return an_edition(cast.organizer)


def test_each_guest_who_came_becomes_a_task_of_the_owning_unit_once(cast: Cast, edition):
    came, away = an_invited(cast.tongcheng, edition), an_invited(cast.tongcheng, edition)
    for guest in (came, away):
        actions.record_answer(cast.tongcheng, guest, reply=Reply.ACCEPTED)
    actions.check_in(cast.desk, came, at=now())
    with pytest.raises(NotPossible, match="还没有结束"):
        actions.begin_follow_up(cast.organizer, edition)
    ended(edition)
    assert actions.close_edition(cast.organizer, edition) == 1
    assert (came.onsite, away.onsite) == (Onsite.CHECKED_IN, Onsite.NO_SHOW)
    assert actions.begin_follow_up(cast.organizer, edition) == 1
    (row,) = followup.promises_to(cast.tongcheng, came.person_id)
    assert (row.task.unit_id, row.task.origin) == (cast.tongcheng.unit_id, came.key)
    assert row.task.due_on >= today()
    assert followup.promises_to(cast.tongcheng, away.person_id) == []
    with pytest.raises(NotPossible, match="布置过"):
        actions.begin_follow_up(cast.organizer, edition)


def test_the_morning_after_the_house_does_it_if_nobody_has(cast: Cast, edition):
    guest = an_invited(cast.tongcheng, edition)
    actions.check_in(cast.desk, guest, at=now())
    assert jobs.begin_follow_ups() == {}
    ended(edition)
    assert jobs.begin_follow_ups() == {"tasks": 1}
    assert jobs.begin_follow_ups() == {}


def test_nobody_is_refused_at_the_desk_what_is_odd_is_said(cast: Cast, edition):
    guest = a_guest(cast.tongcheng, edition)
    odd = actions.check_in(cast.desk, guest, at=now())
    assert odd == ["邀请没有审定，或者已经撤回。", "还没有答复。"]
    at = guest.checked_in_at
    assert actions.check_in(cast.desk, guest, at=now())[0] == "已经报到过。"
    assert (guest.onsite, guest.checked_in_at) == (Onsite.CHECKED_IN, at)


def test_a_walk_in_is_on_the_list_and_takes_no_seat(cast: Cast, edition):
    guest = actions.walk_in(cast.desk, edition, name="操 望 舒", organization="深圳某公司")
    assert (guest.approval, guest.onsite, guest.unit_id) == (
        Approval.SUBMITTED,
        Onsite.CHECKED_IN,
        unit_id("bureau"),
    )
    assert queries.card(cast.organizer, guest).name == "操望舒"
    assert edition.seats_taken == 0


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_done_by_whomever_the_counters_equal_a_recount(cast: Cast, seed):
    """S24: random deeds of all roles; a refusal changes nothing, seats and quotas are always what a recount says."""
    chance = random.Random(seed)
    edition = an_edition(cast.organizer, seats=9)
    for code in ("340881", "340822"):
        unit = accounts.unit_by_code(code)
        actions.set_quota(cast.organizer, edition, unit, category=Category.NATIVE, granted=5)
    people = [a_person(actor) for actor in (cast.tongcheng, cast.huaining) for _ in range(5)]
    guests = []
    refused = 0
    for _ in range(120):
        actor = chance.choice([cast.organizer, cast.tongcheng, cast.huaining, cast.leader, cast.desk])
        try:
            _some_deed(chance, actor, edition, people, guests)
        except HouseError:
            refused += 1
        _must_add_up(cast, edition)
    assert refused > 5
    assert guests


def _some_deed(chance: random.Random, actor, edition, people, guests) -> None:
    if not guests or chance.random() < 0.2:
        guests.append(actions.nominate(actor, edition, chance.choice(people)))
        return
    guest = chance.choice(guests)
    reply, companions = chance.choice(list(Reply)), chance.randrange(5)
    deeds = [
        lambda: actions.approve(actor, guest),
        lambda: actions.approve_many(actor, edition, guests, at=now()),
        lambda: actions.reserve(actor, guest),
        lambda: actions.reject(actor, guest, note="不合适"),
        lambda: actions.withdraw(actor, guest, note="重复"),
        lambda: actions.withdraw_many(actor, edition, guests[:2], note="重复"),
        lambda: actions.make_letter(actor, guest),
        lambda: actions.make_letters(actor, edition, guests),
        lambda: actions.post_letters(actor, edition, guests),
        lambda: actions.record_answer(actor, guest, reply=reply, companions=companions),
        lambda: actions.answer(as_guest(guest), guest, reply=reply, companions=companions, consented=True),
        lambda: actions.check_in(actor, guest, at=now()),
    ]
    chance.choices(deeds, weights=[3, 1, 1, 1, 1, 1, 2, 1, 1, 6, 6, 0.3])[0]()


def _must_add_up(cast: Cast, edition) -> None:
    assert edition.seats_taken == queries.recounted_seats(cast.organizer, edition) <= 9
    for quota, unit in queries.quotas(edition):
        assert quota.used <= quota.granted
        assert quota.used == queries.standing(edition.id, unit_id=unit.id, category=quota.category)
    figures = queries.figures(cast.organizer, edition)
    assert figures.seats == edition.seats_taken
    assert figures.count["approved"] == queries.count_guests(
        cast.organizer, edition, Filters(approval="approved")
    )
    numbers = [
        guest.letter_number for guest in queries.all_guests(cast.organizer, edition, Filters(letter="made"))
    ]
    assert len(numbers) == len(set(numbers))
