"""Rows of this room that follow two people who become one."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.network.models import Appointment, Entrusted, Introduction

_WHY = "merge"


def appointments_of(person_ids: Iterable[int]) -> Sequence[Appointment]:
    wanted = select(Appointment).where(col(Appointment.person_id).in_(list(person_ids)))
    return db.session.scalars(unscoped_for(_WHY, wanted.order_by(col(Appointment.id)))).all()


def entrustings_with(person_ids: Iterable[int]) -> Sequence[Entrusted]:
    """On either side: as the partner, or as who is entrusted."""
    ids = list(person_ids)
    wanted = select(Entrusted).where(
        sa.or_(col(Entrusted.partner_id).in_(ids), col(Entrusted.person_id).in_(ids))
    )
    return db.session.scalars(unscoped_for(_WHY, wanted.order_by(col(Entrusted.id)))).all()


def introductions_with(person_ids: Iterable[int]) -> Sequence[Introduction]:
    ids = list(person_ids)
    wanted = select(Introduction).where(
        sa.or_(col(Introduction.partner_id).in_(ids), col(Introduction.person_id).in_(ids))
    )
    return db.session.scalars(unscoped_for(_WHY, wanted.order_by(col(Introduction.id)))).all()


def counted(actor: Actor, person_ids: Sequence[int]) -> dict[str, dict[int, int]]:
    """How many appointments, entrustings and introductions each of these people has."""
    found: dict[str, dict[int, int]] = {}
    for name, table, columns in (
        ("appointments", Appointment, (Appointment.person_id,)),
        ("entrusted", Entrusted, (Entrusted.partner_id, Entrusted.person_id)),
        ("introductions", Introduction, (Introduction.partner_id, Introduction.person_id)),
    ):
        counts: dict[int, int] = {}
        for column in columns:
            counting = scoped(table, actor).with_only_columns(col(column), sa.func.count())
            counting = counting.where(col(column).in_(list(person_ids))).group_by(col(column))
            for person_id, count in db.session.execute(counting):
                counts[person_id] = counts.get(person_id, 0) + int(count)
        found[name] = counts
    return found
