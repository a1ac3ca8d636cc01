"""The security administrator's page: what is locked, who is signed in, who uses codes, which role may do what."""

import datetime as dt
from typing import Any

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import actions, browsers, passwords, queries, tries
from yishang_crm.accounts.roles import SAID, TERMS
from yishang_crm.accounts.views.blueprint import accounts
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.digits import number_in
from yishang_crm.core.web import done, needs, page, two_step


@accounts.get("/admin/security")
@needs(Permission.ADMIN_SECURITY)
def security() -> Any:
    return page(
        "accounts/security.html",
        locked=_locked_now(),
        sign_ins=queries.sign_ins_now(g.actor),
        described=browsers.described,
        labels={role: _(terms.label) for role, terms in TERMS.items()},
    )


@accounts.get("/admin/security/codes")
@needs(Permission.ADMIN_SECURITY)
def security_codes() -> Any:
    """Who signs in with a code, and new passwords for the administrators."""
    users = queries.users(g.actor, disabled=False)
    labels = {role: _(terms.label) for role, terms in TERMS.items()}
    return page("accounts/security_codes.html", users=users, labels=labels)


@accounts.get("/admin/security/roles")
@needs(Permission.ADMIN_SECURITY)
def security_roles() -> Any:
    """Which role may do what, to be read."""
    human = [
        permission for permission in Permission if any(permission in terms.may for terms in TERMS.values())
    ]
    return page("accounts/security_roles.html", terms=TERMS, permissions=human, said=SAID, span=_span)


def _span(length: dt.timedelta) -> str:
    """`30分钟`, `12小时`, `90天`: the largest unit that says it without a remainder worth a word."""
    minutes = int(length.total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        return str(_("%(count)s天", count=minutes // (24 * 60)))
    if minutes >= 60:
        return str(_("%(count)s小时", count=minutes // 60))
    return str(_("%(count)s分钟", count=minutes))


@accounts.post("/admin/security/releases")
@needs(Permission.ADMIN_SECURITY)
def security_releases() -> Any:
    actions.unlock(g.actor, key=request.form.get("key", "")[:120])
    flash(_("已解锁，可以再试。"), "done")
    return done(then=url_for("accounts.security"))


@accounts.post("/admin/security/sign-ins/<int:sign_in_id>/end")
@needs(Permission.ADMIN_SECURITY)
def security_sign_in_end(sign_in_id: int) -> Any:
    actions.end_anyones_sign_in(g.actor, queries.sign_in(g.actor, sign_in_id) or abort(404))
    flash(_("那一处登录已退出。"), "done")
    return done(then=url_for("accounts.security"))


@accounts.post("/admin/security/users/<int:user_id>/code-reset")
@needs(Permission.ADMIN_SECURITY)
def security_code_reset(user_id: int) -> Any:
    user = queries.user(g.actor, user_id) or abort(404)
    actions.reset_code(g.actor, user)
    flash(_("“%(name)s”的动态验证码已重置，所有登录都已退出。", name=user.name), "done")
    return done(then=url_for("accounts.security_codes"))


@accounts.post("/admin/security/users/<int:user_id>/password")
@needs(Permission.ADMIN_SECURITY)
@two_step
def security_password(user_id: int) -> Any:
    """A one-time password for an administrator, shown once."""
    user = queries.user(g.actor, user_id) or abort(404)
    end_transaction()
    password = passwords.one_time()
    password_hash = passwords.accepted(password, login="", name="")
    begin_writing()
    actions.give_administrator_password(g.actor, user, password_hash=password_hash)
    return page("accounts/one_time_password.html", user=user, password=password, is_new=False)


def _locked_now() -> list[dict[str, Any]]:
    locked = [_locked(attempts) for attempts in tries.locked()]
    ids = {lock["whose"]: number_in(lock["whose"].removeprefix("user:").partition("/")[0]) or 0
           for lock in locked if lock["key"].startswith("opening:")}  # fmt: skip
    names = queries.names_of(set(ids.values())) if ids else {}
    return [lock | {"whose": names.get(ids.get(lock["whose"], 0), lock["whose"])} for lock in locked]


def _locked(attempts: Any) -> dict[str, Any]:
    kind, _colon, whose = attempts.key.partition(":")
    kinds = {
        "login": _("登录"),
        "code": _("动态验证码"),
        "own": _("核对密码"),
        "address": _("网络地址"),
        "letter": _("申请重设密码"),
        "letters": _("申请重设密码（网络地址）"),
        "opening": _("打开联系方式"),
    }
    return {
        "key": attempts.key,
        "kind": kinds.get(kind, kind),
        "whose": whose.partition("@")[0] if kind == "login" else whose,
        "known": kind == "login" and "@" in whose,
        "count": attempts.count,
        "until": attempts.locked_until,
    }
