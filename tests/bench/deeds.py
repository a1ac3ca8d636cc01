"""Deeds over HTTP: a line is logged, guests are checked in at one desk and at four."""

import re
import secrets
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from tests.bench.figures import Figure, answered_in, at_least, at_most, not_measured
from tests.bench.instance import EDITION, LETTERS, LIAISON
from tests.bench.pages import Standing
from tests.bench.serving import Answer, Client

LOGS = 40
ALONE, DESKS, EACH = 100, 4, 150
_ARRIVALS = f"/conferences/{EDITION}/desk/arrivals"
_EXPECTED = re.compile(rb'name="expected"[^>]*value="(\d+)"')
_TAKE_BACK = re.compile(rb"/outbox/releases/\w+/withdrawal")


def measure(houses: Sequence[Standing], floor: Client) -> Iterator[Figure]:
    """In the first house: adding a log; a check-in from one client; from four at once.

    The same is logged in the others, so that worlds which are kept stay comparable.
    """
    house, *others = houses
    yield _logging(house, floor)
    for other in others:
        _logging(other, floor)
    entries = list(house.instance.probes["entries"])
    alone, each = _shares(len(entries))
    if not each:
        yield not_measured("a check-in from one client", "ms")
        yield not_measured("check-ins from four clients", "a second", 300)
        return
    yield _checking_in(house, floor, entries[:alone])
    yield from _four_desks(house, floor, entries[alone:], each=each)


def entries_used(house: Standing) -> int:
    """How many guests have arrived after `measure`."""
    alone, each = _shares(len(house.instance.probes["entries"]))
    return alone + DESKS * each if each else 0


def _shares(guests: int) -> tuple[int, int]:
    """How many arrive at one desk alone, and at each of four: no more than half of all."""
    alone = min(ALONE, guests // 10)
    return alone, min(EACH, (guests // 2 - alone) // DESKS)


def releasing(house: Standing) -> Iterator[Figure]:
    """The click that lets 2,000 letters go; afterwards they are taken back, as far as they are still in the house."""
    name = f"the click that releases {LETTERS:,} messages"
    organizer, wanted = house.reader("organizer"), {"matching": "1", "purpose": "bench"}
    asked = organizer.get(f"/outbox/selection?{urlencode(wanted)}")
    counted = _EXPECTED.search(asked.body)
    if counted is None:
        yield not_measured(name, "s", 1)
        return
    answer = organizer.post("/outbox/releases", {**wanted, "expected": counted[1].decode()})
    _must_be(answer, 303)
    if int(counted[1]) != LETTERS:
        raise RuntimeError(f"{counted[1].decode()} were held")
    yield at_most(name, answer.took / 1000, "s", 1)
    back = _TAKE_BACK.search(organizer.get("/outbox").body)
    if back:
        _must_be(organizer.post(back[0].decode(), {}), 303)


def _logging(house: Standing, floor: Client) -> Figure:
    names = house.instance.probes["only_names"]
    liaison, times = house.reader(LIAISON), []
    for turn in range(LOGS):
        line = {
            "line": f"{names[turn % len(names)]} 电话 谈新厂选址 下周三再联系",
            "client_id": secrets.token_hex(16),
        }
        answer = liaison.post("/log", line, htmx=True)
        _must_be(answer, 200)
        times.append(answer.took)
    return answered_in("adding a log", times, floor=_now(floor), bar=25)


def _checking_in(house: Standing, floor: Client, entries: list[str]) -> Figure:
    desk = house.reader("desk")
    times = [_arrive(desk, entry, "一号台") for entry in entries]
    return answered_in("a check-in from one client", times, floor=_now(floor), bar=10)


def _four_desks(house: Standing, floor: Client, entries: list[str], *, each: int) -> Iterator[Figure]:
    desks = [house.served.client("desk") for _ in range(DESKS)]
    times: list[list[float]] = [[] for _ in desks]
    faults: list[BaseException] = []

    def stand(at: int) -> None:
        try:
            for entry in entries[at * each : (at + 1) * each]:
                times[at].append(_arrive(desks[at], entry, f"{at + 1}号台"))
        except BaseException as fault:  # noqa: BLE001 - told by the thread that waits
            faults.append(fault)

    threads = [threading.Thread(target=stand, args=(at,)) for at in range(DESKS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - begun
    if faults:
        raise faults[0]
    together = [one for some in times for one in some]
    yield at_least("check-ins from four clients", len(together) / taken, "a second", 300)
    yield answered_in(
        f"a check-in from four clients, p99 of {len(together)}", together, floor=_now(floor), bar=60, share=99
    )


def _now(floor: Client) -> float:
    return statistics.median([floor.get("/").took for _ in range(60)][10:])


def _arrive(desk: Client, entry: str, name: str) -> float:
    said = {"nonce": secrets.token_hex(16), "desk": name, "code": entry}
    answer = desk.post(_ARRIVALS, said, accept="application/json")
    _must_be(answer, 200)
    return answer.took


def _must_be(answer: Answer, status: int) -> None:
    if answer.status != status:
        raise RuntimeError(f"{answer.status}: {answer.body[:400].decode(errors='replace')}")
