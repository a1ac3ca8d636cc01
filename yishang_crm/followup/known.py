"""What the contact log knows of one person: talks, promises, when they are next called."""

from collections.abc import Iterable

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.db import db
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_
from yishang_crm.followup.queries import known as reading
from yishang_crm.followup.words import SAID

EMPTIED = "已按本人要求删除"


def open_known() -> None:
    """Leave this room's part where the ground looks."""
    knows(Part("followup", tell=tell, forget=forget, weigh=weigh))


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    tasks = reading.tasks_about(person_id)
    yield N_("%(count)s条联络的内容"), len(reading.talks_with(person_id))
    yield N_("%(count)s件没办完的待办"), len([task for task in tasks if task.done_at is None])
    yield N_("%(count)s件办完的待办的内容"), len([task for task in tasks if task.done_at])


def tell(actor: Actor, person_id: int) -> Iterable[Chapter]:
    """What the acting person may not read themselves is counted, not shown."""
    talks = reading.talks_with(person_id)
    readable = reading.readable_among(actor, [talk.interaction.id or 0 for talk in talks])
    shown = [talk.interaction for talk in talks if talk.interaction.id in readable]
    rows = [(talk.day, SAID[talk.channel], talk.text, talk.outcome, talk.user_name) for talk in shown]
    heads = (N_("日期"), N_("方式"), N_("内容"), N_("结果"), N_("谁记的"))
    yield Chapter(N_("联络记录"), heads, rows)
    if hidden := len(talks) - len(shown):
        yield Chapter(N_("限定阅读范围的联络记录"), (N_("条数"),), [(hidden,)])
    tasks = [(task.due_on, task.what, local(task.done_at).date() if task.done_at else None)
             for task in reading.tasks_about(person_id)]  # fmt: skip
    yield Chapter(N_("与本人有关的待办"), (N_("期限"), N_("内容"), N_("办结")), tasks)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    """That there was a talk stays, and what was said with others in it stays without this one."""
    for talk in reading.talks_with(forgetting.subject_id):
        entry = talk.interaction
        forgetting.touch(entry)
        if talk.people == 1:
            entry.text, entry.outcome, entry.tags = EMPTIED if entry.text else "", "", []
        else:
            entry.text, entry.outcome = forgetting.cleaned(entry.text), forgetting.cleaned(entry.outcome)
            entry.tags = [forgetting.cleaned(tag) for tag in entry.tags]
        for task in reading.tasks_out_of(entry.id or 0, not_about=forgetting.subject_id):
            forgetting.touch(task)
            task.what = forgetting.cleaned(task.what)
    for task in reading.tasks_about(forgetting.subject_id):
        forgetting.touch(task)
        if task.done_at is None:
            db.session.delete(task)
        else:
            task.what = EMPTIED
    for clock in reading.clocks_of(forgetting.subject_id):
        forgetting.touch(clock)
        db.session.delete(clock)
