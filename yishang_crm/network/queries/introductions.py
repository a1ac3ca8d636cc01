"""Introductions: those that wait for a unit, and a partner's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.network.models import Introduction, IntroductionState

PAGE = 50


def visible_to(actor: Actor) -> SelectOfScalar[Introduction]:
    """The bureau and leaders see all, a unit those that came to it, a partner their own."""
    introductions = scoped(Introduction, actor)
    if actor.may(Permission.PORTAL_USE) and not actor.sees_all:
        return introductions.where(Introduction.partner_id == (actor.person_id or 0))
    if actor.sees_all:
        return introductions
    return introductions.where(col(Introduction.unit_id).in_(actor.unit_ids))


@dataclass(frozen=True)
class Told:
    """An introduction with the short name of the unit it came to."""

    introduction: Introduction
    unit: str


def introduction(actor: Actor, introduction_id: int, *, hold: bool = False) -> Introduction | None:
    """`hold`: read anew and kept from others until the transaction ends, so that two do not answer it."""
    wanted = visible_to(actor).where(Introduction.id == introduction_id)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(wanted).one_or_none()


def waiting(actor: Actor) -> Sequence[Told]:
    """Those nobody has answered, the oldest first."""
    wanted = visible_to(actor).where(Introduction.state == IntroductionState.PROPOSED)
    return _told(wanted.order_by(col(Introduction.id)).limit(PAGE))


def own_introductions(actor: Actor) -> Sequence[Told]:
    """The partner's own, the newest first."""
    own = visible_to(actor).where(Introduction.partner_id == (actor.person_id or 0))
    return _told(own.order_by(col(Introduction.id).desc()).limit(PAGE))


def introductions_of(actor: Actor, person_id: int) -> Sequence[Told]:
    """On a person's page: what they introduced, and how they were introduced."""
    either = sa.or_(col(Introduction.partner_id) == person_id, col(Introduction.person_id) == person_id)
    return _told(visible_to(actor).where(either).order_by(col(Introduction.id).desc()).limit(PAGE))


def waiting_by(partner_id: int) -> int:
    """How many of a partner's wait, for keeping one from flooding the desk."""
    counting = sa.select(sa.func.count()).where(
        col(Introduction.partner_id) == partner_id, col(Introduction.state) == IntroductionState.PROPOSED
    )
    return int(db.session.scalar(unscoped_for("counting introductions", counting)) or 0)


def first_sent(client_id: str) -> Introduction | None:
    """What an earlier sending of the same form made; its author's key stands in the name."""
    wanted = select(Introduction).where(col(Introduction.client_id) == client_id)
    return db.session.scalars(unscoped_for("the same form again", wanted)).one_or_none()


def kept(row: Introduction) -> Introduction:
    """Store a new one (inside an action); of two sendings at the same moment the first is returned."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        first = first_sent(row.client_id)
        if first is None:
            raise
        return first
    return row


def _told(wanted: SelectOfScalar[Introduction]) -> list[Told]:
    with_unit: Any = wanted.join(Unit, col(Unit.id) == Introduction.unit_id).add_columns(col(Unit.short_name))
    return [Told(*row) for row in db.session.execute(with_unit)]
