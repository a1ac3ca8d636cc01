"""What happened to a guest, in words: who, when, what changed and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from yishang_crm.conference import words
from yishang_crm.conference.models import Approval, Category, Logistics, Onsite, Reply, Travel
from yishang_crm.conference.queries import Happened
from yishang_crm.core.db import Moment
from yishang_crm.core.words import N_

VERBS = {
    "nominate": N_("提名"),
    "nominate_many": N_("提名"),
    "nominate_as_partner": N_("提名"),
    "approve": N_("审定"),
    "approve_many": N_("审定"),
    "undo_approvals": N_("撤销审定"),
    "reserve": N_("列为备选"),
    "reserve_many": N_("列为备选"),
    "reject": N_("不予邀请"),
    "reject_many": N_("不予邀请"),
    "withdraw": N_("撤回"),
    "withdraw_many": N_("撤回"),
    "make_letter": N_("制函"),
    "make_letters": N_("制函"),
    "answer": N_("本人答复"),
    "record_answer": N_("代录答复"),
    "check_in": N_("报到"),
    "receive": N_("报到"),
    "undo_last": N_("撤销报到"),
    "walk_in": N_("临时来宾"),
    "close_edition": N_("大会结束"),
}
_ENUMS: dict[str, Any] = {
    "approval": Approval,
    "reply": Reply,
    "logistics": Logistics,
    "onsite": Onsite,
    "category": Category,
    "travel": Travel,
}
_NAMED = {
    "letter_number": N_("函号"),
    "companions": N_("随行"),
    "delegate_name": N_("代表"),
    "decline_reason": N_("原因"),
    "travel_number": N_("班次"),
    "decision_note": N_("意见"),
}


@dataclass(frozen=True)
class Line:
    """One deed for the page."""

    at: Moment
    what: str
    who: str
    text: str


def lines(happened: Sequence[Happened]) -> list[Line]:
    return [Line(one.at, _what(one), one.who, "，".join(_changes(one))) for one in happened]


def _what(one: Happened) -> str:
    verb = one.verb.rpartition(".")[2]
    return _(VERBS[verb]) if verb in VERBS else _("修改")


def _changes(one: Happened) -> list[str]:
    said = []
    for name, (was, became) in one.changes.items():
        if name in _ENUMS:
            # The first values of a new row are no change worth telling.
            if was is not None or name == "travel":
                said.append(f"{_value(name, was)}→{_value(name, became)}" if was else _value(name, became))
        elif name in _NAMED and became not in (None, "", 0):
            said.append(f"{_(_NAMED[name])} {became}")
    return said


def _value(name: str, value: Any) -> str:
    return str(words.say(_ENUMS[name](value))) if value in set(_ENUMS[name]) else ""
