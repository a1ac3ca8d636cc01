"""The one place where actors are made: from a sign-in, for a job's reader, for the command line, for a guest."""

import hashlib
import hmac

from sqlmodel import col, select

from yishang_crm.accounts.models import SignIn, Unit, User
from yishang_crm.accounts.roles import TERMS
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.words import N_

ANYBODY = Actor(kind="anybody", id=0, name="", permissions=frozenset({Permission.SIGN_IN}))


_HELD_BACK = frozenset({Permission.OWN_ACCOUNT})


def of_user(user: User, *, sign_in: SignIn | None = None, held_back: bool = False) -> Actor:
    """The actor a user is: rights and reach by role, reach by unit.

    `held_back`: somebody who must first change a password or set up codes may do nothing else.
    """
    terms = TERMS[user.role]
    return Actor(
        kind="user",
        id=user.id or 0,
        name=user.name,
        permissions=_HELD_BACK if held_back else terms.may,
        unit_id=user.unit_id,
        unit_ids=frozenset({user.unit_id}),
        sees_all=terms.sees_all and not held_back,
        person_id=user.person_id,
        language=user.language,
        sign_in_id=sign_in.id if sign_in else None,
    )


def of_login(login: str) -> Actor:
    """For the command line (`--as LOGIN`)."""
    user = db.session.scalars(
        unscoped_for("command line", select(User).where(User.login == login))
    ).one_or_none()
    if user is None or not user.is_active:
        raise NotPossible(N_("没有账号“%(login)s”，或者它已停用。"), login=login)
    return of_user(user)


def of_id(user_id: int) -> Actor:
    """For work that somebody began and a job ends: with the rights they have now."""
    user = db.session.scalars(
        unscoped_for("a job goes on for somebody", select(User).where(User.id == user_id))
    ).one_or_none()
    if user is None or not user.is_active:
        raise NotPossible(N_("办这件事的账号已停用。"))
    return of_user(user)


def of_guest(guest_id: int, *, name: str, language: str) -> Actor:
    """A guest who holds their token: may answer for themselves and nothing else."""
    return Actor(
        kind="guest",
        id=guest_id,
        name=name,
        permissions=frozenset({Permission.CONFERENCE_REPLY}),
        guest_id=guest_id,
        language=language,
    )


def of_person(person_id: int, *, name: str, language: str) -> Actor:
    """Somebody at their own page, by the link they were sent: may confirm or propose, and see nothing else."""
    return Actor(
        kind="person",
        id=person_id,
        name=name,
        permissions=frozenset({Permission.PEOPLE_ANSWER}),
        person_id=person_id,
        language=language,
    )


def signed_in(session_key: str) -> tuple[User, SignIn, Unit] | None:
    """The user behind a session key `id.secret`, with the sign-in and the unit, if the sign-in still holds and the account is active."""
    sign_in_id, _, secret = session_key.partition(".")
    if not sign_in_id.isascii() or not sign_in_id.isdigit() or len(sign_in_id) > 18:
        return None
    wanted = (
        select(SignIn, User, Unit)
        .join(User, col(User.id) == SignIn.user_id)
        .join(Unit, col(Unit.id) == User.unit_id)
        .where(SignIn.id == int(sign_in_id))
    )
    found = db.session.execute(unscoped_for("sign-in", wanted)).one_or_none()
    if found is None:
        return None
    sign_in, user, unit = found
    held = hmac.compare_digest(sign_in.secret_hash, secret_hash(secret))
    if not held or sign_in.ended_at or sign_in.expires_at <= now() or not user.is_active:
        return None
    return user, sign_in, unit


def secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
