"""One appointment: made, shown, renewed, ended, joined to its account."""

from typing import Any

from flask import abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import today
from yishang_crm.core.web import done, needs, page
from yishang_crm.network import actions, queries
from yishang_crm.network.forms import AppointForm, LoginForm, ReasonForm, TermForm
from yishang_crm.network.models import Appointment, AppointmentKind
from yishang_crm.network.views.pages import bp, found_appointment
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person


@bp.get("/network/new")
@needs(Permission.NETWORK_WRITE)
def new() -> Any:
    person = people.person(g.actor, asked.number(request.args, "person") or 0) or abort(404)
    return page("network/new.html", person=person, form=_appoint_form(starts_on=today(), formdata=None))


@bp.post("/people/<int:person_id>/appointments")
@needs(Permission.NETWORK_WRITE)
def appoint(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    form = _appoint_form()
    if not form.validate():
        return page("network/new.html", person=person, form=form, status=422)
    values = form.values | {
        "kind": AppointmentKind(form.kind.data),
        "liaison_id": form.liaison_id.data or None,
    }
    appointment = actions.appoint(g.actor, person, **values)
    flash(_("%(name)s的聘任已记下。", name=person.name), "done")
    return done(then=_page_of(appointment))


@bp.get("/network/<int:appointment_id>")
@needs(Permission.NETWORK_READ)
def show(appointment_id: int) -> Any:
    return page("network/show.html", **_shown(*found_appointment(appointment_id)))


@bp.post("/network/<int:appointment_id>/renewal")
@needs(Permission.NETWORK_WRITE)
def renew(appointment_id: int) -> Any:
    appointment, person = found_appointment(appointment_id, hold=True)
    form = TermForm()
    if not form.validate():
        return page("network/show.html", **_shown(appointment, person, term_form=form), status=422)
    following = actions.renew_appointment(g.actor, appointment, **form.values)
    flash(_("%(name)s已续聘。", name=person.name), "done")
    return done(then=_page_of(following))


@bp.post("/network/<int:appointment_id>/ending")
@needs(Permission.NETWORK_WRITE)
def end(appointment_id: int) -> Any:
    appointment, person = found_appointment(appointment_id, hold=True)
    form = ReasonForm()
    if not form.validate():
        return page("network/show.html", **_shown(appointment, person, reason_form=form), status=422)
    actions.end_appointment(g.actor, appointment, reason=form.reason.data)
    flash(_("%(name)s的聘任已结束。", name=person.name), "done")
    return done(then=_page_of(appointment))


@bp.post("/network/<int:appointment_id>/account")
@needs(Permission.NETWORK_WRITE)
def join_account(appointment_id: int) -> Any:
    appointment, person = found_appointment(appointment_id, hold=True)
    form = LoginForm()
    if not form.validate():
        return page("network/show.html", **_shown(appointment, person, login_form=form), status=422)
    actions.join_account(g.actor, appointment, person=person, login=form.login.data)
    flash(_("账号已经和%(name)s对上，可以发个人链接了。", name=person.name), "done")
    return done(then=_page_of(appointment))


def _shown(appointment: Appointment, person: Person, **forms: Any) -> dict[str, Any]:
    user = queries.account_of(g.actor, appointment.person_id)
    return {
        "appointment": appointment,
        "person": person,
        "user": user,
        "link": queries.link_of(g.actor, user) if user else None,
        "unit": accounts.unit(appointment.unit_id),
        "liaison": accounts.names_of({appointment.liaison_id or 0}).get(appointment.liaison_id or 0, ""),
        "entrustings": queries.entrustings_of(g.actor, appointment.person_id),
        "introductions": queries.introductions_of(g.actor, appointment.person_id),
        "day": today(),
        "may_write": g.actor.may(Permission.NETWORK_WRITE),
        "term_form": forms.get("term_form") or TermForm(formdata=None),
        "reason_form": forms.get("reason_form") or ReasonForm(formdata=None),
        "login_form": forms.get("login_form") or LoginForm(formdata=None),
    }


def _appoint_form(**options: Any) -> AppointForm:
    colleagues = [user for user in accounts.colleagues(g.actor) if user.unit_id == g.actor.unit_id]
    form = AppointForm(colleagues, **options)
    if not form.is_submitted():
        form.liaison_id.data = g.actor.id
    return form


def _page_of(appointment: Appointment) -> str:
    return url_for("network.show", appointment_id=appointment.id)
