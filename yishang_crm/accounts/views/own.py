"""One's own account: password, codes, sign-ins."""

from typing import Any

from flask import abort, current_app, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import actions, browsers, chrome, codes, passwords, presence, queries, tries
from yishang_crm.accounts.forms import DropCodeForm, OwnCodeForm, OwnPasswordForm
from yishang_crm.accounts.roles import TERMS
from yishang_crm.accounts.views.blueprint import accounts
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.web import done, needs, page, two_step


@accounts.get("/settings")
@needs(Permission.OWN_ACCOUNT)
def settings() -> Any:
    """Where the gear of the rail leads."""
    return done(then=url_for("accounts.account"))


@accounts.get("/account")
@needs(Permission.OWN_ACCOUNT)
def account() -> Any:
    user = presence.current_user.user
    return page(
        "accounts/account.html",
        user=user,
        role=_(TERMS[user.role].label),
        sign_ins=queries.own_sign_ins(g.actor),
        described=browsers.described,
        code_required=presence.is_code_required(user, current_app.config["SETTINGS"]),
    )


@accounts.get("/account/password")
@needs(Permission.OWN_ACCOUNT)
def own_password() -> Any:
    return page("accounts/own_password.html", form=OwnPasswordForm(presence.current_user.user), **_duty())


@accounts.post("/account/password")
@needs(Permission.OWN_ACCOUNT)
@two_step
def own_password_post() -> Any:
    user = presence.current_user.user
    form = OwnPasswordForm(user)
    if not form.validate():
        return page("accounts/own_password.html", form=form, status=422, **_duty())
    if not _is_own_password(form.old.data):
        form.old.errors = [_("现在的密码不对。")]
        return page("accounts/own_password.html", form=form, status=422, **_duty())
    password_hash = passwords.accepted(form.new.data, login=user.login, name=user.name)
    begin_writing()
    actions.change_password(g.actor, queries.own_user(g.actor), password_hash=password_hash)
    flash(_("密码已改。其他地方的登录都已退出。"), "done")
    return done(then=url_for("accounts.account" if presence.current_user.duty is None else "accounts.front"))


@accounts.get("/account/totp")
@needs(Permission.OWN_ACCOUNT)
def own_code() -> Any:
    """Set up codes, or drop them. Looking writes nothing: the offered secret travels with the form."""
    user = presence.current_user.user
    if user.has_code:
        return page("accounts/drop_code.html", form=DropCodeForm(), **_duty())
    secret = codes.new_secret()
    form = OwnCodeForm(formdata=None, offer=codes.offer(secret, user_id=user.id, at=now()))
    return page("accounts/set_up_code.html", form=form, **_drawn(secret), **_duty())


@accounts.post("/account/totp")
@needs(Permission.OWN_ACCOUNT)
@two_step
def own_code_post() -> Any:
    user, form = presence.current_user.user, OwnCodeForm()
    secret = codes.taken_up(form.offer.data or "", user_id=user.id, at=now())
    if secret is None or user.has_code:
        flash(_("这一页放得太久，请重新扫码。"), "wait")
        return done(then=url_for("accounts.own_code"))
    if not form.validate():
        return page("accounts/set_up_code.html", form=form, status=422, **_drawn(secret), **_duty())
    step = codes.step_of(secret, form.code.data, at=now())
    if not _is_own_password(form.password.data):
        form.password.errors = [_("现在的密码不对。")]
    elif step is None:
        form.code.errors = [_("验证码不对。请看手机时间是否准确，再输当前显示的6位数字。")]
    if step is None or form.errors:
        return page("accounts/set_up_code.html", form=form, status=422, **_drawn(secret), **_duty())
    begin_writing()
    actions.set_up_code(g.actor, queries.own_user(g.actor), secret=secret, step=step)
    flash(_("动态验证码已启用，下次登录时要用。"), "done")
    return done(then=url_for("accounts.account" if presence.current_user.duty is None else "accounts.front"))


@accounts.post("/account/totp/removal")
@needs(Permission.OWN_ACCOUNT)
@two_step
def own_code_removal() -> Any:
    form = DropCodeForm()
    if not form.validate():
        return page("accounts/drop_code.html", form=form, status=422, **_duty())
    if not _is_own_password(form.password.data):
        form.password.errors = [_("现在的密码不对。")]
        return page("accounts/drop_code.html", form=form, status=422, **_duty())
    begin_writing()
    user = queries.own_user(g.actor)
    required = presence.is_code_required(user, current_app.config["SETTINGS"])
    actions.drop_code(g.actor, user, required=required)
    flash(_("动态验证码已停用。"), "done")
    return done(then=url_for("accounts.account"))


@accounts.post("/account/sign-ins/<int:sign_in_id>/end")
@needs(Permission.OWN_ACCOUNT)
def own_sign_in_end(sign_in_id: int) -> Any:
    mine = {row.id: row for row in queries.own_sign_ins(g.actor)}
    actions.end_own_sign_in(g.actor, mine.get(sign_in_id) or abort(404))
    flash(_("那一处登录已退出。"), "done")
    return done(then=url_for("accounts.account"))


@accounts.post("/account/sign-ins/end")
@needs(Permission.OWN_ACCOUNT)
def own_sign_ins_end() -> Any:
    """Everywhere, here too."""
    actions.end_own_sign_ins(g.actor)
    presence.leave()
    flash(_("所有地方都已退出，请重新登录。"), "done")
    return done(then=url_for("accounts.login"))


@accounts.get("/admin")
@needs(Permission.OWN_ACCOUNT)
def admin() -> Any:
    """The home of the three administrators; others have nothing to administer but themselves."""
    if not chrome.may_administer(g.actor):
        return done(then=url_for("accounts.account"))
    return page("accounts/admin.html", may=g.actor.may, P=Permission)


def _is_own_password(password: str) -> bool:
    """Asked again before what matters; a stolen browser gets no more than five tries."""
    key = f"own:{presence.current_user.user.login}"
    tries.take(key, tries.BY_ACCOUNT)
    end_transaction()
    if not passwords.is_right(password, presence.current_user.user.password_hash):
        return False
    begin_writing()
    tries.forget(key)
    end_transaction()
    return True


def _drawn(secret: str) -> dict[str, Any]:
    drawing = codes.drawing(secret, login=presence.current_user.user.login)
    return {"drawing": drawing, "secret": codes.in_groups(secret)}


def _duty() -> dict[str, Any]:
    duty = presence.current_user.duty
    return {"duty": duty.name.lower() if duty else ""}
