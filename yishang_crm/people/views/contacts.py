"""Contact points: add, correct, open (which leaves a trace), mark, remove."""

from typing import Any

from flask import Blueprint, abort, flash, g, render_template, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.core.actor import Permission
from yishang_crm.core.errors import Stale
from yishang_crm.core.web import done, is_htmx, needs, page
from yishang_crm.people import actions, queries, words
from yishang_crm.people.forms import ContactEditForm, ContactForm
from yishang_crm.people.models import ContactKind, ContactPoint, ContactState
from yishang_crm.people.models.parts import CONTACT_SHOWN
from yishang_crm.people.views.record import record

bp = Blueprint("contact", __name__, url_prefix="/people")


@bp.post("/<int:person_id>/contacts")
@needs(Permission.PEOPLE_WRITE)
def add(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    form = ContactForm()
    if not form.validate():
        return page("people/show.html", **record(person, contact_form=form), status=422)
    actions.add_contact(g.actor, person, **form.values)
    return done(then=url_for("person.show", person_id=person.id, _anchor="contacts"))


@bp.get("/contacts/<int:contact_id>/edit")
@needs(Permission.PEOPLE_WRITE)
def edit(contact_id: int) -> Any:
    contact = queries.contact(g.actor, contact_id) or abort(404)
    return _page(contact, _form(contact, is_drawn=True))


@bp.post("/contacts/<int:contact_id>")
@needs(Permission.PEOPLE_WRITE)
def save(contact_id: int) -> Any:
    contact = queries.contact(g.actor, contact_id) or abort(404)
    form = _form(contact)
    if not form.validate():
        return _page(contact, form, status=422)
    if form.seen.data != contact.seen:
        return _page(contact, form, theirs=_theirs(contact, form), status=Stale.status)
    actions.edit_contact(g.actor, contact, **form.values)
    flash(_("已保存。"), "done")
    return done(then=url_for("person.show", person_id=contact.person_id, _anchor="contacts"))


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


def _form(contact: ContactPoint, *, is_drawn: bool = False) -> ContactEditForm:
    """As it was sent, or drawn from what stands: all but the value, which stays sealed."""
    colleagues = {one.id or 0: one.name for one in queries.own_colleagues(g.actor)}
    if contact.connected_user_id not in (None, *colleagues):
        colleagues |= accounts.names_of({contact.connected_user_id or 0})  # of another unit, and may stay
    standing = {name: getattr(contact, name) for name in ("seen", *CONTACT_SHOWN) if name != "value"}
    drawn = {"formdata": None, "data": standing} if is_drawn else {}
    return ContactEditForm.of(contact, colleagues, **drawn)


def _page(contact: ContactPoint, form: ContactEditForm, *, theirs: Any = (), status: int = 200) -> Any:
    person = queries.person(g.actor, contact.person_id) or abort(404)
    return page(
        "people/contacts/edit.html",
        person=person,
        contact=contact,
        form=form,
        theirs=theirs,
        say=words.say,
        status=status,
    )


def _theirs(contact: ContactPoint, form: ContactEditForm) -> list[tuple[Any, Any, Any]]:
    """What differs, as the page says it; saving again takes what was typed here."""
    form.seen.data, form.seen.raw_data = contact.seen, None
    mine = {name: value for name, value in form.values.items() if name in CONTACT_SHOWN}
    said = [
        (form[name].label.text, _said(form, name, getattr(contact, name)), _said(form, name, value))
        for name, value in mine.items()
        if getattr(contact, name) != value
    ]
    return [(_("号码、邮箱或微信号"), contact.value, form.typed.data or _("没有改")), *said]


def _said(form: ContactEditForm, name: str, value: Any) -> Any:
    choices = getattr(form[name], "choices", None) or ()
    return next((one.label for one in choices if str(one.value) == str(value or "")), value)


def _way_to(contact: ContactPoint, value: str) -> str:
    if contact.is_phone:
        return f"tel:{value}"
    return f"mailto:{value}" if contact.kind == ContactKind.EMAIL else ""
