"""Units are no personal data and open to everybody."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.accounts.models import Unit, UnitKind, User
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for


def units(*, kinds: Sequence[UnitKind] = tuple(UnitKind)) -> Sequence[Unit]:
    """Units in the city's customary order (domain.md §1.1), closed ones included."""
    return db.session.scalars(
        select(Unit).where(col(Unit.kind).in_(kinds)).order_by(col(Unit.display_order), col(Unit.id))
    ).all()


def unit(unit_id: int) -> Unit | None:
    return db.session.get(Unit, unit_id)


def unit_by_code(code: str) -> Unit | None:
    return db.session.scalars(select(Unit).where(Unit.code == code)).one_or_none()


def seats_taken() -> dict[int, int]:
    """How many active accounts each unit has, by unit id."""
    counting = sa.select(col(User.unit_id), sa.func.count()).where(col(User.disabled_at).is_(None))
    rows = db.session.execute(unscoped_for("counting accounts", counting.group_by(col(User.unit_id))))
    return {int(unit_id): int(count) for unit_id, count in rows}
