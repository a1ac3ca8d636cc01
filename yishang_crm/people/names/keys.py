"""How a name is tidied for keeping, and folded for comparing; the two are never mixed."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

# 〇 is a numeral to Unicode and a character to whoever is called 张〇一; WPS keeps rare characters in private use.
HAN_CLASS = (
    "〇\u3400-\u4dbf\u4e00-\u9fff\ue000-\uf8ff\uf900-\ufaff\U00020000-\U0003ffff"  # the last: planes 2 and 3
)
DOTS = "·•‧・･⋅∙●"

_HAN = re.compile(f"[{HAN_CLASS}]")
_COMPATIBLE = re.compile("([\uf900-\ufaff\U0002f800-\U0002fa1f]+)")
_BETWEEN_HAN = re.compile(rf"(?<=[{HAN_CLASS}])\s+(?=[{HAN_CLASS}])")
_DOT_OF_A_NAME = re.compile(rf"(?<=[{HAN_CLASS}])\s*[{DOTS}.．]\s*(?=[{HAN_CLASS}])")
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Cn"))

# Written differently, the same to whoever looks for it; OpenCC leaves these apart.
_FOLDED_BY_HAND = {
    "甯": "宁", "寗": "宁", "迺": "乃", "菓": "果", "煇": "辉", "敍": "叙", "徴": "征", "緖": "绪",
    "瀞": "净", "溦": "微", "甦": "苏", "囍": "喜", "畧": "略", "槑": "梅", "廼": "乃", "衞": "卫",
    "乾": "干", "著": "着", "藉": "借", "瞭": "了", "麼": "么", "夥": "伙", "餘": "余", "徵": "征",
}  # fmt: skip


def is_han(text: str) -> bool:
    """Whether the text has at least one Chinese character."""
    return _HAN.search(text) is not None


def clean_name(name: str) -> str:
    """The name as it is kept: `王　楚` is 王楚, `Wang  Yanzhou` has one space, full-width letters are plain.

    Characters stay those that were written: compatibility ideographs are somebody's official name.
    """
    parts = _COMPATIBLE.split(name)
    parts[::2] = [unicodedata.normalize("NFKC", part) for part in parts[::2]]
    return _without_stray_spaces("".join(parts)).strip()


# A file repeats its firms, titles and names; each spelling is folded once.
@lru_cache(maxsize=8192)
def simplified_key(text: str) -> str:
    """Equal for 張/张, 範/范, 餘/余, 甯/宁, half and full width, upper and lower case. Never shown, never kept as the name."""
    return _without_stray_spaces(_without_stray_spaces(folded(text)).replace("·", ""))


def folded(text: str) -> str:
    """As `simplified_key`, with the spaces and dots as they were typed."""
    return unicodedata.normalize("NFKC", text).lower().translate(_simplified)


def script_could_differ(name: str) -> bool:
    """Whether some character of the name might be another one in traditional script (余 may be 餘)."""
    return any(character in _ambiguous() for character in name)


def _without_stray_spaces(text: str) -> str:
    if not text.isprintable():
        text = "".join(
            " " if c.isspace() else c
            for c in text
            if c.isspace() or unicodedata.category(c) not in _INVISIBLE
        )
    text = _DOT_OF_A_NAME.sub("·", " ".join(text.split()))
    return _BETWEEN_HAN.sub("", text)


class _Simplified(dict[int, str]):
    """Code point to simplified character, learned one by one: phrases (乾隆) must not bend a name."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if code < 0x3400 or not is_han(character):
            self[code] = character
        else:
            self[code] = _FOLDED_BY_HAND.get(character) or _converter().convert(character)
        return self[code]


_simplified = _Simplified()


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC

    return OpenCC("t2s")


@lru_cache(maxsize=1)
def _ambiguous() -> frozenset[str]:
    """Simplified characters that stand for at least one other, traditional one."""
    codes = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]
    # A line each, so that the converter sees no phrases.
    simplified = _converter().convert("\n".join(map(chr, codes))).split("\n")
    return frozenset(short for code, short in zip(codes, simplified, strict=True) if short != chr(code))
