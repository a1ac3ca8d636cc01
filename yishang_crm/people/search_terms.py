"""What a person is found by, and what a user meant by the words typed; the same on SQLite and PostgreSQL.

A token is one Chinese character, one word in Latin letters, one reading, or one phone number read backwards. On SQLite
the kinds are columns of an FTS5 table (`FTS5_COLUMNS`, tokenizer `FTS5_TOKENIZE`), on PostgreSQL they are prefixes of
the lexemes of one tsvector: h王 pwangchu iwc d7140 ltcl u3. Trigrams are no way: they find no name of two characters.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from yishang_crm.people.names.keys import HAN_CLASS, folded, simplified_key
from yishang_crm.people.names.readings import half_typed, initials, readings

FTS5_COLUMNS = ("han", "py", "ini", "rph", "lat", "unit")
FTS5_TOKENIZE = "unicode61 remove_diacritics 0"

MOST_CHARACTERS = 200  # of what a user types; the rest is not read
MOST_TERMS = 12
MOST_WORDS_TOGETHER = 4
SHORTEST_TAIL = 3
_MOST_NYU = 2  # in one word; no name has more
_LONGEST_TOKEN = 100  # a lexeme of PostgreSQL ends at 2,046 bytes
_FURTHEST_POSITION = 16_000  # a tsvector knows none beyond 16,383

# Stands between name, company and title; Latin, so that no run of Chinese characters can ask for it.
_BOUNDARY = "x"
_PIECES = re.compile(rf"[{HAN_CLASS}]+|[^\W_{HAN_CLASS}]+(?:['’`ʼ][^\W_{HAN_CLASS}]+)*")
_HAN_START = re.compile(f"[{HAN_CLASS}]")
_JOINED = re.compile(r"(?<![^\W_])[^\W_]+(?:[-_.@]+[^\W_]+)+", re.ASCII)
# What every tokenizer we meet knows as a letter; newer characters get a token of ASCII.
_OLD_HAN = re.compile("[〇\u3400-\u4db5\u4e00-\u9fcc]")
_PLAIN_HAN = re.compile("[〇\u3400-\u4db5\u4e00-\u9fcc]*")


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """What stands in the index for one person; each field is tokens with a space between."""

    han: str  # characters of simplified keys, a boundary between name and company
    pinyin: str
    initials: str
    digits: str  # phone numbers read backwards, 11 digits for the mainland
    latin: str
    units: str  # whose staff may find the person: u3 u17

    def row(self) -> tuple[str, ...]:
        """In the order of `FTS5_COLUMNS`."""
        return (self.han, self.pinyin, self.initials, self.digits, self.latin, self.units)


@dataclass(frozen=True, slots=True)
class HanRun:
    """Characters that must follow one another."""

    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LatinRun:
    """Neighboring words: one name typed apart (jiang wang zhi), or several things (jiang tcl). Each is a prefix."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DigitTail:
    """The end of a phone number, or a number inside a company's name."""

    digits: str


Term = HanRun | LatinRun | DigitTail


@dataclass(frozen=True, slots=True)
class Query:
    """All terms must be met. `typed` and no terms: nothing can be found, which is not the same as no search."""

    terms: tuple[Term, ...]
    typed: bool

    @property
    def finds_nothing(self) -> bool:
        return self.typed and not self.terms


# ------------------------------------------------------------------------------------------- what goes in


def person_terms(
    name: str,
    *,
    former_names: Iterable[str] = (),
    romanized: Iterable[str] = (),
    organizations: Iterable[tuple[str, str | None]] = (),
    titles: Iterable[str] = (),
    phones: Iterable[str] = (),
    wechat: Iterable[str] = (),
    units: Collection[int] = (),
) -> SearchTerms:
    """Everything a person is found by.

    `organizations` are (full name, short name or None); `phones` E.164 with or without `+`; `wechat` ids;
    `units` the ids of the units that may find the person.
    """
    called = [name, *(former for former in former_names if former)]
    written = [*called, *(text for full, short in organizations for text in (full, short) if text), *titles]
    keys = [simplified_key(text) for text in written]
    latin = [word for key in keys for word in _latin_of_key(key)]
    latin += [word for text in (*romanized, *wechat) for word in _latin_words(text)]
    return SearchTerms(
        han=f" {_BOUNDARY} ".join(filter(None, map(_characters, keys))),
        pinyin=_spaced(way for one in called for way in readings(one)),
        initials=_spaced(way for one in called for way in (*initials(one), *half_typed(one))),
        digits=_spaced(national_digits(phone)[::-1] for phone in phones),
        latin=_spaced(latin),
        units=_spaced(f"u{unit}" for unit in units),
    )


def national_digits(phone: str) -> str:
    """As typed inside the mainland: 11 digits of a mobile, 0556… of a landline; other countries keep their code."""
    digits = "".join(character for character in phone if "0" <= character <= "9")
    digits = digits.removeprefix("00") if len(digits) > 12 else digits
    if not digits.startswith("86") or not 10 <= len(digits) - 2 <= 11:
        return digits
    rest = digits[2:].lstrip("0")
    return rest if len(rest) == 11 and rest.startswith("1") else "0" + rest


# Firms and titles come again and again; names mostly not, but they are short.
@lru_cache(maxsize=8192)
def _characters(key: str) -> str:
    """Characters with spaces; whatever stands between two runs is a boundary."""
    if _PLAIN_HAN.fullmatch(key):
        return " ".join(key)
    runs = (piece for piece in _PIECES.findall(key) if _starts_han(piece))
    return f" {_BOUNDARY} ".join(" ".join(_han_token(character) for character in run) for run in runs)


@lru_cache(maxsize=8192)
def _latin_of_key(key: str) -> tuple[str, ...]:
    return () if _PLAIN_HAN.fullmatch(key) else tuple(_latin_words(key))


def _latin_words(text: str) -> Iterator[str]:
    """Words in lower case; Tai-man is tai, man and taiman, O'Brien is obrien."""
    if not text:
        return
    text = _plain_letters(folded(text))
    yield from (_latin_token(piece) for piece in _PIECES.findall(text) if not _starts_han(piece))
    yield from ("".join(re.findall(r"[a-z0-9]+", joined)) for joined in _JOINED.findall(text))


# --------------------------------------------------------------------------------------- what was typed


def parse_query(text: str) -> Query:
    """What a user meant, however it was typed: 江望之, 江 望 之, jiangwangzhi, JWZ, 0417, 王 桐城 董事长, 繁體.

    Nothing typed is an operator. Never raises.
    """
    pieces = _PIECES.findall(_plain_letters(folded(text.strip()[:MOST_CHARACTERS])))
    terms = (term for kind, group in _neighbors(pieces) for term in _terms(kind, group))
    return Query(tuple(dict.fromkeys(terms))[:MOST_TERMS], typed=bool(text.strip()))


def _neighbors(pieces: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Pieces with neighbors of the same kind, in the order typed."""
    groups: list[tuple[str, list[str]]] = []
    for piece in pieces:
        kind = _kind(piece)
        if groups and groups[-1][0] == kind:
            groups[-1][1].append(piece)
        else:
            groups.append((kind, [piece]))
    return groups


def _kind(piece: str) -> str:
    if _starts_han(piece):
        # Single characters with spaces are one padded name; longer words are things of their own.
        return "character" if len(piece) == 1 else "word"
    return "digits" if piece.isascii() and piece.isdigit() else "latin"


def _terms(kind: str, group: list[str]) -> Iterator[Term]:
    if kind == "character":
        yield HanRun(tuple(map(_han_token, group)))
    elif kind == "word":
        yield from (HanRun(tuple(map(_han_token, word))) for word in group)
    elif kind == "latin":
        words = [_latin_token(word) for word in group]
        for start in range(0, len(words), MOST_WORDS_TOGETHER):
            yield LatinRun(tuple(words[start : start + MOST_WORDS_TOGETHER]))
    else:
        digits = national_digits("".join(group))
        yield DigitTail(digits) if len(digits) >= SHORTEST_TAIL else LatinRun((digits,))


# --------------------------------------------------------------------------------------------- SQLite


def fts5_match(query: Query, *, units: Collection[int] | None = None) -> str | None:
    """For `MATCH`; None only when nothing was typed. `units` limits it to what these may find; empty: nothing."""
    return _expression(query, units, _Fts5())


class _Fts5:
    conjunction, alternative = " AND ", " OR "
    nothing = '{unit} : "none"'

    def phrase(self, tokens: tuple[str, ...]) -> str:
        return f'{{han}} : "{" ".join(tokens)}"'

    def prefix(self, word: str) -> str:
        read = _pinyin_typed(word)
        if read == (word,):
            return f'{{py ini lat}} : "{word}" *'
        ways = " OR ".join(f'{{py}} : "{way}" *' for way in read)
        return f'({ways} OR {{ini lat}} : "{word}" *)'

    def tail(self, digits: str) -> str:
        return f'({{rph}} : "{digits[::-1]}" * OR {{lat}} : "{digits}" *)'

    def unit(self, unit: int) -> str:
        return f'{{unit}} : "u{unit:d}"'


# ----------------------------------------------------------------------------------------- PostgreSQL


def tsvector_text(terms: SearchTerms) -> str:
    """A literal for `cast(… as tsvector)`: characters have positions, so that phrases hold and boundaries part them."""
    places: dict[str, list[int]] = {}
    for position, token in enumerate(terms.han.split(), start=1):
        if token != _BOUNDARY and position < _FURTHEST_POSITION:
            places.setdefault(token, []).append(position)
    lexemes = [f"'h{token}':{','.join(map(str, where[:255]))}" for token, where in places.items()]
    kinds = (
        ("p", terms.pinyin),
        ("i", terms.initials),
        ("d", terms.digits),
        ("l", terms.latin),
        ("", terms.units),
    )
    lexemes += [f"'{kind}{token}'" for kind, tokens in kinds for token in tokens.split()]
    return " ".join(lexemes)


def tsquery(query: Query, *, units: Collection[int] | None = None) -> str | None:
    """For `cast(… as tsquery)`, which knows no locale; `to_tsquery('simple', …)` reads the same in a UTF-8 one."""
    return _expression(query, units, _Tsquery())


class _Tsquery:
    conjunction, alternative = " & ", " | "
    nothing = "'none'"

    def phrase(self, tokens: tuple[str, ...]) -> str:
        return "(" + " <-> ".join(f"'h{token}'" for token in tokens) + ")"

    def prefix(self, word: str) -> str:
        ways = " | ".join(f"'p{way}':*" for way in _pinyin_typed(word))
        return f"({ways} | 'i{word}':* | 'l{word}':*)"

    def tail(self, digits: str) -> str:
        return f"('d{digits[::-1]}':* | 'l{digits}':*)"

    def unit(self, unit: int) -> str:
        return f"'u{unit:d}'"


# ----------------------------------------------------------------------------------------- both alike


def _expression(query: Query, units: Collection[int] | None, language: _Fts5 | _Tsquery) -> str | None:
    if not query.typed:
        return None
    if query.finds_nothing or (units is not None and not units):
        return language.nothing
    parts = [_part(term, language) for term in query.terms]
    if units is not None:
        parts.insert(0, f"({language.alternative.join(map(language.unit, sorted(set(units))))})")
    return language.conjunction.join(parts)


def _part(term: Term, language: _Fts5 | _Tsquery) -> str:
    if isinstance(term, HanRun):
        return language.phrase(term.tokens)
    if isinstance(term, DigitTail):
        return language.tail(term.digits)
    ways = [language.conjunction.join(map(language.prefix, way)) for way in _ways_to_join(term.words)]
    return f"({language.alternative.join(f'({way})' for way in ways)})" if len(ways) > 1 else f"({ways[0]})"


def _ways_to_join(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """jiang wangzhi tcl: all in one, …, jiangwangzhi and tcl, …, each of its own."""
    if len(words) == 1:
        return [words]
    if max(map(len, words)) == 1:  # j w z: letters of one name; each alone would be half of all people
        return [("".join(words),)]
    rest = _ways_to_join(words[1:])
    return [(words[0] + way[0], *way[1:]) for way in rest] + [(words[0], *way) for way in rest]


def _pinyin_typed(word: str) -> tuple[str, ...]:
    """LYU of a passport is lv in the index. NYU is nv as well, but more often n and yu: of 女, or of 金玉. Both are asked."""
    first, *rest = word.replace("lyu", "lv").split("nyu")
    if len(rest) > _MOST_NYU:
        return (word,)
    return tuple(first + "".join(way) for way in product(*([f"nyu{one}", f"nv{one}"] for one in rest)))


def _starts_han(piece: str) -> bool:
    return _HAN_START.match(piece) is not None


def _han_token(character: str) -> str:
    return character if _OLD_HAN.match(character) else _coded(character)


def _latin_token(piece: str) -> str:
    """Letters and digits in ASCII; letters of other scripts by number, which every tokenizer leaves whole."""
    return "".join(c if c.isascii() else _coded(c) for c in piece if c.isalnum())[:_LONGEST_TOKEN]


def _coded(character: str) -> str:
    return f"u{ord(character):05x}"


def _plain_letters(text: str) -> str:
    """lǚ is lv, é is e; Chinese characters stay."""
    if text.isascii():
        return text.lower()
    letters = unicodedata.normalize("NFD", text.lower()).replace("u\u0308", "v")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _spaced(tokens: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(token[:_LONGEST_TOKEN] for token in tokens if token))
