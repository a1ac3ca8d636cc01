"""Who a token of the line may be. The caller looks people up; here it is decided what the answer means."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from yishang_crm.followup.sentence.words import COMPOUND_SURNAMES, HAN_WORD, SURNAMES, TITLES


@dataclass(frozen=True)
class Candidate:
    id: int
    name: str
    organization: str = ""
    phone_tail: str = ""
    standing: str | None = None  # 已故, 失联… where that must be seen first


class PeopleLookup(Protocol):
    def candidates(self, token: str) -> Sequence[Candidate]:
        """Everyone in scope with this exact name, pinyin, initials or last four digits; best first."""
        ...


@dataclass(frozen=True)
class Unclear:
    """A token that up to three people answer to; none, if a colleague is named whom nobody knows."""

    token: str
    candidates: tuple[Candidate, ...]


Named = Candidate | Unclear

_SHAPE = re.compile(r"[A-Za-z][A-Za-z'.\-]{1,29}|\d{4,11}")


class Roll:
    """Asks the lookup at most `most` times and each token once."""

    def __init__(self, lookup: PeopleLookup | None, chosen: Mapping[str, int], *, most: int) -> None:
        self._lookup = lookup
        self._chosen = chosen
        self._left = most
        self._asked: dict[str, tuple[Candidate, ...]] = {}

    def find(self, token: str, *, tail: str = "", exact: bool = False, marked: str = "") -> Named | None:
        """The person, or the few it may be. `exact` counts full names alone; `marked` is an @ before it."""
        found = self._candidates(token)
        if exact:
            found = tuple(one for one in found if one.name == token)
        if tail:
            found = tuple(one for one in found if one.phone_tail == tail)
        if not found:
            return None
        for one in found:
            if self._chosen.get(marked + token) == one.id:
                return one
        same_name = tuple(one for one in found if one.name == token)
        likely = same_name or found
        return likely[0] if len(likely) == 1 else Unclear(token, likely[:3])

    def _candidates(self, token: str) -> tuple[Candidate, ...]:
        if token in self._asked:
            return self._asked[token]
        if self._lookup is None or self._left == 0:
            return ()
        self._left -= 1
        by_id = {one.id: one for one in reversed(self._lookup.candidates(token))}
        self._asked[token] = tuple(reversed(by_id.values()))
        return self._asked[token]


def may_be_asked(token: str) -> bool:
    """Whether a token has the shape of a name, of initials or of a number."""
    if HAN_WORD.fullmatch(token):
        return 2 <= len(token) <= 12
    return _SHAPE.fullmatch(token) is not None


def reads_like_a_name(token: str) -> bool:
    if not HAN_WORD.fullmatch(token):
        return False
    if token.startswith(COMPOUND_SURNAMES):
        return 3 <= len(token) <= 4
    return token[0] in SURNAMES and 2 <= len(token) <= 3


def without_title(token: str) -> str:
    """江望之 for 江望之董事长; the token itself if too little would be left."""
    bare = TITLES.sub("", token)
    return bare if len(bare) >= 2 else token
