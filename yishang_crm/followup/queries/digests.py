"""Whose morning is not settled yet."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from yishang_crm.accounts.models import ADMINISTRATORS, PORTAL_ROLES, User
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.followup.models import Digest


def readers_to_tell(day: dt.date, *, most: int = 50) -> Sequence[User]:
    """Active staff with an address whose digest of this day is not settled."""
    is_settled = sa.exists().where(col(Digest.user_id) == User.id, col(Digest.day) == day)
    wanted = (
        sa.select(User)
        .where(
            col(User.disabled_at).is_(None),
            col(User.email).is_not(None),
            col(User.role).not_in([*ADMINISTRATORS, *PORTAL_ROLES]),
            ~is_settled,
        )
        .order_by(col(User.id))
        .limit(most)
    )
    return db.session.scalars(unscoped_for("morning digest", wanted)).all()


def settled(digest: Digest) -> bool:
    """Claim a reader's morning (inside an action). True for exactly one process, whichever comes first."""
    taken = sa.select(sa.exists().where(col(Digest.user_id) == digest.user_id, col(Digest.day) == digest.day))
    if db.session.scalar(unscoped_for("morning digest", taken)):
        return False
    try:
        with db.session.begin_nested():
            db.session.add(digest)
    except IntegrityError:
        return False
    return True
