"""Introducing somebody: four things to write, and an answer within a day."""

from typing import Any

from flask import flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.network import actions
from yishang_crm.network import queries as network
from yishang_crm.network.forms import IntroduceForm
from yishang_crm.portal.partner.views.pages import bp, fresh_form_number


@bp.get("/portal/introduce")
@needs(Permission.PORTAL_USE)
def introduce() -> Any:
    form = IntroduceForm(formdata=None, client_id=fresh_form_number())
    return page("portal/partner/introduce.html", form=form, keeper=network.keeper_of(g.actor))


@bp.post("/portal/introductions")
@needs(Permission.PORTAL_USE)
def introduction() -> Any:
    form = IntroduceForm()
    if not form.validate():
        keeper = network.keeper_of(g.actor)
        return page("portal/partner/introduce.html", form=form, keeper=keeper, status=422)
    said = form.values
    may_be_named = said.pop("may_be_named")
    written = {name: value or "" for name, value in said.items()}
    actions.introduce(g.actor, may_be_named=may_be_named, **written)
    flash(_("收到了，一天内给您回话。"), "done")
    return done(then=url_for("partner.home"))
