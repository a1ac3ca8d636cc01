"""清洗粘贴文本: text copied from web pages made fit to read, with every change to be seen (domain.md §7).

Pinyin in brackets behind a character, doubled and half-width punctuation, invisible signs, radicals in the place of
characters, odd spaces; traditional characters only where asked, for among them may be names.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache

from yishang_crm.people.importing.cells.writing import HAN, lettered, simplified

MOST_CHARACTERS = 100_000
BROKEN = "\ufffd"

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_SYLLABLE = rf"[a-zü{_TONED}]{{1,6}}[1-5]?"
_BRACKETED = re.compile(
    rf"[(（\[【〔]\s*({_SYLLABLE}(?:[\s·'’\-]*{_SYLLABLE})*)\s*[)）\]】〕]", re.IGNORECASE
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")
_DOUBLED = re.compile(r"([，。、；：！？,;:!?])(?:\s*\1)+")
_MIXED = re.compile(r"[,，]\s*[。.](?=\s|$)|、\s*[,，]|[,，]\s*、")
_HALF = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}）》”])\s*([,;:!?])\s*(?=[{HAN}（《“]|$)", re.MULTILINE)
_BRACKETS = re.compile(rf"(?<=[{HAN}])\s*\(([^()\n]*[{HAN}][^()\n]*)\)")
_ODD_SPACE = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_HAN_GAP = re.compile(rf"(?<=[{HAN}，。、；：）]) +(?=[{HAN}，。、；：（])")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


@dataclass(frozen=True)
class Change:
    """What was done, how often."""

    what: str
    count: int


@dataclass
class Cleaned:
    """The text before and after; `changes` by kind in the order they were made, `broken` what nobody can repair."""

    before: str
    after: str = ""
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def changes(self) -> list[Change]:
        return [Change(what, count) for what, count in self.counts.items() if count]

    @property
    def broken(self) -> int:
        return self.after.count(BROKEN)

    @property
    def lines(self) -> Iterator[list[tuple[str, str, str]]]:
        """Line by line, pieces of `same`, `change`: (kind, before, after)."""
        before, after = self.before.split("\n"), self.after.split("\n")
        if len(before) != len(after):
            before = [line for line in before if line.strip()]
            after = [line for line in after if line.strip()]
        for old, new in zip(before, after, strict=False):
            yield _pieces(old, new)


def cleaned(text: str, *, to_simplified: bool) -> Cleaned:
    """Everything at once; what it does not know it leaves."""
    found = Cleaned(text.replace("\r\n", "\n").replace("\r", "\n")[:MOST_CHARACTERS])
    now = found.before
    for what, step in _STEPS.items():
        if what == SIMPLIFIED and not to_simplified:
            continue
        now, count = step(now)
        found.counts[what] += count
    found.after = now.strip("\n")
    return found


INVISIBLE, RADICALS, WIDTH, PINYIN = "invisible", "radicals", "width", "pinyin"
PUNCTUATION, SPACES, SIMPLIFIED = "punctuation", "spaces", "simplified"


def _without_invisible(text: str) -> tuple[str, int]:
    return _INVISIBLE.subn("", text)


def _characters_for_radicals(text: str) -> tuple[str, int]:
    # ⼈ (a radical) and 裏 (a compatibility form) look like 人 and 裏, and are found by no search.
    plain = "".join(unicodedata.normalize("NFKC", one) if _is_double(one) else one for one in text)
    return plain, _differences(text, plain)


def _is_double(character: str) -> bool:
    return "\u2e80" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff"


def _half_width(text: str) -> tuple[str, int]:
    plain = "\n".join("\t".join(map(lettered, line.split("\t"))) for line in text.split("\n"))
    changed = sum(1 for one in text if "！" <= one <= "～" and lettered(one) != one)
    return plain, changed


def _without_pinyin(text: str) -> tuple[str, int]:
    count = 0

    def judged(found: re.Match[str]) -> str:
        nonlocal count
        if not _is_reading_of(found[1], text[max(0, found.start() - _MOST_READ) : found.start()]):
            return found[0]
        count += 1
        return ""

    return _BRACKETED.sub(judged, text), count


_MOST_READ = 8  # characters whose pinyin stands in one bracket


def _is_reading_of(latin: str, before: str) -> bool:
    """Whether Latin letters spell the last characters before them: `ān qìng`, `zōngyáng`, `zha`, `shan4`."""
    has_tone = any(letter.lower() in _TONED or letter.isdigit() for letter in latin)
    if not has_tone and latin != latin.lower():
        return False  # a name as its owner writes it: 王(Wang) stays
    letters = _toneless("".join(one for one in latin.lower() if one.isalpha()))
    said = re.search(f"[{HAN}]+$", before)
    return said is not None and _spells(letters, said[0])


def _spells(letters: str, characters: str) -> bool:
    # From the end: the last character's reading must end what is left.
    if not letters:
        return True
    return bool(characters) and any(
        letters.endswith(one) and _spells(letters.removesuffix(one), characters[:-1])
        for one in _readings(characters[-1])
    )


@cache
def _readings(character: str) -> frozenset[str]:
    from pypinyin import Style, pinyin  # with its phrases it is heavy, and few pastes have brackets

    found = pinyin(character, style=Style.NORMAL, heteronym=True)
    return frozenset(one.replace("v", "ü") for one in found[0]) | frozenset(found[0])


_WITHOUT_TONE = str.maketrans(_TONED, "aaaaeeeeiiiioooouuuuüüüünnnm")


def _toneless(letters: str) -> str:
    return letters.translate(_WITHOUT_TONE)


def _punctuated(text: str) -> tuple[str, int]:
    count = 0
    for pattern, becomes in (
        (_DOUBLED, lambda found: found[1]),
        (_MIXED, lambda found: "。" if found[0][-1] in "。." else "、"),
        (_BETWEEN_HAN, lambda found: _HALF[found[1]]),
        (_DOUBLED, lambda found: found[1]),
        (_BRACKETS, lambda found: f"（{found[1]}）"),
    ):
        text, made = pattern.subn(becomes, text)
        count += made
    return text, count


def _spaced(text: str) -> tuple[str, int]:
    text, odd = _ODD_SPACE.subn(" ", text)
    lines = [re.sub(r" +\t", "\t", line.rstrip(" ")) for line in text.split("\n")]
    text, gaps = _HAN_GAP.subn("", "\n".join(lines))
    text, blanks = _BLANK_LINES.subn("\n\n", text)
    return text, odd + gaps + blanks


def _in_simplified(text: str) -> tuple[str, int]:
    plain = simplified(text)
    return plain, _differences(text, plain)


_STEPS: dict[str, Callable[[str], tuple[str, int]]] = {
    INVISIBLE: _without_invisible,
    RADICALS: _characters_for_radicals,
    WIDTH: _half_width,
    PINYIN: _without_pinyin,
    SPACES: _spaced,
    PUNCTUATION: _punctuated,
    SIMPLIFIED: _in_simplified,
}


def _differences(before: str, after: str) -> int:
    return sum(1 for old, new in zip(before, after, strict=False) if old != new) + abs(
        len(before) - len(after)
    )


def _pieces(old: str, new: str) -> list[tuple[str, str, str]]:
    if old == new:
        return [("same", old, new)] if old else []
    if len(old) + len(new) > 2000:  # a comparison grows with the square of a line
        return [("change", old, new)]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [
        ("same" if kind == "equal" else "change", old[a:b], new[c:d])
        for kind, a, b, c, d in matcher.get_opcodes()
    ]
