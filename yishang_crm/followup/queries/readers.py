"""Who may read an entry or a promise: the rule that interactions and tasks share."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.followup.models import Interaction, Readers, Task
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person


def readable(table: type[Interaction] | type[Task], actor: Actor) -> sa.ColumnElement[bool]:
    """The readers rule, apart from whom it is about: own ones always, the unit's, the city's; private ones leaders."""
    if actor.kind == "house" or _leads(actor):
        return sa.true()
    if actor.kind != "user":
        return sa.false()
    own = col(table.user_id) == actor.id
    if not actor.may(Permission.FOLLOWUP_READ):
        return own  # a partner in the portal: what they logged themselves
    if actor.sees_all:
        return sa.or_(own, col(table.readers) != Readers.ME_AND_LEADER)
    units = sa.and_(col(table.readers) == Readers.UNIT, col(table.unit_id).in_(actor.unit_ids))
    return sa.or_(own, col(table.readers) == Readers.OFFICE, units)


def may_see_person(actor: Actor, person_id: Any) -> sa.ColumnElement[bool]:
    """That the person in this column is one whom the actor may see; nothing to ask for those who see all."""
    if actor.sees_all:
        return sa.true()
    seen = people.visible_to(actor).with_only_columns(col(Person.id)).where(col(Person.id) == person_id)
    # Only the asking table: a list that also shows the person's name has a person of its own.
    return seen.correlate(person_id.class_).exists()


def _leads(actor: Actor) -> bool:
    # A leader reads everything and writes nothing here; that is what tells them from the bureau's staff.
    return actor.sees_all and actor.may(Permission.FOLLOWUP_READ) and not actor.may(Permission.FOLLOWUP_LOG)
