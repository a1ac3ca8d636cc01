"""How a name is read: every reading for search, the likeliest for showing."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import product

from yishang_crm.people.names.keys import is_han, simplified_key
from yishang_crm.people.names.surnames import COMPOUND, SINGLE, surname_of
from yishang_crm.people.names.syllables import plain, reading_of, readings_of_given

MOST_READINGS = 8


def readings(name: str) -> list[str]:
    """Every way to type the name in full pinyin, the likeliest first, at most 8: 单乐 is shanle, danle, chanle, shanyue …

    吕 is both lv and lu. Empty for a name without Chinese characters.
    """
    return _distinct("".join(way) for way in _ways(name))


def initials(name: str) -> list[str]:
    """First letters in every reading: 曾小贤 is zxx and cxx; David Chen is dc."""
    if not is_han(name):
        words = [plain(word) for word in name.replace("-", " ").split()]
        return ["".join(word[0] for word in words if word)] if any(words) else []
    return _distinct("".join(syllable[0] for syllable in way) for way in _ways(name))


def half_typed(name: str) -> list[str]:
    """Surname in full, then first letters: 王小明 is wangxm."""
    length = len(simplified_key(surname_of(name)))
    ways = [(way[:length], way[length:]) for way in _ways(name)]
    return _distinct("".join(surname) + "".join(s[0] for s in given) for surname, given in ways if given)


def display_pinyin(name: str) -> str:
    """With tone marks, surname apart, as in GB/T 28039: Yú Bǐnghéng, Ōuyáng Yǎ'ān. "" for names in Latin letters."""
    surname, given = _likeliest(name)
    return " ".join(part for part in (surname, _joined(given)) if part)


def pinyin_order(name: str) -> str:
    """A text to sort by: the likeliest reading by syllables, so that Chén Yǔ stands before Chéng Ān; then the characters,
    so that 张伟 and 章伟 do not mix. Latin names as they are."""
    key = simplified_key(name)
    ways = _ways(name) if is_han(name) else ()
    # A tab sorts before the space between syllables.
    return (" ".join(ways[0]) + "\t" + key if ways else key)[:160]


def plain_pinyin(name: str) -> str:
    """For English letters, spelled as in a passport: Wang Yanzhou, Lyu Bu."""
    return _passport(display_pinyin(name))


@lru_cache(maxsize=8192)
def _ways(name: str) -> tuple[tuple[str, ...], ...]:
    """Plain syllables of each reading, capped."""
    key = simplified_key(name)
    length = len(simplified_key(surname_of(name)))
    surnames = _ways_of_surname(key[:length], is_surname="·" not in name)
    choices = [_typed(readings_of_given(character)) for character in key[length:]]
    given = [tuple(way) for way in _capped(product(*(choice for choice in choices if choice)))]
    # The surname's readings run fastest, so that the cap cuts given names first.
    return tuple(_capped(surname + rest for rest in given for surname in surnames))


@lru_cache(maxsize=4096)
def _ways_of_surname(surname: str, *, is_surname: bool) -> tuple[tuple[str, ...], ...]:
    if surname in COMPOUND:
        choices = (way for reading in COMPOUND[surname] for way in product(*(_typed((s,)) for s in reading)))
        return tuple(dict.fromkeys(choices))
    read = _surname_readings if is_surname else readings_of_given
    return tuple(_capped(product(*filter(None, (_typed(read(character)) for character in surname)))))


def _surname_readings(character: str) -> tuple[str, ...]:
    return SINGLE.get(character) or readings_of_given(character)[:1]


@lru_cache(maxsize=2048)
def _typed(syllables: tuple[str, ...]) -> tuple[str, ...]:
    """As a keyboard types them: lǚ is lv and lu, lüè is lve and lue."""
    return tuple(_distinct(typed for s in syllables for typed in (plain(s), plain(s).replace("v", "u"))))


def _likeliest(name: str) -> tuple[str, list[str]]:
    """The surname as written, the syllables of the given name, both with tone marks."""
    if not is_han(name):
        return "", []
    surname, key = simplified_key(surname_of(name)), simplified_key(name)
    given = [reading_of(character) for character in key[len(surname) :]]
    if surname in COMPOUND:
        return _joined(list(COMPOUND[surname][0])), given
    if "·" in name:
        return _joined([reading_of(character) for character in surname]), given
    # Two surnames, husband's and own, keep a hyphen: Chén-Fāng Ānshēng.
    likeliest = [_surname_readings(character)[:1] for character in surname]
    return "-".join(_joined(list(way)) for way in likeliest if way), given


def _passport(pinyin: str) -> str:
    """Without tones; lü is LYU and lüe is LUE, as passports have it."""
    letters = unicodedata.normalize("NFD", pinyin)
    letters = re.sub("u\u0308(?=[\u0300-\u036f]*e)", "u", letters).replace("u\u0308", "yu")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _joined(syllables: list[str]) -> str:
    """One word; an apostrophe before a, e, o inside it (GB/T 16159)."""
    known = [syllable for syllable in syllables if syllable]
    joined = "".join(f"'{s}" if i and plain(s)[:1] in ("a", "e", "o") else s for i, s in enumerate(known))
    return joined[:1].upper() + joined[1:]


def _capped(ways: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [way for _, way in zip(range(MOST_READINGS), ways, strict=False)]


def _distinct(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]
