"""Finds county and township in a native place written by any habit."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC

# A file repeats few spellings; the bound only keeps a hostile file from filling the memory.
REMEMBERED = 20_000
TOWN_SUFFIXES = ("街道办事处", "街道", "镇", "乡", "农场", "开发区", "园区")
TOWN_AS_WRITTEN = re.compile(r"([^\d\s]{1,6}?(?:街道|镇|乡|农场))")
COUNTRY = ("中华人民共和国", "中国")
PROVINCE = ("安徽省", "安徽", "皖")
NOISE = re.compile(r"[\s,，.。、·:：;；/|\-—_()（）\[\]【】]+")
ORIGIN = re.compile(r"^(?:祖籍|籍贯|原籍|老家|出生地|家乡)(?:是|为|在)?")
SUFFIX = re.compile(r"(?:籍?人士?|老乡|籍)$")


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One row of the dictionary. `valid_to` (YYYY-MM) is set where the place has left Anqing."""

    name: str
    level: str  # city, county, zone, town
    parent: str = ""
    aliases: tuple[str, ...] = ()
    counts_as_native: bool = True
    valid_to: str = ""
    code: str = ""
    order: int = 0
    state: str = "待核定"
    remark: str = ""

    @classmethod
    def from_mapping(cls, row: Mapping[str, str]) -> "PlaceRow":
        """A row from the columns of the dictionary's CSV; aliases are divided by `|`."""
        return cls(
            name=row["name"],
            level=row["level"],
            parent=row.get("parent", ""),
            aliases=tuple(alias for alias in row.get("aliases", "").split("|") if alias),
            counts_as_native=row.get("counts_as_native", "1") == "1",
            valid_to=row.get("valid_to", ""),
            code=row.get("code", ""),
            order=int(row.get("order") or 0),
            state=row.get("state", ""),
            remark=row.get("remark", ""),
        )


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """`county` is the dictionary's name of the county, zone or (if no more is told) city; `town` or None."""

    county: str
    town: str | None
    counts_as_native: bool
    historic: bool


class Gazetteer:
    """Matches place names against dictionary rows; build it once per import, it remembers what it found."""

    def __init__(self, rows: Iterable[PlaceRow]) -> None:
        rows = list(rows)
        self._counties: dict[str, PlaceRow] = {}
        self._full_names: dict[str, PlaceRow] = {}
        self._towns: dict[str, dict[str, str]] = {}
        self._county_of_town: dict[str, set[str]] = {}
        self._remembered: dict[tuple[str, bool], PlaceMatch | None] = {}
        for row in rows:
            if row.level == "town":
                self._add_town(row)
            else:
                self._add_county(row)
        self._cities = tuple(
            spelling
            for row in rows
            if row.level == "city"
            for spelling in sorted((row.name, without_suffix(row.name), *row.aliases), key=len, reverse=True)
        )
        self._longest = max((len(name) for name in self._counties), default=0)

    def find(self, text: str, *, native: bool = True) -> PlaceMatch | None:
        """County and town in `text`, or None.

        With `native` the text stands where a native place is told, and a bare 太湖 is the county.
        Without, a short name counts only after Anhui or Anqing, or with its suffix (太湖 is a lake).
        """
        key = (text, native)
        if key not in self._remembered:
            if len(self._remembered) >= REMEMBERED:
                self._remembered.clear()
            self._remembered[key] = self._look_up(text, native=native)
        return self._remembered[key]

    def _look_up(self, text: str, *, native: bool) -> PlaceMatch | None:
        place = ORIGIN.sub("", NOISE.sub("", _simplifier().convert(text)))
        place = SUFFIX.sub("", place)
        place, in_province = strip_start(place, COUNTRY + PROVINCE)
        if in_province:
            place, _ = strip_start(place, PROVINCE)
        rest, in_city = self._after_city(place)
        certain = native or in_province or in_city
        row, after = self._county_at_start(rest, certain=certain)
        if row is None and in_city:
            row, after = self._county_at_start(place, certain=certain)
        if row is None:
            row, after = self._county_inside(place)
        if row is not None:
            return self._match(row, self._town_at_start(after, county=row.name))
        return self._by_town_alone(rest, certain=certain) or (
            self._city(place) if in_city and not rest else None
        )

    def _after_city(self, place: str) -> tuple[str, bool]:
        # 安庆经开区 begins with the city's name and is itself a place: try the whole first.
        if self._county_at_start(place, certain=False)[0] not in (None, *self._city_rows()):
            return place, True
        return strip_start(place, self._cities)

    def _city_rows(self) -> list[PlaceRow]:
        return [row for row in self._counties.values() if row.level == "city"]

    def _county_at_start(self, place: str, *, certain: bool) -> tuple[PlaceRow | None, str]:
        names = self._counties if certain else self._full_names
        for length in range(min(len(place), self._longest), 1, -1):
            row = names.get(place[:length])
            if row is not None and row.level != "city":
                return row, place[length:]
        return None, place

    def _county_inside(self, place: str) -> tuple[PlaceRow | None, str]:
        for name, row in self._full_names.items():
            at = place.find(name) if row.level == "county" and len(name) > 2 else -1
            if at > 0:
                return row, place[at + len(name) :]
        return None, place

    def _town_at_start(self, rest: str, *, county: str) -> str | None:
        towns = self._towns.get(county, {})
        for length in range(min(len(rest), 8), 1, -1):
            # A suffix as written outlives the dictionary's: 龙狮桥街道 is not 龙狮桥乡.
            if rest[:length] in towns and not rest[length:].startswith(TOWN_SUFFIXES):
                return towns[rest[:length]]
        written = TOWN_AS_WRITTEN.match(rest)
        return written[1] if written else None

    def _by_town_alone(self, rest: str, *, certain: bool) -> PlaceMatch | None:
        if not certain:
            return None
        for length in range(min(len(rest), 8), 2, -1):
            counties = self._county_of_town.get(rest[:length], set())
            if len(counties) == 1:
                (county,) = counties
                return self._match(self._counties[county], self._towns[county][rest[:length]])
        return None

    def _city(self, place: str) -> PlaceMatch | None:
        for length in range(len(place), 1, -1):
            row = self._counties.get(place[:length])
            if row is not None and row.level == "city":
                return self._match(row, None)
        return None

    def _match(self, row: PlaceRow, town: str | None) -> PlaceMatch:
        return PlaceMatch(row.name, town, row.counts_as_native, bool(row.valid_to))

    def _add_county(self, row: PlaceRow) -> None:
        for name in (row.name, *row.aliases):
            self._counties[name] = row
            if name == row.name or name[-1] in "市县区":
                self._full_names[name] = row
        self._counties.setdefault(without_suffix(row.name), row)

    def _add_town(self, row: PlaceRow) -> None:
        spellings = {row.name: row.name}
        spellings |= {alias: alias if alias.endswith(TOWN_SUFFIXES) else row.name for alias in row.aliases}
        towns = self._towns.setdefault(row.parent, {})
        for spelling, name in spellings.items():
            towns[spelling] = name
            towns.setdefault(without_suffix(spelling), name)
            self._county_of_town.setdefault(spelling, set()).add(row.parent)


def without_suffix(name: str) -> str:
    """桐城市 → 桐城, 高河镇 → 高河; a name of one character keeps its suffix."""
    for suffix in (*TOWN_SUFFIXES, "市", "县", "区"):
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name[: -len(suffix)]
    return name


def strip_start(text: str, starts: Iterable[str]) -> tuple[str, bool]:
    """`text` without the first of `starts` that opens it, and whether one did."""
    for start in starts:
        if text.startswith(start):
            return text[len(start) :], True
    return text, False


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
