"""Which value a merged record takes, and why: a suggestion that a person may change. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yishang_crm.core.words import N_
from yishang_crm.people.models import Person, PersonState, Tier

# In the order of the screen. What belongs together is chosen together.
FIELDS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "traditional_name": ("traditional_name",),
    "romanized_name": ("romanized_name",),
    "former_names": ("former_names",),
    "gender": ("gender",),
    "birth": ("birth_year", "birth_month", "birth_day", "birth_calendar", "birth_in_leap_month"),
    "native_place": ("native_place",),
    "native_town": ("native_town",),
    "residence": ("residence",),
    "industry": ("industry",),
    "tier": ("tier",),
    "state": ("state",),
    "salutation_override": ("salutation_override",),
    "note": ("note",),
    "source": ("source",),
    "lawful_basis": ("lawful_basis",),
}
COLUMNS = tuple(column for columns in FIELDS.values() for column in columns)
_LONGEST = {"note": 2000, "former_names": 120}

MOST_AGREE, ONLY_ONE, LONGER, NEWER, CONFIRMED, HIGHEST, GRAVEST, JOINED, FULLER = (
    N_("几处相同"), N_("只有一处有"), N_("写得更全"), N_("较新"), N_("核对过"), N_("取最高"), N_("宁信其重"), N_("合在一起"),
    N_("更完整"),
)  # fmt: skip
_STATES = (PersonState.ACTIVE, PersonState.RETIRED, PersonState.OUT_OF_TOUCH, PersonState.DECEASED)


@dataclass(frozen=True)
class Suggested:
    """The value of each column of a field, from whom (person id; None: made of several), and why (a sentence; "": all agree)."""

    values: tuple[Any, ...]
    taken_from: int | None
    why: str = ""


def value_of(person: Person, field: str) -> tuple[Any, ...]:
    return tuple(getattr(person, column) for column in FIELDS[field])


def is_blank(field: str, value: tuple[Any, ...]) -> bool:
    """Whether nothing is said. A birth is blank without a year, month and day, whatever the calendar."""
    return not any(value[:3]) if field == "birth" else value[0] in (None, "")


def differing(people: Sequence[Person], field: str) -> int:
    """2: they contradict each other; 1: only some say something; 0: the same."""
    said = [value for person in people if not is_blank(field, value := value_of(person, field))]
    if len(set(said)) > 1:
        return 2
    return 1 if said and len(said) < len(people) else 0


def suggested(people: Sequence[Person], field: str) -> Suggested:
    """By the field's own rule; else what most agree on, what was confirmed last, what is newer."""
    having = [person for person in people if not is_blank(field, value_of(person, field))]
    if not having:
        return Suggested(value_of(people[-1], field), people[-1].id)
    if len({value_of(person, field) for person in having}) == 1:
        return Suggested(
            value_of(having[-1], field), having[-1].id, "" if len(having) == len(people) else ONLY_ONE
        )
    rule = _RULES.get(field, _by_weight)
    return rule(having, field)


def all_suggested(people: Sequence[Person]) -> dict[str, Suggested]:
    return {field: suggested(people, field) for field in FIELDS}


def decided(
    people: Sequence[Person], *, written: Mapping[str, Any], picked: Mapping[str, int]
) -> tuple[dict[str, Any], dict[str, int | None]]:
    """What a form of the merge screen means: values by column, and from whose record each field comes (None: from nobody's).

    `written` is what the result column held, `picked` whose cell was marked. Without script a mark does not change what is
    written: then the mark counts, for whoever wrote something wrote other than what was suggested.
    """
    values: dict[str, Any] = {}
    taken: dict[str, int | None] = {}
    for field, suggestion in all_suggested(people).items():
        columns = FIELDS[field]
        now_written = tuple(written.get(column) for column in columns)
        source = next((person for person in people if person.id == picked.get(field)), None)
        if _said(now_written) != _said(suggestion.values):
            same = [one for one in people if _said(value_of(one, field)) == _said(now_written)]
            whom = source if source in same else (same[-1] if same else None)
            chosen = now_written
        elif source is not None and source.id != suggestion.taken_from:
            whom, chosen = source, value_of(source, field)
        else:
            values |= dict(zip(columns, suggestion.values, strict=True))
            taken[field] = suggestion.taken_from
            continue
        values |= dict(zip(columns, chosen, strict=True))
        taken[field] = whom.id if whom is not None else None
    return values, taken


def _said(values: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple("" if value in (None, False) else " ".join(str(value).split()) for value in values)


def _by_weight(having: Sequence[Person], field: str) -> Suggested:
    values = [value_of(person, field) for person in having]
    most = max(values, key=values.count)
    if values.count(most) > 1 and values.count(most) > len(values) - values.count(most):
        return _of(having[values.index(most)], field, MOST_AGREE)
    confirmed = [person for person in having if person.confirmed_at]
    if confirmed:
        return _of(max(confirmed, key=lambda person: (person.confirmed_at, person.id)), field, CONFIRMED)
    return _of(max(having, key=lambda person: (person.created_at, person.id)), field, NEWER)


def _name(having: Sequence[Person], field: str) -> Suggested:
    chinese = [person for person in having if not person.name.isascii()]
    if len(chinese) == 1 and len(having) > 1:
        return _of(chinese[0], field, FULLER)
    return _by_weight(chinese or having, field)


def _longest(having: Sequence[Person], field: str) -> Suggested:
    lengths = [len(str(value_of(person, field)[0])) for person in having]
    if lengths.count(max(lengths)) > 1:
        return _by_weight(having, field)
    return _of(having[lengths.index(max(lengths))], field, LONGER)


def _fullest_birth(having: Sequence[Person], field: str) -> Suggested:
    known = [sum(1 for part in value_of(person, field)[:3] if part) for person in having]
    if known.count(max(known)) > 1:
        return _by_weight(
            [one for one, parts in zip(having, known, strict=True) if parts == max(known)], field
        )
    return _of(having[known.index(max(known))], field, FULLER)


def _joined(having: Sequence[Person], field: str) -> Suggested:
    mark = "\n" if field == "note" else "、"
    said = dict.fromkeys(str(value_of(person, field)[0]) for person in having)
    whole = mark.join(said)
    if len(whole) > _LONGEST[field]:
        return _longest(having, field)
    return Suggested((whole,), None, JOINED)


def _highest(having: Sequence[Person], field: str) -> Suggested:
    return _of(min(having, key=lambda person: list(Tier).index(person.tier)), field, HIGHEST)


def _gravest(having: Sequence[Person], field: str) -> Suggested:
    return _of(max(having, key=lambda person: _STATES.index(person.state)), field, GRAVEST)


def _of(person: Person, field: str, why: str) -> Suggested:
    return Suggested(value_of(person, field), person.id, why)


_RULES: dict[str, Callable[[Sequence[Person], str], Suggested]] = {
    "name": _name,
    "birth": _fullest_birth,
    "former_names": _joined,
    "note": _joined,
    "tier": _highest,
    "state": _gravest,
    "source": _longest,
    "industry": _longest,
}
