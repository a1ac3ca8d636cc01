"""How an export is said to people."""

import enum
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from yishang_crm.accounts import queries as accounts
from yishang_crm.core.words import N_
from yishang_crm.people import words
from yishang_crm.people.exports.models import ExportState, Form, Order
from yishang_crm.people.models import PersonState
from yishang_crm.people.queries.persons import Filters

SAID: dict[enum.StrEnum, str] = {
    Form.EXCEL: N_("Excel表格"),
    Form.WORD: N_("Word表格"),
    Form.CARDS: N_("手机名片（vCard）"),
    Order.UNIT: N_("按单位惯例次序"),
    Order.TIER: N_("按等级"),
    Order.STROKES: N_("按姓氏笔画"),
    Order.PINYIN: N_("按拼音"),
    ExportState.ASKED: N_("等待制作"),
    ExportState.MAKING: N_("正在制作"),
    ExportState.READY: N_("可以取"),
    ExportState.FAILED: N_("没做成"),
    ExportState.WIPED: N_("文件已清除"),
}
LOOKS = {
    ExportState.ASKED: "wait",
    ExportState.MAKING: "wait",
    ExportState.READY: "done",
    ExportState.FAILED: "late",
    ExportState.WIPED: "off",
}


def say(value: enum.StrEnum) -> Any:
    return lazy_gettext(SAID[value])


def choices(values: type[enum.StrEnum]) -> list[tuple[str, Any]]:
    return [(value.value, lazy_gettext(SAID[value])) for value in values]


def said_of(filters: Filters) -> str:
    """The filters in one line; what is not asked for is not said."""
    unit = accounts.unit(filters.unit) if filters.unit else None
    parts = [
        (_("搜索"), filters.q),
        (_("单位"), unit.short_name if unit else ""),
        (_("籍贯"), filters.place),
        (_("常驻"), filters.residence),
        (_("等级"), "、".join(filters.tier)),
        (_("产业"), filters.chain),
        (_("状态"), str(words.say(PersonState(filters.state))) if filters.state else ""),
    ]
    return "；".join(f"{label}：{said}" for label, said in parts if said) or _("全部")
