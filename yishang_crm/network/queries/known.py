"""Every row of this room about one person, whoever asks: for telling them, and for forgetting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.accounts.models import User
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.network.models import Appointment, Entrusted, Introduction, PortalLink
from yishang_crm.people.models import ContactPoint

_WHY = "a person's own rights"


@dataclass(frozen=True)
class Rows:
    appointments: Sequence[Appointment]
    entrusted: Sequence[Entrusted]
    introductions: Sequence[Introduction]
    links: Sequence[PortalLink]


def rows_of(person_id: int) -> Rows:
    """Introductions made by them, of them, or not yet accepted that bear one of their phones; four statements."""
    phones = sa.select(ContactPoint.value).where(ContactPoint.person_id == person_id)
    introduced = sa.or_(
        col(Introduction.partner_id) == person_id,
        col(Introduction.person_id) == person_id,
        col(Introduction.phone).in_(phones),
    )
    accounts = sa.select(User.id).where(User.person_id == person_id)
    either = sa.or_(col(Entrusted.partner_id) == person_id, col(Entrusted.person_id) == person_id)
    return Rows(
        appointments=_all(select(Appointment).where(Appointment.person_id == person_id)),
        entrusted=_all(select(Entrusted).where(either)),
        introductions=_all(select(Introduction).where(introduced).order_by(col(Introduction.id))),
        links=_all(select(PortalLink).where(col(PortalLink.user_id).in_(accounts))),
    )


def _all(wanted: Any) -> Sequence[Any]:
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()
