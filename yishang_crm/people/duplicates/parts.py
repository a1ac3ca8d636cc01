"""What an upper room moves when records become one. A room registers its part; this room never learns whose it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.core.actor import Actor


@dataclass(frozen=True)
class Line:
    """One row of "what moves" on the merge screen: how many each person has, and a sentence on what becomes of them."""

    title: str
    counts: dict[int, int]
    becomes: str = ""

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass
class Merging:
    """A merge under way. `say` leaves a sentence for whoever merged: what a rule decided in their place."""

    survivor_id: int
    absorbed_ids: tuple[int, ...]
    remarks: list[dict[str, Any]] = field(default_factory=list)
    moved: dict[str, int] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[int, ...]:
        return (*self.absorbed_ids, self.survivor_id)

    def say(self, sentence: str, **values: Any) -> None:
        self.remarks.append({"sentence": sentence, "values": values})

    def count(self, name: str, moved: int) -> None:
        if moved:
            self.moved[name] = self.moved.get(name, 0) + moved


@dataclass(frozen=True)
class Part:
    """A room's part. `level`: rooms higher up go first, for their rows stand on those of the rooms below.

    `lines` reads what there is of these people; `move` runs inside the merge and changes rows through the session, so that
    the journal sees them and an undo needs nothing of the room.
    """

    name: str
    level: int
    lines: Callable[[Actor, Sequence[int]], list[Line]]
    move: Callable[[Actor, Merging], None]


_parts: list[Part] = []


def part_of_merge(part: Part) -> None:
    """Called once, when a room is opened."""
    if part.name not in [one.name for one in _parts]:
        _parts.append(part)


def parts() -> list[Part]:
    """The highest room first."""
    return sorted(_parts, key=lambda part: -part.level)
