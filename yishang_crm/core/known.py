"""All that the house knows of one subject: each room leaves its part here, so that it can be told to them whole, and forgotten.

The ground knows no persons: a subject is a number. A part is given the acting person first, runs inside the action that told
the trail of it, and reaches every row about the subject, also those the acting person does not see.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from yishang_crm.core.actor import Actor
from yishang_crm.core.audit import row_key
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import Sealed

SOMEBODY = "某某"


@dataclass(frozen=True)
class Enclosure:
    """A cell that is a file: handed over beside the table, which names it."""

    name: str
    content: bytes = field(repr=False)


Cell = str | int | dt.date | Sealed | Enclosure | None


@dataclass(frozen=True)
class Chapter:
    """One table of what is told: its title, its heads, its rows. Sealed cells are opened by the action that tells."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass
class Forgetting:
    """One erasure under way.

    `words`: names, numbers and addresses that may not stand in any text about the subject. `rows`: rows whose old and new
    values leave the trail, too. `files`: what is deleted from the disk once the erasure stands.
    """

    subject_id: int
    at: dt.datetime
    words: Sequence[str] = ()
    rows: set[str] = field(default_factory=set)
    files: list[Path] = field(default_factory=list)

    def touch(self, *rows: SQLModel) -> None:
        """Say that the trail's values of these rows go, whether or not a row is changed."""
        self.rows.update(row_key(row) for row in rows)

    def cleaned(self, text: str) -> str:
        """A text about several, without this one."""
        if not text or not self.words:
            return text
        return self._pattern.sub(SOMEBODY, text)

    @property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self.words, key=len, reverse=True)
        return re.compile("|".join(re.escape(word) for word in longest_first), re.IGNORECASE)


# A sentence with `%(count)s`, and the number: what the erasure would do, said beforehand.
Weight = tuple[str, int]


def _nothing(_actor: Actor, _subject_id: int) -> list[Any]:
    return []


@dataclass(frozen=True)
class Part:
    """What one room knows. `hinders`: why it cannot be forgotten yet; `weigh`: what would be; `tell`, `forget`: do it."""

    name: str
    tell: Callable[[Actor, int], Iterable[Chapter]]
    forget: Callable[[Actor, Forgetting], None]
    weigh: Callable[[Actor, int], Iterable[Weight]] = _nothing
    hinders: Callable[[Actor, int], Iterable[NotPossible]] = _nothing


_parts: dict[str, Part] = {}


def knows(part: Part) -> None:
    """Called once, when a room is opened."""
    _parts[part.name] = part


def parts() -> list[Part]:
    """From the lowest room to the highest, as they were opened. Forgetting begins at the highest: what others point to goes last."""
    return list(_parts.values())
