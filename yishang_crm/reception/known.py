"""What the desks know of one person: when and where they arrived."""

from collections.abc import Iterable

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_
from yishang_crm.reception import queries


def open_known() -> None:
    """Leave this room's part where the ground looks."""
    knows(Part("reception", tell=tell, forget=forget, weigh=weigh))


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    yield (
        N_("%(count)s次报到时登记的姓名"),
        len([one for one in queries.check_ins_of_person(person_id) if one.name]),
    )


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = [
        (f"{local(one.at):%Y-%m-%d %H:%M}", one.desk, one.name)
        for one in queries.check_ins_of_person(person_id)
    ]
    yield Chapter(N_("报到"), (N_("时间"), N_("台席"), N_("登记的姓名")), rows)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    for one in queries.check_ins_of_person(forgetting.subject_id):
        forgetting.touch(one)
        one.name, one.title = "", ""
