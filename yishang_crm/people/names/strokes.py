"""Order by strokes of the surname (姓氏笔画), the neutral official order of lists.

Mainland rule: fewer strokes first, then the kinds of strokes as they are written (横 竖 撇 点 折); the same surname:
names of two characters before those of three, then the given name likewise. The table covers GB 2312 and some more;
characters beyond it come after all others, by code point; names in Latin letters come last.
"""

from functools import lru_cache
from importlib.resources import files

from yishang_crm.people.names.keys import is_han, simplified_key
from yishang_crm.people.names.surnames import surname_of

_UNKNOWN = "98"
_LATIN = "99"


def surname_stroke_key(name: str) -> str:
    """A text to sort by, digits only for Chinese names, the same in every collation. Traditional counts as simplified."""
    if not name or not is_han(name[0]):
        return _LATIN + simplified_key(name)
    length = len(simplified_key(surname_of(name)))
    key = simplified_key(name)
    surname, given = key[:length], key[length:]
    return "".join([*map(_place, surname), f"{min(len(given), 99):02d}", *map(_place, given)])


def stroke_order(name: str) -> str:
    """The same order in a fourth of the length, for a column that is indexed: four digits a known character."""
    if not name or not is_han(name[0]):
        return (_LATIN + simplified_key(name))[:160]
    key = simplified_key(name)
    length = len(simplified_key(surname_of(name)))
    surname, given = key[:length], key[length:]
    return "".join([*map(_rank, surname), f"{min(len(given), 99):02d}", *map(_rank, given)])[:160]


def _rank(character: str) -> str:
    rank = _ranks().get(character)
    return f"{_UNKNOWN}{ord(character):07d}" if rank is None else f"{rank:04d}"


@lru_cache(maxsize=1)
def _ranks() -> dict[str, int]:
    return {character: rank for rank, character in enumerate(sorted(_strokes(), key=_place))}


@lru_cache(maxsize=8192)
def _place(character: str) -> str:
    """Count of strokes, their kinds, and the character itself, so that 土 and 士 do not mix."""
    strokes = _strokes().get(character)
    if strokes is None:
        return f"{_UNKNOWN}{ord(character):07d}"
    return f"{len(strokes):02d}{strokes}{ord(character):07d}"


@lru_cache(maxsize=1)
def _strokes() -> dict[str, str]:
    """Character to its strokes, 1 横 2 竖 3 撇 4 点 5 折; see strokes.LICENSE.txt."""
    table = files("yishang_crm.people.names").joinpath("strokes.txt").read_text(encoding="utf-8")
    return dict(line.split(" ") for line in table.splitlines())
