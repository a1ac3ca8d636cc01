"""Nominating one of one's own people for the open edition."""

from typing import Any

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.conference import actions
from yishang_crm.conference import words as conference_words
from yishang_crm.conference.models import Edition
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.network import queries as network
from yishang_crm.portal.partner import queries
from yishang_crm.portal.partner.forms import NominationForm
from yishang_crm.portal.partner.views.pages import bp


@bp.get("/portal/nominations")
@needs(Permission.PORTAL_USE)
def nominations() -> Any:
    edition = queries.open_edition()
    if edition is None:
        return page("portal/partner/nominations.html", edition=None, nominated=[], form=None)
    nominated = queries.own_nominations(g.actor, edition)
    form = _form(nominated, formdata=None, person_id=asked.number(request.args, "person"))
    return _page(edition, nominated, form)


@bp.post("/portal/nominations")
@needs(Permission.PORTAL_USE)
def nominate() -> Any:
    edition = queries.open_edition() or abort(404)
    nominated = queries.own_nominations(g.actor, edition)
    form = _form(nominated)
    person = network.entrusted_person(g.actor, form.person_id.data or 0) or abort(404)
    if not form.validate():
        return _page(edition, nominated, form, status=422)
    unit_id = network.answering_unit(g.actor, person) or abort(404)
    actions.nominate_as_partner(g.actor, edition, person, unit_id=unit_id, reason=form.reason.data or "")
    flash(_("已提名%(name)s，由联系他的单位报审。", name=person.name), "done")
    return done(then=url_for("partner.nominations"))


def _form(nominated: Any, **kept: Any) -> NominationForm:
    done_already = {guest.person_id for guest, _name in nominated}
    invitable = [one for one in network.charges(g.actor) if one.person.may_be_invited]
    return NominationForm([one for one in invitable if one.person.id not in done_already], **kept)


def _page(edition: Edition, nominated: Any, form: NominationForm, *, status: int = 200) -> Any:
    return page(
        "portal/partner/nominations.html",
        edition=edition,
        nominated=nominated,
        form=form,
        say_state=conference_words.say,
        status=status,
    )
