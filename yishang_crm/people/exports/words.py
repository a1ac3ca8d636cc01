"""How an export is said to people."""

import enum
from typing import Any

from flask_babel import lazy_gettext

from yishang_crm.core.words import N_
from yishang_crm.people.exports.models import ExportState, Form, Order

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
