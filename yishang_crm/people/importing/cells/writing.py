"""The plain text of a cell: full-width letters, odd spaces and invisible characters undone."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache

from opencc import OpenCC

# What the reader of workbooks hands over for one cell.
Cell = str | int | float | bool | dt.date | dt.time | dt.timedelta | None

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FULL_LETTERS = {
    code: half for code, half in _HALF_WIDTH.items() if chr(half).isalnum() or chr(half) in "-&/|"
}
_SPACES = dict.fromkeys([0x3000, 0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x0B, 0x0C], " ")
_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x202A, 0x202C, 0x2060, 0xFEFF])
_ODD_SPACES = _SPACES | _INVISIBLE
_LETTERS = _FULL_LETTERS | _ODD_SPACES
_PLAIN = _HALF_WIDTH | _ODD_SPACES | dict.fromkeys([0x2013, 0x2014, 0x2010, 0x2011, 0x2212, 0x2015], "-")


def _undone(signs: Mapping[int, int | str | None]) -> Callable[[str], str]:
    """Texts with these signs replaced. Most have none: looking for one is much cheaper than going through each character."""
    has_one = re.compile("[" + re.escape("".join(map(chr, signs))) + "]").search

    def undo(text: str) -> str:
        return text.translate(signs) if has_one(text) else text

    return undo


_without_odd_spaces, _with_half_width, _with_half_letters = map(_undone, (_ODD_SPACES, _PLAIN, _LETTERS))

HAN = r"〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
HAN_ONLY = re.compile(f"[{HAN}]+")
_BETWEEN_HAN = re.compile(f"(?<=[{HAN}（）()]) (?=[{HAN}（）()])")
NOTHING = frozenset(
    [
        "",
        "/",
        "\\",
        "-",
        "--",
        "---",
        "_",
        "无",
        "暂无",
        "没有",
        "不详",
        "未知",
        "不明",
        "待定",
        "待补",
        "待填",
        "空",
        "null",
        "NULL",
        "None",
        "none",
        "N/A",
        "n/a",
        "NA",
        "nan",
        "NaN",
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#NAME?",
        "#NULL!",
        "#DIV/0!",
        "無",
        "不詳",
        "未填",
        "?",
        "??",
        "*",
        ".",
        "…",
    ]
)
DITTO = frozenset(
    ["同上", "〃", "″", '"', "''", "“", "”", "〞", "同前", "如上", "同上。", "同上行", "＂", "ditto", "々"]
)


def written(cell: Cell) -> str:
    """The cell as a person sees it, outer spaces gone: whole numbers without `.0`, dates as ISO."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return _without_odd_spaces(cell).strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell)


def plain(text: str) -> str:
    """Full-width letters, digits and punctuation made half-width; odd spaces made plain; stripped."""
    return _with_half_width(text).strip()


def lettered(text: str) -> str:
    """Full-width letters and digits made half-width, punctuation as written: for names of firms."""
    return _with_half_letters(text).strip()


def tight(text: str) -> str:
    """Without any white space."""
    return "".join(text.split())


def joined_han(text: str) -> str:
    """Spaces and line breaks between two Chinese characters removed, others made one space."""
    text = " ".join(text.split())
    return _BETWEEN_HAN.sub("", text) if " " in text else text


def says_nothing(text: str) -> bool:
    """Empty, or one of the signs people put where there is nothing to say."""
    return text in NOTHING


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(maxsize=20_000)
def simplified(text: str) -> str:
    """In simplified characters: for headers, places and titles, never for names."""
    return _simplifier().convert(text)
