"""Which users can be found, and by whom."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.accounts.models import Role, Unit, User
from yishang_crm.accounts.roles import TERMS
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for

_WORKING = [role for role, terms in TERMS.items() if Permission.FOLLOWUP_READ in terms.may]


def visible_to(actor: Actor) -> SelectOfScalar[User]:
    """Users: administrators and the bureau see all, portal people themselves, others their unit's colleagues."""
    users = scoped(User, actor)
    if actor.may(Permission.ADMIN_USERS) or actor.may(Permission.ADMIN_SECURITY) or actor.sees_all:
        return users
    if actor.may(Permission.PORTAL_USE):
        return users.where(User.id == actor.id)
    return users.where(col(User.unit_id).in_(actor.unit_ids))


def users(
    actor: Actor,
    *,
    unit_id: int | None = None,
    role: Role | None = None,
    text: str = "",
    disabled: bool | None = None,
) -> Sequence[User]:
    """Users in the order of their units, then by login. `text` is part of a name or login."""
    wanted = visible_to(actor).join(Unit, col(Unit.id) == User.unit_id)
    if unit_id:
        wanted = wanted.where(User.unit_id == unit_id)
    if role:
        wanted = wanted.where(User.role == role)
    if text:
        named = col(User.name).contains(text, autoescape=True)
        wanted = wanted.where(sa.or_(named, col(User.login).contains(text.casefold(), autoescape=True)))
    if disabled is not None:
        wanted = wanted.where(
            col(User.disabled_at).is_not(None) if disabled else col(User.disabled_at).is_(None)
        )
    return db.session.scalars(wanted.order_by(col(Unit.display_order), col(User.login))).all()


def user(actor: Actor, user_id: int) -> User | None:
    return db.session.scalars(visible_to(actor).where(User.id == user_id)).one_or_none()


def own_user(actor: Actor) -> User:
    """The actor's own account, read anew; in a write transaction nobody else changes it meanwhile."""
    wanted = scoped(User, actor).where(User.id == actor.id).with_for_update()
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def colleagues(actor: Actor) -> Sequence[User]:
    """Who can be named with `@`, or handed something to do: active users of the actor's unit (the bureau sees
    everyone) who have a day's work here. Administrators, desks and partners have none."""
    working = visible_to(actor).where(col(User.disabled_at).is_(None), col(User.role).in_(_WORKING))
    return db.session.scalars(working.order_by(col(User.id))).all()


def user_by_login(login: str) -> User | None:
    """For sign-in only, where nobody is acting yet."""
    wanted = select(User).where(User.login == login)
    return db.session.scalars(unscoped_for("sign-in", wanted)).one_or_none()


def user_at_the_door(user_id: int) -> User | None:
    """For the second step of sign-in and for a new password; read anew, and held in a write transaction."""
    wanted = (
        select(User).where(User.id == user_id).with_for_update().execution_options(populate_existing=True)
    )
    return db.session.scalars(unscoped_for("sign-in", wanted)).one_or_none()


def names_of(user_ids: set[int]) -> dict[int, str]:
    """Names of users by id, for showing who did something. A colleague's name is no personal detail of a guest."""
    wanted = select(User.id, User.name).where(col(User.id).in_(user_ids))
    rows = db.session.execute(unscoped_for("names of colleagues", wanted))
    return {int(user_id): str(name) for user_id, name in rows}
