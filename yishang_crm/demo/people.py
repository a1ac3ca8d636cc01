"""Made-up people and firms that read as real ones do in Anqing. Phones are of a block that belongs to no one."""

import random
from dataclasses import dataclass
from functools import cache

from yishang_crm.demo import words
from yishang_crm.people.actions.many import Newcomer
from yishang_crm.people.models import BirthCalendar, Gender, LawfulBasis, PersonState, Tier
from yishang_crm.people.places import seed_rows

FIRST_PHONE = 19900000001


@dataclass(frozen=True)
class Keeper:
    """A unit that keeps people, the county whose natives they are ("" for any), and the colleagues who call them."""

    unit_id: int
    county: str
    user_ids: tuple[int, ...]
    share: float


def newcomers(count: int, *, keepers: list[Keeper], chance: random.Random) -> list[Newcomer]:
    """`count` people, each kept by one of the units."""
    firms = _firms(max(20, count // 3), chance)
    shares = [keeper.share for keeper in keepers]
    owners = chance.choices(keepers, shares, k=count)
    return [_newcomer(number, owner, firms, chance) for number, owner in enumerate(owners)]


def _newcomer(
    number: int, owner: Keeper, firms: list[tuple[str, str, str]], chance: random.Random
) -> Newcomer:
    gender = Gender.MALE if chance.random() < 0.78 else Gender.FEMALE
    county = owner.county or chance.choice(words.COUNTIES)
    city, firm, industry = chance.choice(firms)
    columns = {
        "name": _name(gender, chance),
        "gender": None if chance.random() < 0.03 else gender,
        "tier": chance.choices((Tier.A, Tier.B, Tier.C), (6, 24, 70))[0],
        "state": chance.choices(
            (PersonState.ACTIVE, PersonState.RETIRED, PersonState.OUT_OF_TOUCH), (94, 4, 2)
        )[0],
        "native_place": county,
        "native_town": chance.choice(_towns(county)) if _towns(county) and chance.random() < 0.6 else "",
        "residence": city,
        "industry": industry,
        "source": chance.choice(words.SOURCES),
        "lawful_basis": chance.choice((LawfulBasis.DUTY, LawfulBasis.DUTY, LawfulBasis.CONSENT)),
        **_birth(chance),
    }
    return Newcomer(
        columns=columns,
        unit_id=owner.unit_id,
        user_id=chance.choice(owner.user_ids) if owner.user_ids else None,
        organization=firm,
        title=chance.choices(words.TITLES, words.TITLE_SHARES)[0],
        phones=(phone(number),),
        email=f"guest{number:06d}@mail.example" if chance.random() < 0.7 else "",
    )


def phone(number: int) -> str:
    """The n-th number of the block 199 0000 …, in E.164."""
    return f"+86{FIRST_PHONE + number}"


def _name(gender: Gender, chance: random.Random) -> str:
    surname = chance.choices(words.SURNAMES, words.SURNAME_SHARES)[0]
    first, second, single, chosen, chosen_ends = _GIVEN[gender]
    style = chance.random()
    if style < 0.16 and len(surname) == 1:
        return surname + chance.choice(single)
    if style < 0.26:
        return surname + chance.choice(chosen) + chance.choice(chosen_ends)
    one = chance.choice(first)
    return surname + one + chance.choice([two for two in second if two not in (one, surname)])


_GIVEN = {
    Gender.MALE: (
        words.MALE, words.MALE_ENDS, words.MALE_SINGLE, words.MALE_CHOSEN, words.MALE_CHOSEN_ENDS,
    ),
    Gender.FEMALE: (
        words.FEMALE, words.FEMALE_ENDS, words.FEMALE_SINGLE, words.FEMALE_CHOSEN, words.FEMALE_CHOSEN_ENDS,
    ),
}  # fmt: skip


def _birth(chance: random.Random) -> dict[str, object]:
    if chance.random() < 0.25:
        return {}
    is_lunar = chance.random() < 0.35
    return {
        "birth_year": chance.randint(1952, 1994),
        "birth_month": chance.randint(1, 12),
        "birth_day": chance.randint(1, 28) if chance.random() < 0.7 else None,
        "birth_calendar": BirthCalendar.LUNAR if is_lunar else BirthCalendar.SOLAR,
    }


def _firms(count: int, chance: random.Random) -> list[tuple[str, str, str]]:
    """`count` different firms: where they are, what they are called, what they make."""
    firms: dict[str, tuple[str, str, str]] = {}
    while len(firms) < count:
        city = chance.choices(words.CITIES, words.CITY_SHARES)[0]
        industry = chance.choice(words.INDUSTRIES)
        name = _firm_name(city, chance.choice(words.TRADES[industry]), chance)
        firms.setdefault(name, (city, name, industry))
    return list(firms.values())


def _firm_name(city: str, trade: str, chance: random.Random) -> str:
    """`深圳市望岳精密机械有限公司`, `上海宜达装备集团有限公司`, `皖恒贸易（香港）有限公司`."""
    from_home = chance.random() < 0.35
    mark = chance.choice(words.PLACES) if from_home else chance.choice(words.HOME) + chance.choice(words.LUCK)
    if city in ("香港", "澳门"):
        return f"{mark}{trade}（{city}）有限公司"
    form = chance.choices(list(words.FORMS), list(words.FORMS.values()))[0]
    return f"{city}{'市' if city in words.CITIES_WITH_SHI else ''}{mark}{trade}{form}"


@cache
def _towns(county: str) -> list[str]:
    return [row.name for row in seed_rows() if row.level == "town" and row.parent == county]
