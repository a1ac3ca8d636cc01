"""How the values of this room are said to people."""

import enum
from typing import Any

from flask_babel import lazy_gettext

from yishang_crm.core.words import N_
from yishang_crm.network.models import AppointmentKind, AppointmentState, IntroductionState

SAID: dict[enum.StrEnum, str] = {
    AppointmentKind.AMBASSADOR: N_("招商大使"),
    AppointmentKind.ADVISER: N_("招商顾问"),
    AppointmentKind.PARTNER: N_("招商合伙人"),
    AppointmentKind.COMMISSIONED_BODY: N_("受托机构"),
    AppointmentState.COMING: N_("聘期未到"),
    AppointmentState.APPOINTED: N_("在聘"),
    AppointmentState.ENDING: N_("快到期"),
    AppointmentState.EXPIRED: N_("已到期"),
    AppointmentState.ENDED: N_("已结束"),
    IntroductionState.PROPOSED: N_("等回话"),
    IntroductionState.ACCEPTED: N_("已采纳"),
    IntroductionState.REFUSED: N_("没有采纳"),
}

# The shape beside the word; `late` only for what is overdue.
SHAPES: dict[enum.StrEnum, str] = {
    AppointmentState.COMING: "",
    AppointmentState.APPOINTED: "done",
    AppointmentState.ENDING: "wait",
    AppointmentState.EXPIRED: "late",
    AppointmentState.ENDED: "off",
    IntroductionState.PROPOSED: "wait",
    IntroductionState.ACCEPTED: "done",
    IntroductionState.REFUSED: "off",
}


def say(value: enum.StrEnum | None) -> Any:
    """A value in the reader's language; nothing for nothing."""
    return lazy_gettext(SAID[value]) if value is not None else ""


def shape(value: enum.StrEnum) -> str:
    return SHAPES[value]


def choices(values: type[enum.StrEnum]) -> list[tuple[str, Any]]:
    """Value and label of each, for a select field."""
    return [(value.value, lazy_gettext(SAID[value])) for value in values]
