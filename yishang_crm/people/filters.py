"""Conditions of the people list. Each is a name in the address, what it reads and the SQL it means; upper rooms add theirs.

The texts are what stands in addresses, saved views, segments and snapshots alike, so they are canonical: `read` gives the
same text for the same meaning, and nothing for what makes no sense.
"""

import datetime as dt
import enum
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.digits import number_in

Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Filter:
    """One condition. `narrow` is SQL about `Person`; `label` a Chinese source sentence; `say` what a chip shows of a value.

    `kind`: text, one (of the choices), many, since (of the choices, or a date), or kept (comes by a link and is only carried
    along). `names_rows`: its values are ids whose names `queries.labels` knows.
    """

    name: str
    label: str
    read: Callable[[str], str]
    narrow: Callable[[Actor, str], Any]
    say: Callable[[str], Any] | None = None
    choices: Callable[[Actor], Choices] | None = None
    kind: str = "text"
    hint: str = ""
    order: int = 100
    permission: Permission = Permission.PEOPLE_READ
    names_rows: bool = False


_filters: dict[str, Filter] = {}


def add_filter(wanted: Filter) -> None:
    """Called once, when a room is opened."""
    _filters.setdefault(wanted.name, wanted)


def filter_named(name: str) -> Filter | None:
    return _filters.get(name)


def filters_for(actor: Actor) -> list[Filter]:
    """Those the actor may use, in their order."""
    mine = [one for one in _filters.values() if actor.may(one.permission)]
    return sorted(mine, key=lambda one: (one.order, one.name))


SORTS = ("tier", "strokes", "name", "unit")


class Filters:
    """What the list's address says: names and canonical texts. What is not said is not asked."""

    __slots__ = ("_said",)

    def __init__(self, **said: Any) -> None:
        self._said = {name: text for name, value in said.items() if (text := _text(value))}

    @classmethod
    def read(cls, args: Mapping[str, Any]) -> "Filters":
        """From an address or a saved mapping; what it says wrongly is left out."""
        said = {name: one.read(_all_of(args, name)) for name, one in _filters.items() if name in args}
        sort = _all_of(args, "sort")
        return cls(**said, sort=sort if sort in SORTS else "")

    @property
    def said(self) -> dict[str, str]:
        """As it stands in an address."""
        return dict(self._said)

    @property
    def conditions(self) -> dict[str, str]:
        """Without the order."""
        return {name: text for name, text in self._said.items() if name != "sort"}

    @property
    def q(self) -> str:
        return self._said.get("q", "")

    @property
    def sort(self) -> str:
        return self._said.get("sort", "")

    @property
    def are_empty(self) -> bool:
        return not self.conditions

    @property
    def are_only_searched(self) -> bool:
        return set(self._said) == {"q"}

    def values(self, name: str) -> list[str]:
        """The several values of one condition."""
        return [value for value in self._said.get(name, "").split(",") if value]

    def but(self, **changes: Any) -> "Filters":
        return Filters(**{**self._said, **changes})

    def as_of(self, actor: Actor) -> "Filters":
        """The same list for whoever reads it later: "mine" are this person's."""
        return self.but(owner=actor.id) if self._said.get("owner") == "me" else self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Filters) and other._said == self._said

    def __hash__(self) -> int:
        return hash(frozenset(self._said.items()))

    def __repr__(self) -> str:
        return f"Filters({self._said})"


def _all_of(args: Mapping[str, Any], name: str) -> str:
    many = args.getlist(name) if hasattr(args, "getlist") else [args.get(name, "")]
    return ",".join(text for value in many if (text := _text(value)))[:2000]


def _text(value: Any) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, (tuple, list)):
        return ",".join(map(_text, value))
    # PostgreSQL takes no NUL; what was typed stays something that nobody is called.
    return str(value).strip().replace("\x00", "\ufffd")


# How values are read


def typed(most: int) -> Callable[[str], str]:
    """What was searched for, as it was typed: it is cut into words later."""
    return lambda text: text[:most].strip()


def short_text(most: int) -> Callable[[str], str]:
    # Without what stands for a NUL: no text of ours has one. Where there is nothing else, nobody is called so.
    return lambda text: (text.replace("\ufffd", "").strip() or text)[:most]


def matching(pattern: re.Pattern[str]) -> Callable[[str], str]:
    return lambda text: text if pattern.fullmatch(text) else ""


def row_id(text: str) -> str:
    """A number that a row can have."""
    return str(number_in(text) or "")


def some_of(values: Iterable[str]) -> Callable[[str], str]:
    """Several of a fixed set, in its order."""
    known = list(values)
    return lambda text: ",".join(value for value in known if value in text.split(","))


def one_of(values: Iterable[str]) -> Callable[[str], str]:
    known = list(values)
    return lambda text: text if text in known else ""


def some_ids(text: str) -> str:
    found = {number for part in text.split(",") if (number := number_in(part))}
    return ",".join(map(str, sorted(found)[:20]))


def some_words(text: str) -> str:
    """Words parted by commas of either width. Not by 、, which stands in residences as people write them."""
    parts = [part.strip()[:60] for part in re.split(r"[,，]", text)]
    return ",".join(dict.fromkeys(part for part in parts if part))


def owner(text: str) -> str:
    return text if text in ("me", "none") else row_id(text)


def before(text: str) -> str:
    """`never`, so many days ago (`180d`), or a date; of several the last that makes sense, for a form has two fields."""
    known = [one for part in text.split(",") if (one := _before(part.strip()))]
    return known[-1] if known else ""


def _before(text: str) -> str:
    if text == "never" or re.fullmatch(r"[1-9][0-9]{0,3}d", text):
        return text
    try:
        return dt.date.fromisoformat(text).isoformat() if len(text) == 10 else ""
    except ValueError:
        return ""
