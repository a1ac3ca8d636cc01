"""A forgotten password: asked for, and set anew through the link in the letter."""

from typing import Any

from flask import flash, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from yishang_crm.accounts import actions, actors, links, passwords, queries, tries
from yishang_crm.accounts.forms import AskPasswordForm, NewPasswordForm
from yishang_crm.accounts.views.blueprint import accounts
from yishang_crm.core import limits
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.web import done, open_to_all, page, two_step


@accounts.get("/password")
@open_to_all
def password() -> Any:
    return page("accounts/ask_password.html", form=AskPasswordForm())


@accounts.post("/password")
@open_to_all
@two_step
def password_post() -> Any:
    form = AskPasswordForm()
    if not form.validate():
        return page("accounts/ask_password.html", form=form, status=422)
    login, address = form.login.data.casefold()[:40], limits.client_address()
    tries.take(f"letters:{address}", tries.LETTERS_BY_ADDRESS)
    tries.take(f"letter:{login}", tries.LETTERS_BY_ACCOUNT)
    begin_writing()
    actions.ask_for_password(actors.ANYBODY, login=login, address=address)
    return done(then=url_for("accounts.password_asked"))


@accounts.get("/password/asked")
@open_to_all
def password_asked() -> Any:
    """The same answer to everybody."""
    return page("accounts/password_asked.html")


@accounts.get("/password/<token>")
@open_to_all
def new_password(token: str) -> Any:
    reset = links.reset_behind(token)
    user = queries.user_at_the_door(reset.user_id or 0) if reset else None
    if user is None:
        return page("accounts/link_gone.html", status=404)
    return page("accounts/new_password.html", form=NewPasswordForm(user), token=token)


@accounts.post("/password/<token>")
@open_to_all
@two_step
def new_password_post(token: str) -> Any:
    address = f"address:{limits.client_address()}"
    tries.take(address, tries.BY_ADDRESS)
    reset = links.reset_behind(token)
    user = queries.user_at_the_door(reset.user_id or 0) if reset else None
    if user is None:
        return page("accounts/link_gone.html", status=404)
    form = NewPasswordForm(user)
    if not form.validate():
        return page("accounts/new_password.html", form=form, token=token, status=422)
    end_transaction()
    password_hash = passwords.accepted(form.new.data, login=user.login, name=user.name)
    begin_writing()
    reset, user = links.reset_behind(token), queries.user_at_the_door(user.id or 0)  # anew, and held
    if reset is None or user is None:
        raise NotFound
    tries.give_back(address, tries.BY_ADDRESS)
    actions.take_new_password(actors.ANYBODY, reset, user, password_hash=password_hash)
    flash(_("密码已经换好，请用新密码登录。"), "done")
    return done(then=url_for("accounts.login"))
