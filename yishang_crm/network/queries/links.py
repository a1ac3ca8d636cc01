"""Personal links and the accounts behind them."""

from sqlmodel import col, select

from yishang_crm.accounts.models import PORTAL_ROLES, User
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.network.models import PortalLink


def link_of(actor: Actor, user: User, *, hold: bool = False) -> PortalLink | None:
    """The link of an account reached through an appointment that was found for the actor."""
    wanted = scoped(PortalLink, actor).where(PortalLink.user_id == user.id)
    if hold:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(wanted).one_or_none()


def account_of(actor: Actor, person_id: int) -> User | None:
    """The portal account of a person reached through an appointment that was found for the actor."""
    wanted = scoped(User, actor).where(User.person_id == person_id, col(User.role).in_(sorted(PORTAL_ROLES)))
    return db.session.scalars(
        wanted.order_by(col(User.disabled_at).is_not(None), col(User.id)).limit(1)
    ).first()


def account_called(actor: Actor, login: str) -> User | None:
    """A portal account by its whole login, for joining it to a person; it belongs to nobody yet."""
    wanted = scoped(User, actor).where(
        User.login == login.strip().casefold(),
        col(User.role).in_(sorted(PORTAL_ROLES)),
        col(User.person_id).is_(None),
        col(User.disabled_at).is_(None),
    )
    return db.session.scalars(wanted.with_for_update()).one_or_none()


def link_at_the_door(user_id: int) -> PortalLink | None:
    """For the door, where nobody is acting yet; read anew, and held in a write transaction."""
    wanted = select(PortalLink).where(PortalLink.user_id == user_id).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    return db.session.scalars(unscoped_for("sign-in", wanted)).one_or_none()


def link_to_fill(link_id: int) -> PortalLink | None:
    """For a letter that leaves now."""
    wanted = select(PortalLink).where(PortalLink.id == link_id)
    return db.session.scalars(unscoped_for("filling a letter", wanted)).one_or_none()
