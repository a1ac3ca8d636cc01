"""Requests about one's own data are themselves known of somebody: told, and kept without words about them."""

from collections.abc import Iterable

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local, today
from yishang_crm.core.known import Chapter, Forgetting, Part, knows
from yishang_crm.core.words import N_
from yishang_crm.people.rights import queries
from yishang_crm.people.rights.words import SAID


def open_known() -> None:
    """Leave this part where the ground looks."""
    knows(Part("rounds", tell=tell, forget=forget))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = [
        (
            one.asked_on,
            SAID[one.kind],
            one.asked_by,
            one.what,
            SAID[one.state(today())],
            local(one.done_at).date() if one.done_at else None,
            one.outcome,
        )
        for one in queries.requests_about(person_id)
    ]
    heads = (N_("提出日期"), N_("要求"), N_("谁提的"), N_("内容"), N_("状态"), N_("办结"), N_("结果"))
    yield Chapter(N_("个人权利申请"), heads, rows)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    """That it was asked, when, and that it was done stays: the house must be able to show that it obeyed."""
    for request in queries.requests_about(forgetting.subject_id):
        forgetting.touch(request)
        request.what = ""
        request.asked_by = forgetting.cleaned(request.asked_by)
        request.outcome = forgetting.cleaned(request.outcome)
