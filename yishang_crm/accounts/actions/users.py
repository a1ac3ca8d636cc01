"""Users: added, edited, disabled, enabled; and what everybody chooses for themselves."""

from typing import Any

from yishang_crm.accounts import passwords
from yishang_crm.accounts.actions.passwords import close_links_of
from yishang_crm.accounts.actions.sign_ins import end_sign_ins_of
from yishang_crm.accounts.models import Role, Unit, User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_


@action(Permission.ADMIN_USERS)
def add_user(actor: Actor, *, login: str, name: str, role: Role, unit: Unit, password: str = "",
             password_hash: str = "", one_time: bool = False, **details: Any) -> User:  # fmt: skip
    """Add a user. Raises `NotPossible` when the password is weak. `details`: email, phone, person_id, language.

    A page makes the hash beforehand (`passwords.accepted`), so that no lock waits for it; `one_time`: it must be
    changed at the first sign-in.
    """
    user = User(
        login=login.strip().lower(),
        name=name,
        role=role,
        unit_id=unit.id or 0,
        password_hash=password_hash or passwords.accepted(password, login=login, name=name),
        password_changed_at=now(),
        must_change_password=one_time,
        **details,
    )
    db.session.add(user)
    return user


@action(Permission.ADMIN_USERS)
def edit_user(actor: Actor, user: User, *, version: int, name: str, role: Role, unit: Unit,
              email: str | None = None, phone: str | None = None) -> None:  # fmt: skip
    """Change a user. `email` and `phone`: None keeps what stands, "" removes it. Raises `Stale`.

    A new role or unit ends all sign-ins. Nobody changes their own.
    """
    user.must_be_at(version)
    moves = role != user.role or unit.id != user.unit_id
    if moves and user.id == actor.id:
        raise NotPossible(N_("自己的角色和单位不能自己改，请另一位管理员来改。"))
    if user.role in (Role.SECURITY, Role.AUDITOR) and email is not None:
        # A new password goes to that address: see `give_password`.
        raise NotPossible(N_("安全管理员和审计管理员的邮箱不能由系统管理员改。"))
    user.name, user.role, user.unit_id = name, role, unit.id or user.unit_id
    if email is not None:
        user.email = Sealed(email) if email else None
        close_links_of(user)  # they lie in the box of the address that was
    if phone is not None:
        user.phone = Sealed(phone) if phone else None
    user.version += 1
    if moves:
        end_sign_ins_of(user)
        close_links_of(user)


@action(Permission.ADMIN_USERS)
def disable_user(actor: Actor, user: User) -> None:
    """Stop an account: it ends everywhere at once, what it did stays."""
    if user.id == actor.id:
        raise NotPossible(N_("不能停用自己的账号。"))
    user.disable(at=now())
    user.version += 1
    end_sign_ins_of(user)
    close_links_of(user)


@action(Permission.ADMIN_USERS)
def enable_user(actor: Actor, user: User) -> None:
    user.enable()
    user.version += 1


@action(Permission.OWN_ACCOUNT)
def choose_language(actor: Actor, user: User, *, language: str) -> None:
    user.language = language


@action(Permission.OWN_ACCOUNT)
def choose_theme(actor: Actor, user: User, *, theme: str) -> None:
    user.theme = theme
