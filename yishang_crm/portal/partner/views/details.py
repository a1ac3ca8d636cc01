"""A partner's own record: right as it stands, or what should be changed."""

from typing import Any

from flask import abort, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.network import actions
from yishang_crm.network import queries as network
from yishang_crm.network.forms import ProposalForm
from yishang_crm.people import words as people_words
from yishang_crm.portal.partner.views.pages import bp


@bp.get("/portal/details")
@needs(Permission.PORTAL_USE)
def details() -> Any:
    return _page(ProposalForm(formdata=None))


@bp.post("/portal/details/confirmation")
@needs(Permission.PORTAL_USE)
def confirm_details() -> Any:
    actions.confirm_own_details(g.actor)
    flash(_("谢谢，已记下今天核对过。"), "done")
    return done(then=url_for("partner.home"))


@bp.post("/portal/details/proposals")
@needs(Permission.PORTAL_USE)
def propose() -> Any:
    form = ProposalForm()
    if not form.validate():
        return _page(form, status=422)
    actions.propose_own_change(g.actor, text=form.text.data)
    flash(_("收到了，核对后由对接的同志改。"), "done")
    return done(then=url_for("partner.home"))


def _page(form: ProposalForm, *, status: int = 200) -> Any:
    own = network.own_details(g.actor) or abort(404)
    return page(
        "portal/partner/details.html",
        own=own,
        term=network.own_appointment(g.actor),
        keeper=network.keeper_of(g.actor),
        form=form,
        say_people=people_words.say,
        status=status,
    )
