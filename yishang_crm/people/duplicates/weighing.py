"""How likely two records are one person: a score from 0 to 100 and the reasons, which are shown as chips."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from yishang_crm.people.duplicates import companies
from yishang_crm.people.duplicates.facts import Facts

OFFERED_FROM = 60
SURE_FROM = 85
MOST_SHARING = 3  # a number that more people call their own is an office's


class Reason(enum.StrEnum):
    """Why two records may be one person; the values are kept with the pair."""

    SAME_ID = "same_id"
    SAME_MOBILE = "same_mobile"
    SAME_MAIL = "same_mail"
    SHARED_PHONE = "shared_phone"
    SAME_NAME = "same_name"
    SCRIPT = "script"
    SOUND = "sound"
    FORMER = "former"
    ROMANIZED = "romanized"
    NEAR_NAME = "near_name"
    SAME_FIRM = "same_firm"
    LIKE_FIRM = "like_firm"
    PLACE_YEAR = "place_year"
    SAME_BIRTH = "same_birth"
    SAME_PLACE = "same_place"
    BY_HAND = "by_hand"


# What was not yet on the table when somebody said "not the same", and is worth asking again for.
DECISIVE = frozenset({Reason.SAME_ID, Reason.SAME_MOBILE, Reason.SAME_MAIL, Reason.SAME_BIRTH})


@dataclass(frozen=True, slots=True)
class Weighed:
    """0 means that something speaks against it that nothing outweighs."""

    score: int
    reasons: tuple[Reason, ...] = ()

    @property
    def is_offered(self) -> bool:
        return self.score >= OFFERED_FROM


_NOTHING = Weighed(0)
_NAMES = {
    Reason.SAME_NAME: 40, Reason.SCRIPT: 40, Reason.FORMER: 38, Reason.ROMANIZED: 34, Reason.SOUND: 30,
    Reason.NEAR_NAME: 22,
}  # fmt: skip


def weigh(
    one: Facts, other: Facts, *, namesakes: Mapping[str, int] = {}, offices: Collection[int] = ()
) -> Weighed:
    """Add up what speaks for and against. `namesakes`: how many bear a name (by key); `offices`: contacts of many people."""
    if one.identity and other.identity:
        return Weighed(100, (Reason.SAME_ID,)) if one.identity == other.identity else _NOTHING
    named = _name(one, other)
    score = _NAMES.get(named, 0) if named else 0
    reasons = [named] if named else []
    for points, reason in (
        *_contacts(one, other, offices),
        *_firms(one, other),
        *_origin(one, other, is_named=named is not None),
    ):
        score += points
        if reason and reason not in reasons:
            reasons.append(reason)
    score += _against(one, other, named)
    if named in (Reason.SAME_NAME, Reason.SCRIPT):
        score += _rarity(namesakes.get(one.names[0], 0))
    return Weighed(max(0, min(99, score)), tuple(sorted(reasons, key=_ORDER.__getitem__)))


_ORDER = {reason: place for place, reason in enumerate(Reason)}


def _name(one: Facts, other: Facts) -> Reason | None:
    if not one.names or not other.names:
        return None
    if one.names[0] == other.names[0]:
        return Reason.SAME_NAME if one.written == other.written else Reason.SCRIPT
    if set(one.names) & set(other.names):
        return Reason.FORMER
    if set(one.sounds) & set(other.sounds):
        return Reason.ROMANIZED if one.written.isascii() != other.written.isascii() else Reason.SOUND
    ones, others = {*one.sounds, *one.other_sounds}, {*other.sounds, *other.other_sounds}
    if ones & others:
        return Reason.ROMANIZED
    if min(len(one.names[0]), len(other.names[0])) >= 3 and _is_near(one, other):
        return Reason.NEAR_NAME
    return None


def _is_near(one: Facts, other: Facts) -> bool:
    """One character wrong, missing or out of place, under the same surname."""
    first, second = one.names[0], other.names[0]
    if one.surname != other.surname:
        return False
    return Levenshtein.distance(first, second, score_cutoff=1) <= 1 or sorted(first) == sorted(second)


def _contacts(one: Facts, other: Facts, offices: Collection[int]) -> list[tuple[int, Reason | None]]:
    phones, others = set(one.own_phones) & set(other.own_phones), set(one.own_others) & set(other.own_others)
    found: list[tuple[int, Reason | None]] = []
    if phones - set(offices):
        found.append((60, Reason.SAME_MOBILE))
    if others - set(offices):
        found.append((50, Reason.SAME_MAIL))
    if not found and (
        phones
        or others
        or {*one.own_phones, *one.shared} & set(other.shared)
        or set(other.own_phones) & set(one.shared)
    ):
        found.append((8, Reason.SHARED_PHONE))
    return found


def _firms(one: Facts, other: Facts) -> list[tuple[int, Reason | None]]:
    best = max((companies.likeness(a, b) for a in one.firms for b in other.firms), default=0.0)
    title = [(4, None)] if best and set(one.titles) & set(other.titles) else []
    if best == 1.0:
        return [(35, Reason.SAME_FIRM), *title]
    if best >= 0.8:
        return [(30, Reason.LIKE_FIRM), *title]
    return [(12, Reason.LIKE_FIRM), *title] if best else []


def _origin(one: Facts, other: Facts, *, is_named: bool) -> list[tuple[int, Reason | None]]:
    """Native place, birth, where they live. Only beside a name: half a county was born in the same year."""
    if not is_named:
        return []
    same_place = bool(one.place) and one.place == other.place
    found: list[tuple[int, Reason | None]] = [(10, Reason.SAME_PLACE)] if same_place else []
    if same_place and one.town and one.town == other.town:
        found.append((8, None))
    if one.city and one.city == other.city:
        found.append((6, None))
    (year, month, day), (their_year, their_month, their_day) = one.birth, other.birth
    if year and year == their_year and one.is_lunar == other.is_lunar:
        is_whole = month and month == their_month and day and day == their_day
        found.append((16, Reason.PLACE_YEAR if same_place else None))
        if month and month == their_month:
            found.append((16 if is_whole else 8, Reason.SAME_BIRTH if is_whole else None))
    return found


def _against(one: Facts, other: Facts, named: Reason | None) -> int:
    points = 0
    if one.gender and other.gender and one.gender != other.gender:
        points -= 40
    points -= _birth_against(one, other)
    if one.place and other.place and one.place != other.place and "安庆" not in (one.place, other.place):
        points -= 12
    if one.own_phones and other.own_phones and not set(one.own_phones) & set(other.own_phones):
        # Brothers in one firm differ by a character and by their phones; whoever changed the number kept the name.
        points -= 14 if named in (Reason.NEAR_NAME, Reason.SOUND) else 4
    return points


def _birth_against(one: Facts, other: Facts) -> int:
    (year, month, day), (their_year, their_month, their_day) = one.birth, other.birth
    if not (year and their_year):
        return 0
    if year != their_year:
        # A year apart is what counting by 虚岁 or by the other calendar makes of one birthday.
        return 6 if abs(year - their_year) == 1 else 30
    if one.is_lunar != other.is_lunar or not (month and their_month):
        return 0
    if month != their_month:
        return 14
    return 8 if day and their_day and day != their_day else 0


def _rarity(bearers: int) -> int:
    """江望之 alone in the whole file says more than one of forty 张伟. 0 where it was not counted."""
    if not bearers:
        return 0
    return 6 if bearers <= 2 else 0 if bearers <= 5 else -6
