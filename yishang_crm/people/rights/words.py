"""How requests about one's own data are said to people."""

import enum
from typing import Any

from flask_babel import lazy_gettext

from yishang_crm.core.words import N_
from yishang_crm.people.rights.models import RightsKind, RightsState

SAID: dict[enum.StrEnum, str] = {
    RightsKind.COPY: N_("查阅、复制"),
    RightsKind.CORRECTION: N_("更正、补充"),
    RightsKind.ERASURE: N_("删除"),
    RightsState.OPEN: N_("待办"),
    RightsState.LATE: N_("过期未办"),
    RightsState.DONE: N_("已办"),
    RightsState.REFUSED: N_("不予办理"),
}
LOOKS = {
    RightsState.OPEN: "wait",
    RightsState.LATE: "late",
    RightsState.DONE: "done",
    RightsState.REFUSED: "off",
}


def say(value: enum.StrEnum) -> Any:
    return lazy_gettext(SAID[value])


def choices(values: type[enum.StrEnum]) -> list[tuple[str, Any]]:
    return [(value.value, lazy_gettext(SAID[value])) for value in values]
