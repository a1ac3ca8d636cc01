"""Many at once, on a real database with threads of its own (S20): seats, quota, letter numbers."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast, arrange_cast
from tests.conference.arranged import a_guest, a_person, an_edition, an_invited, as_guest
from tests.outbox.arranged import OwnHouse
from yishang_crm.accounts import queries as accounts
from yishang_crm.conference import actions, queries
from yishang_crm.conference.models import Category, Reply
from yishang_crm.conference.queries import Filters
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.people import queries as people

THREADS = 8


@pytest.fixture
def house(tmp_path: Path, request: pytest.FixtureRequest):
    """A house with a database that threads may use at once."""
    with OwnHouse.at(tmp_path, request) as own:
        with own.app.app_context(), writing():
            arrange_cast()
            db.session.commit()
        yield own


def at_once(house: OwnHouse, work: Callable[[Any], str], items: Sequence[Any]) -> list[str]:
    """Each item in a transaction of its own, from several threads that begin together."""
    said: list[str] = []
    gate = threading.Barrier(THREADS)

    def run(mine: Sequence[Any]) -> None:
        gate.wait()
        for item in mine:
            with house.app.app_context(), writing():
                try:
                    outcome = work(item)
                    db.session.commit()
                except NotPossible as no:
                    db.session.rollback()
                    outcome = type(no).__name__
                said.append(outcome)

    threads = [threading.Thread(target=run, args=(items[number::THREADS],)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    return said


@pytest.mark.slow
def test_two_hundred_who_say_yes_to_the_last_twenty_seats_get_exactly_twenty(house: OwnHouse):
    with house.app.app_context(), writing():
        cast = Cast.gathered()
        edition = an_edition(cast.organizer, seats=20)
        ids = [an_invited(cast.tongcheng, edition).id for _ in range(200)]
        db.session.commit()

    def say_yes(guest_id: int) -> str:
        guest = queries.guest(HOUSE, guest_id)
        actions.answer(as_guest(guest), guest, reply=Reply.ACCEPTED, consented=True)
        return guest.reply.value

    said = at_once(house, say_yes, ids)
    assert sorted(set(said)) == ["accepted", "tentative"]
    assert (said.count("accepted"), said.count("tentative")) == (20, 180)
    with house.app.app_context():
        edition = queries.edition("2026")
        assert edition.seats_taken == queries.recounted_seats(HOUSE, edition) == 20
        assert queries.count_guests(HOUSE, edition, Filters(reply="waiting")) == 180


def test_parties_of_three_never_take_half_a_place(house: OwnHouse):
    with house.app.app_context(), writing():
        cast = Cast.gathered()
        edition = an_edition(cast.organizer, seats=20)
        ids = [an_invited(cast.tongcheng, edition).id for _ in range(24)]
        db.session.commit()

    def say_yes(guest_id: int) -> str:
        guest = queries.guest(HOUSE, guest_id)
        actions.record_answer(HOUSE, guest, reply=Reply.ACCEPTED, companions=2)
        return guest.reply.value

    assert at_once(house, say_yes, ids).count("accepted") == 6
    with house.app.app_context():
        edition = queries.edition("2026")
        assert edition.seats_taken == queries.recounted_seats(HOUSE, edition) == 18


def test_of_a_quota_of_five_exactly_five_are_nominated(house: OwnHouse):
    with house.app.app_context(), writing():
        cast = Cast.gathered()
        edition = an_edition(cast.organizer)
        unit = accounts.unit_by_code("340881")
        actions.set_quota(cast.organizer, edition, unit, category=Category.NATIVE, granted=5)
        ids = [a_person(cast.tongcheng).id for _ in range(24)]
        db.session.commit()

    def nominate(person_id: int) -> str:
        cast = Cast.gathered()
        person = people.person(cast.tongcheng, person_id)
        actions.nominate(cast.tongcheng, queries.edition("2026"), person)
        return "nominated"

    assert at_once(house, nominate, ids).count("nominated") == 5
    with house.app.app_context():
        edition = queries.edition("2026")
        ((quota, _unit),) = queries.quotas(edition)
        assert (quota.used, queries.count_guests(HOUSE, edition, Filters())) == (5, 5)


def test_letters_made_by_many_hands_have_all_numbers_once_and_no_gap(house: OwnHouse):
    with house.app.app_context(), writing():
        cast = Cast.gathered()
        edition = an_edition(cast.organizer)
        ids = [a_guest(cast.tongcheng, edition).id for _ in range(32)]
        without_gender = a_guest(cast.tongcheng, edition, a_person(cast.tongcheng, gender=None)).id
        for guest in queries.all_guests(HOUSE, edition, Filters()):
            actions.approve(HOUSE, guest)
        db.session.commit()

    def make(guest_id: int) -> str:
        return str(actions.make_letter(HOUSE, queries.guest(HOUSE, guest_id)))

    # Each is asked for twice: the second time is refused and takes no number.
    said = at_once(house, make, [*ids, without_gender, *ids])
    assert sorted(int(one) for one in said if one.isdigit()) == list(range(1, 33))
    assert len([one for one in said if not one.isdigit()]) == 33
    with house.app.app_context():
        assert queries.edition("2026").last_letter_number == 32
