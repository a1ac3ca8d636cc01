"""Writing a request down, answering it, telling somebody all that is known of them, erasing them."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yishang_crm.core import audit, erased, known
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now, today
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.known import Forgetting
from yishang_crm.core.openings import opened
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.people import known as own
from yishang_crm.people.models import Person
from yishang_crm.people.queries import index
from yishang_crm.people.rights.models import ANSWERED_WITHIN, RightsKind, RightsRequest


@action(Permission.PEOPLE_WRITE)
def register(
    actor: Actor, person: Person, *, kind: RightsKind, asked_on: dt.date, asked_by: str, what: str
) -> RightsRequest:
    """Write down what somebody asks about their own data. What they said stands on the row, never in the entry."""
    if actor.unit_id is None:
        raise NotPossible(N_("请说明由哪个单位负责联系。"))
    request = RightsRequest(
        person_id=person.id or 0,
        unit_id=actor.unit_id,
        kind=kind,
        asked_on=asked_on,
        asked_by=asked_by[:80],
        what=what[:500],
        due_on=asked_on + ANSWERED_WITHIN,
        registered_by_id=actor.id,
        registered_by=actor.name,
    )
    request.must_make_sense(today=today())
    db.session.add(request)
    db.session.flush()
    about(request)
    return request


@action(Permission.PEOPLE_WRITE)
def finish(actor: Actor, request: RightsRequest, *, outcome: str) -> None:
    """A copy was handed over, a record was corrected. An erasure is finished by erasing."""
    if request.kind == RightsKind.ERASURE:
        raise NotPossible(N_("删除申请要在删除那一页办理，办完自动办结。"))
    request.finish(at=now(), by=actor.name, outcome=outcome)


@action(Permission.PEOPLE_WRITE)
def refuse(actor: Actor, request: RightsRequest, *, reason: str) -> None:
    request.refuse(at=now(), by=actor.name, reason=reason)


@action(Permission.PEOPLE_EXPORT)
def tell_all(actor: Actor, person: Person) -> list[dict[str, Any]]:
    """Everything that every room knows of a person, sealed values whole, as plain values, files as enclosures; counted as one opening."""
    about(person)
    opened(actor, "everything")
    told = [
        {
            "title": chapter.title,
            "heads": list(chapter.heads),
            "rows": [
                [cell.whole() if isinstance(cell, Sealed) else cell for cell in row] for row in chapter.rows
            ],
        }
        for part in known.parts()
        for chapter in part.tell(actor, person.id or 0)
        if chapter.rows
    ]
    note(chapters=len(told), rows=sum(len(chapter["rows"]) for chapter in told))
    return told


def erase(actor: Actor, person: Person, request: RightsRequest) -> Sequence[Path]:
    """Forget a person in every room; returns the files to be deleted once this is committed.

    Two deeds in one transaction: the first empties the rows, the second takes old and new values out of the trail, those
    that the first has just left included, and what the search index only marked as deleted. Raises `NotPossible` when somebody else must act first.
    """
    forgetting = forget_rows(actor, person, request)
    forget_values(actor, forgetting)
    return forgetting.files


erase.permission = Permission.PEOPLE_ERASE  # type: ignore[attr-defined]


@action(Permission.PEOPLE_ERASE)
def forget_rows(actor: Actor, person: Person, request: RightsRequest) -> Forgetting:
    about(request)
    _must_be_about(request, person)
    request.must_be_erasable_by(actor.id)
    for part in known.parts():
        for hindrance in part.hinders(actor, person.id or 0):
            raise hindrance
    forgetting = Forgetting(person.id or 0, now(), words=own.words_of(person.id or 0))
    marks = erased.remember(own.marks_of(person.id or 0))
    for part in reversed(known.parts()):
        part.forget(actor, forgetting)
    request.finish(at=now(), by=actor.name, outcome="")
    note(rows=len(forgetting.rows), fingerprints=marks)
    return forgetting


@action(Permission.PEOPLE_ERASE)
def forget_values(actor: Actor, forgetting: Forgetting) -> None:
    index.forget_deleted()
    note(values=audit.erase_values(forgetting.rows))


def _must_be_about(request: RightsRequest, person: Person) -> None:
    if request.person_id != person.id:
        raise NotPossible(N_("这份申请说的不是这个人。"))
