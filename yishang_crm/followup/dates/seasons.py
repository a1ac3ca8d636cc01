"""Parts of months and years, festivals, lunar days: 月底, 下季度, 国庆后第一个工作日, 腊月二十三."""

import datetime as dt
import re
from dataclasses import dataclass, replace

from yishang_crm.followup.dates.festivals import FESTIVALS, Festival, festivals_from, lunar_day
from yishang_crm.followup.dates.grammar import (
    BACK,
    DAY_NUMBER,
    FRONT,
    MONTH,
    NO_NUMBER_BEFORE,
    NUMBER,
    ONE_TO_NINE,
    YEAR,
    Kind,
    Meant,
    Rules,
    Setting,
    add_months,
    month_end,
    period,
    year_told,
)
from yishang_crm.followup.dates.numerals import number
from yishang_crm.followup.workdays import DAY, WorkCalendar

RULES = Rules()

_PART = r"(?P<part>月?底|月?末|月?初|上旬|中旬|下旬|中(?![标秋国午旬心试间介层外小])|内|之内|以内)"


@RULES.rule(
    Kind.MONTH,
    r"(?:(?P<which>本|这个?|下下?下?个?|上上?个?)月|(?<![月\d])(?=[上中下]旬)|(?<![\d一二三四五六七八九十个每满出])月(?=[底末初中内]))"
    rf"(?:份?的?{_PART})?(?!饼|亮|薪|报|刊|供|度|球|子|季|嫂)",
)
def month(m: re.Match[str], setting: Setting) -> Meant | None:
    which = m["which"] or ""
    if not which and m["part"] is None:
        return None
    first = add_months(setting.today.replace(day=1), which.count("下") - which.count("上"))
    if not which and m["part"].endswith("初") and setting.today.day > 1:
        first = add_months(first, 1)
    return _part_of_month(first, m["part"], setting)


@RULES.rule(
    Kind.MONTH, rf"{NO_NUMBER_BEFORE}{YEAR}(?P<m>{MONTH}) ?月份?的?(?:{_PART})?(?![\d一二三四五六七八九十])"
)
def named_month(m: re.Match[str], setting: Setting) -> Meant | None:
    today = setting.today
    which = number(m["m"])
    year = year_told(m["year"], setting)
    if year:
        return _part_of_month(dt.date(year, which, 1), m["part"], setting)
    meant = _part_of_month(dt.date(today.year, which, 1), m["part"], setting)
    if meant and meant.day >= today:
        return meant
    return _part_of_month(dt.date(today.year + 1, which, 1), m["part"], setting)


def _part_of_month(first: dt.date, part: str | None, setting: Setting) -> Meant | None:
    last = month_end(first.year, first.month)
    if part is None:
        if last < setting.today:
            return None
        return period(first, last, setting)
    if part in ("内", "之内", "以内"):
        return Meant(last, vague=True, by=True)
    if part[-1] in "底末":
        return Meant(last, vague=True, after=last + DAY)
    start, end = {"初": (1, 1), "上旬": (1, 10), "中旬": (11, 20), "中": (15, 15), "下旬": (21, last.day)}[
        part.removeprefix("月")
    ]
    day = first.replace(day=start)
    if day < setting.today <= first.replace(day=end):
        day = setting.today
    return Meant(
        day, vague=True, before=day - DAY if start > 1 else first - DAY, after=first.replace(day=end) + DAY
    )


@RULES.rule(
    Kind.QUARTER,
    rf"{YEAR}(?:(?P<which>本|这个?|下下?下?个?|上上?个?)季度|第?(?P<q>[一二三四1-4])季度|(?<![旺淡雨换当一二三四])季度?(?=[末底初内]))(?P<part>末|底|初|内|之内|以内)?",
)
def quarter(m: re.Match[str], setting: Setting) -> Meant | None:
    today, part = setting.today, m["part"]
    which = m["which"] or ""
    current = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    first = add_months(current, 3 * (which.count("下") - which.count("上")))
    if m["q"]:
        year = year_told(m["year"], setting)
        first = dt.date(year or today.year, number(m["q"]) * 3 - 2, 1)
        if not year and add_months(first, 3) <= today:
            first = add_months(first, 12)
    elif part == "初" and not which and first < today:
        first = add_months(first, 3)
    last = add_months(first, 3) - DAY
    if part in ("末", "底"):
        return Meant(last, vague=True, after=last + DAY)
    if part == "初":
        return Meant(first, vague=True, before=first - DAY)
    if part:
        return Meant(last, vague=True, by=True)
    return period(first, last, setting) if last >= today else None


@RULES.rule(
    Kind.YEAR,
    r"(?:(?P<year>今年|明年|后年|去年|前年|本年|2[0-2]\d\d ?年)的?(?P<part>年?[底末初内中](?!旬)|上半年|下半年)?"
    r"|(?<![\d明今去前后几半一二两三四五六七八九十百])(?P<bare>年[底末初中内]|上半年|下半年))"
    r"(?!级|轻|薪|报|会|产|货|营|销|限|龄|以来|来)",
)
def year(m: re.Match[str], setting: Setting) -> Meant | None:
    today = setting.today
    told = (m["year"] or "今年").replace("本", "今")
    which = year_told(told, setting) or today.year
    part = (m["part"] or m["bare"] or "").removeprefix("年")
    if not m["year"] and (part == "初" or (part in ("中", "上半年") and today > dt.date(which, 6, 30))):
        which += 1
    first, last, middle = dt.date(which, 1, 1), dt.date(which, 12, 31), dt.date(which, 6, 30)
    if part in ("底", "末"):
        return Meant(last, vague=True, after=last + DAY)
    if part == "内":
        return Meant(last, vague=True, by=True)
    if part == "初":
        return Meant(first, vague=True, before=first - DAY)
    if part == "中":
        return Meant(middle, vague=True)
    if part == "上半年":
        return period(first, middle, setting) if middle >= today else None
    if part == "下半年":
        return period(middle + DAY, last, setting)
    # 今年 alone is talk, not a date.
    return period(first, last, setting) if which > today.year else None


_FESTIVAL = "|".join(f"(?P<f{at}>{festival.words})" for at, festival in enumerate(FESTIVALS))
_SIDE = (
    r"(?P<side>(?:前|后|之前|之后|以前|以后|过后|上班后)"
    rf"(?:的?第(?P<nth>{NUMBER})个?(?P<nth_unit>工作日|天)"
    rf"|的?(?P<n>{NUMBER}|半)个?(?P<unit>工作日|天|周|星期|月)(?!来)(?:内|之内|以内)?)"
    # 国庆前来 is "come before", where 5月8日前来 is "come on".
    rf"|前夕|前夜|之前|以前|{FRONT}|前(?=来)"
    rf"|(?:回来|结束|上班|收假|放完)?(?:之后|以后|过后|{BACK})|回来|上班)"
)


@dataclass(frozen=True)
class Side:
    """Where a day lies beside days off: 后, 前夕, 后第二个工作日, 前一周."""

    front: bool
    deadline: bool = False
    nth: int | None = None  # counted from the days off, in `unit`
    unit: str = ""


def _side(m: re.Match[str]) -> Side | None:
    words = m["side"]
    if not words:
        return None
    front = "前" in words[:2]
    if m["nth"]:
        return Side(front, nth=number(m["nth"]), unit=m["nth_unit"])
    if m["n"] == "半":
        return Side(front, nth=15, unit="天") if m["unit"] == "月" else Side(front)
    if m["n"]:
        return Side(front, nth=number(m["n"]), unit=m["unit"])
    return Side(front, deadline=front and words[-1] not in "夕夜")


@RULES.rule(
    Kind.FESTIVAL,
    rf"(?P<over>过完|过了|出了|等过完)?{YEAR}(?:{_FESTIVAL})(?![路街]|元旦|春节|中秋|国庆)(?:小?长假|假期|黄金周|放假|期间|当天|那天|当日)?的?{_SIDE}?",
)
def festival(m: re.Match[str], setting: Setting) -> Meant | None:
    which = next(festival for at, festival in enumerate(FESTIVALS) if m[f"f{at}"])
    side = _side(m) or (Side(front=False) if m["over"] else None)
    return _around(which, year_told(m["year"], setting), side, setting)


@RULES.rule(
    Kind.FESTIVAL,
    rf"过[完了]年(?:之后|以后|{BACK})?"
    r"|(?<![\d明今去前后几半数多零〇一二两三四五六七八九十百千当全往])年"
    rf"(?:{BACK}|之后|以后|(?P<front>{FRONT}|之前))",
)
def the_new_year(m: re.Match[str], setting: Setting) -> Meant | None:
    """年后, 过完年, 年前: the year that turns at 春节."""
    spring = next(festival for festival in FESTIVALS if festival.name == "春节")
    front = m["front"] is not None
    return _around(spring, None, Side(front, deadline=front), setting)


@RULES.rule(
    Kind.FESTIVAL,
    rf"(?<![环情季细章调关音枝礼末时过春秋一二三四五六七八九])(?:假期|长假|放假|放完假|收假|假|节){_SIDE}",
)
def public_holiday(m: re.Match[str], setting: Setting) -> Meant | None:
    """节后, 节前: the public holiday that is on or next, by the table or, where that ends, by custom."""
    side = _side(m)
    start = setting.today
    for _ in range(2):
        rest = _next_rest(start, setting.calendar)
        if rest is None or side is None:
            return None
        meant = _beside(rest[0], rest, side, setting.calendar)
        if meant.day >= setting.today:
            return Meant(meant.day, vague=True, by=meant.by)
        start = rest[1] + DAY
    return None


def _next_rest(day: dt.date, calendar: WorkCalendar) -> tuple[dt.date, dt.date] | None:
    entered = calendar.holiday_from(day)
    by_custom = festivals_from(day, calendar)
    return min((rest for rest in (entered, by_custom) if rest), default=None)


def _around(which: Festival, told: int | None, side: Side | None, setting: Setting) -> Meant | None:
    years = [told] if told else range(setting.today.year - 1, setting.today.year + 3)
    for each in years:
        rest, day = which.rest(each, setting.calendar), which.day(each)
        if rest is None or day is None:
            continue
        meant = _beside(day, rest, side, setting.calendar)
        if meant.day >= setting.today:
            sure = side is None or which.usual_rest is None or setting.calendar.knows(day.year)
            return replace(meant, vague=meant.vague or not sure)
    return None


def _beside(day: dt.date, rest: tuple[dt.date, dt.date], side: Side | None, calendar: WorkCalendar) -> Meant:
    if side is None:
        return Meant(day)
    sign = -1 if side.front else 1
    edge = rest[0] if side.front else rest[1]
    if side.nth is None:
        found = calendar.workday_until(edge - DAY) if side.front else calendar.workday_from(edge + DAY)
        return Meant(found, vague=True, by=side.deadline)
    if side.unit == "工作日":
        return Meant(calendar.add_workdays(edge, sign * side.nth))
    # 国庆前一周 counts from the festival, 国庆后一周 from the end of the days off.
    start = day if side.front else edge
    if side.unit == "月":
        return Meant(add_months(start, sign * side.nth))
    return Meant(start + DAY * sign * side.nth * (1 if side.unit == "天" else 7))


_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12, "寒": 10}
_LUNAR_DAY = rf"(?:初 ?(?:十|{ONE_TO_NINE}|10|[1-9])|[二三]?十{ONE_TO_NINE}?|廿{ONE_TO_NINE}?|[12]\d|30)"


@RULES.rule(
    Kind.LUNAR,
    rf"{YEAR}(?P<lunar>农历|阴历|旧历)的?(?P<leap>闰)?(?P<m>正|冬|腊|{MONTH}) ?月 ?"
    rf"(?P<d>初? ?{DAY_NUMBER}|{_LUNAR_DAY})[日号]?"
    rf"|{YEAR.replace('P<year>', 'P<year2>')}(?P<leap2>闰)?(?:(?P<m2>正|冬|腊)月 ?(?P<d2>{_LUNAR_DAY})[日号]?"
    rf"|{NO_NUMBER_BEFORE}(?P<m3>{MONTH})月(?P<d3>初 ?[一二三四五六七八九十]|廿[一二三四五六七八九]?))"
    r"|(?:大年|年|正月)初(?P<d4>[一二三四五六七八九十])",
)
def lunar(m: re.Match[str], setting: Setting) -> Meant | None:
    month_told = m["m"] or m["m2"] or m["m3"] or "正"
    which = _LUNAR_MONTHS.get(month_told) or number(month_told)
    day = number((m["d"] or m["d2"] or m["d3"] or m["d4"]).removeprefix("初"))
    return _next_lunar(
        setting,
        which,
        day,
        leap=bool(m["leap"] or m["leap2"]),
        told=year_told(m["year"] or m["year2"], setting),
    )


@RULES.rule(Kind.LUNAR, r"(?:农历|阴历)?(?P<m>正|冬|腊)月(?P<part>里|底|末|初|内|中旬|上旬|下旬)?")
def lunar_month(m: re.Match[str], setting: Setting) -> Meant | None:
    which = _LUNAR_MONTHS[m["m"]]
    part = m["part"] or "里"
    if part in ("底", "末"):
        return _vague(_next_lunar(setting, which, 30))
    if part == "内":
        end = _next_lunar(setting, which, 30)
        return end and Meant(end.day, vague=True, by=True)
    return _vague(_next_lunar(setting, which, {"中旬": 11, "下旬": 21}.get(part, 1)))


def _vague(meant: Meant | None) -> Meant | None:
    return meant and Meant(meant.day, vague=True, after=meant.after)


def _next_lunar(
    setting: Setting, which: int, day: int, *, leap: bool = False, told: int | None = None
) -> Meant | None:
    # A leap month of one kind may be nineteen years away.
    reach = 20 if leap else 3
    years = [told] if told else range(setting.today.year - 1, setting.today.year + reach)
    for each in years:
        found = lunar_day(each, which, day, leap=leap)
        if found and found >= setting.today:
            return Meant(found, after=found + DAY)
    return None
