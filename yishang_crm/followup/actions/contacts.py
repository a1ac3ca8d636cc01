"""Logging a contact, and taking it back."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import ANQING, now, today
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.followup import queries
from yishang_crm.followup.actions.cadences import clocks_of, set_back
from yishang_crm.followup.models import MOST_PEOPLE, Channel, Interaction, Participant, Readers, Task
from yishang_crm.followup.sentence import Said
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person

AGAIN = N_("再联系")


@dataclass(frozen=True)
class Next:
    """What comes next: a day, perhaps an hour, and what is done then."""

    on: dt.date
    what: str = ""
    time: dt.time | None = None


@action(Permission.FOLLOWUP_LOG)
def log(
    actor: Actor,
    *,
    people: Sequence[Person],
    channel: Channel,
    text: str = "",
    outcome: str = "",
    readers: Readers = Readers.UNIT,
    at: dt.datetime | None = None,
    next_on: dt.date | None = None,
    next_what: str = "",
    next_time: dt.time | None = None,
    tags: Sequence[str] = (),
    colleagues: Sequence[str] = (),
    unit_id: int | None = None,
    client_id: str = "",
) -> Interaction:
    """Log one contact with one or many: an entry on each timeline, their clocks restarted, a task if there is a next day.

    Sent again under the same `client_id`, the first entry is returned and nothing changes. `colleagues` are names.
    Raises `NotPossible` when somebody among the people is not the actor's to see, or a day makes no sense.
    """
    unit_id = _unit_of(actor, unit_id)
    return _put(
        actor,
        _seen(actor, people),
        Interaction(
            at=at or now(),
            channel=channel,
            text=text.strip()[:2000],
            outcome=outcome.strip()[:200],
            readers=readers,
            unit_id=unit_id,
            user_id=actor.id if actor.kind == "user" else None,
            user_name=actor.name,
            client_id=_draft_name(actor, client_id),
            tags=list(tags),
            colleagues=list(colleagues),
        ),
        Next(next_on, next_what, next_time) if next_on else None,
    )


def log_said(
    actor: Actor, said: Said, *, readers: Readers = Readers.UNIT, client_id: str = ""
) -> Interaction:
    """Log what a line says. The people in it were found for the actor; see `log`."""
    found = people.people_by_ids(actor, [one.id for one in said.people])
    return log(
        actor,
        people=found,
        channel=Channel(said.channel) if said.channel else Channel.OTHER,
        text=said.text,
        readers=readers,
        at=noon(said.happened_on) if said.happened_on else None,
        next_on=said.next_on,
        next_what=said.next_what,
        next_time=said.next_at,
        tags=said.tags,
        colleagues=[one.name for one in said.colleagues],
        client_id=client_id,
    )


@action(Permission.PORTAL_USE)
def log_as_partner(
    actor: Actor, person: Person, *, channel: Channel, text: str, client_id: str = ""
) -> Interaction:
    """A partner logs a contact with a person entrusted to them; staff of every unit who see the person may read it.

    The caller found the person among those entrusted to the actor; this room does not know who is.
    """
    if not text.strip():
        raise NotPossible(N_("请写一句谈了什么。"))
    return _put(
        actor,
        [person],
        Interaction(
            channel=channel,
            text=text.strip()[:2000],
            readers=Readers.OFFICE,
            unit_id=actor.unit_id,
            user_id=actor.id,
            user_name=actor.name,
            client_id=_draft_name(actor, client_id),
        ),
        None,
    )


@action(Permission.FOLLOWUP_LOG)
def undo_log(actor: Actor, interaction: Interaction) -> None:
    """Take an entry back within 30 days: it leaves the timelines, its open task goes, the clocks stand as before."""
    about(interaction)
    interaction.undo(by=actor.id, at=now())
    for task in queries.tasks_from(interaction.id or 0):
        if task.done_at is None:
            db.session.delete(task)
    db.session.flush()
    set_back(queries.participants_of([interaction.id or 0]))


@action(Permission.FOLLOWUP_LOG)
def show_to(actor: Actor, interaction: Interaction, *, readers: Readers) -> None:
    """Say who may read an entry; only its author does. Its open task follows."""
    interaction.show_to(readers, by=actor.id)
    for task in queries.tasks_from(interaction.id or 0):
        task.readers = Readers.ME_AND_LEADER if readers is Readers.ME_AND_LEADER else Readers.UNIT


def noon(day: dt.date) -> dt.datetime:
    """A day without an hour, as it is stored."""
    return dt.datetime.combine(day, dt.time(12), ANQING).astimezone(dt.UTC)


def _put(actor: Actor, people: Sequence[Person], entry: Interaction, following: Next | None) -> Interaction:
    if before := queries.first_sent(entry.client_id):
        note(sent_again=f"interaction:{before.id}")
        return before
    _must_make_sense(entry, following)
    stored = queries.kept(entry)
    if stored is not entry:
        return stored
    about(entry)
    for person in people:
        db.session.add(Participant(interaction_id=entry.id or 0, person_id=person.id or 0))
    for person, clock, every in clocks_of(people):
        if clock.last_on is None or entry.day >= clock.last_on:
            clock.stand_at((entry.day, entry.id or 0), every=every)
        note_due(person, clock.due_on)
    if following:
        db.session.add(_promise(actor, people, entry, following))
    return entry


def note_due(person: Person, due_on: dt.date) -> None:
    note(**{f"due person:{person.id}": due_on.isoformat()})


def _promise(actor: Actor, people: Sequence[Person], entry: Interaction, following: Next) -> Task:
    if entry.unit_id is None:
        raise NotPossible(N_("请说明由哪个单位跟进。"))
    is_private = entry.readers is Readers.ME_AND_LEADER
    return Task(
        what=(following.what or AGAIN)[:200],
        person_id=people[0].id,
        unit_id=entry.unit_id,
        user_id=entry.user_id,
        readers=Readers.ME_AND_LEADER if is_private else Readers.UNIT,
        due_on=following.on,
        due_time=following.time,
        origin=f"interaction:{entry.id}",
        interaction_id=entry.id,
        created_by=actor.name,
    )


def _seen(actor: Actor, wanted: Sequence[Person]) -> list[Person]:
    """The same people, each once, read again for the actor."""
    ids = list(dict.fromkeys(person.id or 0 for person in wanted))
    if not ids:
        raise NotPossible(N_("没有认出是和谁联系。请写上姓名、拼音首字母或手机尾号。"))
    if len(ids) > MOST_PEOPLE:
        raise NotPossible(N_("一次最多记%(most)s人。"), most=MOST_PEOPLE)
    found = {person.id: person for person in people.people_by_ids(actor, ids)}
    if len(found) < len(ids):
        raise NotPossible(N_("名单里有人不在您负责的范围内，没有记下。"))
    return [found[one] for one in ids]


def _must_make_sense(entry: Interaction, following: Next | None) -> None:
    if entry.at > now() + dt.timedelta(minutes=5) and entry.day > today():
        raise NotPossible(N_("联络的日子还没有到。约好的事请写成待办。"))
    if following and following.on < today():
        raise NotPossible(N_("下次联系的日子已经过去了。"))


def _unit_of(actor: Actor, unit_id: int | None) -> int | None:
    if unit_id is None or unit_id == actor.unit_id:
        return actor.unit_id
    if not actor.sees_all:
        raise NotPossible(N_("只能记在本单位名下。"))
    return unit_id


def _draft_name(actor: Actor, client_id: str) -> str:
    return f"{actor.key}/{client_id[:60] or secrets.token_hex(16)}"
