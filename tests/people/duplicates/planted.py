"""People who stand twice, as it happens: a clerk's slip, a homophone, another script, a new job, a new number, cells in the
wrong columns; and people who only look alike. What the scan reports is held against the truth: the confusion table."""

import dataclasses
import functools
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from opencc import OpenCC

from yishang_crm.demo import words
from yishang_crm.demo.people import Keeper, newcomers, phone
from yishang_crm.people.actions.many import Newcomer
from yishang_crm.people.names import plain_pinyin
from yishang_crm.people.names.surnames import surname_of
from yishang_crm.people.names.syllables import plain, reading_of

PLANTED_SHARE, DECOY_SHARE = 0.05, 0.03
FRESH_PHONES = (
    5_000_000  # far from the numbers of the made-up people, in the tests' block of nobody's numbers
)


@dataclass
class World:
    """`pairs`: positions in `people` of who is the same, with what was done to the second record. `decoys` are not."""

    people: list[Newcomer]
    pairs: dict[tuple[int, int], str] = field(default_factory=dict)
    decoys: dict[tuple[int, int], str] = field(default_factory=dict)


def planted(count: int, *, unit_id: int, seed: int = 7) -> World:
    """`count` people and, among them, one in twenty twice; the same for a seed."""
    chance = random.Random(seed)
    people = newcomers(count, keepers=[Keeper(unit_id, "", (), 1)], chance=chance)
    world = World(people)
    chosen = chance.sample(range(count), round(count * (PLANTED_SHARE + DECOY_SHARE)))
    number = Numbers()
    for place, at in enumerate(chosen):
        if place < round(count * PLANTED_SHARE):
            name, twin = _twin(people[at], chance, number)
            world.pairs[at, len(people)] = name
        else:
            name, twin = _decoy(people[at], chance, number)
            world.decoys[at, len(people)] = name
        people.append(twin)
    return world


class Numbers:
    """Phones that nobody else in this world has."""

    def __init__(self) -> None:
        self.last = FRESH_PHONES

    def next(self) -> str:
        self.last += 1
        return phone(self.last)


# The same person once more

Change = Callable[[Newcomer, random.Random, Numbers], Newcomer]


def _with(one: Newcomer, **columns: object) -> Newcomer:
    return dataclasses.replace(one, columns=one.columns | columns)


def typo(one: Newcomer, chance: random.Random, _numbers: Numbers) -> Newcomer:
    """One character of the given name is another one."""
    name = one.columns["name"]
    place = chance.randrange(len(surname_of(name)), len(name))
    wrong = chance.choice([character for character in words.MALE if character not in name])
    return _with(one, name=name[:place] + wrong + name[place + 1 :])


def homophone(one: Newcomer, chance: random.Random, _numbers: Numbers) -> Newcomer:
    """Taken down by ear."""
    name = one.columns["name"]
    places = [place for place, character in enumerate(name) if len(_same_sound(character)) > 1]
    if not places:
        return one
    place = chance.choice(places)
    heard = chance.choice([other for other in _same_sound(name[place]) if other != name[place]])
    return _with(one, name=name[:place] + heard + name[place + 1 :])


def traditional(one: Newcomer, _chance: random.Random, _numbers: Numbers) -> Newcomer:
    """From a Hong Kong or Taiwan list."""
    return dataclasses.replace(
        _with(one, name=_traditional(one.columns["name"])), organization=_traditional(one.organization)
    )


def moved(one: Newcomer, chance: random.Random, _numbers: Numbers) -> Newcomer:
    """Another company, another post, often another city."""
    city = chance.choice(words.CITIES)
    firm = f"{city}{chance.choice(words.HOME)}{chance.choice(words.LUCK)}实业有限公司"
    return dataclasses.replace(
        _with(one, residence=city), organization=firm, title=chance.choice(words.TITLES)
    )


def new_phone(one: Newcomer, _chance: random.Random, numbers: Numbers) -> Newcomer:
    """Another number, and no mailbox."""
    return dataclasses.replace(one, phones=(numbers.next(),), email="")


def reordered(one: Newcomer, chance: random.Random, _numbers: Numbers) -> Newcomer:
    """Cells in their neighbors' columns; the name padded with a space."""
    said = one.columns
    if chance.random() < 0.5:
        return dataclasses.replace(
            _with(one, name=" ".join(said["name"])), organization=one.title, title=one.organization
        )
    return _with(one, native_place=said["residence"], residence=said["native_place"])


def wrong_digit(one: Newcomer, chance: random.Random, _numbers: Numbers) -> Newcomer:
    """A slip in the number; no mailbox to tell by."""
    number = one.phones[0]
    place = chance.randrange(len(number) - 4, len(number))
    digit = str((int(number[place]) + chance.randint(1, 9)) % 10)
    return dataclasses.replace(one, phones=(number[:place] + digit + number[place + 1 :],), email="")


def short_firm(one: Newcomer, chance: random.Random, _numbers: Numbers) -> Newcomer:
    """The company as people call it, or with another legal form."""
    bare = one.organization.replace("有限公司", "")
    bare = bare[3:] if bare[2:3] == "市" else bare
    firm = chance.choice([bare, bare[:4], f"{bare}集团股份有限公司", f"{bare}（集团）有限公司"])
    return dataclasses.replace(one, organization=firm)


def renamed(one: Newcomer, chance: random.Random, _numbers: Numbers) -> Newcomer:
    """Known under another name today; the record keeps the former one."""
    name = one.columns["name"]
    return _with(
        one,
        name=surname_of(name) + chance.choice(words.FEMALE) + chance.choice(words.MALE_ENDS),
        former_names=name,
    )


def in_latin(one: Newcomer, _chance: random.Random, _numbers: Numbers) -> Newcomer:
    """From an English list."""
    return _with(one, name=plain_pinyin(one.columns["name"]))


SLIPS: dict[str, tuple[tuple[Change, ...], int]] = {
    "typo": ((typo,), 12),
    "homophone": ((homophone,), 14),
    "traditional": ((traditional,), 12),
    "moved company": ((moved,), 12),
    "new phone": ((new_phone,), 12),
    "reordered cells": ((reordered,), 8),
    "short company name": ((short_firm,), 8),
    "former name": ((renamed,), 5),
    "latin name": ((in_latin,), 4),
    "wrong digit": ((wrong_digit,), 6),
    "typo + new phone": ((typo, new_phone), 2),
    "moved company + new phone": ((moved, new_phone), 3),
    "homophone + new phone": ((homophone, new_phone), 4),
    "traditional + new phone": ((traditional, new_phone), 3),
    "short company + new phone": ((short_firm, new_phone), 3),
    "moved company + homophone": ((moved, homophone), 3),
}


def _twin(one: Newcomer, chance: random.Random, numbers: Numbers) -> tuple[str, Newcomer]:
    name = chance.choices(list(SLIPS), [weight for _changes, weight in SLIPS.values()])[0]
    for change in SLIPS[name][0]:
        one = change(one, chance, numbers)
    return name, _as_another_list_has_it(one, chance)


def _as_another_list_has_it(one: Newcomer, chance: random.Random) -> Newcomer:
    """No two lists ask for the same columns."""
    said = dict(one.columns)
    for column, share in (("native_town", 0.6), ("birth_day", 0.4), ("industry", 0.5), ("residence", 0.2)):
        if chance.random() < share:
            said[column] = None if column == "birth_day" else ""
    if chance.random() < 0.35:
        said |= {"birth_year": None, "birth_month": None, "birth_day": None}
    if chance.random() < 0.15:
        said["native_place"] = ""
    email = "" if chance.random() < 0.5 else one.email
    return dataclasses.replace(one, columns=said, email=email)


# Somebody else who looks alike


def namesake(one: Newcomer, chance: random.Random, numbers: Numbers) -> Newcomer:
    """The same name, born in the same county."""
    year = chance.choice([year for year in range(1952, 1995) if year != one.columns.get("birth_year")])
    other = moved(new_phone(one, chance, numbers), chance, numbers)
    return _with(other, native_town="", birth_year=year, birth_month=chance.randint(1, 12), birth_day=None)


def brother(one: Newcomer, chance: random.Random, numbers: Numbers) -> Newcomer:
    """The same firm and county, a name that differs by a character."""
    year = (one.columns.get("birth_year") or 1970) + chance.choice((-4, -2, 2, 3, 5))
    other = typo(new_phone(one, chance, numbers), chance, numbers)
    return dataclasses.replace(
        _with(other, birth_year=year, birth_month=chance.randint(1, 12), birth_day=None), title="副总经理"
    )


def colleague(one: Newcomer, chance: random.Random, numbers: Numbers) -> Newcomer:
    """The same firm, another name and number."""
    other = new_phone(one, chance, numbers)
    name = chance.choice(words.SURNAMES) + chance.choice(words.MALE) + chance.choice(words.MALE_ENDS)
    return _with(
        other,
        name=name,
        native_place=chance.choice(words.COUNTIES),
        birth_year=None,
        birth_month=None,
        birth_day=None,
    )


def couple(one: Newcomer, chance: random.Random, _numbers: Numbers) -> Newcomer:
    """Husband and wife behind one number."""
    name = chance.choice(words.SURNAMES) + chance.choice(words.FEMALE) + chance.choice(words.FEMALE_ENDS)
    gender = {"male": "female", "female": "male"}.get(str(one.columns["gender"] or ""), "female")
    return dataclasses.replace(
        _with(one, name=name, gender=gender, birth_year=None, birth_month=None, birth_day=None), email=""
    )


DECOYS: dict[str, Change] = {
    "namesake": namesake,
    "brother": brother,
    "colleague": colleague,
    "couple": couple,
}


def _decoy(one: Newcomer, chance: random.Random, numbers: Numbers) -> tuple[str, Newcomer]:
    name = chance.choice(list(DECOYS))
    return name, DECOYS[name](one, chance, numbers)


# The confusion table


@dataclass(frozen=True)
class Confusion:
    """Of the planted pairs, how many were found, by slip; of the reported, how many are real, and what the others were."""

    planted: Counter[str]
    found: Counter[str]
    reported: int
    mistaken: Counter[str]

    @property
    def share_found(self) -> float:
        return 100 * self.found.total() / max(1, self.planted.total())

    @property
    def share_real(self) -> float:
        return 100 * self.found.total() / max(1, self.reported)

    def table(self) -> str:
        """For people."""
        rows = [f"  {'what was done':<28}{'planted':>9}{'found':>7}{'missed':>8}"]
        rows += [
            f"  {name:<28}{count:>9}{self.found[name]:>7}{count - self.found[name]:>8}"
            for name, count in sorted(self.planted.items())
        ]
        rows.append(f"  {'all':<28}{self.planted.total():>9}{self.found.total():>7}"
                    f"{self.planted.total() - self.found.total():>8}")  # fmt: skip
        rows.append(f"  reported {self.reported}, of them real {self.found.total()}; mistaken for one: "
                    + (", ".join(f"{name} {count}" for name, count in sorted(self.mistaken.items())) or "nobody"))  # fmt: skip
        rows.append(f"  found {self.share_found:.1f}%, real {self.share_real:.1f}%")
        return "\n".join(rows)


def confusion(world: World, reported: Iterable[tuple[int, int]]) -> Confusion:
    """`reported`: positions in the world's list, the lower first."""
    said = set(reported)
    return Confusion(
        planted=Counter(world.pairs.values()),
        found=Counter(name for pair, name in world.pairs.items() if pair in said),
        reported=len(said),
        mistaken=Counter(world.decoys.get(pair, "by chance") for pair in said if pair not in world.pairs),
    )


@functools.cache
def _same_sound(character: str) -> tuple[str, ...]:
    sound = plain(reading_of(character))
    common = "".join([*words.SURNAMES, *words.MALE, *words.MALE_ENDS, *words.FEMALE, *words.FEMALE_ENDS])
    common += "名鸣铭明民敏圆源园元媛员怀槐淮诚成程城晨辰臣琛承澄华骅桦伟玮炜韦威维惟唯慧惠会蕙汇志智治致之芝知枝建健剑鉴"
    return tuple(dict.fromkeys(one for one in common if plain(reading_of(one)) == sound))


@functools.cache
def _traditional(text: str) -> str:
    converter = OpenCC("s2t")
    return "".join(converter.convert(character) for character in text)
