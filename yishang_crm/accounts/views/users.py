"""The system administrator's users."""

from typing import Any

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import actions, passwords, queries
from yishang_crm.accounts.forms import AddUserForm, UserForm, UsersFilter
from yishang_crm.accounts.models import ADMINISTRATORS, Role, User
from yishang_crm.accounts.roles import TERMS
from yishang_crm.accounts.views.blueprint import accounts
from yishang_crm.accounts.views.meanwhile import meanwhile
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.web import done, needs, page, two_step


@accounts.get("/admin/users")
@needs(Permission.ADMIN_USERS)
def users() -> Any:
    units = queries.units()
    filters = UsersFilter(units, formdata=request.args)
    role, state = filters.role.data, {"on": False, "off": True}.get(filters.state.data or "")
    found = queries.users(
        g.actor,
        unit_id=filters.unit.data,
        role=Role(role) if role in TERMS else None,
        text=filters.q.data or "",
        disabled=state,
    )
    unit_names = {unit.id: unit.name for unit in units}
    return page(
        "accounts/users.html", users=found, unit_names=unit_names, filters=filters, labels=_role_labels()
    )


@accounts.get("/admin/users/new")
@needs(Permission.ADMIN_USERS)
def user_new() -> Any:
    return page("accounts/user_new.html", form=AddUserForm(queries.units()))


@accounts.post("/admin/users")
@needs(Permission.ADMIN_USERS)
@two_step
def users_post() -> Any:
    form = AddUserForm(queries.units())
    if not form.validate():
        return page("accounts/user_new.html", form=form, status=422)
    end_transaction()
    password = passwords.one_time()
    password_hash = passwords.accepted(password, login="", name="")
    begin_writing()
    contact = {name: Sealed(value) for name, value in form.contact.items() if value}
    user = actions.add_user(
        g.actor,
        login=form.login.data,
        name=form.name.data,
        role=Role(form.role.data),
        unit=form.unit,
        password_hash=password_hash,
        one_time=True,
        **contact,
    )
    return page("accounts/one_time_password.html", user=user, password=password, is_new=True)


@accounts.get("/admin/users/<int:user_id>")
@needs(Permission.ADMIN_USERS)
def user(user_id: int) -> Any:
    user = queries.user(g.actor, user_id) or abort(404)
    return _user_page(user, _form_of(user))


@accounts.post("/admin/users/<int:user_id>")
@needs(Permission.ADMIN_USERS)
def user_post(user_id: int) -> Any:
    user = queries.user(g.actor, user_id) or abort(404)
    form = _form_of(user, filled=True)
    if not form.validate():
        return _user_page(user, form, status=422)
    if form.version.data != user.version:
        return _user_page(user, form, status=409, conflict=meanwhile(form, user, _standing(user)))
    role, unit = (
        (Role(form.role.data), form.unit) if "role" in form else (user.role, queries.unit(user.unit_id))
    )
    actions.edit_user(
        g.actor,
        user,
        version=form.version.data,
        name=form.name.data,
        role=role,
        unit=unit or abort(404),
        **form.contact,
    )
    flash(_("已保存。"), "done")
    return done(then=url_for("accounts.user", user_id=user.id))


@accounts.post("/admin/users/<int:user_id>/suspension")
@needs(Permission.ADMIN_USERS)
def user_suspension(user_id: int) -> Any:
    user = queries.user(g.actor, user_id) or abort(404)
    actions.disable_user(g.actor, user)
    flash(_("“%(name)s”的账号已停用，所有登录都已退出。", name=user.name), "done")
    return done(then=url_for("accounts.user", user_id=user.id))


@accounts.post("/admin/users/<int:user_id>/reinstatement")
@needs(Permission.ADMIN_USERS)
def user_reinstatement(user_id: int) -> Any:
    user = queries.user(g.actor, user_id) or abort(404)
    actions.enable_user(g.actor, user)
    flash(_("“%(name)s”的账号已启用。", name=user.name), "done")
    return done(then=url_for("accounts.user", user_id=user.id))


@accounts.post("/admin/users/<int:user_id>/password")
@needs(Permission.ADMIN_USERS)
@two_step
def user_password(user_id: int) -> Any:
    """A one-time password, shown once."""
    user = queries.user(g.actor, user_id) or abort(404)
    end_transaction()
    password = passwords.one_time()
    password_hash = passwords.accepted(password, login="", name="")
    begin_writing()
    actions.give_password(g.actor, user, password_hash=password_hash)
    return page("accounts/one_time_password.html", user=user, password=password, is_new=False)


@accounts.post("/admin/users/<int:user_id>/sign-outs")
@needs(Permission.ADMIN_USERS)
def user_sign_outs(user_id: int) -> Any:
    user = queries.user(g.actor, user_id) or abort(404)
    actions.end_all_of(g.actor, user)
    flash(_("“%(name)s”在所有地方都已退出。", name=user.name), "done")
    return done(then=url_for("accounts.user", user_id=user.id))


def _form_of(user: User, *, filled: bool = False) -> UserForm:
    standing = {} if filled else _standing(user)
    form = UserForm(queries.units(), **standing)
    if user.id == g.actor.id:
        form.keep_own_place()
    return form


def _standing(user: User) -> dict[str, Any]:
    return {"version": user.version, "name": user.name, "role": user.role.value, "unit_id": user.unit_id}


def _user_page(user: User, form: UserForm, *, status: int = 200, conflict: Any = None) -> Any:
    unit = queries.unit(user.unit_id)
    return page(
        "accounts/user.html",
        status=status,
        user=user,
        form=form,
        conflict=conflict,
        unit=unit,
        role=_(TERMS[user.role].label),
        is_self=user.id == g.actor.id,
        is_watcher=user.role in ADMINISTRATORS - {Role.ADMIN},
    )


def _role_labels() -> dict[Role, str]:
    return {role: _(terms.label) for role, terms in TERMS.items()}
