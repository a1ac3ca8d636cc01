"""How a guest is spoken to, in their language; names of people are never converted."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _

from yishang_crm.conference import wording
from yishang_crm.conference.models import Edition, Reply, Travel
from yishang_crm.core.clock import local
from yishang_crm.core.shown import long_day
from yishang_crm.people import salutation
from yishang_crm.portal.guest.queries import Invitation


def language() -> str:
    return str(get_locale())


def dear(invitation: Invitation) -> str:
    """尊敬的汪砚舟先生; the bare name where the record does not say how to address them.

    Without a traditional name written by hand the name stands as it is: a wrong 範 is worse than a simplified 范.
    """
    for script_of_the_name in (language(), "zh_Hans"):
        try:
            return salutation.formal(invitation, language=script_of_the_name)
        except salutation.CannotAddress as lacking:
            if lacking.missing != "traditional_name":
                break
    return invitation.name


def edition_name(edition: Edition) -> str:
    return wording.edition_name(edition, language())


def organizer(edition: Edition) -> str:
    return wording.organizer(edition, language())


def name_lines(edition: Edition) -> list[str]:
    """第五届 / 中国宜商大会: the number stands in a line of its own."""
    name = edition_name(edition)
    number = re.match(r"第.{1,4}[届屆]", name)
    return [number[0], name[number.end() :]] if number and name[number.end() :] else [name]


def venue(edition: Edition) -> str:
    return edition.venue_en if language() == "en" and edition.venue_en else script(edition.venue)


def begins(edition: Edition) -> str:
    """2026年9月24日 星期四 上午9时."""
    at = local(edition.starts_at)
    if language() == "en":
        return f"{long_day(at)}, {at:%H:%M}"
    hour = at.hour if at.hour <= 12 else at.hour - 12
    minutes = f"{at.minute}分" if at.minute else ""
    half = "上午" if at.hour < 12 else "下午"
    return script(f"{long_day(at)} {half}{hour}时{minutes}")


def script(text: str) -> str:
    """Our own words in the guest's script. Never for the name of a person."""
    return wording.in_script(text, language())


def said(reply: Reply) -> str:
    return {
        Reply.NONE: "",
        Reply.ACCEPTED: _("参加"),
        Reply.DELEGATED: _("委派他人"),
        Reply.DECLINED: _("不能参加"),
        Reply.TENTATIVE: _("还没定"),
        Reply.CANCELLED: _("已取消"),
    }[reply]


def ways() -> list[tuple[str, str]]:
    return [
        (Travel.TRAIN.value, _("高铁")),
        (Travel.PLANE.value, _("飞机")),
        (Travel.CAR.value, _("自驾")),
        (Travel.LOCAL.value, _("就在安庆")),
    ]


def nights() -> list[tuple[str, str]]:
    return [("0", _("住家里")), ("1", _("一晚")), ("2", _("两晚")), ("3", _("三晚"))]


# Stored as the kitchen reads it; shown in the guest's language.
DIETS = ("没有忌口", "素食", "清真")


def diets() -> list[tuple[str, str]]:
    return [(DIETS[0], _("没有")), (DIETS[1], _("素食")), (DIETS[2], _("清真")), ("other", _("其他"))]


PARTS = {
    "delegate": lazy_gettext("委派谁来"),
    "travel": lazy_gettext("怎么来"),
    "nights": lazy_gettext("住几晚"),
    "companions": lazy_gettext("几位同行"),
    "diet": lazy_gettext("饮食"),
}


def told(values: Mapping[str, Any]) -> str:
    """One part of an answer on one line: `高铁 G7754 安庆西站 2026-09-23 16:40`."""
    labels = dict(ways()) | {f"nights {number}": label for number, label in nights()}
    said = []
    for name, value in values.items():
        if isinstance(value, dt.datetime):
            said.append(as_typed(value).replace("T", " "))
        elif name == "nights":
            said.append(labels.get(f"nights {value}", ""))
        elif value is not None and value != "":
            said.append(labels.get(str(value), str(value)))
    return " ".join(one for one in said if one) or _("没有填")


def as_typed(moment: dt.datetime | None) -> str:
    """For a field of type datetime-local, in Anqing's time."""
    return f"{local(moment):%Y-%m-%dT%H:%M}" if moment else ""
