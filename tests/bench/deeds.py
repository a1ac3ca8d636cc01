"""Deeds over HTTP: a line is logged, guests are checked in at one desk and at four."""

import secrets
import statistics
import threading
import time
from collections.abc import Iterator, Sequence

from tests.bench.figures import Figure, answered_in, at_least
from tests.bench.instance import EDITION, LIAISON
from tests.bench.pages import Standing
from tests.bench.serving import Answer, Client

LOGS = 40
ALONE, DESKS, EACH = 100, 4, 150
_ARRIVALS = f"/conferences/{EDITION}/desk/arrivals"


def measure(houses: Sequence[Standing], floor: Client) -> Iterator[Figure]:
    """In the first house: adding a log; a check-in from one client; from four at once.

    The same is logged in the others, so that worlds which are kept stay comparable.
    """
    house, *others = houses
    yield _logging(house, floor)
    for other in others:
        _logging(other, floor)
    entries = list(house.instance.probes["entries"])
    if len(entries) < ALONE + DESKS:
        return
    alone = min(ALONE, len(entries) // 5)
    yield _checking_in(house, floor, entries[:alone])
    yield from _four_desks(house, floor, entries[alone:])


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


def _four_desks(house: Standing, floor: Client, entries: list[str]) -> Iterator[Figure]:
    each = min(EACH, len(entries) // DESKS)
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
