"""Which sign-ins can be found, and by whom."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import SignIn, User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for


def visible_to(actor: Actor) -> SelectOfScalar[SignIn]:
    """Sign-ins: the security administrator sees all, everybody else their own."""
    sign_ins = scoped(SignIn, actor)
    if actor.may(Permission.ADMIN_SECURITY):
        return sign_ins
    return sign_ins.where(SignIn.user_id == actor.id)


def sign_ins(actor: Actor) -> Sequence[SignIn]:
    """Those that hold now, the newest first."""
    return db.session.scalars(_holding(visible_to(actor))).all()


def own_sign_ins(actor: Actor) -> Sequence[SignIn]:
    """The actor's own that hold now, the newest first."""
    return db.session.scalars(_holding(visible_to(actor).where(SignIn.user_id == actor.id))).all()


def sign_ins_now(actor: Actor) -> Sequence[tuple[SignIn, User]]:
    """Those that hold now with their users, the newest first, two hundred at most."""
    with_users = (
        _holding(visible_to(actor)).join(User, col(User.id) == SignIn.user_id).add_columns(User).limit(200)
    )
    return [(sign_in, user) for sign_in, user in db.session.execute(with_users)]


def sign_in(actor: Actor, sign_in_id: int) -> SignIn | None:
    return db.session.scalars(visible_to(actor).where(SignIn.id == sign_in_id)).one_or_none()


def sign_ins_of(user: User) -> Sequence[SignIn]:
    """All open ones of a user, for ending them when password, role or state changes."""
    wanted = select(SignIn).where(SignIn.user_id == user.id, col(SignIn.ended_at).is_(None))
    return db.session.scalars(unscoped_for("ending sign-ins", wanted)).all()


def _holding(sign_ins: SelectOfScalar[SignIn]) -> SelectOfScalar[SignIn]:
    holding = sign_ins.where(col(SignIn.ended_at).is_(None), col(SignIn.expires_at) > now())
    return holding.order_by(col(SignIn.created_at).desc(), col(SignIn.id).desc())
