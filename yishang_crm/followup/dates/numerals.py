"""Numbers and glyphs as people type them; every replacement keeps the length, so that spans still fit."""

_WIDE = "０１２３４５６７８９／－．：～（）　"
_NARROW = "0123456789/-.:~() "
_TRADITIONAL = (
    "週後個內號點農曆陰舊臘閏國慶節禮過這兩開間時鐘聯繫繋訪電話飯郵視頻議來談覆復給約遲陽勞動當會見長還幾儘從說請"
    "發問覺廠車機門樓場電單雙晚午從歲歷"
)
_SIMPLIFIED = (
    "周后个内号点农历阴旧腊闰国庆节礼过这两开间时钟联系系访电话饭邮视频议来谈复复给约迟阳劳动当会见长还几尽从说请"
    "发问觉厂车机门楼场电单双晚午从岁历"
)
_PLAIN = str.maketrans(
    _WIDE + _TRADITIONAL + "—–〜﹣○",
    _NARROW + _SIMPLIFIED + "--~-〇",
)

_DIGITS = {glyph: value for value, glyph in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "廿": 20, "卅": 30}
# 两三天, 三五天: a pair of neighbours means "two or three"; the later one is kept.
_PAIRS = {
    "一两": 2,
    "一二": 2,
    "两三": 3,
    "二三": 3,
    "三四": 4,
    "三五": 5,
    "四五": 5,
    "五六": 6,
    "六七": 7,
    "七八": 8,
}

HAN = "零〇一二两三四五六七八九十廿卅百"


def plain(text: str) -> str:
    """The same text with half-width digits and simplified glyphs where dates need them; same length."""
    return text.translate(_PLAIN)


def number(written: str) -> int:
    """12, 十二, 廿三, 二〇二六, 两, 一百二十, and 两三 (three). ValueError if it is no number."""
    written = written.strip()
    if written.isdecimal():
        return int(written)
    if written in _PAIRS:
        return _PAIRS[written]
    if written and all(glyph in _DIGITS for glyph in written):
        return int("".join(str(_DIGITS[glyph]) for glyph in written))
    return _counted(written)


def _counted(written: str) -> int:
    total = 0
    digit: int | None = None
    for glyph in written:
        if glyph in _DIGITS:
            digit = _DIGITS[glyph]
        elif glyph in _TENS:
            total += (1 if digit is None else digit) * 10 if glyph == "十" else _TENS[glyph]
            digit = None
        elif glyph == "百":
            total += (1 if digit is None else digit) * 100
            digit = None
        else:
            raise ValueError(written)
    if not written:
        raise ValueError(written)
    return total + (digit or 0)
