"""What units asked of each other about one person, told and forgotten."""

from collections.abc import Iterable

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.known import SOMEBODY, Chapter, Forgetting, Part, knows
from yishang_crm.core.words import N_
from yishang_crm.people.stewards import queries
from yishang_crm.people.stewards.words import SAID


def open_known() -> None:
    """Leave this part where the ground looks."""
    knows(Part("stewards", tell=tell, forget=forget))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = [
        (local(one.asked_at).date(), SAID[one.kind], one.reason, SAID[one.state])
        for one in queries.requests_about(person_id)
    ]
    yield Chapter(N_("单位之间的申请"), (N_("日期"), N_("申请"), N_("理由"), N_("状态")), rows)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    for one in queries.requests_about(forgetting.subject_id):
        forgetting.touch(one)
        one.said, one.reason, one.answer = (
            SOMEBODY,
            forgetting.cleaned(one.reason),
            forgetting.cleaned(one.answer),
        )
