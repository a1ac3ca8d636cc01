"""`make bench`: the bars of DESIGN §7 that apply, measured over HTTP beside their floor; a table and bench.json.

PEOPLE: how many (200,000); from there on a world of a tenth is measured beside it. BENCH_INSTANCE: a folder where the
filled worlds are kept and found again. A bar that is missed is told and fails nothing.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench import crowd, deeds, files, finding, pages
from tests.bench.figures import Figure, answered_in, at_most, table, verdict, write
from tests.bench.instance import ROOT, Instance, filled
from tests.bench.serving import floor, house

LARGE = 200_000
REST = 3.0  # seconds after which the house is at rest


def main() -> None:
    """Fill, measure, print."""
    people = int(os.environ.get("PEOPLE") or LARGE)
    with _folder() as folder:
        figures = list(_told(_all(folder, people)))
    print(f"\n{table(figures)}")
    write(figures, ROOT / "bench.json")


def _all(folder: Path, people: int) -> Iterator[Figure]:
    for what in files.MEASURES:
        yield from files.measured(what)
    full = _filled(folder / "full", people)
    tenth = _filled(folder / "tenth", full.people // 10) if full.people >= LARGE else None
    if full.filled_in:
        yield at_most(
            f"a demo world of {full.people:,} people",
            full.filled_in,
            "s",
            900 if full.people >= LARGE else None,
        )
    yield from finding.measured(full.folder)
    with ExitStack() as stack:
        bare = stack.enter_context(floor(folder)).client()
        served = stack.enter_context(house(full.folder))
        yield at_most("start until the first answer", served.began_in, "s", 2)
        time.sleep(REST)
        yield at_most("memory of web and timetable at rest", served.memory(), "MB", 200)
        yield at_most("the same, what they share counted once", served.memory_of_its_own(), "MB")
        yield answered_in(
            "the bare floor", [bare.get("/").took for _ in range(300)][20:], floor=1.0, bar=None
        )
        houses = [pages.Standing(full, served)]
        if tenth:
            houses.append(pages.Standing(tenth, stack.enter_context(house(tenth.folder))))
        yield from pages.measure(houses, bare)
        yield from pages.sizes(houses[0])
        yield from deeds.measure(houses, bare)
        yield from deeds.releasing(houses[0])
        used, share = deeds.entries_used(houses[0]), 1.0 if full.people >= LARGE else 0.2
        yield from crowd.measure(houses[0], bare, after=used, share=share)
        yield at_most("memory of web and timetable afterwards", served.memory(), "MB")


@contextmanager
def _folder() -> Iterator[Path]:
    kept = os.environ.get("BENCH_INSTANCE")
    if kept:
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="yishang-bench-") as made:
        yield Path(made)


def _filled(folder: Path, people: int) -> Instance:
    print(f"a world of {people:,} people in {folder} …", file=sys.stderr, flush=True)
    return filled(folder, people)


def _told(figures: Iterable[Figure]) -> Iterator[Figure]:
    """One line each as they come: a long run is not silent."""
    for figure in figures:
        value = "" if figure.value is None else f"{figure.value:,.1f} {figure.unit} "
        print(f"  {figure.name}: {value}{verdict(figure)}", file=sys.stderr, flush=True)
        yield figure


if __name__ == "__main__":
    main()
