"""Passwords: changed by their owner, given by an administrator, renewed by mail.

A hash is made before the action (`passwords.accepted`): it is slow, and no lock may wait for it.
"""

import datetime as dt

from yishang_crm.accounts import letters, queries, tries
from yishang_crm.accounts.actions.sign_ins import end_sign_ins_of
from yishang_crm.accounts.models import PasswordReset, Role, User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.outbox.door import post
from yishang_crm.outbox.words import looks_like_address

LINK_HOLDS = dt.timedelta(minutes=30)


@action(Permission.OWN_ACCOUNT)
def change_password(actor: Actor, user: User, *, password_hash: str) -> None:
    """Change one's own; every other sign-in ends."""
    user.set_password(password_hash, at=now())
    close_links_of(user)
    end_sign_ins_of(user, but=actor.sign_in_id)


@action(Permission.ADMIN_USERS)
def give_password(actor: Actor, user: User, *, password_hash: str) -> None:
    """Give a one-time password: to be changed at the first sign-in, worth nothing after 72 hours."""
    if user.role in (Role.SECURITY, Role.AUDITOR):
        # Whoever could sign in as the two who watch would be watched by nobody.
        raise NotPossible(N_("安全管理员和审计管理员的密码，由安全管理员重置。"))
    _give(actor, user, password_hash=password_hash)


@action(Permission.ADMIN_SECURITY)
def give_administrator_password(actor: Actor, user: User, *, password_hash: str) -> None:
    """The same for the administrators."""
    if not user.is_administrator:
        raise NotPossible(N_("这个账号的密码由系统管理员重置。"))
    _give(actor, user, password_hash=password_hash)


def _give(actor: Actor, user: User, *, password_hash: str) -> None:
    if actor.kind == "user" and user.id == actor.id:
        raise NotPossible(N_("自己的密码请在“我的账号”里改。"))
    user.set_password(password_hash, at=now(), one_time=True)
    user.version += 1
    close_links_of(user)
    end_sign_ins_of(user)
    tries.forget(f"login:{user.login}")


@action(Permission.SIGN_IN)
def ask_for_password(actor: Actor, *, login: str, address: str) -> None:
    """Note that somebody asked. The same for accounts that exist and those that do not; a job answers."""
    db.session.add(PasswordReset(login=login[:40], address=address[:64]))


@action(Permission.HOUSEKEEPING)
def answer_password_request(actor: Actor, reset: PasswordReset) -> bool:
    """Write the letter with the link, if there is such an account and it has an address. True if one was written."""
    reset.answered_at = now()
    user = queries.user_by_login(reset.login)
    reset.login = ""  # whatever was typed there need not be kept
    if user is None or not user.is_active or not user.email or not looks_like_address(user.email.whole()):
        note(outcome="none")
        return False
    close_links_of(user)
    reset.user_id, reset.expires_at = user.id, now() + LINK_HOLDS
    about(user)
    letter = letters.new_password(user, reset)
    post(actor, letters.recipient(user), letter, hold=False, sensitive=True, unit_id=None)
    return True


@action(Permission.SIGN_IN)
def take_new_password(actor: Actor, reset: PasswordReset, user: User, *, password_hash: str) -> None:
    """Use a link: once, while it holds. Every sign-in ends."""
    reset.use(at=now())
    if not user.is_active:
        raise NotPossible(N_("这个链接已经用过或者过期了，请重新申请。"))
    user.set_password(password_hash, at=now())
    close_links_of(user)
    end_sign_ins_of(user)
    tries.forget(f"login:{user.login}")
    about(user)


def close_links_of(user: User) -> None:
    """Part of an action: no letter that is under way sets this password any more."""
    for reset in queries.open_resets_of(user):
        reset.expires_at = reset.used_at or now()
