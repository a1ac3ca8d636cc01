"""Which characters can be printed. Typst leaves a hole without a word, so it is asked here, before."""

import unicodedata
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from yishang_crm.conference.papers import fonts
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def missing(text: str) -> list[str]:
    """Characters of `text` that no font covers, once each, in order of appearance."""
    known = _covered(fonts.folder())
    return [character for character in dict.fromkeys(text) if _is_drawn(character) and character not in known]


def require(text: str) -> None:
    """Raise `NotPossible`, naming the characters, if `text` would be printed with a hole."""
    holes = missing(text)
    if holes:
        raise NotPossible(
            N_("字库里没有「%(characters)s」，印出来会是空白，请核对或换用通行写法"),
            characters="、".join(holes),
        )


def _is_drawn(character: str) -> bool:
    return not (unicodedata.category(character) in _INVISIBLE or _selects_variation(character))


def _selects_variation(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


@cache
def _covered(place: Path) -> frozenset[str]:
    points: set[int] = set()
    for path in sorted(place.glob("*.[to]tf")):
        with TTFont(path, lazy=True) as font:
            points.update(font.getBestCmap())
    return frozenset(map(chr, points))
