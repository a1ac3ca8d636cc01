"""What of a person is compared with others, kept ready beside the record, and under which keys others are met."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from yishang_crm.people.duplicates import companies
from yishang_crm.people.names.keys import is_han, simplified_key
from yishang_crm.people.names.readings import readings
from yishang_crm.people.names.surnames import surname_of
from yishang_crm.people.names.syllables import plain, reading_of

MOST_SOUNDS = 4
MOST_KEYS = 48
_APART = re.compile(r"[、,，;；/\s|]+")
_PLACE_HEAD = re.compile(r"^(?:中国)?(?:安徽省?)?(?:安庆市?(?=..))?")


@dataclass(frozen=True, slots=True)
class Facts:
    """One person as duplicates see them. Contact points and the ID number stand as digests, which tell equal from different.

    `names` are comparison keys: the name itself first, then former and traditional ones. `sounds` belong to the name,
    `other_sounds` to former, traditional and romanized names. `own` are phones, mail and WeChat of the person, `shared`
    those of a secretary, a driver, an office, a switchboard. `birth` is (year, month, day), 0 for what is not known.
    """

    written: str
    names: tuple[str, ...]
    sounds: tuple[str, ...]
    other_sounds: tuple[str, ...]
    surname: str
    own_phones: tuple[int, ...]
    own_others: tuple[int, ...]
    shared: tuple[int, ...]
    identity: str
    firms: tuple[str, ...]
    titles: tuple[str, ...]
    place: str
    town: str
    city: str
    birth: tuple[int, int, int]
    is_lunar: bool
    gender: str

    def as_json(self) -> list[Any]:
        """For keeping: the fields in their order, which is read back four times as fast as names would be."""
        return [
            list(value) if isinstance(value, tuple) else value
            for value in map(self.__getattribute__, _FIELDS)
        ]

    @classmethod
    def of_json(cls, kept: list[Any]) -> "Facts":
        """Back from what was kept."""
        return cls(*(tuple(value) if value.__class__ is list else value for value in kept))


_FIELDS = tuple(field.name for field in fields(Facts))


@dataclass(frozen=True, slots=True)
class Reached:
    """A contact point, opened: what kind, the value, and whether it is the person's own."""

    kind: str
    value: str
    is_own: bool = True


def facts(
    name: str,
    *,
    traditional_name: str = "",
    former_names: str = "",
    romanized_name: str = "",
    contacts: Iterable[Reached] = (),
    identity: str = "",
    posts: Iterable[tuple[str, str]] = (),
    native_place: str = "",
    native_town: str = "",
    residence: str = "",
    birth: tuple[int | None, int | None, int | None] = (None, None, None),
    is_lunar: bool = False,
    gender: str = "",
) -> Facts:
    """From a record, or from a form that is being filled in. `posts` are (organization, title); `identity` a blind index."""
    key = simplified_key(name)
    others = [part for part in (*_several(former_names), traditional_name) if part]
    romanized = _several_latin(romanized_name)
    reached = list(contacts)
    posts = list(posts)
    return Facts(
        written=name,
        names=_distinct([key, *map(simplified_key, others)]),
        sounds=tuple(_sounds(name)),
        other_sounds=_distinct(sound for other in (*others, *romanized) for sound in _sounds(other)),
        surname=next(iter(_sounds(surname_of(name))), ""),
        own_phones=_distinct(
            digest("m", one.value) for one in reached if one.is_own and one.kind == "mobile"
        ),
        own_others=_distinct(
            digest("m", one.value) for one in reached if one.is_own and one.kind in ("email", "wechat")
        ),
        shared=_distinct(
            digest("m", one.value) for one in reached if not one.is_own or one.kind == "landline"
        ),
        identity=identity,
        firms=_distinct(_firms(posts)),
        titles=_distinct(
            _cell_key(cell) for post in posts for cell in post if cell and not companies.is_organization(cell)
        ),
        place=place_key(native_place),
        town=place_key(native_town),
        city=place_key(residence),
        birth=(birth[0] or 0, birth[1] or 0, birth[2] or 0),
        is_lunar=is_lunar,
        gender=gender,
    )


@lru_cache(maxsize=20_000)
def place_key(text: str) -> str:
    """桐城 for 桐城市, 安徽桐城, 安徽省安庆市桐城市."""
    key = simplified_key(text)
    key = _PLACE_HEAD.sub("", key) or key
    return re.sub(r"(?<=..)[市县区镇乡]$", "", key)


@lru_cache(maxsize=20_000)
def _cell_key(cell: str) -> str:
    return simplified_key(cell)


def _firms(posts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Cores of the organizations; also of one that stands in the title's cell."""
    for organization, title in posts:
        is_swapped = companies.is_organization(title) and not companies.is_organization(organization)
        if organization and not is_swapped:
            yield companies.core(organization)
        if is_swapped:
            yield companies.core(title)


def _several(text: str) -> list[str]:
    return [part for part in _APART.split(text) if part]


def _several_latin(text: str) -> list[str]:
    """Romanized names keep their spaces; several are parted by a mark."""
    return [part.strip() for part in re.split(r"[、;；/|]", text) if part.strip()]


def _sounds(name: str) -> list[str]:
    """How a name sounds: readings of Chinese characters, or its letters, the surname first and as written."""
    if not name:
        return []
    if is_han(name):
        return readings(name)[:MOST_SOUNDS]
    surname = surname_of(name)
    rest = name.replace(surname, " ", 1) if surname else name
    return list(dict.fromkeys(filter(None, (_letters(f"{surname} {rest}"), _letters(name)))))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", simplified_key(text))


# Keys

LOOSE = 1  # the last bit of a key that only tells something where very few share it


def keys(one: Facts) -> list[int]:
    """Under which this person meets who may be the same: digests of 63 bits. `weighing` could not reach its mark without
    what one of them says; what too many share is left out by the reader, `LOOSE` ones sooner."""
    firm = [digest(kind, value) for kind, value in _key_texts(one)]
    loose = [digest("n", f"{sound}|{one.birth[0]}") | LOOSE for sound in _all_sounds(one) if one.birth[0]]
    return [*dict.fromkeys((*one.own_phones, *one.own_others, *firm, *loose))][:MOST_KEYS]


def _key_texts(one: Facts) -> Iterator[tuple[str, str]]:
    if one.identity:
        yield "i", one.identity
    marks = list(dict.fromkeys(filter(None, map(companies.mark, one.firms))))[:3]
    year, month, day = one.birth
    contexts = [
        (kind, f"{first}|{second}")
        for kind, first, second in (
            ("b", one.place, year), ("t", one.place, one.town), ("c", one.place, one.city), ("m", year, month), ("y", year, one.city),
        )
        if first and second
    ]  # fmt: skip
    for sound in _all_sounds(one):
        yield from (("e", f"{sound}|{mark}") for mark in marks)
        yield from ((kind, f"{sound}|{value}") for kind, value in contexts)
    if one.surname:
        # One wrong character leaves the other one of the given name right.
        yield from (("s", f"{half}|{mark}") for half in _half_names(one) for mark in marks)
        if year and month and day:
            yield "d", f"{one.surname}|{year}|{month}|{day}"


def _half_names(one: Facts) -> Iterator[str]:
    name = one.names[0]
    if len(name) < 3 or not is_han(name):
        return
    yield f"{one.surname}|1|{plain(reading_of(name[-2]))}"
    yield f"{one.surname}|2|{plain(reading_of(name[-1]))}"


def _all_sounds(one: Facts) -> list[str]:
    return list(dict.fromkeys((*one.sounds, *one.other_sounds)))


def digest(kind: str, value: str) -> int:
    """63 bits of a kind and a value, the last one clear: small, of one width, and equal only for equal texts."""
    said = hashlib.blake2b(f"{kind}\x00{value}".encode(), digest_size=8).digest()
    return int.from_bytes(said, "big") >> 2 << 1


def _distinct(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
