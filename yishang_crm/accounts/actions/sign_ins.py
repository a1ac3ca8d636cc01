"""Opening and ending sign-ins, and what the security and audit administrators do about them."""

import secrets

from yishang_crm.accounts import actors, queries, tries
from yishang_crm.accounts.models import SignIn, User
from yishang_crm.accounts.roles import TERMS
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note


@action(Permission.SIGN_IN)
def sign_in(actor: Actor, user: User, *, address: str, browser: str) -> tuple[SignIn, str]:
    """Open a sign-in for a user whose password was checked. Returns the row and the secret for the cookie."""
    secret = secrets.token_urlsafe(24)
    row = SignIn(
        user_id=user.id or 0,
        secret_hash=actors.secret_hash(secret),
        address=address[:64],
        browser=browser[:200],
        expires_at=now() + TERMS[user.role].absolute,
    )
    db.session.add(row)
    about(user)
    note(login=user.login)
    return row, secret


@action(Permission.SIGN_IN)
def refuse_sign_in(actor: Actor, user: User | None, *, address: str) -> None:
    """Leave a trace of a failed sign-in. What was typed as an account is not kept: it may have been a password."""
    if user is not None:
        about(user)
    note(address=address)


@action(Permission.OWN_ACCOUNT)
def sign_out(actor: Actor) -> None:
    """End the sign-in this actor came with."""
    row = queries.sign_in(actor, actor.sign_in_id or 0)
    if row is not None:
        row.end(at=now())


@action(Permission.OWN_ACCOUNT)
def end_own_sign_in(actor: Actor, row: SignIn) -> None:
    """End one of one's own, as on a borrowed computer."""
    row.end(at=now())


@action(Permission.OWN_ACCOUNT)
def end_own_sign_ins(actor: Actor) -> None:
    """Sign out everywhere, here too."""
    for row in queries.own_sign_ins(actor):
        row.end(at=now())


@action(Permission.ADMIN_USERS)
def end_all_of(actor: Actor, user: User) -> None:
    """End all sign-ins of a user."""
    about(user)
    end_sign_ins_of(user)


@action(Permission.ADMIN_SECURITY)
def end_anyones_sign_in(actor: Actor, row: SignIn) -> None:
    row.end(at=now())


@action(Permission.ADMIN_SECURITY)
def unlock(actor: Actor, *, key: str) -> None:
    """Let somebody try again before the half hour is over. `key` as in the list of what is locked."""
    tries.forget(key.partition("@")[0] if key.startswith("login:") else key)
    note(key=key)


@action(Permission.AUDIT_READ)
def verify_trail(actor: Actor, *, faults: list[str]) -> None:
    """Record that the chain was walked, and what was found."""
    note(faults=len(faults), first=faults[:5])


def end_sign_ins_of(user: User, *, but: int | None = None) -> None:
    """Part of an action: whoever changes password, codes, role or state is signed out everywhere else at once."""
    for row in queries.sign_ins_of(user):
        if row.id != but:
            row.end(at=now())
