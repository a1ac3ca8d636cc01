"""How a request between units is said."""

import enum
from typing import Any

from flask_babel import lazy_gettext

from yishang_crm.core.words import N_
from yishang_crm.people.stewards.models import RequestKind, RequestState

SAID: dict[enum.StrEnum, str] = {
    RequestKind.ACCESS: N_("一起联系"),
    RequestKind.TRANSFER: N_("改由我们负责"),
    RequestState.WAITING: N_("等答复"),
    RequestState.GRANTED: N_("已同意"),
    RequestState.REFUSED: N_("没有同意"),
    RequestState.WITHDRAWN: N_("已撤回"),
}
SHAPES = {
    RequestState.WAITING: "wait",
    RequestState.GRANTED: "done",
    RequestState.REFUSED: "off",
    RequestState.WITHDRAWN: "off",
}


def say(value: enum.StrEnum) -> Any:
    return lazy_gettext(SAID[value])


def shape(state: RequestState) -> str:
    return SHAPES[state]
