"""What the portal shows of a partner's own conference, and of what became of an introduction."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from yishang_crm.conference import queries as conference
from yishang_crm.conference.models import Approval, Edition, Guest, Nomination
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped
from yishang_crm.network import queries as network
from yishang_crm.network.models import Introduction, IntroductionState
from yishang_crm.network.queries import Charge
from yishang_crm.people.models import Person

RECEIVED, TAKEN_UP, TALKED_TO = 1, 2, 3


def open_edition() -> Edition | None:
    """The edition that is being prepared, the nearest one."""
    return next(iter(conference.open_editions()), None)


def own_invitation(actor: Actor, edition: Edition) -> Guest | None:
    """The partner's own, once its letter was made."""
    wanted = conference.visible_to(actor).where(
        Guest.edition_id == edition.id,
        Guest.person_id == (actor.person_id or 0),
        Guest.approval == Approval.APPROVED,
        col(Guest.letter_number).is_not(None),
    )
    return db.session.scalars(wanted).one_or_none()


def own_nominations(actor: Actor, edition: Edition) -> Sequence[tuple[Guest, str]]:
    """Whom among their own people the partner nominated, with names."""
    mine = network.entrusted_people(actor).with_only_columns(col(Person.id))
    by_me = sa.exists().where(col(Nomination.guest_id) == Guest.id, col(Nomination.user_name) == actor.name)
    wanted: Any = (
        scoped(Guest, actor)
        .join(Person, col(Person.id) == Guest.person_id)
        .add_columns(col(Person.name))
        .where(col(Guest.edition_id) == edition.id, col(Guest.person_id).in_(mine), by_me)
        .order_by(col(Guest.id))
    )
    return [tuple(row) for row in db.session.execute(wanted)]


@dataclass(frozen=True)
class Lead:
    """An introduction as its partner sees it: how far it has gone, and who has it."""

    introduction: Introduction
    unit: str
    reached: int
    last_on: dt.date | None


def leads(actor: Actor, charges: Sequence[Charge]) -> list[Lead]:
    """The partner's own introductions, the newest first; `charges` are the partner's people."""
    last = {charge.person.id: charge.last_on for charge in charges}
    return [
        Lead(
            told.introduction, told.unit, *_reached(told.introduction, last.get(told.introduction.person_id))
        )
        for told in network.own_introductions(actor)
    ]


def _reached(introduction: Introduction, last_on: dt.date | None) -> tuple[int, dt.date | None]:
    if introduction.state is not IntroductionState.ACCEPTED or introduction.decided_at is None:
        return RECEIVED, None
    # A talk before the introduction is not what came of it.
    if last_on is not None and last_on >= local(introduction.decided_at).date():
        return TALKED_TO, last_on
    return TAKEN_UP, None
