"""Who knows whom: what a tie is, and where upper rooms leave the ties and the dates that they know of.

This room knows relations, posts and stewards. That somebody was introduced, or when two last met, an upper room knows.
"""

import datetime as dt
import enum
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from yishang_crm.core.actor import Actor


class Bond(enum.IntEnum):
    """What ties two people, the strongest first: the order in which ways to somebody are offered."""

    RELATION = 1
    INTRODUCED = 2
    ENTRUSTED = 3
    TOGETHER = 4
    CHAMBER = 5
    ONCE_TOGETHER = 6
    SCHOOL = 7


@dataclass(frozen=True)
class Tie:
    """Between two people: what `b` is to `a`, and `a` to `b`; or the organization that they share, and `through` its id."""

    a: int
    b: int
    bond: Bond
    label: str = ""
    back: str = ""
    through: int | None = None

    def turned(self) -> "Tie":
        return Tie(self.b, self.a, self.bond, self.back, self.label, self.through)


@dataclass(frozen=True)
class LastContacts:
    """The day of the last contact that the actor may read: of a colleague with somebody, and of two people with each other."""

    of_colleagues: dict[tuple[int, int], dt.date] = field(default_factory=dict)
    of_people: dict[tuple[int, int], dt.date] = field(default_factory=dict)


# Given the actor and ids of people, returns the ties that these have. Ends out of the actor's sight are left out afterwards.
Source = Callable[[Actor, Sequence[int]], Iterable[Tie]]
# Given the actor, pairs of a user and a person, and pairs of people (the lower id first).
Dates = Callable[[Actor, Collection[tuple[int, int]], Collection[tuple[int, int]]], LastContacts]

_sources: list[Source] = []
_dates: list[Dates] = []


def add_source(source: Source) -> None:
    """Called once, when an upper room is opened."""
    if source not in _sources:
        _sources.append(source)


def tell_last_contacts(dates: Dates) -> None:
    """Called once, when the room that keeps the log is opened."""
    if dates not in _dates:
        _dates.append(dates)


def ties_told(actor: Actor, ids: Sequence[int]) -> list[Tie]:
    """The ties that upper rooms know of."""
    return [tie for source in _sources for tie in source(actor, ids)]


def last_contacts(
    actor: Actor, colleagues: Collection[tuple[int, int]], people: Collection[tuple[int, int]]
) -> LastContacts:
    """When they last were in touch, as far as the actor may read it."""
    for dates in _dates:
        return dates(actor, colleagues, people)
    return LastContacts()
