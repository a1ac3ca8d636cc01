"""How the values of this room are said to people, and drawn."""

import datetime as dt
import enum
from typing import Any

from flask_babel import format_date, get_locale, lazy_gettext
from flask_babel import gettext as _

from yishang_crm.core.clock import local
from yishang_crm.core.shown import clock, day
from yishang_crm.core.words import N_
from yishang_crm.followup.dates import weekday_name
from yishang_crm.followup.models import Channel, Readers
from yishang_crm.people.rounds.queries import PROPOSALS_SHOWN

COUNTED_UP_TO = 1000

SAID: dict[enum.StrEnum, str] = {
    Channel.CALL: N_("电话"),
    Channel.WECHAT: N_("微信"),
    Channel.VISIT: N_("拜访"),
    Channel.MEAL: N_("饭局"),
    Channel.SMS: N_("短信"),
    Channel.EMAIL: N_("邮件"),
    Channel.MEETING: N_("会议"),
    Channel.RECEPTION: N_("来访"),
    Channel.VIDEO: N_("视频"),
    Channel.CONFERENCE: N_("大会"),
    Channel.OTHER: N_("其他"),
    Readers.UNIT: N_("本单位可见"),
    Readers.OFFICE: N_("全市可见"),
    Readers.ME_AND_LEADER: N_("本人和领导可见"),
}

ICONS: dict[Channel, str] = {
    Channel.CALL: "phone",
    Channel.WECHAT: "chat",
    Channel.VISIT: "visit",
    Channel.MEAL: "meal",
    Channel.SMS: "chat",
    Channel.EMAIL: "send",
    Channel.MEETING: "people",
    Channel.RECEPTION: "gate",
    Channel.VIDEO: "two",
    Channel.CONFERENCE: "flag",
    Channel.OTHER: "log",
}


def say(value: enum.StrEnum | None) -> Any:
    """A value in the reader's language; nothing for nothing."""
    return lazy_gettext(SAID[value]) if value is not None else ""


def icon_of(channel: Channel) -> str:
    return ICONS[channel]


def happened(at: dt.datetime) -> str:
    """`9月2日 16:05`; the day alone where only the day is known, which is stored as noon."""
    return day(at) if local(at).time() == dt.time(12) else f"{day(at)} {clock(at)}"


def due(on: dt.date, time: dt.time | None, *, today: dt.date) -> str:
    """`今天 10:00`, `昨天`, `9月16日 周三`."""
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天"), 2: _("后天")}
    gap = (on - today).days
    if gap in near:
        said = near[gap]
    elif 2 < gap < 14:
        said = f"{day(on)} {_weekday(on)}"
    else:
        said = day(on)
    return f"{said} {time:%H:%M}" if time else said


def month(at: dt.datetime) -> str:
    """`2026年9月`, the heading of a stretch of the timeline."""
    if str(get_locale()) == "en":
        return str(format_date(local(at).date(), "MMMM y"))
    return f"{local(at).year}年{local(at).month}月"


def _weekday(on: dt.date) -> str:
    return str(format_date(on, "EEE")) if str(get_locale()) == "en" else weekday_name(on)


def kind_of_due(days_over: int) -> str:
    """The shape beside a date: overdue, due now, or still time."""
    return "late" if days_over > 0 else "wait" if days_over >= -1 else ""


def many(count: int, *, up_to: int = COUNTED_UP_TO) -> str:
    """A count up to a thousand; above it only that there are more."""
    return _("%(most)s以上", most=f"{up_to:,}") if count > up_to else f"{count:,}"


def many_proposals(count: int) -> str:
    """As many as their page shows, or that there are more."""
    return many(count, up_to=PROPOSALS_SHOWN)
