"""How the values of this room are said to people, and with which shape."""

import enum
from typing import Any

from flask_babel import lazy_gettext

from yishang_crm.conference.models import (
    Approval,
    Category,
    Guest,
    Logistics,
    Onsite,
    Reply,
    ReplyChannel,
    Travel,
)
from yishang_crm.core.words import N_

SAID: dict[enum.StrEnum, str] = {
    Category.PRINCIPAL: N_("主宾"),
    Category.NATIVE: N_("宜商代表"),
    Category.CHAMBER: N_("商会"),
    Category.AMBASSADOR: N_("招商大使"),
    Category.PARTNER: N_("招商合伙人"),
    Category.INVESTOR: N_("外地客商"),
    Category.FINANCE: N_("金融机构"),
    Category.SCHOLAR: N_("专家学者"),
    Category.OVERSEAS: N_("港澳台海外"),
    Approval.SUBMITTED: N_("待审"),
    Approval.PRELIM_OK: N_("初审通过"),
    Approval.APPROVED: N_("审定"),
    Approval.RESERVE: N_("备选"),
    Approval.REJECTED: N_("不予邀请"),
    Approval.WITHDRAWN: N_("已撤回"),
    Reply.NONE: N_("未复"),
    Reply.ACCEPTED: N_("参会"),
    Reply.DELEGATED: N_("委派"),
    Reply.DECLINED: N_("婉拒"),
    Reply.TENTATIVE: N_("待定"),
    Reply.CANCELLED: N_("临时取消"),
    Logistics.INCOMPLETE: N_("信息不全"),
    Logistics.READY: N_("行程已齐"),
    Logistics.ARRANGED: N_("已安排"),
    Logistics.NOTIFIED: N_("已告知"),
    Onsite.EXPECTED: N_("待到"),
    Onsite.ARRIVED: N_("已抵达"),
    Onsite.CHECKED_IN: N_("已报到"),
    Onsite.LEFT: N_("已离会"),
    Onsite.NO_SHOW: N_("未到会"),
    ReplyChannel.LINK: N_("本人链接"),
    ReplyChannel.CODE: N_("回执码"),
    ReplyChannel.LIAISON: N_("联络员代录"),
    ReplyChannel.CHAMBER: N_("商会代报"),
    Travel.TRAIN: N_("高铁"),
    Travel.PLANE: N_("飞机"),
    Travel.CAR: N_("自驾"),
    Travel.LOCAL: N_("就在安庆"),
}

# done, wait, late, info, off or "" (nothing yet): the shape beside the word.
KINDS: dict[enum.StrEnum, str] = {
    Approval.SUBMITTED: "wait",
    Approval.PRELIM_OK: "wait",
    Approval.APPROVED: "done",
    Approval.RESERVE: "info",
    Approval.REJECTED: "off",
    Approval.WITHDRAWN: "off",
    Reply.ACCEPTED: "done",
    Reply.DELEGATED: "info",
    Reply.DECLINED: "off",
    Reply.TENTATIVE: "wait",
    Reply.CANCELLED: "off",
    Logistics.INCOMPLETE: "wait",
    Logistics.READY: "done",
    Logistics.ARRANGED: "done",
    Logistics.NOTIFIED: "done",
    Onsite.ARRIVED: "info",
    Onsite.CHECKED_IN: "done",
    Onsite.LEFT: "off",
    Onsite.NO_SHOW: "off",
}

LETTERS: dict[str, str] = {
    "none": N_("未制函"),
    "made": N_("已制函"),
    "unposted": N_("已制未交发"),
    "outbox": N_("待发"),
    "sent": N_("已发出"),
    "failed": N_("没发成"),
}

REPLIES: dict[str, str] = {
    "answered": N_("已答复"),
    "coming": N_("参会和委派"),
    "waiting": N_("候补"),
}


def say(value: enum.StrEnum | None) -> Any:
    """A value in the reader's language; nothing for nothing."""
    return lazy_gettext(SAID[value]) if value is not None else ""


def kind(value: enum.StrEnum) -> str:
    return KINDS.get(value, "")


def choices(values: type[enum.StrEnum]) -> list[tuple[str, Any]]:
    """Value and label of each, for a select field."""
    return [(value.value, lazy_gettext(SAID[value])) for value in values]


def say_letter(letter: str) -> Any:
    return lazy_gettext(LETTERS[letter])


def say_reply(reply: str) -> Any:
    """A reply, or a group of replies that a filter names."""
    return lazy_gettext(REPLIES[reply] if reply in REPLIES else SAID[Reply(reply)])


def state_of(guest: Guest) -> tuple[str, Any]:
    """The one state that says where a guest stands: shape and word, the latest that matters."""
    if guest.onsite in (Onsite.CHECKED_IN, Onsite.LEFT, Onsite.NO_SHOW):
        return kind(guest.onsite), say(guest.onsite)
    if guest.approval != Approval.APPROVED:
        return kind(guest.approval), say(guest.approval)
    if guest.waits_since:
        return "wait", say_reply("waiting")
    if guest.reply != Reply.NONE:
        return kind(guest.reply), say(guest.reply)
    if guest.letter_number is None:
        return "wait", say_letter("none")
    return "", say(Reply.NONE)
