"""A person's account with its sign-ins, whoever asks: for telling it to them, and for closing it for good."""

from collections.abc import Sequence

from sqlmodel import col, select

from yishang_crm.accounts.models import PasswordReset, SignIn, User
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for

_WHY = "a person's own rights"


def accounts_of_person(person_id: int) -> list[tuple[User, Sequence[SignIn], Sequence[PasswordReset]]]:
    """The accounts tied to a person; mostly none, seldom one."""
    found = db.session.scalars(unscoped_for(_WHY, select(User).where(User.person_id == person_id))).all()
    return [(user, _sign_ins(user), _resets(user)) for user in found]


def _sign_ins(user: User) -> Sequence[SignIn]:
    wanted = select(SignIn).where(SignIn.user_id == user.id).order_by(col(SignIn.id).desc())
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()


def _resets(user: User) -> Sequence[PasswordReset]:
    asked = select(PasswordReset).where(
        (PasswordReset.user_id == user.id) | (PasswordReset.login == user.login)
    )
    return db.session.scalars(unscoped_for(_WHY, asked)).all()
