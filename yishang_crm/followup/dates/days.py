"""Days told by name, by number, by weekday: 明天, 5月8日, 8号, 下周三."""

import datetime as dt
import re

from yishang_crm.followup.dates.grammar import (
    DAY_NUMBER,
    END,
    FRONT,
    MONTH,
    NO_NUMBER_BEFORE,
    NUMBER,
    WEEKDAYS,
    YEAR,
    Kind,
    Meant,
    Rules,
    Setting,
    add_months,
    week_begins,
    year_told,
)
from yishang_crm.followup.dates.numerals import number
from yishang_crm.followup.workdays import DAY

RULES = Rules()

_NEAR = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "明后": 2, "后": 2, "大后": 3}
_RANGE = rf"(?: ?[-~至到、] ?(?:{DAY_NUMBER}) ?(?=[日号]))?"
# 8号 is a day; 8号楼, 3号地块 and 5号线 are not.
_NOT_A_PLACE = (
    r"(?![楼地线厂馆桌房库仓路栋店展厅标文井桥码台手人员位项企产品宗岛球坑矿炉窑塔船令段区基门院公]"
    r"|会议|会场|车间|机组)"
)
_NO_MEASURE = r"(?![\d.:个天年月万亿%家人吨亩台套点期栋次层楼倍位款只分/~-])"
_FIGURE_ENDS = (
    rf"(?=$|[，。,;；、！!？?)）(（\x00]|\s(?![个天万亿家人年元吨亩\d])|{FRONT}|之前|以前|之后|再|见"
    r"|上午|下午|晚上|早上|中午|周|星期|拜访|回访|回话|联系|来|去|到|开会|交|给|签)"
)


@RULES.rule(Kind.DAY, r"(?<![先今明])(大前|大后|前|昨|今|明后|明|后)(天|日(?!头条|资本|之)|晚|早|儿个?)")
def near_day(m: re.Match[str], setting: Setting) -> Meant | None:
    if m[1] in ("前", "后", "大前", "大后", "明后") and m[2] != "天":
        return None
    return Meant(setting.today + DAY * _NEAR[m[1]])


@RULES.rule(Kind.DAY, rf"{NO_NUMBER_BEFORE}{YEAR}(?P<m>{MONTH}) ?月份? ?(?P<d>{DAY_NUMBER}){_RANGE} ?[日号]")
def month_and_day(m: re.Match[str], setting: Setting) -> Meant | None:
    return _solar(m, setting, vague=False)


@RULES.rule(
    Kind.DAY,
    rf"{NO_NUMBER_BEFORE}{YEAR}(?P<m>{MONTH}) ?月 ?(?:(?P<d>3[01]|[12]\d|0?[1-9]){_NO_MEASURE}"
    rf"|(?P<han>(?!廿){DAY_NUMBER})(?={END}|{FRONT}|之前|以前|见|再|上午|下午))",
)
def month_and_bare_number(m: re.Match[str], setting: Setting) -> Meant | None:
    return _solar(m, setting, vague=m["han"] is not None)


@RULES.rule(
    Kind.DAY,
    r"(?<![\d.])(?P<year>(?:19|2[0-2])\d\d)([-/.])(?P<m>1[0-2]|0?[1-9])\2(?P<d>3[01]|[12]\d|0?[1-9])日?(?![\d])",
)
def full_figures(m: re.Match[str], setting: Setting) -> Meant | None:
    return _solar(m, setting, vague=False)


@RULES.rule(
    Kind.DAY,
    r"(?<![\d/.\-A-Za-z占])(?<!占 )(?P<m>1[0-2]|0?[1-9])(?:[/-](?P<d>3[01]|[12]\d|0?[1-9])"
    rf"(?:(?<=/\d)[日号]|(?<=/\d\d)[日号]|{_FIGURE_ENDS})|\.(?P<e>3[01]|[12]\d|0?[1-9])(?:[日号]|(?=再联系|见面|见{END}|{FRONT})))",
)
def figures(m: re.Match[str], setting: Setting) -> Meant | None:
    return _solar(m, setting, vague=False)


def _solar(m: re.Match[str], setting: Setting, *, vague: bool) -> Meant | None:
    told = m.groupdict()
    month = number(m["m"])
    day = number(told.get("d") or told.get("han") or told.get("e") or "")
    year = year_told(told.get("year"), setting)
    found = dt.date(year, month, day) if year else next_month_day(setting.today, month, day)
    return Meant(found, vague=vague, after=found + DAY) if found else None


def next_month_day(today: dt.date, month: int, day: int) -> dt.date | None:
    """The next such day, today included; 29 February may be eight years away."""
    for year in range(today.year, today.year + 9):
        try:
            found = dt.date(year, month, day)
        except ValueError:  # no such day in this year
            continue
        if found >= today:
            return found
    return None


@RULES.rule(
    Kind.DAY,
    rf"(?:(?P<which>本月|这个?月|下下?下?个?月|上上?个?月)的? ?(?P<p>{DAY_NUMBER}){_RANGE} ?[日号]"
    rf"|(?<![第尾编路街道弄巷A-Za-z月/\-~至到]){NO_NUMBER_BEFORE}"
    rf"(?P<d>(?:3[01]|[12]\d|0?[1-9])(?: ?[-~至到、] ?{DAY_NUMBER} ?(?=号))?)"
    rf" ?(?:号{_NOT_A_PLACE}|日(?![内均产后本]|之内|以内|游))"
    rf"|(?<![第尾月编路街道弄巷]){NO_NUMBER_BEFORE}(?P<han>{DAY_NUMBER})号{_NOT_A_PLACE})",
)
def day_of_month(m: re.Match[str], setting: Setting) -> Meant | None:
    today = setting.today
    if m["which"]:
        step = {"本": 0, "这": 0, "下": m["which"].count("下"), "上": -m["which"].count("上")}[m["which"][0]]
        month = add_months(today.replace(day=1), step)
        found = month.replace(day=number(m["p"]))
        return Meant(found, after=found + DAY)
    day = number(m["han"] or re.split(r" ?[-~至到、]", m["d"])[0])
    for step in range(3):
        month = add_months(today.replace(day=1), step)
        try:
            found = month.replace(day=day)
        except ValueError:  # this month is too short
            continue
        if found >= today:
            return Meant(found, after=found + DAY)
    return None


@RULES.rule(
    Kind.WEEK,
    r"(?P<which>下下?下?个?|上上?个?|本|这一?个?)(?:周|星期|礼拜)的?(?:周|星期|礼拜)?"
    r"(?P<d>[一二三四五六日天]|[1-6](?![\d个天次年月万亿家人.:/-]))",
)
def weekday_of_a_week(m: re.Match[str], setting: Setting) -> Meant | None:
    monday = week_begins(setting.today) + DAY * 7 * _weeks(m["which"])
    day = monday + DAY * WEEKDAYS[m["d"]]
    return Meant(day, after=day + DAY)


@RULES.rule(
    Kind.WEEK,
    rf"(?<![每隔单双几半整下上本这]){NO_NUMBER_BEFORE}(?:周|星期|礼拜)"
    r"(?P<d>[一二三四五六日天](?![次趟回年家轮个天鸣期])|[1-6](?![\d个天次年月万亿家人.:/-]))",
)
def weekday(m: re.Match[str], setting: Setting) -> Meant | None:
    ahead = (WEEKDAYS[m["d"]] - setting.today.weekday()) % 7 or 7
    day = setting.today + DAY * ahead
    return Meant(day, after=day + DAY)


@RULES.rule(Kind.WEEK, r"(?P<which>下下?下?个?|上上?个?|本|这一?个?)?周末")
def weekend(m: re.Match[str], setting: Setting) -> Meant | None:
    saturday = week_begins(setting.today) + DAY * (5 + 7 * _weeks(m["which"] or "本"))
    day = max(saturday, setting.today) if not (m["which"] or "").startswith("上") else saturday
    friday = setting.calendar.workday_until(saturday - DAY)
    return Meant(day, vague=True, before=max(friday, setting.today), after=saturday + DAY * 2)


@RULES.rule(
    Kind.WEEK,
    r"(?P<which>下下?下?个?|上上?个?|本|这一?个?)(?:周|星期|礼拜)(?P<part>初|中|内|之内|以内|底)?(?!期|年|边|报|刊|围|全|转|到)"
    r"|(?<![\d一二两三四五六七八九十几半每])(?P<within>周内|周之内)",
)
def week(m: re.Match[str], setting: Setting) -> Meant | None:
    today = setting.today
    monday = week_begins(today) + DAY * 7 * _weeks(m["which"] or "本")
    friday = max(setting.calendar.workday_until(monday + DAY * 4), monday)
    before = max(today, setting.calendar.workday_until(monday - DAY))
    if m["within"] or m["part"] in ("内", "之内", "以内", "底") or monday <= today:
        late = max(friday, today) if monday <= today <= monday + DAY * 6 else friday
        return Meant(late, vague=True, by=m["part"] != "底", before=before, after=monday + DAY * 7)
    day = monday + DAY * 2 if m["part"] == "中" else monday
    return Meant(day, vague=True, before=before, after=monday + DAY * 7)


def _weeks(which: str) -> int:
    return which.count("下") - which.count("上")


# 每周三 is a habit.
RULES.pass_over(
    rf"每(?:逢|隔)?(?:个|{NUMBER}个?)?(?:周|星期|礼拜|月|年|季度?|天|日)"
    rf"(?:[一二三四五六日天末底初]|{DAY_NUMBER}[日号])?"
)
