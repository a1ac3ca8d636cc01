"""Exactly once, however often and by however many desks at once: real threads on a database of its own."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cast import arrange_cast, signed_in
from tests.outbox.arranged import OwnHouse
from tests.reception.arranged import NONCES, a_guest, an_edition, entries, seen
from yishang_crm.conference import tokens
from yishang_crm.core.db import db, writing

ARRIVALS = "/conferences/2026/desk/arrivals"
DESKS = ["东门1号台", "东门2号台", "西门1号台", "西门2号台"]


@pytest.fixture
def gate(own_house: OwnHouse) -> tuple[OwnHouse, list[str]]:
    """An edition with twelve guests; their entry tokens."""
    own_house.app.config["WTF_CSRF_ENABLED"] = False
    with own_house.app.app_context(), writing():
        arrange_cast()
        edition = an_edition()
        guests = [
            a_guest(edition, f"余{'甲乙丙丁戊己庚辛壬癸子丑'[n]}", phone=f"199000004{n:02d}")
            for n in range(12)
        ]
        codes = [tokens.entry_token(guest) for guest in guests]
        db.session.commit()
    return own_house, codes


def at_once(house: OwnHouse, sendings: list[dict[str, str]]) -> list[dict]:
    """Every sending from a thread of its own, through the pages, all starting together."""
    client = signed_in(house.app.test_client(), "desk")
    cookie = client.get_cookie("yishang")
    together = threading.Barrier(len(sendings))

    def send(said: dict[str, str]) -> dict:
        mine = house.app.test_client()
        mine.set_cookie("yishang", cookie.value)
        together.wait()
        answer = mine.post(ARRIVALS, data=said, headers={"Accept": "application/json"})
        assert answer.status_code == 200, answer.text
        return answer.json

    with ThreadPoolExecutor(len(sendings)) as pool:
        return list(pool.map(send, sendings))


def looked_at(house: OwnHouse):
    with house.app.app_context():
        found = seen()
        db.session.rollback()
        return found


def test_one_scan_sent_five_times_at_once_is_one_arrival(gate):
    house, codes = gate
    answers = at_once(house, [{"code": codes[0], "nonce": NONCES[0], "desk": DESKS[0]}] * 5)

    assert Counter(answer["word"] for answer in answers) == {"欢迎": 5}
    found = looked_at(house)
    assert (found.arrivals, found.repeated, found.checked_in) == (1, 0, 1)
    with house.app.app_context():
        assert len(entries("reception.receive")) == 1
        db.session.rollback()


def test_one_guest_at_four_desks_at_once_is_one_arrival_and_three_are_told(gate):
    house, codes = gate
    sendings = [{"code": codes[0], "nonce": NONCES[n], "desk": desk} for n, desk in enumerate(DESKS)]
    answers = at_once(house, sendings)

    assert Counter(answer["kind"] for answer in answers) == {"go": 1, "stop": 3}
    found = looked_at(house)
    assert (found.arrivals, found.repeated, found.checked_in) == (1, 3, 1)


def test_two_queues_of_the_same_guests_in_opposite_order_end_in_one_arrival_each(gate):
    house, codes = gate
    forward = [{"code": code, "nonce": NONCES[n], "desk": DESKS[0]} for n, code in enumerate(codes)]
    backward = [
        {"code": code, "nonce": NONCES[100 + n], "desk": DESKS[1]} for n, code in enumerate(reversed(codes))
    ]
    answers = at_once(house, forward + backward)

    assert Counter(answer["kind"] for answer in answers) == {"go": 12, "stop": 12}
    found = looked_at(house)
    assert (found.arrivals, found.repeated, found.checked_in) == (12, 12, 12)


def test_a_walk_in_sent_four_times_at_once_is_one(gate):
    house, _ = gate
    answers = at_once(house, [{"walk_in": "琚远山", "nonce": NONCES[0], "desk": DESKS[0]}] * 4)

    assert Counter(answer["kind"] for answer in answers) == {"go": 4}
    with house.app.app_context():
        assert len(entries("reception.receive_walk_in")) == 1
        db.session.rollback()


def test_a_queue_cut_anywhere_and_sent_again_is_the_same_as_once(gate):
    house, codes = gate
    client = signed_in(house.app.test_client(), "desk")
    queue = [{"code": code, "nonce": NONCES[n], "desk": DESKS[0]} for n, code in enumerate(codes)]
    for cut in range(len(queue) + 1):  # the answers after the cut were lost on the way
        for said in queue[:cut]:
            answer = client.post(ARRIVALS, data=said, headers={"Accept": "application/json"})
            assert answer.json["kind"] == "go"

    found = looked_at(house)
    assert (found.arrivals, found.repeated, found.checked_in) == (12, 0, 12)
