"""Promises: making, finishing, postponing, passing on."""

import datetime as dt

from yishang_crm.accounts import actors
from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now, today
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.followup import queries
from yishang_crm.followup.models import Readers, Task
from yishang_crm.people import queries as people
from yishang_crm.people.models import ContactKind, ContactPoint, Person

_DAYS_TO_FIND = 5  # working days
_FIND_ANOTHER = {
    ContactKind.MOBILE: "%(name)s的手机不通，找到新号码",
    ContactKind.LANDLINE: "%(name)s的座机不通，找到新号码",
    ContactKind.EMAIL: "%(name)s的邮箱退信，找到新邮箱",
    ContactKind.WECHAT: "%(name)s的微信联系不上，找到别的方式",
}


@action(Permission.FOLLOWUP_TASK)
def add_task(
    actor: Actor,
    *,
    what: str,
    due_on: dt.date,
    due_time: dt.time | None = None,
    person_id: int | None = None,
    unit_id: int | None = None,
    user_id: int | None = None,
    origin: str = "",
) -> Task:
    """Promise something for a day. Without `user_id` it is the unit's (the actor's own unit unless said otherwise).

    Raises `NotPossible` when the person is not the actor's to see or the day is over.
    """
    if not what.strip():
        raise NotPossible(N_("请写上要办什么。"))
    if due_on < today():
        raise NotPossible(N_("不能定在已经过去的日子。"))
    if person_id is not None and people.person(actor, person_id) is None:
        raise NotPossible(N_("这个人不在您负责的范围内。"))
    task = Task(
        what=what.strip()[:200],
        person_id=person_id,
        unit_id=_unit_of(actor, unit_id),
        user_id=user_id,
        readers=Readers.UNIT,
        due_on=due_on,
        due_time=due_time,
        origin=origin,
        created_by=actor.name,
    )
    db.session.add(task)
    return task


def look_for_new_contact(actor: Actor, person: Person, contact: ContactPoint) -> None:
    """Part of the deed that marks a phone or address as wrong: whoever answers for the person looks for the right one."""
    origin = f"contact_point:{contact.id}"
    keeping = next(
        (one for one, _unit, _name in people.person_parts(actor, person).stewards if one.answerable), None
    )
    if keeping is None or queries.has_task(origin):
        return
    db.session.add(
        Task(
            what=_FIND_ANOTHER[contact.kind] % {"name": person.name},
            person_id=person.id,
            unit_id=keeping.unit_id,
            user_id=keeping.user_id,
            readers=Readers.UNIT,
            due_on=queries.work_calendar(around=today()).add_workdays(today(), _DAYS_TO_FIND),
            origin=origin,
            created_by=actor.name,
        )
    )


@action(Permission.FOLLOWUP_TASK)
def finish_task(actor: Actor, task: Task, *, version: int | None = None) -> None:
    """It is done."""
    about(task)
    task.must_be_at(version)
    task.finish(at=now(), by=actor.name)


@action(Permission.FOLLOWUP_TASK)
def reopen_task(actor: Actor, task: Task) -> None:
    """It was not done after all."""
    about(task)
    task.reopen()


@action(Permission.FOLLOWUP_TASK)
def postpone_task(actor: Actor, task: Task, *, due_on: dt.date, version: int | None = None) -> None:
    """Another day, today or later."""
    about(task)
    task.must_be_at(version)
    note(was=task.due_on.isoformat())
    task.postpone(to=due_on, today=today())


@action(Permission.FOLLOWUP_TASK)
def pass_on_task(actor: Actor, task: Task, *, user: User, version: int | None = None) -> None:
    """Hand it to a colleague already found for the actor, who must be able to see the person it is about."""
    about(task)
    task.must_be_at(version)
    theirs = actors.of_user(user)
    if not user.is_active or not theirs.may(Permission.FOLLOWUP_TASK):
        raise NotPossible(N_("%(name)s不能接手：账号已停用，或没有跟进的权限。"), name=user.name)
    if task.person_id is not None and people.person(theirs, task.person_id) is None:
        raise NotPossible(N_("%(name)s看不到这个人，请先把此人共享给他的单位。"), name=user.name)
    task.pass_on(user_id=user.id or 0, unit_id=user.unit_id)


def _unit_of(actor: Actor, unit_id: int | None) -> int:
    if unit_id is None:
        if actor.unit_id is None:
            raise NotPossible(N_("请说明由哪个单位跟进。"))
        return actor.unit_id
    if not actor.sees_all and unit_id not in actor.unit_ids:
        raise NotPossible(N_("只能定给本单位。"))
    return unit_id
