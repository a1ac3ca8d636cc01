"""The lawful home of bulk: many rows with few entries, claims for exactly one, counts that never go beyond."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import select

from tests.core.hall import Hall, HallState
from tests.core.test_audit import entries, newest
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.bulk import bulk, claim, next_number, take
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import Refused
from yishang_crm.core.scope import Unrecorded, unscoped_for

HANDS = 8


def opened(own_house, **details: Any) -> int:
    with (
        own_house.app.app_context(),
        writing(),
        bulk(HOUSE, Permission.HOUSEKEEPING, "core.open_hall") as work,
    ):
        (hall_id,) = work.insert(Hall, [{"name": "会堂"} | details])
    return hall_id


def hall(own_house, hall_id: int) -> Hall:
    with own_house.app.app_context():
        return db.session.scalars(unscoped_for("a test looks", select(Hall).where(Hall.id == hall_id))).one()


def at_once(own_house, deed: Callable[[], Any], *, times: int, hands: int = HANDS) -> list[Any]:
    """Do it so many times, by several threads that begin together, each deed in a transaction of its own."""
    together = threading.Barrier(hands)

    def work(share: int) -> list[Any]:
        together.wait()
        outcomes = []
        for _ in range(share):
            with own_house.app.app_context(), writing():
                outcomes.append(deed())
                db.session.commit()
        return outcomes

    with ThreadPoolExecutor(hands) as pool:
        return [outcome for outcomes in pool.map(work, [times // hands] * hands) for outcome in outcomes]


# Many rows


def test_a_bulk_deed_leaves_an_entry_when_opened_one_per_chunk_and_one_when_closed(own_house):
    with own_house.app.app_context(), writing():
        before = newest()
        with bulk(HOUSE, Permission.HOUSEKEEPING, "core.open_halls", about="batch:7") as work:
            first = work.insert(Hall, [{"name": f"厅{n}"} for n in range(3)])
            work.chunk_done()
            second = work.insert(Hall, [{"name": "四厅", "places": 5}])
        told = entries(since=before)
        halls = db.session.scalars(unscoped_for("a test looks", select(Hall).order_by(Hall.id))).all()
    assert [entry.verb for entry in told] == [
        "core.open_halls.opened", "core.open_halls.chunk", "core.open_halls.chunk", "core.open_halls"
    ]  # fmt: skip
    assert {entry.about for entry in told} == {"batch:7"}
    assert [entry.note.get("rows") for entry in told] == [
        None,
        {"hall_of_the_tests": 3},
        {"hall_of_the_tests": 1},
        None,
    ]
    assert told[1].note["digest"] != told[2].note["digest"]
    assert told[3].note["written"] == 4
    assert [hall.id for hall in halls] == first + second
    assert [(hall.name, hall.places, hall.state) for hall in halls[2:]] == [
        ("厅2", 20, HallState.WAITING), ("四厅", 5, HallState.WAITING)
    ]  # fmt: skip


def test_a_bulk_deed_that_dies_keeps_its_finished_chunks_and_says_so(own_house):
    with own_house.app.app_context(), writing():
        before = newest()
        with contextlib.suppress(ZeroDivisionError), bulk(HOUSE, Permission.HOUSEKEEPING, "core.x") as work:
            work.insert(Hall, [{"name": "一厅"}])
            work.chunk_done()
            work.insert(Hall, [{"name": "二厅"}])
            raise ZeroDivisionError
        db.session.rollback()
        assert [entry.verb for entry in entries(since=before)] == ["core.x.opened", "core.x.chunk"]
        names = db.session.scalars(unscoped_for("a test looks", select(Hall.name))).all()
    assert names == ["一厅"]


def test_an_update_of_many_is_counted_as_one(own_house):
    ids = [opened(own_house), opened(own_house)]
    with own_house.app.app_context(), writing():
        before = newest()
        with bulk(HOUSE, Permission.HOUSEKEEPING, "core.rename") as work:
            work.update(Hall, [{"id": row_id, "name": "新厅"} for row_id in ids])
        assert entries(since=before)[1].note["rows"] == {"hall_of_the_tests (update)": 2}
    assert {hall(own_house, row_id).name for row_id in ids} == {"新厅"}


@pytest.mark.usefixtures("indoors")
def test_a_bulk_deed_needs_its_permission(cast):
    before = newest()
    with pytest.raises(Refused), bulk(cast.tongcheng, Permission.HOUSEKEEPING, "core.x"):
        pass
    assert entries(since=before) == []


@pytest.mark.usefixtures("indoors")
def test_nothing_is_claimed_taken_or_numbered_outside_an_action():
    for way in (
        lambda: claim(Hall, 1, column="state", was="waiting", becomes="taken"),
        lambda: take(Hall, 1, used="taken", limit="places"),
        lambda: next_number(Hall, 1, column="number"),
    ):
        with pytest.raises(Unrecorded):
            way()


# Claims


@action(Permission.HOUSEKEEPING)
def claim_hall(actor, hall_id: int) -> bool:
    return claim(Hall, hall_id, column="state", was=HallState.WAITING, becomes=HallState.TAKEN, name="已占")


def test_of_many_at_once_exactly_one_gets_the_claim(own_house):
    hall_id = opened(own_house)
    outcomes = at_once(own_house, lambda: claim_hall(HOUSE, hall_id), times=HANDS)
    assert sorted(outcomes) == [False] * (HANDS - 1) + [True]
    claimed = hall(own_house, hall_id)
    assert (claimed.state, claimed.name) == (HallState.TAKEN, "已占")


# A limited count


@action(Permission.HOUSEKEEPING)
def take_places(actor, hall_id: int, n: int = 1) -> bool:
    return take(Hall, hall_id, used="taken", limit="places", n=n)


def test_of_eighty_at_once_for_the_last_twenty_places_exactly_twenty_get_one(own_house):
    hall_id = opened(own_house, places=20)
    outcomes = at_once(own_house, lambda: take_places(HOUSE, hall_id), times=80)
    assert (outcomes.count(True), outcomes.count(False), hall(own_house, hall_id).taken) == (20, 60, 20)


def test_a_party_gets_all_its_places_or_none(own_house):
    hall_id = opened(own_house, places=5)
    with own_house.app.app_context(), writing():
        got = [take_places(HOUSE, hall_id, n) for n in (3, 3, 2, 1)]
        db.session.commit()
    assert (got, hall(own_house, hall_id).taken) == ([True, False, True, False], 5)


def test_places_are_given_back_and_never_more_than_were_taken(own_house):
    hall_id = opened(own_house, places=5)
    with own_house.app.app_context(), writing():
        got = [take_places(HOUSE, hall_id, n) for n in (2, -1, -2)]
        db.session.commit()
    assert (got, hall(own_house, hall_id).taken) == ([True, True, False], 1)


def test_without_a_limit_there_is_always_room(own_house):
    hall_id = opened(own_house, places=None)
    assert all(at_once(own_house, lambda: take_places(HOUSE, hall_id, 10), times=HANDS))
    assert hall(own_house, hall_id).taken == 80


# A series


@action(Permission.HOUSEKEEPING)
def next_letter(actor, hall_id: int) -> int:
    return next_number(Hall, hall_id, column="number")


def test_numbers_follow_each_other_without_gaps_or_doubles(own_house):
    hall_id = opened(own_house)
    numbers = at_once(own_house, lambda: next_letter(HOUSE, hall_id), times=48)
    assert sorted(numbers) == list(range(1, 49))


def test_a_deed_that_fails_gives_its_number_back(own_house):
    hall_id = opened(own_house)
    with own_house.app.app_context(), writing():
        assert next_letter(HOUSE, hall_id) == 1
        db.session.rollback()
        assert next_letter(HOUSE, hall_id) == 1
        db.session.commit()
        assert next_letter(HOUSE, hall_id) == 2
