"""How rounds and proposals are said."""

import enum
from typing import Any

from flask_babel import lazy_gettext

from yishang_crm.core.words import N_
from yishang_crm.people.rounds.models import ProposalState, ProposedField

SAID: dict[enum.StrEnum, str] = {
    ProposedField.POST: N_("单位和职务"),
    ProposedField.RESIDENCE: N_("常驻"),
    ProposedField.INDUSTRY: N_("产业"),
    ProposedField.PHONE: N_("电话"),
    ProposedField.EMAIL: N_("邮箱"),
    ProposedField.OTHER: N_("其他"),
    ProposalState.WAITING: N_("等核对"),
    ProposalState.ACCEPTED: N_("已采纳"),
    ProposalState.REFUSED: N_("没有采纳"),
}
STATES = (("waiting", N_("待核对")), ("confirmed", N_("已核对")), ("unreachable", N_("联系不上")))


def say(value: enum.StrEnum) -> Any:
    return lazy_gettext(SAID[value])


BY_LETTER = (("ready", N_("可以写信")), ("written", N_("信已写好")), ("no_mail", N_("没有邮箱")))
