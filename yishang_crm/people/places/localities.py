"""Where somebody lives: the city, province or country that a residence means, however it was written.

A person's row keeps a key of capital letters and digits that sorts by what lies within what: `CN4403` is Shenzhen,
`CN4400` Guangdong where no city was told, `CN0000` China without more, `US` the United States. What nobody could place
is `ZZ`, and where nothing was written `Z0`. An address may also ask for all of `CN44`, or all of `CN`.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from opencc import OpenCC

UNKNOWN = "ZZ"
NOTHING = "Z0"
CHINA = "CN"
CHINA_ONLY = "CN0000"
KEY = re.compile(r"CN|CN\d{2}|CN\d{4}|CN\d{6}|[A-Z]{2}|Z0", re.ASCII)

_NOISE = re.compile(r"[\s,，.。、·:：;；/|\-—_()（）\[\]【】]+")
_FRAME = re.compile(
    r"^(?:现居住在|现居住于|现居住|居住在|居住于|长期居住|现居|常驻|长驻|常住|居住|定居|住在|在|住)"
)
_CHINA_SAID = ("中华人民共和国", "中国", "大陆", "内地", "国内")
_LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Locality:
    """One entry of the dictionary. `kind` is province, city or country; `row` and `column` are its tile; `full_only`
    says that its short name alone means another place (吉林 is the province)."""

    key: str
    kind: str
    name: str
    short: str = ""
    aliases: tuple[str, ...] = ()
    letter: str = ""
    row: int = 0
    column: int = 0
    region: str = ""
    full_only: bool = False

    @property
    def province(self) -> str:
        return self.key[:4] if self.key.startswith(CHINA) else ""

    @property
    def called(self) -> str:
        """As a table says it: 广东, 深圳, 中国香港."""
        return self.short or self.name


class Localities:
    """The dictionary, and how a writing is matched against it."""

    def __init__(self, entries: Iterable[Locality]) -> None:
        self.by_key = {entry.key: entry for entry in entries}
        self._anywhere: dict[str, str] = {}
        self._within: dict[str, dict[str, str]] = {}
        for entry in self.by_key.values():
            self._learn(entry)
        self._longest = max(map(len, self._anywhere))

    def provinces(self) -> list[Locality]:
        """In the order of their codes."""
        return [entry for entry in self.by_key.values() if entry.kind == "province"]

    def cities(self, province: str) -> list[Locality]:
        return [
            entry for entry in self.by_key.values() if entry.kind == "city" and entry.province == province
        ]

    def countries(self) -> list[Locality]:
        """Other than China, by region as the dictionary has them."""
        return [entry for entry in self.by_key.values() if entry.kind == "country"]

    def entry(self, text: str) -> Locality | None:
        """The entry that a writing means (a person's residence, a feature of a map), or None."""
        key = self._found(_bare(text))
        return self.by_key[key] if key else None

    def key_of(self, text: str) -> str:
        """The key of a residence as written; `UNKNOWN` if it could not be placed."""
        place = _bare(text)
        if not place:
            return NOTHING
        if key := self._found(place):
            return whole_key(key)
        return CHINA_ONLY if place.startswith(_CHINA_SAID) else UNKNOWN

    def called(self, key: str) -> str:
        """What a key is called: 深圳, 广东, 美国; "" for what is no place."""
        if key == CHINA:
            return "中国"
        entry = self.by_key.get(key) or self.by_key.get(key.removesuffix("00"))
        return entry.called if entry else ""

    def _found(self, place: str) -> str:
        rest, _ = _without_start(place, _CHINA_SAID)
        return self._at_start(place) or self._at_start(rest) or self._inside(rest)

    def _at_start(self, place: str) -> str:
        key, length = self._longest_at(place, 0, self._anywhere)
        if key and len(key) == 4 and key in self._within:
            city, _length = self._longest_at(place, length, self._within[key])
            return city or key
        return key

    def _inside(self, place: str) -> str:
        """The first name that stands further in (西湖区，杭州)."""
        for at in range(1, len(place)):
            key, _length = self._longest_at(place, at, self._anywhere)
            if key:
                return key
        return ""

    def _longest_at(self, place: str, at: int, names: dict[str, str]) -> tuple[str, int]:
        for length in range(min(len(place) - at, self._longest), 1, -1):
            word = place[at : at + length]
            if word in names and not _cuts_a_word(place, at, length):
                return names[word], at + length
        return "", at

    def _learn(self, entry: Locality) -> None:
        names = [entry.name, *entry.aliases]
        if entry.kind == "city":
            within = self._within.setdefault(entry.province, {})
            within |= {name: entry.key for name in (*names, entry.short) if name}
        if entry.short and not entry.full_only:
            names.append(entry.short)
        for name in names:
            self._anywhere.setdefault(name.lower(), entry.key)


def whole_key(key: str) -> str:
    """The key as a person's row keeps it: a province without a city is `CN4400`."""
    return f"{key}00" if re.fullmatch(r"CN\d\d", key) else key


def is_wide(key: str) -> bool:
    """Whether a key asks for everything within: China, or one of its provinces."""
    return key == CHINA or (key.startswith(CHINA) and len(key) == 4)


def area_of(key: str) -> str:
    """The province of a person's key, or the country."""
    return key[:4]


def _bare(text: str) -> str:
    place = _simplifier().convert(text.strip()).lower()
    return _FRAME.sub("", _NOISE.sub("", place))


def _cuts_a_word(place: str, at: int, length: int) -> bool:
    """Latin names count only as whole words; a run of other letters around them is another word (US in RUSSIA)."""
    word = place[at : at + length]
    if not _LATIN.fullmatch(word) or length > 4:
        return False
    around = place[max(at - 1, 0) : at] + place[at + length : at + length + 1]
    return bool(_LATIN.search(around))


def _without_start(text: str, starts: Sequence[str]) -> tuple[str, bool]:
    for start in starts:
        if text.startswith(start):
            return text[len(start) :], True
    return text, False


@cache
def localities() -> Localities:
    """The shipped dictionary: provinces and cities by GB/T 2260, countries by ISO 3166."""
    text = files("yishang_crm").joinpath("dictionaries/localities.csv").read_text("utf-8")
    return Localities(_entry(row) for row in csv.DictReader(text.splitlines()))


def _entry(row: dict[str, str]) -> Locality:
    return Locality(
        key=row["code"],
        kind=row["kind"],
        name=row["name"],
        short=row["short"],
        aliases=tuple(alias for alias in row["aliases"].split("|") if alias),
        letter=row["letter"],
        row=int(row["row"] or 0),
        column=int(row["column"] or 0),
        region=row["region"],
        full_only=row["full_only"] == "1",
    )


@lru_cache(maxsize=20_000)
def residence_key(text: str) -> str:
    """The key that a person's row keeps beside the residence as written."""
    return localities().key_of(text)


def adds_nothing(told: str, held: str) -> bool:
    """Whether a residence is where the held one is and no closer: 北京市 beside 北京, not 深圳市南山区 beside 深圳."""
    key = residence_key(told)
    if key in (UNKNOWN, NOTHING) or key != residence_key(held):
        return told == held
    return _beyond_the_name(told, key) in _bare(held)


def _beyond_the_name(text: str, key: str) -> str:
    place, by_key = _bare(text), localities().by_key
    entries = [entry for one in (key, key[:4]) if (entry := by_key.get(one.removesuffix("00")))]
    # Aliases in Chinese are districts, which are closer than the city.
    latin = [alias for entry in entries for alias in entry.aliases if alias.isascii()]
    names = [name for entry in entries for name in (entry.name, entry.short) if name] + latin
    for name in sorted({*names, *_CHINA_SAID}, key=len, reverse=True):
        place = place.replace(name.lower(), "", 1)
    return place.removesuffix("特别行政区").strip("省市区县")


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
