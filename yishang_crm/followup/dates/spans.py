"""Days told by how long it is until then: 三天后, 两周内, 半个月后, 三个工作日内."""

import re

from yishang_crm.followup.dates.grammar import BACK, FRONT, NUMBER, Kind, Meant, Rules, Setting, add_months
from yishang_crm.followup.dates.numerals import number
from yishang_crm.followup.workdays import DAY

RULES = Rules()

_UNIT = r"(?:个?工作日|天|日|个?星期|个?礼拜|周|个半月|个多?月|月|个?季度|年半|年|个?小时)"
_MANY = rf"(?:{NUMBER}|\d{{1,2}} ?[-~到至] ?\d{{1,2}}|几|半)"
_LATER = rf"(?:左右)?(?:之后|以后|过后|{BACK})"
_WITHIN = r"(?:之内|以内|内(?!容|部|地|陆))"
_NOT_PART_OF_A_NUMBER = r"(?<![\d.第零〇一二两三四五六七八九十廿卅百])"
# 一月后 and 三年后 name a span; 五月内 and 8日后 may be a month or a day of it.
_GUARD = r"(?<!20)(?<!19)"


@RULES.rule(
    Kind.SPAN,
    rf"(?:再?过|再?等|隔)(?P<n>{_MANY}) ?(?P<unit>{_UNIT})(?:{_LATER}|{_WITHIN})?"
    rf"|{_NOT_PART_OF_A_NUMBER}{_GUARD}(?P<n2>{_MANY}) ?(?P<unit2>{_UNIT})(?:{_LATER}|(?P<within>{_WITHIN}))",
)
def later(m: re.Match[str], setting: Setting) -> Meant | None:
    written, unit = (m["n"] or m["n2"]).strip(), m["unit"] or m["unit2"]
    if unit == "月" and m["n2"]:
        return None
    counted = re.split(r" ?[-~到至] ?", written)[-1]
    # 过两天 means "in a few days"; 两天后 and 过两周 are meant as said.
    loose = (
        counted == "几"
        or counted != written
        or (not counted.isdecimal() and len(counted) == 2 and "十" not in counted)
    )
    loose = loose or (m["n"] is not None and counted == "两" and unit == "天") or "多" in unit
    half = counted == "半"
    count = 3 if counted == "几" else 0 if half else number(counted)
    return _after(setting, count, unit, half=half, vague=loose, by=m["within"] is not None)


def _after(setting: Setting, count: int, unit: str, *, half: bool, vague: bool, by: bool) -> Meant | None:
    today = setting.today
    core = unit.removeprefix("个").removeprefix("多")
    if core == "工作日":
        return None if half else Meant(setting.calendar.add_workdays(today, count), vague=vague, by=by)
    if core in ("天", "日", "星期", "礼拜", "周"):
        each = 1 if core in ("天", "日") else 7
        return Meant(today + DAY * ((each + 1) // 2 if half else count * each), vague=vague, by=by)
    if core == "小时":
        return Meant(today + DAY * (0 if half or not by else -(-count // 24)), vague=vague, by=by)
    if core == "半月":
        return Meant(add_months(today, count) + DAY * 15, vague=vague, by=by)
    if core == "月":
        return Meant(today + DAY * 15 if half else add_months(today, count), vague=vague, by=by)
    if core == "年半":
        return Meant(add_months(today, count * 12 + 6), vague=vague, by=by)
    months = 3 if core == "季度" else 12
    return Meant(add_months(today, months // 2 if half else count * months), vague=vague, by=by)


@RULES.rule(Kind.SPAN, r"过(?:一)?(?:阵子?|段时间|段日子|些日子|些天)|这几天|这两天|近两天|近几天")
def before_long(m: re.Match[str], setting: Setting) -> Meant | None:
    if "天" in m[0] and not m[0].startswith("过"):
        return Meant(setting.today + DAY * (1 if "两" in m[0] else 3), vague=True)
    return Meant(setting.today + DAY * (5 if m[0].endswith("天") else 14), vague=True)


# 三天前 has passed.
RULES.pass_over(
    rf"{_NOT_PART_OF_A_NUMBER}(?:{_MANY}) ?"
    r"(?:个?工作日|天|个?星期|个?礼拜|周|个半月|个多?月|年半|年|个?小时)(?:多|左右)?"
    rf"(?:之前|以前|{FRONT}|前天)|前(?:{_MANY}|些)(?:天|周|个?星期|个?月|年)|日前|刚才|刚刚"
)


@RULES.rule(Kind.WORKDAYS, r"(?:下一?个|次一?个?|第二个)工作日|次日|第二天|隔天|翌日")
def the_next_one(m: re.Match[str], setting: Setting) -> Meant | None:
    if m[0].endswith("工作日"):
        return Meant(setting.calendar.next_workday(setting.today))
    # 次日 follows a day that was told before; here nothing says which.
    return None
