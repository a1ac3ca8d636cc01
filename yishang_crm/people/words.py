"""How the values of this room are said to people."""

import enum
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, lazy_gettext

from yishang_crm.core.words import N_
from yishang_crm.people.duplicates.models import PairState
from yishang_crm.people.duplicates.weighing import Reason
from yishang_crm.people.importing.beside import phones_said
from yishang_crm.people.models import (
    BirthCalendar,
    ContactKind,
    ContactLabel,
    ContactState,
    Gender,
    LawfulBasis,
    OrganizationKind,
    PersonState,
    StewardshipKind,
    Tier,
)
from yishang_crm.people.models.bodies import ChamberLevel, ChamberState, ChamberType
from yishang_crm.people.models.brought import ConflictRule, RowOutcome
from yishang_crm.people.models.dictionary import Dictionary

SAID: dict[enum.StrEnum, str] = {
    Gender.MALE: N_("男"),
    Gender.FEMALE: N_("女"),
    Tier.A: N_("A 重点"),
    Tier.B: N_("B 常联系"),
    Tier.C: N_("C 一般"),
    PersonState.ACTIVE: N_("在岗"),
    PersonState.RETIRED: N_("退休"),
    PersonState.OUT_OF_TOUCH: N_("失联"),
    PersonState.DECEASED: N_("已故"),
    BirthCalendar.SOLAR: N_("公历"),
    BirthCalendar.LUNAR: N_("农历"),
    LawfulBasis.DUTY: N_("履行法定职责"),
    LawfulBasis.CONSENT: N_("本人同意"),
    LawfulBasis.PUBLIC: N_("已公开信息"),
    ContactKind.MOBILE: N_("手机"),
    ContactKind.LANDLINE: N_("座机"),
    ContactKind.EMAIL: N_("邮箱"),
    ContactKind.WECHAT: N_("微信"),
    ContactLabel.SELF: N_("本人"),
    ContactLabel.SECRETARY: N_("秘书"),
    ContactLabel.DRIVER: N_("司机"),
    ContactLabel.SPOUSE: N_("配偶"),
    ContactLabel.OFFICE: N_("办公室"),
    ContactState.OK: N_("可用"),
    ContactState.BOUNCED: N_("退信"),
    ContactState.WRONG: N_("空号或错号"),
    ContactState.OPTED_OUT: N_("已退订"),
    OrganizationKind.COMPANY: N_("企业"),
    OrganizationKind.CHAMBER: N_("商会"),
    OrganizationKind.ASSOCIATION: N_("协会"),
    OrganizationKind.DEPARTMENT: N_("部门"),
    OrganizationKind.FUND: N_("基金"),
    OrganizationKind.SCHOOL: N_("学校"),
    StewardshipKind.STEWARD: N_("负责"),
    StewardshipKind.SHARED: N_("共享"),
    ChamberType.ELSEWHERE: N_("异地商会"),
    ChamberType.INDUSTRY: N_("行业协会"),
    ChamberType.ALUMNI: N_("校友会"),
    ChamberType.NATIVES: N_("同乡会"),
    ChamberType.OVERSEAS: N_("海外侨团"),
    ChamberLevel.CITY: N_("市级"),
    ChamberLevel.COUNTY: N_("县级"),
    ChamberState.PREPARING: N_("筹备"),
    ChamberState.STANDING: N_("成立"),
    ChamberState.RE_ELECTING: N_("换届中"),
    ChamberState.DORMANT: N_("停摆"),
    Dictionary.HONOUR: N_("企业荣誉"),
    Dictionary.OFFICE: N_("商会职务"),
    Dictionary.RELATION: N_("人际关系"),
    RowOutcome.CREATE: N_("新增"),
    RowOutcome.UPDATE: N_("更新"),
    RowOutcome.UNCHANGED: N_("不变"),
    RowOutcome.CONFLICT: N_("冲突"),
    RowOutcome.ERROR: N_("错误"),
    ConflictRule.FILE: N_("以文件为准"),
    ConflictRule.NEWER: N_("名册日期以后确认过的人，以库中为准"),
    ConflictRule.FILL: N_("以库中为准，只补空白"),
    PairState.WAITING: N_("待核"),
    PairState.ASKED: N_("请市局合并"),
    PairState.LATER: N_("以后再说"),
    PairState.NOT_SAME: N_("不是同一人"),
    PairState.FAMILY: N_("一家人"),
    PairState.FADED: N_("已不相似"),
    Reason.SAME_ID: N_("同一身份证"),
    Reason.SAME_MOBILE: N_("同一手机"),
    Reason.SAME_MAIL: N_("同一邮箱或微信"),
    Reason.SHARED_PHONE: N_("共用电话"),
    Reason.SAME_NAME: N_("同名"),
    Reason.SCRIPT: N_("繁简同名"),
    Reason.SOUND: N_("同音"),
    Reason.FORMER: N_("曾用名"),
    Reason.ROMANIZED: N_("外文名同音"),
    Reason.NEAR_NAME: N_("姓名差一字"),
    Reason.SAME_FIRM: N_("同单位"),
    Reason.LIKE_FIRM: N_("单位相近"),
    Reason.PLACE_YEAR: N_("同籍贯同年"),
    Reason.SAME_BIRTH: N_("同一生日"),
    Reason.SAME_PLACE: N_("同籍贯"),
    Reason.BY_HAND: N_("人工提出"),
}

# Two chips that say more as one.
_TOGETHER = {
    (Reason.SOUND, Reason.SAME_FIRM): N_("同音同单位"),
    (Reason.SAME_NAME, Reason.SAME_FIRM): N_("同名同单位"),
}

# The rows of the merge screen.
MERGE_FIELDS: dict[str, str] = {
    "name": N_("姓名"),
    "traditional_name": N_("繁体姓名"),
    "romanized_name": N_("外文姓名"),
    "former_names": N_("曾用名"),
    "gender": N_("性别"),
    "birth": N_("出生"),
    "native_place": N_("籍贯（县市区）"),
    "native_town": N_("乡镇街道"),
    "residence": N_("常驻"),
    "industry": N_("产业"),
    "tier": N_("等级"),
    "state": N_("状态"),
    "salutation_override": N_("函件尊称"),
    "note": N_("备注"),
    "source": N_("来源"),
    "lawful_basis": N_("依据"),
}

# Columns whose changes are told on a person's page; those that only follow from others are not.
COLUMNS: dict[str, str] = {
    **{name: label for name, label in MERGE_FIELDS.items() if name != "birth"},
    "birth_year": N_("出生年"),
    "birth_month": N_("出生月"),
    "birth_day": N_("出生日"),
    "birth_calendar": N_("历法"),
    "do_not_contact_at": N_("要求不再联系"),
    "confirmed_by": N_("核对人"),
    "kind": N_("联系方式"),
    "value": N_("号码"),
    "label": N_("是谁的"),
    "holder": N_("持有人"),
    "title": N_("职务"),
    "since": N_("任职起"),
    "until": N_("任职止"),
}

# What a column of a file can hold, in the order staff think of them.
IMPORT_FIELDS: dict[str, str] = {
    "name": N_("姓名"),
    "gender": N_("性别"),
    "phones": N_("电话"),
    "email": N_("邮箱"),
    "organization": N_("单位"),
    "title": N_("职务"),
    "native_place": N_("籍贯（县市区）"),
    "native_town": N_("乡镇街道"),
    "city": N_("常驻"),
    "chamber_title": N_("会内职务"),
    "birth": N_("出生"),
    "industry": N_("产业"),
    "note": N_("备注"),
    "name_en": N_("外文姓名"),
    "region": N_("地区"),
    "wechat": N_("微信号"),
    "former_name": N_("曾用名"),
}

# What a row may change, in the order in which the check page says it.
CHANGE_FIELDS: dict[str, str] = {
    **IMPORT_FIELDS,
    "phones_of_others": N_("他人电话"),
    "more_emails": N_("其他邮箱"),
}


def cell_text(fields: Mapping[str, Any], name: str) -> str:
    """A field of a row as one cell, which reads back as the same."""
    if name == "phones":
        return phones_said(fields)
    if name == "email":
        return "、".join(mail for mail in (fields.get("email", ""), *fields.get("more_emails", ())) if mail)
    value = fields.get(name, "")
    return value if isinstance(value, str) else "、".join(value)


def said_change(fields: Mapping[str, Any], name: str, value: Any) -> str:
    """One side of a change; numbers of others with whose they are."""
    if name == "phones_of_others":
        said = fields.get(name, {})
        return " ".join(f"{said.get(phone, '')} {phone}".strip() for phone in value)
    return value if isinstance(value, str) else " ".join(value)


def say(value: enum.StrEnum | None) -> Any:
    """A value in the reader's language; nothing for nothing."""
    return lazy_gettext(SAID[value]) if value is not None else ""


def in_chinese(problem: Any) -> str:
    """A kept sentence as it stands at the source: plain, or with its values apart."""
    if isinstance(problem, dict):
        return str(problem["sentence"]) % problem["values"]
    return str(problem)


def tell(problem: Any) -> str:
    """A kept sentence in the reader's language; values that are sentences themselves are said in it, too."""
    if isinstance(problem, dict):
        values = {name: gettext(value) if isinstance(value, str) and value else value
                  for name, value in problem["values"].items()}  # fmt: skip
        sentence = problem["sentence"]
        return str(gettext(sentence) % values)
    return str(gettext(problem)) if problem else ""


def chips(reasons: Sequence[Reason]) -> list[Any]:
    """Why two may be one, as chips: two that belong together are one."""
    left = [reason for reason in reasons if reason != Reason.SAME_PLACE or Reason.PLACE_YEAR not in reasons]
    said: list[Any] = []
    for pair, sentence in _TOGETHER.items():
        if set(pair) <= set(left):
            said.append(lazy_gettext(sentence))
            left = [reason for reason in left if reason not in pair]
    return [*said, *(lazy_gettext(SAID[reason]) for reason in left)]


def choices(values: type[enum.StrEnum]) -> list[tuple[str, Any]]:
    """Value and label of each, for a select field."""
    return [(value.value, lazy_gettext(SAID[value])) for value in values]


_BY_VALUE = {str(word.value): word for word in SAID}


def value_of(name: str, value: Any) -> str:
    """A value as the trail keeps it, said to people."""
    if value is None or value == "":
        return ""
    if name.endswith("_at"):
        return str(value)[:10]
    return str(say(_BY_VALUE[value])) if value in _BY_VALUE and name in _ENUMS else str(value)


_ENUMS = frozenset({"gender", "tier", "state", "birth_calendar", "lawful_basis", "kind", "label"})
