"""Requests for a new password. Nobody is acting yet, so nobody's eyes see them."""

from collections.abc import Sequence

from sqlmodel import col, select

from yishang_crm.accounts.models import PasswordReset, User
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for


def reset_of_link(reset_id: int) -> PasswordReset | None:
    """The request behind a link, if it still opens; held in a write transaction."""
    wanted = select(PasswordReset).where(PasswordReset.id == reset_id).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    reset = db.session.scalars(unscoped_for("password reset", wanted)).one_or_none()
    return reset if reset is not None and reset.holds(at=now()) else None


def resets_to_answer(*, limit: int = 50) -> Sequence[PasswordReset]:
    """Requests that wait for their letter, oldest first; each is taken by one worker."""
    waiting = (
        select(PasswordReset).where(col(PasswordReset.answered_at).is_(None)).order_by(col(PasswordReset.id))
    )
    waiting = waiting.limit(limit).with_for_update(skip_locked=True)
    return db.session.scalars(unscoped_for("password reset", waiting)).all()


def open_resets_of(user: User) -> Sequence[PasswordReset]:
    """Links of a user that would still open."""
    wanted = select(PasswordReset).where(
        PasswordReset.user_id == user.id, col(PasswordReset.used_at).is_(None)
    )
    return db.session.scalars(unscoped_for("password reset", wanted)).all()
