"""What was measured: a value beside its floor and its bar, as a table and as JSON."""

import json
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FLOOR_THERE = 1.1  # ms, where the bars of DESIGN §7 were set: one page of Flask, SQLite and 50 rows


@dataclass(frozen=True)
class Figure:
    """One line. Pages and deeds: `value` is the p95 and `middle` the p50, `floor` the bare page's p50 in the same run,
    `bar` the bar of DESIGN §7 in multiples of that floor. `ok` is None where there is no bar; `value` where nothing was
    measured: a bar that nobody looked at is not one that was kept."""

    name: str
    value: float | None
    unit: str
    floor: float | None = None
    bar: float | None = None
    ok: bool | None = None
    middle: float | None = None
    bar_there: float | None = None

    @property
    def times_floor(self) -> float | None:
        return self.value / self.floor if self.floor and self.value is not None else None


def not_measured(name: str, unit: str, bar: float | None = None) -> Figure:
    """What this world had nothing for, or no page."""
    return Figure(name, None, unit, bar=bar)


def at_most(
    name: str, value: float, unit: str, bar: float | None = None, *, floor: float | None = None
) -> Figure:
    """A figure whose bar is the same on every machine."""
    return Figure(name, round(value, 2), unit, floor=floor, bar=bar, ok=None if bar is None else value <= bar)


def at_least(name: str, value: float, unit: str, bar: float, *, floor: float | None = None) -> Figure:
    return Figure(name, round(value, 2), unit, floor=floor, bar=bar, ok=value >= bar)


def answered_in(
    name: str, times: Sequence[float], *, floor: float, bar: float | None, share: int = 95
) -> Figure:
    """Times in ms against a bar in ms of the reference machine, by multiples of the floor."""
    here = None if bar is None else bar / FLOOR_THERE * floor
    value = percentile(times, share)
    return Figure(
        name, round(value, 2), "ms", floor=round(floor, 2), bar=None if here is None else round(here, 1),
        ok=None if here is None else value <= here, middle=round(statistics.median(times), 2), bar_there=bar,
    )  # fmt: skip


def percentile(times: Sequence[float], share: int) -> float:
    """By nearest rank, so that the value was really measured."""
    ranked = sorted(times)
    return ranked[min(len(ranked) - 1, -(-len(ranked) * share // 100) - 1)]


def table(figures: Iterable[Figure]) -> str:
    """For people; widths count a Chinese character twice."""
    heads = ("what", "value", "unit", "p50", "floor", "× floor", "bar", "bar there", "")
    rows = [heads, *(_row(figure) for figure in figures)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(heads))]
    return "\n".join(
        "  ".join(_padded(cell, widths, at) for at, cell in enumerate(row)).rstrip() for row in rows
    )


def write(figures: Iterable[Figure], path: Path) -> None:
    """A list of objects: name, value, unit, floor, bar, ok, and what pages tell besides."""
    told = [
        {
            name: value
            for name, value in asdict(figure).items()
            if value is not None or name in ("value", "floor", "bar", "ok")
        }
        for figure in figures
    ]
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")


def verdict(figure: Figure) -> str:
    """One word; empty where there is no bar."""
    return "not measured" if figure.value is None else {None: "", True: "ok", False: "MISSED"}[figure.ok]


def _row(figure: Figure) -> tuple[str, ...]:
    numbers = (figure.middle, figure.floor, figure.times_floor, figure.bar, figure.bar_there)
    return (figure.name, _said(figure.value), figure.unit, *map(_said, numbers), verdict(figure))


def _said(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 1000 else f"{value:.1f}"


def _padded(cell: str, widths: list[int], at: int) -> str:
    gap = " " * (widths[at] - _width(cell))
    return cell + gap if at in (0, 2, 8) else gap + cell


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
