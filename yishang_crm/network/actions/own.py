"""What partners do about their own record: say that it is right, or propose what should change."""

import datetime as dt

from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now, today
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.followup import actions as followup
from yishang_crm.followup.models import Task
from yishang_crm.network import queries
from yishang_crm.people.models import Person

MOST_PROPOSALS = 5
ORIGIN = "own-details"


@action(Permission.PORTAL_USE)
def confirm_own_details(actor: Actor) -> Person:
    """The partner looked at their own record and says that it is right."""
    person = _own(actor)
    about(person)
    person.confirm(at=now(), by=actor.name)
    return person


@action(Permission.PORTAL_USE)
def propose_own_change(actor: Actor, *, text: str) -> Task:
    """What should be changed, in the partner's words: a task of the unit that keeps touch with them. Changes nothing."""
    person, keeper = _own(actor), queries.keeper_of(actor)
    if keeper is None:
        raise NotPossible(N_("您的账号还没有和您的资料对上，请联系对接的同志。"))
    if not text.strip():
        raise NotPossible(N_("请写上要改什么。"))
    if queries.own_tasks(person.id or 0, origin=ORIGIN) >= MOST_PROPOSALS:
        raise NotPossible(N_("您提的修改还在办，请等一等再提。"))
    about(person)
    return followup.add_task(
        HOUSE,
        what=N_("本人提出改资料：%(text)s") % {"text": text.strip()},
        due_on=today() + dt.timedelta(days=3),
        person_id=person.id,
        unit_id=keeper.unit_id,
        user_id=keeper.liaison_id,
        origin=ORIGIN,
    )


def _own(actor: Actor) -> Person:
    person = queries.own_person(actor)
    if person is None:
        raise NotPossible(N_("您的账号还没有和您的资料对上，请联系对接的同志。"))
    return person
