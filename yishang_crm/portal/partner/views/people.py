"""One of a partner's people: what is known, and a contact logged in one line."""

from typing import Any

from flask import abort, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.followup import actions as followup
from yishang_crm.followup import queries as contacts
from yishang_crm.followup.models import Channel
from yishang_crm.network import queries as network
from yishang_crm.people.models import Person
from yishang_crm.portal.partner import queries
from yishang_crm.portal.partner.forms import ContactForm
from yishang_crm.portal.partner.views.pages import bp, fresh_form_number


@bp.get("/portal/people/<int:person_id>")
@needs(Permission.PORTAL_USE)
def person(person_id: int) -> Any:
    found = network.entrusted_person(g.actor, person_id) or abort(404)
    form = ContactForm(formdata=None, client_id=fresh_form_number(), channel=Channel.CALL.value)
    return page("portal/partner/person.html", form=form, **_shown(found))


@bp.post("/portal/people/<int:person_id>/contacts")
@needs(Permission.PORTAL_USE)
def log(person_id: int) -> Any:
    found = network.entrusted_person(g.actor, person_id) or abort(404)
    form = ContactForm()
    if not form.validate():
        return page("portal/partner/person.html", form=form, status=422, **_shown(found))
    followup.log_as_partner(
        g.actor,
        found,
        channel=Channel(form.channel.data),
        text=form.text.data,
        client_id=form.client_id.data or "",
    )
    flash(_("已记下和%(name)s的联系。", name=found.name), "done")
    return done(then=url_for("partner.person", person_id=found.id))


def _shown(found: Person) -> dict[str, Any]:
    told = network.introductions_of(g.actor, found.id or 0)
    return {
        "charge": network.described(g.actor, [found])[0],
        "introduction": told[0].introduction if told else None,
        "entries": contacts.timeline(g.actor, found.id or 0).entries,
        "edition": queries.open_edition(),
    }
