"""How long since each person was contacted, and who is owed a call."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.followup.models import (
    OFFERED_DAYS,
    Cadence,
    CadenceRule,
    Interaction,
    Participant,
)
from yishang_crm.followup.queries.readers import may_see_person, readable
from yishang_crm.people.models import Person, PersonState, Stewardship, StewardshipKind, Tier

PAGE = 50
COUNTED_UP_TO = 1000
SOON = dt.timedelta(days=7)


def visible_to(actor: Actor) -> SelectOfScalar[Cadence]:
    """The clocks of the people whom the actor may see."""
    return scoped(Cadence, actor).where(may_see_person(actor, col(Cadence.person_id)))


def cadence(actor: Actor, person_id: int) -> Cadence | None:
    return db.session.scalars(visible_to(actor).where(Cadence.person_id == person_id)).one_or_none()


@dataclass(frozen=True)
class Owed:
    """Somebody to call: who, their clock, and the last contact if the actor may read it."""

    person: Person
    cadence: Cadence
    last: Interaction | None = None


@dataclass(frozen=True)
class OwedCounts:
    """How many are past their day, and how many will be within a week. 1,001 means more than 1,000."""

    overdue: int = 0
    soon: int = 0


def owed(
    actor: Actor, *, today: dt.date, whose: str = "mine", when: str = "", page: int = 1, most: int = PAGE
) -> list[Owed]:
    """People past their day or soon at it, the longest past first; one statement.

    `whose`: those in the actor's own care, or all that the actor's unit keeps. `when`: overdue, soon, or both.
    """
    last = sa.and_(
        col(Interaction.id) == Cadence.last_interaction_id,
        readable(Interaction, actor),
        col(Interaction.undone_at).is_(None),
    )
    wanted = _in_care(actor, today=today, whose=whose, when=when)
    wanted = wanted.outerjoin(Interaction, last).add_columns(Person, Interaction)
    wanted = wanted.order_by(col(Cadence.due_on), col(Person.tier), col(Cadence.id))
    rows = db.session.execute(wanted.limit(most).offset((max(page, 1) - 1) * PAGE))
    return [Owed(person, clock, contact) for clock, person, contact in rows]


def owed_counts(actor: Actor, *, today: dt.date, whose: str = "mine") -> OwedCounts:
    """Sizes of the two lists, each counted up to a thousand; one statement."""
    sizes = []
    for when in ("overdue", "soon"):
        found = _in_care(actor, today=today, whose=whose, when=when)
        few = found.with_only_columns(col(Cadence.id)).limit(COUNTED_UP_TO + 1)
        sizes.append(sa.select(sa.func.count()).select_from(few.subquery()).scalar_subquery())
    counted = db.session.execute(sa.select(*sizes).execution_options(scope=actor.key)).one()
    return OwedCounts(*counted)


def _in_care(actor: Actor, *, today: dt.date, whose: str, when: str) -> SelectOfScalar[Cadence]:
    """People whom the actor or the actor's unit keeps, and who may be called at all.

    Those only shared with the unit are called by the unit that keeps them, or a man is called by three in one week.
    """
    last_day = today - dt.timedelta(days=1) if when == "overdue" else today + SOON
    wanted = (
        scoped(Cadence, actor)
        .join(Stewardship, col(Stewardship.person_id) == Cadence.person_id)
        .join(Person, col(Person.id) == Cadence.person_id)
        .where(
            *_kept_by(actor, whose),
            Stewardship.kind == StewardshipKind.STEWARD,
            col(Cadence.due_on) <= last_day,
            col(Person.state).in_((PersonState.ACTIVE, PersonState.RETIRED)),
            col(Person.do_not_contact_at).is_(None),
        )
    )
    return wanted.where(col(Cadence.due_on) >= today) if when == "soon" else wanted


def _kept_by(actor: Actor, whose: str) -> tuple[sa.ColumnElement[bool], ...]:
    if whose == "unit":
        return (col(Stewardship.unit_id) == actor.unit_id,)
    # The sum keeps SQLite from walking the whole unit where the index on the keeper leads to a few hundred.
    return (col(Stewardship.user_id) == actor.id, col(Stewardship.unit_id) + 0 == actor.unit_id)


def of_people(actor: Actor, person_ids: Iterable[int | None]) -> Sequence[Cadence]:
    """The clocks of people already found for the actor, for a column of their list; one statement."""
    wanted = scoped(Cadence, actor).where(col(Cadence.person_id).in_(list(person_ids)))
    return db.session.scalars(wanted).all()


# For setting clocks, inside actions


def cadences_of(person_ids: Iterable[int]) -> dict[int, Cadence]:
    """The clocks of these people, held until the transaction ends."""
    wanted = sa.select(Cadence).where(col(Cadence.person_id).in_(list(person_ids))).with_for_update()
    return {one.person_id: one for one in db.session.scalars(unscoped_for("cadence", wanted))}


def last_contact(person_ids: Iterable[int]) -> dict[int, Interaction]:
    """The last contact with each of these people that still stands."""
    newest = sa.func.row_number().over(
        partition_by=col(Participant.person_id),
        order_by=(col(Interaction.at).desc(), col(Interaction.id).desc()),
    )
    ranked = (
        sa.select(col(Participant.person_id), col(Interaction.id).label("entry_id"), newest.label("place"))
        .join(Interaction, col(Interaction.id) == Participant.interaction_id)
        .where(col(Participant.person_id).in_(list(person_ids)), col(Interaction.undone_at).is_(None))
        .subquery()
    )
    wanted: sa.Select[Any] = (
        sa.select(ranked.c.person_id, Interaction)
        .join(Interaction, col(Interaction.id) == ranked.c.entry_id)
        .where(ranked.c.place == 1)
    )
    rows = db.session.execute(unscoped_for("cadence", wanted))
    return {int(person_id): entry for person_id, entry in rows}


def rules() -> Sequence[CadenceRule]:
    """How often each tier, as the office has it."""
    return db.session.scalars(select(CadenceRule).order_by(col(CadenceRule.tier))).all()


def days_by_tier() -> dict[Tier, int]:
    """Days between contacts by tier: the office's, else what it is offered."""
    return OFFERED_DAYS | {rule.tier: rule.days for rule in rules()}


def people_in_question(person_ids: Iterable[int]) -> Sequence[Person]:
    """People whose clocks are set, whoever set them going."""
    wanted = sa.select(Person).where(col(Person.id).in_(list(person_ids))).order_by(col(Person.id))
    return db.session.scalars(unscoped_for("cadence", wanted)).all()


def people_without_cadence(*, after: int = 0, most: int) -> Sequence[Person]:
    """People whose clock has not begun, in the order of their ids, beyond one of them."""
    begun = sa.exists().where(col(Cadence.person_id) == Person.id)
    wanted = sa.select(Person).where(~begun, col(Person.id) > after).order_by(col(Person.id)).limit(most)
    return db.session.scalars(unscoped_for("beginning clocks", wanted)).all()
