"""One person's record: page, panel, edit, add; posts, confirmation, sharing."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import today
from yishang_crm.core.errors import Stale
from yishang_crm.core.web import done, needs, options, page, panels, two_step
from yishang_crm.people import actions, birthdays, queries, words
from yishang_crm.people.duplicates.entering import of_form
from yishang_crm.people.forms import ContactForm, NewPersonForm, PersonForm, PostForm, ReasonForm, SharingForm
from yishang_crm.people.models import Person
from yishang_crm.people.names import display_pinyin
from yishang_crm.people.queries import merging

bp = Blueprint("person", __name__, url_prefix="/people")


@bp.get("/<int:person_id>")
@needs(Permission.PEOPLE_READ)
def show(person_id: int) -> Any:
    person = queries.person(g.actor, person_id)
    return page("people/show.html", **record(person)) if person else _led_on(person_id)


@bp.get("/<int:person_id>/panel")
@needs(Permission.PEOPLE_READ)
def panel(person_id: int) -> Any:
    person = queries.person(g.actor, person_id)
    return page("people/show.html", "people/_panel.html", **record(person)) if person else _led_on(person_id)


@bp.get("/new")
@needs(Permission.PEOPLE_WRITE)
def new() -> Any:
    return page("people/new.html", **_new(NewPersonForm()))


@bp.post("/likeness")
@needs(Permission.PEOPLE_WRITE)
@two_step
def likeness() -> Any:
    """While a new person is typed: who is like them. A POST, so that no phone stands in an address; it writes nothing."""
    found = queries.alike(g.actor, of_form(request.form))
    return page("people/new.html", "people/_alike.html", **_new(NewPersonForm(), alike=found))


@bp.post("")
@needs(Permission.PEOPLE_WRITE)
def add() -> Any:
    form = NewPersonForm()
    if not form.validate():
        return page("people/new.html", **_new(form), status=422)
    found = queries.alike(g.actor, of_form(request.form))
    if found.is_serious and "anyway" not in request.form:
        return page("people/new.html", **_new(form, alike=found, is_stopped=True), status=409)
    values = form.values
    values.pop("version")
    person = actions.add_person(g.actor, **values)
    flash(_("已记下%(name)s。", name=person.name), "done")
    return done(then=url_for("person.show", person_id=person.id))


@bp.get("/<int:person_id>/edit")
@needs(Permission.PEOPLE_WRITE)
def edit(person_id: int) -> Any:
    person = queries.person(g.actor, person_id)
    if person is None:
        return _led_on(person_id)
    return page(
        "people/edit.html", person=person, form=PersonForm.of(person), theirs={}, counties=queries.counties()
    )


@bp.post("/<int:person_id>")
@needs(Permission.PEOPLE_WRITE)
def save(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    form = PersonForm()
    if not form.validate():
        return page(
            "people/edit.html", person=person, form=form, theirs={}, counties=queries.counties(), status=422
        )
    if form.version.data != person.version:
        return _side_by_side(person, form)
    actions.edit_person(g.actor, person, **form.values)
    flash(_("已保存。"), "done")
    return done(then=url_for("person.show", person_id=person.id))


@bp.post("/<int:person_id>/confirmation")
@needs(Permission.PEOPLE_WRITE)
def confirm(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    actions.confirm(g.actor, person)
    flash(_("已记下：资料今天核对过。"), "done")
    return done(then=url_for("person.show", person_id=person.id))


@bp.post("/<int:person_id>/silence")
@needs(Permission.PEOPLE_WRITE)
def forbid_contact(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    form = ReasonForm()
    if not form.validate():
        return page("people/show.html", **record(person, reason_form=form), status=422)
    actions.forbid_contact(g.actor, person, reason=form.reason.data)
    return done(then=url_for("person.show", person_id=person.id))


@bp.post("/<int:person_id>/silence/end")
@needs(Permission.PEOPLE_WRITE)
def reach_again(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    form = ReasonForm()
    if not form.validate():
        return page("people/show.html", **record(person, reason_form=form), status=422)
    actions.reach_again(g.actor, person, reason=form.reason.data)
    return done(then=url_for("person.show", person_id=person.id))


@bp.post("/<int:person_id>/sharing")
@needs(Permission.PEOPLE_SHARE)
def share(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    form = _sharing_form()
    unit = accounts.unit(form.unit_id.data) if form.validate() else None
    actions.share(g.actor, person, unit or abort(422))
    flash(_("%(unit)s现在也能看到并联系%(name)s。", unit=unit.name, name=person.name), "done")
    return done(then=url_for("person.show", person_id=person.id))


def _new(
    form: NewPersonForm, *, alike: queries.Alike | None = None, is_stopped: bool = False
) -> dict[str, Any]:
    hits = alike.hits if alike else ()
    people = [*(hit.person for hit in hits), *(alike.namesakes if alike else ())]
    return {
        "form": form,
        "counties": queries.counties(),
        "alike": alike,
        "cards": {card.person.id: card for card in queries.cards(g.actor, people, with_phone=True)}
        if people
        else {},
        "chips": words.chips,
        "is_stopped": is_stopped,
    }


def _led_on(person_id: int) -> Any:
    """A record that went into another: its address leads there for ever, for those who may see it. Not permanently in the
    browser's memory (302), for a merge can be taken back."""
    person = merging.standing_for(g.actor, person_id) or abort(404)
    return redirect(url_for(request.endpoint or "person.show", person_id=person.id))


def record(person: Person, **forms: Any) -> dict[str, Any]:
    """What a person's page shows."""
    parts = queries.person_parts(g.actor, person)
    connected = {one.connected_user_id for one in parts.contacts if one.connected_user_id}
    return {
        "person": person,
        "parts": parts,
        "friends": accounts.names_of(connected) if connected else {},
        "pinyin": display_pinyin(person.name),
        "birthday": _birthday(person),
        "say": words.say,
        "doors": panels("person"),
        "merges": merging.merges_into(g.actor, person),
        "contact_form": forms.get("contact_form") or ContactForm(formdata=None),
        "post_form": forms.get("post_form") or PostForm(formdata=None),
        "reason_form": forms.get("reason_form") or ReasonForm(formdata=None),
        "sharing_form": _sharing_form(),
        "may": g.actor.may,
        "P": Permission,
    }


def _birthday(person: Person) -> dict[str, Any]:
    """The birth as it was told, the next birthday in both calendars, and both ages for whoever asks."""
    born = person.born
    by_moon = person.lunar_birthday_on and birthdays.lunar_date(person.lunar_birthday_on)
    return {
        "said": birthdays.said_lunar(born) if born.is_lunar else "",
        "next": person.birthday_on,
        "solar": person.solar_birthday_on,
        "lunar": person.lunar_birthday_on,
        "lunar_said": birthdays.said_lunar(by_moon) if by_moon else "",
        "age": birthdays.age(born, today=today()),
        "nominal_age": birthdays.nominal_age(born, today=today()),
    }


def _sharing_form() -> SharingForm:
    form = SharingForm()
    form.unit_id.choices = options(
        (unit.id, unit.name) for unit in accounts.units() if unit.closed_at is None
    )
    return form


def _side_by_side(person: Person, form: PersonForm) -> Any:
    """A lost update: what they saved and what was typed here, beside each other; saving again takes this one."""
    theirs = {
        field.name: (field.data, getattr(person, field.name))
        for field in form
        if hasattr(person, field.name)
        and field.name != "version"
        and _said(field.data) != _said(getattr(person, field.name))
    }
    form.version.data = person.version
    error = Stale("")
    return page(
        "people/edit.html",
        person=person,
        form=form,
        theirs=theirs,
        counties=queries.counties(),
        status=error.status,
    )


def _said(value: Any) -> str:
    return "" if value is None else str(value)
