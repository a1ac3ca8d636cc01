"""Contact points: add, open (which leaves a trace), mark, remove."""

from typing import Any

from flask import Blueprint, abort, flash, g, render_template, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, is_htmx, needs, page
from yishang_crm.people import actions, queries
from yishang_crm.people.forms import ContactForm
from yishang_crm.people.models import ContactKind, ContactLabel, ContactPoint, ContactState
from yishang_crm.people.views.record import record

bp = Blueprint("contact", __name__, url_prefix="/people")


@bp.post("/<int:person_id>/contacts")
@needs(Permission.PEOPLE_WRITE)
def add(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    form = ContactForm()
    if not form.validate():
        return page("people/show.html", **record(person, contact_form=form), status=422)
    kind = ContactKind(form.kind.data) if form.kind.data else None
    actions.add_contact(
        g.actor,
        person,
        typed=form.typed.data,
        kind=kind,
        label=ContactLabel(form.label.data),
        holder=form.holder.data or "",
    )
    return done(then=url_for("person.show", person_id=person.id, _anchor="contacts"))


@bp.post("/contacts/<int:contact_id>/opening")
@needs(Permission.PEOPLE_OPEN_CONTACT)
def open_contact(contact_id: int) -> Any:
    contact = queries.contact(g.actor, contact_id) or abort(404)
    value = actions.open_contact(g.actor, contact)
    if is_htmx():
        return render_template("people/_opened.html", value=value, href=_way_to(contact, value))
    return page("people/opened.html", contact=contact, value=value, href=_way_to(contact, value))


@bp.post("/contacts/<int:contact_id>/state")
@needs(Permission.PEOPLE_WRITE)
def mark_wrong(contact_id: int) -> Any:
    contact = queries.contact(g.actor, contact_id) or abort(404)
    actions.mark_contact(g.actor, contact, state=ContactState.WRONG)
    return done(then=url_for("person.show", person_id=contact.person_id, _anchor="contacts"))


@bp.post("/contacts/<int:contact_id>/removal")
@needs(Permission.PEOPLE_WRITE)
def remove(contact_id: int) -> Any:
    contact = queries.contact(g.actor, contact_id) or abort(404)
    actions.remove_contact(g.actor, contact)
    flash(_("已删去一个联系方式。"), "done")
    return done(then=url_for("person.show", person_id=contact.person_id, _anchor="contacts"))


def _way_to(contact: ContactPoint, value: str) -> str:
    if contact.is_phone:
        return f"tel:{value}"
    return f"mailto:{value}" if contact.kind == ContactKind.EMAIL else ""
