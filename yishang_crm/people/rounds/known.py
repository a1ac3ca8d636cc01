"""What somebody proposed to change of their own record, told and forgotten; that they stood in a round stays as a count."""

from collections.abc import Iterable

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_
from yishang_crm.people.rounds import queries
from yishang_crm.people.rounds.words import SAID


def open_known() -> None:
    """Leave this part where the ground looks."""
    knows(Part("rounds", tell=tell, forget=forget, weigh=weigh))


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    yield N_("%(count)s条本人提出的修改"), len(queries.proposals_of(person_id))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = [
        (local(one.proposed_at).date(), SAID[one.field], one.said, SAID[one.state], one.reason)
        for one in queries.proposals_of(person_id)
    ]
    heads = (N_("日期"), N_("改什么"), N_("改成"), N_("状态"), N_("理由"))
    yield Chapter(N_("本人提出的修改"), heads, rows)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    for one in queries.proposals_of(forgetting.subject_id):
        forgetting.touch(one)
        one.was = one.value = one.reason = ""
        one.sealed_value = None
