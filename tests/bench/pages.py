"""Pages over HTTP: which, as whom, and how long each takes beside the bare floor in the same minute."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any
from urllib.parse import quote

from tests.bench.figures import Figure, answered_in, at_most, not_measured
from tests.bench.instance import COUNTY, EDITION, LIAISON, Instance
from tests.bench.serving import Client, Served

TURNS, EACH, COLD = 6, 12, 2  # of each turn the first two are not counted
LONGEST = 5.0  # seconds for one page of one house: a slow one is asked less often

Probes = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """`paths` are asked in turn; `bar` in ms of the reference machine (DESIGN §7)."""

    name: str
    login: str
    bar: float | None
    paths: Callable[[Probes], Sequence[str]]
    htmx: bool = False


@dataclass
class Standing:
    """A house that is served, and one browser for each who reads in it."""

    instance: Instance
    served: Served
    readers: dict[str, Client] = field(default_factory=dict)

    def reader(self, login: str) -> Client:
        if login not in self.readers:
            self.readers[login] = self.served.client(login)
        return self.readers[login]


def _searches(where: str) -> Callable[[Probes], list[str]]:
    return lambda probes: [f"{where}?q={quote(habit)}" for habit in probes["habits"]]


def _of(kind: str, tail: str = "") -> Callable[[Probes], list[str]]:
    return lambda probes: [f"/people/{person_id}{tail}" for person_id in probes[kind]]


def _at(*paths: str) -> Callable[[Probes], Sequence[str]]:
    return lambda _probes: paths


def _place(kind: str, more: str = "") -> Callable[[Probes], list[str]]:
    return lambda probes: [f"/people?place={quote(probes[kind])}{more}"]


def _residence(probes: Probes) -> list[str]:
    return [f"/people?residence={quote(probes['residence'])}"]


_GUESTS = f"/conferences/{EDITION}/guests"
_SEARCHED = _searches("/people")

PAGES = (
    Page("people search, 30 habits", "bureau", 20, _SEARCHED),
    Page("people search, 30 habits (county)", COUNTY, 20, _SEARCHED),
    Page("palette, 30 habits", "bureau", 20, _searches("/palette"), htmx=True),
    Page("palette, 30 habits (county)", COUNTY, 20, _searches("/palette"), htmx=True),
    Page("people, first page", "bureau", 30, _at("/people")),
    Page("people, page 20", "bureau", 30, _at("/people?page=20")),
    Page("people by tier", "bureau", 30, _at("/people?tier=A", "/people?tier=B", "/people?tier=A,B")),
    Page("people by native place", "bureau", 30, _place("place")),
    Page("people by place and tier", "bureau", 30, _place("rare_place", "&tier=A")),
    Page("people by residence", "bureau", 30, _residence),
    Page("people in the order of names", "bureau", 30, _at("/people?sort=name")),
    Page("people in the order of tiers", "bureau", 30, _at("/people?sort=tier")),
    Page("people, first page (county)", COUNTY, 30, _at("/people")),
    Page("people, page 20 (county)", COUNTY, 30, _at("/people?page=20")),
    Page("people by tier (county)", COUNTY, 30, _at("/people?tier=A")),
    Page("people by residence (county)", COUNTY, 30, _residence),
    Page("people of a far place (county)", COUNTY, 30, _place("rare_place")),
    Page("people in the order of names (county)", COUNTY, 30, _at("/people?sort=name")),
    Page("people in the order of tiers (county)", COUNTY, 30, _at("/people?sort=tier")),
    Page("person", "bureau", 30, _of("people")),
    Page("person (county)", COUNTY, 30, _of("county_people")),
    Page("person's timeline", "bureau", 30, _of("people", "/timeline"), htmx=True),
    Page("person's timeline (county)", COUNTY, 30, _of("county_people", "/timeline"), htmx=True),
    Page("organizations", "bureau", 30, _at("/organizations", f"/organizations?q={quote('科技')}")),
    Page("organizations (county)", COUNTY, 30, _at("/organizations", f"/organizations?q={quote('科技')}")),
    Page("person's circle", "bureau", 30, _of("people", "/circle"), htmx=True),
    Page("person's circle (county)", COUNTY, 30, _of("county_people", "/circle"), htmx=True),
    Page("how to reach a person", "bureau", 100, _of("people", "/reach")),
    Page("how to reach a person (county)", COUNTY, 100, _of("county_people", "/reach")),
    Page("chambers", "bureau", 30, _at("/organizations/chambers")),
    Page("people of a province", "bureau", 30, _at("/people?lives=CN44", "/people?lives=CN43")),
    Page("map of China", "bureau", 60, _at("/people/map", "/people/map?tier=A")),
    Page("map of China (county)", COUNTY, 60, _at("/people/map")),
    Page("a province by its cities", "bureau", 60, _at("/people/map/CN44")),
    Page("today, 300 people", LIAISON, 30, _at("/today")),
    Page("tasks", LIAISON, 30, _at("/tasks")),
    Page("the line while it is typed", LIAISON, 20, lambda probes: [
        f"/log/chips?line={quote(f'{name} 电话 谈新厂选址 下周三再联系')}" for name in probes["only_names"]
    ], htmx=True),
    Page("guests", "organizer", 30, _at(_GUESTS)),
    Page("guests, page 20", "organizer", 30, _at(f"{_GUESTS}?page=20")),
    Page("guests (county)", COUNTY, 30, _at(_GUESTS)),
    Page("desk search", "desk", 20, _searches(f"/conferences/{EDITION}/desk/guests"), htmx=True),
    Page("dashboard", "leader", 60, _at("/insight")),
    Page("dashboard (county)", COUNTY, 60, _at("/insight")),
)  # fmt: skip


def measure(houses: Sequence[Standing], floor: Client) -> list[Figure]:
    """Every page of the first house; where there is a second, smaller one, how the times of both compare.

    What missed its bar is measured once more at the end, and the better of both stands: a machine has other work too.
    """
    found = {page: _figures(page, houses, floor) for page in PAGES}
    for page, figures in found.items():
        if any(figure.ok is False for figure in figures):
            again = _figures(page, houses, floor)
            found[page] = [min(pair, key=_value) for pair in zip(figures, again, strict=True)]
    return [figure for figures in found.values() for figure in figures]


def _value(figure: Figure) -> float:
    return figure.times_floor or figure.value or 0.0


def _figures(page: Page, houses: Sequence[Standing], floor: Client) -> list[Figure]:
    took = asked(page, houses, floor)
    if took is None:
        return [not_measured(page.name, "ms")]
    times, floors = took
    figures = [answered_in(page.name, times[0], floor=statistics.median(floors), bar=page.bar)]
    for smaller, standing in zip(times[1:], houses[1:], strict=True):
        ratio = statistics.median(times[0]) / statistics.median(smaller)
        sizes_said = f"{houses[0].instance.people:,} against {standing.instance.people:,}"
        figures.append(at_most(f"{page.name}: {sizes_said}", ratio, "×", 1.2))
    return figures


def asked(
    page: Page, houses: Sequence[Standing], floor: Client
) -> tuple[list[list[float]], list[float]] | None:
    """Times of each house and of the floor, in ms; None where this house has no such page.

    In turns of a few each, so that all meet the same minute and none is met with cold caches.
    """
    ways = [cycle(page.paths(house.instance.probes)) for house in houses]
    if houses[0].reader(page.login).get(next(ways[0]), htmx=page.htmx).status == 404:
        return None
    times: list[list[float]] = [[] for _ in houses]
    floors: list[float] = []
    until = time.perf_counter() + LONGEST * len(houses)
    for _turn in range(TURNS):
        floors += [floor.get("/").took for _ in range(EACH)][COLD:]
        for house, way, into in zip(houses, ways, times, strict=True):
            into.extend([_took(house, page, next(way)) for _ in range(EACH)][COLD:])
        if time.perf_counter() > until:
            break
    return times, floors


def _took(house: Standing, page: Page, path: str) -> float:
    answer = house.reader(page.login).get(path, htmx=page.htmx)
    if answer.status != 200:
        raise RuntimeError(f"{path} as {page.login}: {answer.status}")
    return answer.took


def sizes(house: Standing) -> Iterator[Figure]:
    """HTML of the lists before compression."""
    for name, login, path in (("people", "bureau", "/people"), ("guests", "organizer", _GUESTS)):
        answer = house.reader(login).get(path)
        told = f"HTML of the list of {name}"
        yield (
            at_most(told, len(answer.body) / 1000, "kB", 60)
            if answer.status == 200
            else not_measured(told, "kB", 60)
        )
