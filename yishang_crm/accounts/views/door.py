"""Signing in and out, in one step or with a code."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, flash, g, request, session, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import actions, actors, browsers, passwords, presence, queries, tries
from yishang_crm.accounts.forms import CodeForm, LoginForm
from yishang_crm.accounts.models import User
from yishang_crm.accounts.roles import TERMS
from yishang_crm.accounts.views.blueprint import accounts
from yishang_crm.core import limits, words
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.web import done, needs, open_to_all, page, safe_next, two_step


@accounts.get("/")
@open_to_all
def front() -> Any:
    """Everybody's own first page."""
    return done(then=_home() if g.actor.kind == "user" else url_for("accounts.login"))


@accounts.get("/login")
@open_to_all
def login() -> Any:
    if g.actor.kind == "user":
        return done(then=_home())
    return page("accounts/login.html", form=LoginForm(), next=safe_next(request.args.get("next")))


@accounts.post("/login")
@open_to_all
@two_step
def login_post() -> Any:
    form = LoginForm()
    target = safe_next(request.values.get("next"))
    if not form.validate():
        return page("accounts/login.html", form=form, next=target, status=422)
    name, address = form.login.data.casefold()[:40], limits.client_address()
    if not browsers.knows(name):  # a browser the account knows is not locked out by its neighbors
        tries.take(f"address:{address}", tries.BY_ADDRESS)
    left = tries.take(browsers.tries_of(name), tries.BY_ACCOUNT)
    user = queries.user_by_login(name)
    end_transaction()  # the hash below is slow on purpose, and holds no lock
    is_right = passwords.is_right(form.password.data, user.password_hash if user else "")
    begin_writing()
    if not is_right or not user or not user.is_active or user.password_has_lapsed(at=now()):
        actions.refuse_sign_in(actors.ANYBODY, user, address=address)
        form.refuse(_("账号或密码不对。再错%(left)s次，这个账号将锁定30分钟。", left=left))
        return page("accounts/login.html", form=form, next=target, status=422)
    if not browsers.knows(name):
        tries.give_back(f"address:{address}", tries.BY_ADDRESS)
    tries.forget(browsers.tries_of(name))
    if user.has_code:
        presence.expect_code(user)
        return done(then=url_for("accounts.login_code", next=target))
    return _let_in(user, address=address, target=target)


@accounts.get("/login/code")
@open_to_all
def login_code() -> Any:
    """The second step: a code from the app."""
    if presence.expected_user() is None:
        return done(then=url_for("accounts.login"))
    return page("accounts/code.html", form=CodeForm(), next=safe_next(request.args.get("next")))


@accounts.post("/login/code")
@open_to_all
@two_step
def login_code_post() -> Any:
    form, target, address = CodeForm(), safe_next(request.values.get("next")), limits.client_address()
    expected = presence.expected_user()
    if expected is None:
        flash(_("等得太久了，请重新登录。"), "wait")
        return done(then=url_for("accounts.login", next=target))
    if not form.validate():
        return page("accounts/code.html", form=form, next=target, status=422)
    left = tries.take(f"code:{expected.login}", tries.BY_ACCOUNT)
    begin_writing()
    user = presence.expected_user()  # anew, and held: the same code must not open two doors at once
    if user is None or not actions.use_code(actors.ANYBODY, user, code=form.code.data, address=address):
        form.code.errors = [
            _("验证码不对，或已经用过。请等下一个码。再错%(left)s次将锁定30分钟。", left=left)
        ]
        return page("accounts/code.html", form=form, next=target, status=422)
    tries.forget(f"code:{user.login}")
    return _let_in(user, address=address, target=target)


@accounts.post("/logout")
@needs(Permission.OWN_ACCOUNT)
def logout() -> Any:
    actions.sign_out(g.actor)
    presence.leave()
    return done(then=url_for("accounts.login"))


@accounts.post("/language")
@open_to_all
def language() -> Any:
    """`language` is a tag as pages bear it (`zh-Hant`) or its name in the catalogs (`zh_Hant`)."""
    wanted = request.form.get("language", "").replace("-", "_")
    if wanted in words.LANGUAGES:
        session["language"] = wanted
        if g.actor.kind == "user":
            actions.choose_language(g.actor, queries.own_user(g.actor), language=wanted)
    return done(then=_back())


@accounts.post("/theme")
@needs(Permission.OWN_ACCOUNT)
def theme() -> Any:
    wanted = request.form.get("theme", "")
    if wanted in ("light", "dark", ""):
        actions.choose_theme(g.actor, queries.own_user(g.actor), theme=wanted)
    return done(then=_back())


def _let_in(user: User, *, address: str, target: str | None) -> Response:
    row, secret = actions.sign_in(actors.ANYBODY, user, address=address, browser=request.user_agent.string)
    presence.enter(user, row, secret=secret)
    return browsers.remember(done(then=target or TERMS[user.role].home), user.login)


def _home() -> str:
    return TERMS[presence.current_user.user.role].home


def _back() -> str:
    """The page the reader came from, if it is one of ours."""
    came_from = urlsplit(request.referrer or "")
    seen = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    here = seen if came_from.netloc == request.host else None
    return safe_next(request.form.get("next")) or safe_next(here) or "/"
