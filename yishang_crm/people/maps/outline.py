"""An approved outline map that an installation supplies: `outline.geojson` in the instance folder, with its 审图号.

Borders are never drawn by hand: a map of China may be shown only from an approved base map, with its number beneath.
The file is GeoJSON in degrees; the number stands at its top level as `审图号`. Features are matched to provinces by
`adcode` or `name`; what matches none (lines in the sea) is drawn all the same, for it is part of the approved map.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.places.localities import CHINA, Localities, localities

FILE = "outline.geojson"
WIDTH, HEIGHT, EDGE = 800, 640, 8
LARGEST = 20 * 1024 * 1024
# GS(2024)0650号, GS京(2022)1061号, 皖S(2023)12号: of the ministry, of its provincial offices, of a province.
NUMBER = re.compile(r"(?:GS\s*[一-龥]{0,2}|[一-龥]S)\s*[(（〔]\s*\d{4}\s*[)）〕]\s*\d{1,6}\s*号")
_NAMES = ("审图号", "approval_number", "approvalNumber")

Point = tuple[float, float]


@dataclass(frozen=True)
class Shape:
    """One feature as an SVG path; `key` of its province or ""; `x`, `y` where its figure is printed."""

    path: str
    key: str = ""
    x: float = 0
    y: float = 0
    is_line: bool = False


@dataclass(frozen=True)
class Outline:
    """The whole map, ready to be drawn, with the number of its approval."""

    number: str
    shapes: tuple[Shape, ...]


def outline(folder: Path) -> Outline | None:
    """The installation's map, or None where it has none. Raises `NotPossible` where the file may not be used."""
    path = folder / FILE
    if not path.exists():
        return None
    told = path.stat()
    return _read(path, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int, size: int) -> Outline:
    if size > LARGEST:
        raise NotPossible(N_("底图文件 outline.geojson 超过20 MB，请换一份简化过的标准地图。"))
    try:
        said = json.loads(path.read_text("utf-8-sig"))
        features = [one for one in said["features"] if isinstance(one["geometry"], dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise NotPossible(
            N_("底图文件 outline.geojson 读不出来，它应当是一份 GeoJSON（FeatureCollection）。")
        ) from wrong
    number = _number(said)
    if not number:
        raise NotPossible(
            N_(
                "底图文件 outline.geojson 没有审图号，不能使用。请用经批准的标准地图，并在文件最外层写上“审图号”，"
                "例如 GS(2024)0650号。"
            )
        )
    try:
        drawn = tuple(_drawn(features, localities()))
    except (ValueError, KeyError, TypeError, IndexError) as wrong:
        raise NotPossible(N_("底图文件 outline.geojson 里有读不懂的坐标，坐标应当是经纬度。")) from wrong
    if not any(shape.key for shape in drawn):
        raise NotPossible(N_("底图文件 outline.geojson 里没有认出一个省份，各要素应当有 name 或 adcode。"))
    return Outline(number, drawn)


def _number(said: dict[str, Any]) -> str:
    beside = said.get("properties")
    for holder in (said, beside if isinstance(beside, dict) else {}):
        for name in _NAMES:
            if found := NUMBER.search(str(holder.get(name, ""))):
                return found[0]
    return ""


def _drawn(features: list[dict[str, Any]], known: Localities) -> Iterator[Shape]:
    projected = [
        (_key(one.get("properties") or {}, known), list(_lines(one["geometry"]))) for one in features
    ]
    fit = _fitting([point for _key_of, lines in projected for _closed, line in lines for point in line])
    for key, lines in projected:
        placed = [(closed, [fit(point) for point in line]) for closed, line in lines]
        path = "".join(_path(line, closed=closed) for closed, line in placed)
        if path:
            x, y = _middle([line for _closed, line in placed])
            yield Shape(path, key, x, y, is_line=not any(closed for closed, _line in placed))


def _key(properties: dict[str, Any], known: Localities) -> str:
    code = str(properties.get("adcode") or properties.get("code") or "")
    if re.fullmatch(r"\d{2}0000", code) and f"{CHINA}{code[:2]}" in known.by_key:
        return f"{CHINA}{code[:2]}"
    name = properties.get("name") or properties.get("NAME") or properties.get("省")
    entry = known.entry(name) if isinstance(name, str) else None
    return entry.key if entry and entry.kind == "province" else ""


def _lines(geometry: dict[str, Any]) -> Iterator[tuple[bool, list[Point]]]:
    """Every ring (closed) or line of a geometry, projected."""
    kind, at = geometry["type"], geometry.get("coordinates")
    if kind == "GeometryCollection":
        for one in geometry["geometries"]:
            yield from _lines(one)
    nested = {
        "Polygon": lambda: at,
        "MultiPolygon": lambda: [ring for polygon in at for ring in polygon],
        "LineString": lambda: [at],
        "MultiLineString": lambda: at,
    }.get(kind, list)()
    for line in nested:
        yield "Polygon" in kind, [_project(float(point[0]), float(point[1])) for point in line]


# Albers' equal-area conic with parallels 25° and 47°, as maps of China use it.
_FIRST, _SECOND, _ORIGIN, _MERIDIAN = (math.radians(degrees) for degrees in (25, 47, 0, 105))
_N = (math.sin(_FIRST) + math.sin(_SECOND)) / 2
_C = math.cos(_FIRST) ** 2 + 2 * _N * math.sin(_FIRST)


def _project(longitude: float, latitude: float) -> Point:
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError("not in degrees")
    rho = math.sqrt(max(_C - 2 * _N * math.sin(math.radians(latitude)), 0)) / _N
    theta = _N * (math.radians(longitude) - _MERIDIAN)
    return rho * math.sin(theta), rho * math.cos(theta)


def _fitting(points: list[Point]) -> Any:
    """What brings projected points into the picture."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    scale = min((WIDTH - 2 * EDGE) / ((right - left) or 1), (HEIGHT - 2 * EDGE) / ((bottom - top) or 1))
    across = (WIDTH - scale * (right - left)) / 2
    return lambda point: (
        round(across + scale * (point[0] - left), 1),
        round(EDGE + scale * (point[1] - top), 1),
    )


def _path(line: Iterable[Point], *, closed: bool) -> str:
    steps: list[Point] = []
    for point in line:
        if not steps or point != steps[-1]:  # neighbours nearer than a tenth of a pixel are one
            steps.append(point)
    if len(steps) < 2:
        return ""
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in steps) + ("Z" if closed else "")


def _middle(lines: list[list[Point]]) -> Point:
    """The middle of the largest ring's box: good enough for a figure."""
    ring = max(lines, key=_size)
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return round((min(xs) + max(xs)) / 2, 1), round((min(ys) + max(ys)) / 2, 1)


def _size(ring: list[Point]) -> float:
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return (max(xs) - min(xs)) * (max(ys) - min(ys))
