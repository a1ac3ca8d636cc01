"""A birth date written by any habit: 1965.8, 65年8月, 196508, a serial of Excel, 农历八月初三."""

import datetime as dt
import re
from dataclasses import dataclass, field

from yishang_crm.core.words import N_
from yishang_crm.people.importing.cells.writing import Cell, plain, says_nothing, simplified, tight, written
from yishang_crm.people.importing.problems import Problem

SOLAR, LUNAR = "solar", "lunar"
# Serials of Excel between 1920-01-01 and 2025-12-31; smaller ones are years or 6508.
_SERIALS = range(7306, 46023)
_EPOCH = dt.date(1899, 12, 30)
_DAYS_TO_1904 = (dt.date(1904, 1, 1) - _EPOCH).days
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_LUNAR_MONTHS = {"正": 1, "元": 1, "冬": 11, "腊": 12, "臘": 12}
_MONTH_NAMES = {
    name: month
    for month, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_YEAR = r"((?:19|20)\d{2}|\d{2})"
_YEAR_MONTH = re.compile(_YEAR + r"[年.\-/,、·_](\d{1,2})月?(?:[.\-/,、·_]?(\d{1,2})[日号]?)?")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})?")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-]((?:19|20)\d{2})")
_ENGLISH = re.compile(
    r"(?:(\d{1,2})[\-, ]*)?([a-z]{3})[a-z]*\.?[\-, ]*(?:(\d{1,2})(?:st|nd|rd|th)?[, ]+)?((?:19|20)?\d{2})"
)
_TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?$")


@dataclass(frozen=True, slots=True)
class BirthCell:
    """`birth` is YYYY-MM or YYYY-MM-DD of the calendar named; `year` alone where no month is told."""

    birth: str | None = None
    calendar: str = SOLAR
    leap_month: bool = False
    year: int | None = None
    problems: tuple[Problem, ...] = field(default=())


def birth_in(cell: Cell, *, january_is_01: bool = False, from_1904: bool = False) -> BirthCell:
    """The birth a cell tells.

    `january_is_01`: the column writes 1977.01 for January, so that the number 1977.1 is October. `from_1904`: the workbook counts
    its days from 1904.
    """
    if isinstance(cell, dt.date):
        return _dated(cell.year, cell.month, cell.day, written(cell))
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _number(float(cell), january_is_01=january_is_01, from_1904=from_1904)
    text = tight(_TIME_OF_DAY.sub("", plain(written(cell))))
    if says_nothing(text):
        return BirthCell()
    if re.fullmatch(r"\d{4,5}(?:\.0+)?", text):
        return _number(float(text), january_is_01=january_is_01, from_1904=from_1904)
    return _text(text)


def _number(value: float, *, january_is_01: bool, from_1904: bool) -> BirthCell:
    text = written(value)
    whole = int(value)
    if 1900 <= value < 2030 and value != whole:
        return _year_dot_month(text, january_is_01=january_is_01)
    if value == whole and 1900 <= whole < 2030:
        return _only_year(whole)
    serial = whole + _DAYS_TO_1904 if from_1904 else whole
    if serial in _SERIALS and (len(str(whole)) == 5 or whole > 7399):
        date = _EPOCH + dt.timedelta(days=serial)
        return _dated(date.year, date.month, date.day, text)
    if value == whole:
        return _text(str(whole))
    return _unclear(text)


def _year_dot_month(text: str, *, january_is_01: bool) -> BirthCell:
    year, _, month = text.partition(".")
    if month == "1" and not january_is_01:
        problem = Problem(N_("出生年月“%(text)s”是数字，分不清1月和10月，请核对"), text=text)
        return BirthCell(year=int(year), problems=(problem,))
    if len(month) > 2:
        return _unclear(text)
    return _dated(int(year), 10 if month == "1" else int(month), None, text)


def _text(text: str) -> BirthCell:
    said = simplified(text)
    lunar = bool(re.search("农历|阴历|旧历|古历|初|廿|腊|冬月|正月|闰", said))
    leap = "闰" in said
    said = re.sub(
        r"[(（]?(?:农历|阴历|旧历|古历|阳历|公历|新历|出生日期|出生|生日|生于|闰|[(（]农[)）])[)）]?[:：]?",
        "",
        said,
    )
    said = _roc(_digits(said)).strip("().,，。生-/ ")
    parts = _parts(said)
    if parts is None:
        if re.fullmatch(r"(?:19|20)\d{2}年?", said):
            return _only_year(int(said[:4]))
        return _unclear(text)
    found = _dated(*parts, text)
    return BirthCell(found.birth, LUNAR if lunar else SOLAR, leap, found.year, found.problems)


def _parts(said: str) -> tuple[int, int, int | None] | None:
    if match := _YEAR_MONTH.fullmatch(said):
        return _full_year(match[1]), int(match[2]), int(match[3]) if match[3] else None
    if match := _COMPACT.fullmatch(said):
        return int(match[1]), int(match[2]), int(match[3]) if match[3] else None
    if re.fullmatch(r"\d{4}", said) and int(said[2:]) <= 12:
        return _full_year(said[:2]), int(said[2:]), None
    if match := _DAY_FIRST.fullmatch(said):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        return (year, second, first) if first > 12 else (year, first, second)
    if match := _ENGLISH.fullmatch(said.lower()):
        month = _MONTH_NAMES.get(match[2])
        day = match[1] or match[3]
        return (_full_year(match[4]), month, int(day) if day else None) if month else None
    return None


def _digits(said: str) -> str:
    """一九六五年八月廿三 → 1965年8月23."""
    said = re.sub(r"([正元冬腊])月", lambda month: f"{_LUNAR_MONTHS[month[1]]}月", said)
    said = said.replace("初", "").replace("廿", "二十").replace("卅", "三十")

    def tens(match: re.Match[str]) -> str:
        first, last = (part.translate(_HAN_DIGITS) for part in match.groups(default=""))
        return str(int(first or 1) * 10 + int(last or 0))

    said = re.sub("(?<![一二三四五六七八九〇零])([一二三])?十([一二三四五六七八九])?", tens, said)
    return said.translate(_HAN_DIGITS)


def _roc(said: str) -> str:
    """民國54年8月 → 1965年8月."""
    return re.sub(r"^民国(\d{1,3})", lambda year: str(int(year[1]) + 1911), said)


def _full_year(year: str) -> int:
    """Two digits mean the last century: the lists hold adults."""
    if len(year) == 4:
        return int(year)
    return int(year) + (1900 if int(year) > 20 else 2000)


def _dated(year: int, month: int, day: int | None, text: str) -> BirthCell:
    # The 30th of the second month exists by the lunar calendar, so days are checked by size alone.
    if not (1900 <= year <= 2030 and 1 <= month <= 12 and (day is None or 1 <= day <= 31)):
        return _unclear(text)
    return BirthCell(f"{year}-{month:02}" + (f"-{day:02}" if day else ""), year=year)


def _only_year(year: int) -> BirthCell:
    return BirthCell(year=year, problems=(Problem(N_("出生只有年份（%(year)s），缺少月份"), year=year),))


def _unclear(text: str) -> BirthCell:
    return BirthCell(problems=(Problem(N_("出生年月“%(text)s”看不懂，没有导入"), text=text),))
