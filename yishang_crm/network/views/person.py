"""What this room shows of one person: appointments, to whom they are entrusted, who introduced them."""

from typing import Any

from flask import abort, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import today
from yishang_crm.core.web import done, needs, page
from yishang_crm.network import actions, queries
from yishang_crm.network.forms import EntrustForm, ReasonForm
from yishang_crm.network.views.pages import bp
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person


@bp.get("/people/<int:person_id>/network")
@needs(Permission.NETWORK_READ)
def of_person(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    return page("network/person.html", "network/_person.html", **_shown(person))


@bp.post("/people/<int:person_id>/entrustings")
@needs(Permission.NETWORK_WRITE)
def entrust(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    form = EntrustForm(_partners_for(person))
    if not form.validate():
        return page("network/person.html", **_shown(person, entrust_form=form), status=422)
    partner = people.person(g.actor, form.partner_id.data) or abort(404)
    actions.entrust(g.actor, person, partner=partner)
    flash(_("%(name)s已托付给%(partner)s。", name=person.name, partner=partner.name), "done")
    return done(then=url_for("network.of_person", person_id=person.id))


@bp.post("/network/entrustings/<int:entrusted_id>/ending")
@needs(Permission.NETWORK_WRITE)
def end_entrusting(entrusted_id: int) -> Any:
    row = queries.entrusting(g.actor, entrusted_id) or abort(404)
    form = ReasonForm()
    reason = form.reason.data if form.validate() else _("单位收回")
    actions.end_entrusting(g.actor, row, reason=reason)
    flash(_("托付已收回。"), "done")
    return done(then=url_for("network.of_person", person_id=row.person_id))


def _shown(person: Person, **forms: Any) -> dict[str, Any]:
    return {
        "person": person,
        "terms": queries.appointments_of(g.actor, person.id or 0),
        "entrustings": queries.entrustings_of(g.actor, person.id or 0),
        "introductions": queries.introductions_of(g.actor, person.id or 0),
        "may_write": g.actor.may(Permission.NETWORK_WRITE),
        "entrust_form": forms.get("entrust_form") or EntrustForm(_partners_for(person), formdata=None),
        "day": today(),
    }


def _partners_for(person: Person) -> list[Person]:
    return [partner for partner in queries.partners(g.actor) if partner.id != person.id]
