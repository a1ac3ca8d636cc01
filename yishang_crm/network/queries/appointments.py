"""Appointments: who sees them, by kind, which end soon."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Unit, User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.network.models import WARNED_BEFORE, Appointment, AppointmentKind
from yishang_crm.people.models import Person

PAGE = 50


def visible_to(actor: Actor) -> SelectOfScalar[Appointment]:
    """The bureau and leaders see all, a unit its own, a partner theirs."""
    appointments = scoped(Appointment, actor)
    if actor.may(Permission.PORTAL_USE) and not actor.sees_all:
        return appointments.where(Appointment.person_id == (actor.person_id or 0))
    if actor.sees_all:
        return appointments
    return appointments.where(col(Appointment.unit_id).in_(actor.unit_ids))


@dataclass(frozen=True)
class Terms:
    """An appointment with the names that lists show."""

    appointment: Appointment
    name: str
    unit: str
    liaison: str

    @property
    def said(self) -> str:
        """Who keeps touch with them: `桐城 汪澄`."""
        return f"{self.unit} {self.liaison}".strip()


def appointment(actor: Actor, appointment_id: int, *, hold: bool = False) -> Appointment | None:
    """`hold`: read anew and kept from others until the transaction ends."""
    wanted = visible_to(actor).where(Appointment.id == appointment_id)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(wanted).one_or_none()


def page_of_appointments(
    actor: Actor, *, kind: AppointmentKind | None = None, ended: bool = False, page: int = 1
) -> Sequence[Terms]:
    """Fifty and one more of those that stand (or have ended), those that end first on top."""
    wanted = visible_to(actor).where(
        col(Appointment.ended_at).is_not(None) if ended else col(Appointment.ended_at).is_(None)
    )
    if kind:
        wanted = wanted.where(Appointment.kind == kind)
    wanted = wanted.order_by(col(Appointment.ends_on), col(Appointment.id))
    return _told(wanted.limit(PAGE + 1).offset((max(page, 1) - 1) * PAGE))


def ending(actor: Actor, *, today: dt.date) -> Sequence[Terms]:
    """Terms that end within 60 days or are over and nobody ended or renewed them."""
    wanted = visible_to(actor).where(
        col(Appointment.ended_at).is_(None), col(Appointment.ends_on) <= today + WARNED_BEFORE
    )
    return _told(wanted.order_by(col(Appointment.ends_on), col(Appointment.id)).limit(PAGE))


def count_by_kind(actor: Actor) -> dict[AppointmentKind, int]:
    """How many stand, of each kind."""
    standing = visible_to(actor).where(col(Appointment.ended_at).is_(None)).subquery()
    counting = sa.select(standing.c.kind, sa.func.count()).group_by(standing.c.kind)
    rows = db.session.execute(counting.execution_options(scope=actor.key))
    return {AppointmentKind(kind): int(count) for kind, count in rows}


def appointments_of(actor: Actor, person_id: int) -> Sequence[Terms]:
    """Those of one person that the actor may see, the latest first."""
    wanted = visible_to(actor).where(Appointment.person_id == person_id)
    return _told(wanted.order_by(col(Appointment.starts_on).desc(), col(Appointment.id).desc()))


def own_appointment(actor: Actor) -> Terms | None:
    """The partner's own that stands, the one that lasts longest."""
    wanted = visible_to(actor).where(
        col(Appointment.person_id) == (actor.person_id or 0), col(Appointment.ended_at).is_(None)
    )
    return next(iter(_told(wanted.order_by(col(Appointment.ends_on).desc()).limit(1))), None)


def is_appointed_as(person_id: int, kind: AppointmentKind) -> bool:
    """Whether an appointment of this kind stands, in whichever unit: nobody is appointed twice."""
    standing = sa.exists().where(
        col(Appointment.person_id) == person_id,
        col(Appointment.kind) == kind,
        col(Appointment.ended_at).is_(None),
    )
    return bool(db.session.scalar(unscoped_for("appointed already", sa.select(standing))))


def is_appointed(person_id: int) -> bool:
    """Whether any appointment of a person stands."""
    standing = sa.exists().where(col(Appointment.person_id) == person_id, col(Appointment.ended_at).is_(None))
    return bool(db.session.scalar(unscoped_for("appointed already", sa.select(standing))))


def has_certificate(number: str) -> bool:
    """Whether a certificate number was given before."""
    wanted = select(Appointment.id).where(col(Appointment.certificate_number) == number).limit(1)
    return db.session.scalar(unscoped_for("certificate numbers", wanted)) is not None


def _told(wanted: SelectOfScalar[Appointment]) -> list[Terms]:
    with_names: Any = (
        wanted.join(Person, col(Person.id) == Appointment.person_id)
        .join(Unit, col(Unit.id) == Appointment.unit_id)
        .outerjoin(User, col(User.id) == Appointment.liaison_id)
        .add_columns(col(Person.name), col(Unit.short_name), sa.func.coalesce(User.name, ""))
    )
    return [Terms(*row) for row in db.session.execute(with_names)]
