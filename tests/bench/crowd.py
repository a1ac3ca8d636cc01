"""Everybody at once: staff read and log, guests reply, desks check in, for a while (DESIGN §7, Scale)."""

import itertools
import secrets
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from tests.bench.figures import Figure, answered_in, at_least, at_most, not_measured
from tests.bench.instance import COUNTY, EDITION, LIAISON
from tests.bench.pages import Standing
from tests.bench.serving import Answer, Client

STAFF, DESKS, PHONES = 60, 12, 8
THINKS, GREETS = 4.0, 3.0  # seconds between two acts of one of the staff, between two arrivals at one desk
# 2,000 guests within ten minutes, pressed together: four times as many a minute, for a quarter of the time.
REPLIES, WITHIN, PRESSED = 2000, 600.0, 4
LOGS_EVERY = 5  # of five acts of a liaison one is a line in the log
_KINDS = ("staff read", "staff log", "guests open", "guests reply", "desks check in")
Act = Callable[[], Iterable[tuple[str, Answer]]]


@dataclass
class Crowd:
    """What was answered, by kind; what was not, by what it was. `over` ends everybody's work."""

    until: float
    times: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in _KINDS})
    errors: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, act: Act, *, every: float, first: float) -> None:
        """Act again and again, at the given pace or as fast as answers come where that is slower, until all is over."""
        due = time.monotonic() + first
        while due < self.until:
            time.sleep(max(0.0, due - time.monotonic()))
            due += every
            try:
                answers = list(act())
            except (OSError, RuntimeError) as fault:
                self._note(type(fault).__name__)
                continue
            for kind, answer in answers:
                self._note(f"{kind}: {answer.status}") if answer.status >= 400 else self.times[kind].append(
                    answer.took
                )

    def _note(self, what: str) -> None:
        with self.lock:
            self.errors[what] += 1


def measure(house: Standing, floor: Client, *, after: int, share: float = 1.0) -> Iterator[Figure]:
    """`after`: how many entries the desks have used up before; `share`: of the full time (a small world is asked less)."""
    entries, links = house.instance.probes["entries"][after:], house.instance.probes["links"][after:]
    arrivals = len(entries) // 3
    if not arrivals:
        yield not_measured("everybody at once: errors", "", 0)
        return
    lasts = WITHIN / PRESSED * share
    crowd = Crowd(time.monotonic() + lasts)
    # Who has arrived answers no more: desks take from the front, phones from the rest, some of them twice.
    paces = [
        *_staff(house),
        *_desks(house, iter(entries[:arrivals])),
        *_phones(house, itertools.islice(itertools.cycle(links[arrivals:]), int(REPLIES * share))),
    ]
    threads = [
        threading.Thread(
            target=crowd.keep,
            args=(act,),
            kwargs={"every": every, "first": every * at / len(paces)},
            daemon=True,
        )
        for at, (act, every) in enumerate(paces)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(lasts + 60)
    yield from _figures(crowd, lasts, floor)


def _figures(crowd: Crowd, lasts: float, floor: Client) -> Iterator[Figure]:
    answered = sum(map(len, crowd.times.values()))
    told = "".join(f"; {what} × {count}" for what, count in crowd.errors.most_common(5))
    yield at_most(
        f"everybody at once: errors of {answered:,} answers in {lasts:.0f} s{told}",
        crowd.errors.total(),
        "",
        0,
    )
    asked = REPLIES / WITHIN * PRESSED * lasts
    yield at_least(
        "everybody at once: guests who could reply", len(crowd.times["guests reply"]) / asked * 100, "%", 95
    )
    bare = statistics.median([floor.get("/").took for _ in range(60)][10:])
    for kind, times in crowd.times.items():
        for share in (95, 99):
            name = f"everybody at once: {kind}, p{share} of {len(times):,}"
            yield (
                answered_in(name, times, floor=bare, bar=None, share=share)
                if times
                else not_measured(name, "ms")
            )


def _staff(house: Standing) -> Iterator[tuple[Act, float]]:
    """Sixty browsers of four people: what an account costs is not the question here."""
    logins = ("bureau", COUNTY, LIAISON, "organizer")
    for number in range(STAFF):
        login = logins[number % len(logins)]
        yield _acts_of(house, _beside(house, login), login, number), THINKS


def _acts_of(house: Standing, browser: Client, login: str, number: int) -> Act:
    probes = house.instance.probes
    people = probes["county_people"] if login in (COUNTY, LIAISON) else probes["people"]
    paths = itertools.cycle(
        [
            "/people", f"/people/{people[number % len(people)]}", f"/people?q={quote(probes['habits'][number % 30])}", "/today",
            f"/conferences/{EDITION}/guests",
        ]
    )  # fmt: skip
    turns = itertools.count(number)

    def act() -> Iterator[tuple[str, Answer]]:
        if login == LIAISON and next(turns) % LOGS_EVERY == 0:
            line = f"{probes['only_names'][number % len(probes['only_names'])]} 电话 谈新厂选址 下周三再联系"
            yield (
                "staff log",
                browser.post("/log", {"line": line, "client_id": secrets.token_hex(16)}, htmx=True),
            )
        else:
            yield "staff read", browser.get(next(paths))

    return act


def _desks(house: Standing, entries: Iterator[str]) -> Iterator[tuple[Act, float]]:
    turn = threading.Lock()
    for number in range(DESKS):
        desk, name = _beside(house, "desk"), f"{number + 1}号台"

        def act(desk: Client = desk, name: str = name) -> list[tuple[str, Answer]]:
            with turn:
                entry = next(entries, None)
            if entry is None:
                return []
            said = {"nonce": secrets.token_hex(16), "desk": name, "code": entry}
            arrivals = f"/conferences/{EDITION}/desk/arrivals"
            return [("desks check in", desk.post(arrivals, said, accept="application/json"))]

        yield act, GREETS


def _phones(house: Standing, links: Iterator[str]) -> Iterator[tuple[Act, float]]:
    """Each guest comes with a phone of their own: a connection and a cookie that nobody had before."""
    turn = threading.Lock()
    consent = house.instance.probes["consent"]

    def act() -> Iterator[tuple[str, Answer]]:
        with turn:
            link = next(links, None)
        if link is None:
            return
        phone = Client(house.served.port)
        try:
            opened = phone.get(f"/r/{link}")
            yield "guests open", opened
            if opened.status == 200:
                phone.read_token(opened)
                yield (
                    "guests reply",
                    phone.post(f"/r/{link}/reply", {"reply": "accepted", "consent": consent}),
                )
        finally:
            phone.close()

    every = WITHIN / PRESSED / REPLIES * PHONES
    return iter([(act, every)] * PHONES)


def _beside(house: Standing, login: str) -> Client:
    """One more browser of somebody who is signed in."""
    signed_in, another = house.reader(login), house.served.client()
    another.cookies, another.token = dict(signed_in.cookies), signed_in.token
    return another
