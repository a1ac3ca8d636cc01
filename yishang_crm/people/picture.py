"""One hop around somebody as a drawing: the one in the middle, people round, organizations square, at most 24 nodes.

Pure reckoning: who and what stands where. The template draws it; the same stands in a table beneath.
"""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

MOST_NODES = 24
RADIUS = 30
HEIGHT = 36
FEW = 8  # fit on one ring
INNER = 11
OUTER = (312, 252)


@dataclass(frozen=True)
class Neighbour:
    """Somebody, or some organization, around the middle. `key` is `person:7` or `organization:9`."""

    key: str
    name: str
    label: str = ""
    is_person: bool = True
    is_past: bool = False


@dataclass(frozen=True)
class Node:
    """A neighbour with its place; `width` of its square, `text` as it fits."""

    key: str
    name: str
    text: str
    x: float
    y: float
    is_person: bool
    width: float = 0


@dataclass(frozen=True)
class Line:
    """From one node to another, with its label in place."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: str = ""
    x: float = 0
    y: float = 0
    is_past: bool = False


@dataclass(frozen=True)
class Picture:
    """What is drawn; `left_out` of the neighbours did not fit."""

    width: int
    height: int
    middle: Node
    nodes: tuple[Node, ...] = ()
    lines: tuple[Line, ...] = ()
    left_out: int = 0

    @property
    def everybody(self) -> tuple[Node, ...]:
        """The one in the middle first."""
        return (self.middle, *self.nodes)


def picture(
    middle: Neighbour, around: Sequence[Neighbour], *, among: Collection[tuple[str, str]] = ()
) -> Picture:
    """Draw the neighbours, the first of them where they are too many; `among` are ties between two of them."""
    shown = list(around[: MOST_NODES - 1])
    width, height, places = _places(shown)
    centre = _node(middle, width / 2, height / 2)
    nodes = tuple(_node(one, *place) for one, place in zip(shown, places, strict=True))
    by_key = {node.key: node for node in nodes}
    lines = [
        _line(centre, node, one.label, is_past=one.is_past) for one, node in zip(shown, nodes, strict=True)
    ]
    if len(shown) <= FEW:  # in a crowd they would only be noise
        lines = [
            *(_line(by_key[a], by_key[b], "") for a, b in sorted(among) if a in by_key and b in by_key),
            *lines,
        ]
    return Picture(width, height, centre, nodes, tuple(lines), len(around) - len(shown))


def _places(shown: list[Neighbour]) -> tuple[int, int, list[tuple[float, float]]]:
    """Width, height and the place of each: one ring for few, else people within and organizations outside."""
    if len(shown) <= FEW:
        return 560, 340, _ring(len(shown), 280, 170, 205, 128)
    inner = [one for one in shown if one.is_person][:INNER]
    outer = [one for one in shown if one not in inner]
    if not outer:
        return 560, 420, _ring(len(inner), 280, 210, 220, 165)
    inside = dict(zip(map(id, inner), _ring(len(inner), 380, 290, 195, 140), strict=True))
    outside = dict(zip(map(id, outer), _ring(len(outer), 380, 290, *OUTER, turned=0.5), strict=True))
    return 760, 580, [inside.get(id(one)) or outside[id(one)] for one in shown]


def _ring(
    count: int, x: float, y: float, across: float, down: float, *, turned: float = 0
) -> list[tuple[float, float]]:
    steps = [2 * math.pi * (number + turned) / count - math.pi / 2 for number in range(count)]
    return [(round(x + across * math.cos(step), 1), round(y + down * math.sin(step), 1)) for step in steps]


def _node(one: Neighbour, x: float, y: float) -> Node:
    most = 4 if one.is_person else 8
    text = one.name if len(one.name) <= most else f"{one.name[: most - 1]}…"
    return Node(one.key, one.name, text, x, y, one.is_person, width=13 * len(text) + 18)


def _line(a: Node, b: Node, label: str, *, is_past: bool = False) -> Line:
    # On a long line the label stands behind the ring of those within.
    along = 0.8 if math.hypot(b.x - a.x, (b.y - a.y) * OUTER[0] / OUTER[1]) > 0.9 * OUTER[0] else 0.56
    x, y = a.x + (b.x - a.x) * along, a.y + (b.y - a.y) * along
    return Line(a.x, a.y, b.x, b.y, label[:8], round(x, 1), round(y + 4, 1), is_past)
