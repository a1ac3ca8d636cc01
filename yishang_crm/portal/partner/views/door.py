"""In by a personal link and six digits. Opening the link changes nothing; who is in stays in for ninety days."""

from typing import Any

from flask import flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import actions as accounts
from yishang_crm.accounts import actors, presence, tries
from yishang_crm.accounts.models import PORTAL_ROLES, User
from yishang_crm.accounts.queries import user_at_the_door
from yishang_crm.core import limits
from yishang_crm.core.db import begin_writing
from yishang_crm.core.web import done, open_to_all, page, two_step
from yishang_crm.network import actions, links
from yishang_crm.network.forms import CodeForm
from yishang_crm.network.models import PortalLink
from yishang_crm.portal.partner.views.pages import bp

Behind = tuple[PortalLink, User]


@bp.get("/portal/enter/<token>")
@open_to_all
def enter(token: str) -> Any:
    behind = _behind(token)
    if behind is None:
        return _gone()
    if g.actor.kind == "user" and g.actor.id == behind[1].id:
        return done(then=url_for("partner.home"))
    return _page(token, behind, CodeForm(formdata=None))


@bp.post("/portal/enter/<token>/code")
@open_to_all
@two_step
def ask_for_code(token: str) -> Any:
    """By mail, to the partner's own address."""
    address = limits.client_address()
    tries.take(f"letters:{address}", tries.LETTERS_BY_ADDRESS)
    behind = _behind(token)
    if behind is None:
        return _gone()
    tries.take(f"portal-letter:{behind[1].id}", tries.LETTERS_BY_ACCOUNT)
    begin_writing()
    behind = _behind(token)  # anew, and held
    if behind is None:
        return _gone()
    link, user = behind
    actions.ask_for_code(actors.ANYBODY, link, user=user, address=address)
    flash(_("验证码正发往%(email)s，一两分钟内到，30分钟内有效。", email=user.email), "done")
    return done(then=url_for("partner.enter", token=token))


@bp.post("/portal/enter/<token>")
@open_to_all
@two_step
def come_in(token: str) -> Any:
    address = limits.client_address()
    tries.take(f"address:{address}", tries.BY_ADDRESS)
    behind, form = _behind(token), CodeForm()
    if behind is None:
        return _gone()
    if not form.validate():
        return _page(token, behind, form, status=422)
    left = tries.take(f"portal:{behind[1].id}", tries.BY_ACCOUNT)
    begin_writing()
    behind = _behind(token)  # anew, and held: one code must not open two doors at once
    if behind is None:
        return _gone()
    link, user = behind
    if not actions.use_code(actors.ANYBODY, link, user=user, code=form.code.data, address=address):
        form.code.errors = [_("验证码不对，或者过期了。再错%(left)s次将暂停30分钟。", left=left)]
        return _page(token, behind, form, status=422)
    tries.give_back(f"address:{address}", tries.BY_ADDRESS)
    tries.forget(f"portal:{user.id}")
    if user.has_code:
        presence.expect_code(user)
        return done(then=url_for("accounts.login_code", next=url_for("partner.home")))
    row, secret = accounts.sign_in(actors.ANYBODY, user, address=address, browser=request.user_agent.string)
    presence.enter(user, row, secret=secret)
    return done(then=url_for("partner.home"))


def _behind(token: str) -> Behind | None:
    """The link and its account, if both still open."""
    link = links.link_behind(token)
    user = user_at_the_door(link.user_id) if link else None
    return (link, user) if link and user and user.is_active and user.role in PORTAL_ROLES else None


def _page(token: str, behind: Behind, form: CodeForm, *, status: int = 200) -> Any:
    return page("portal/partner/enter.html", token=token, email=behind[1].email, form=form, status=status)


def _gone() -> Any:
    return page("portal/partner/gone.html", status=404)
