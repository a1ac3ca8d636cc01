"""Requests between units, and what a person's page offers about who keeps them."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, options, page
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person
from yishang_crm.people.stewards import actions, queries, words
from yishang_crm.people.stewards.forms import AnswerForm, AskForm, TransferForm, TransferRequestForm

bp = Blueprint("stewards", __name__, url_prefix="/people")


@bp.get("/requests")
@needs(Permission.PEOPLE_READ)
def requests() -> Any:
    return page("people/stewards/requests.html", **_listed(AskForm(formdata=None)))


@bp.post("/requests")
@needs(Permission.PEOPLE_SHARE)
def ask() -> Any:
    form = AskForm()
    if not form.validate():
        return page("people/stewards/requests.html", **_listed(form), status=422)
    made = actions.ask(g.actor, **form.values)
    unit = accounts.unit(made.asked_unit_id)
    flash(_("已向%(unit)s提出申请，对方答复后这里看得到。", unit=unit.name if unit else ""), "done")
    return done(then=url_for("stewards.requests"))


@bp.get("/requests/<int:asking_id>")
@needs(Permission.PEOPLE_READ)
def show(asking_id: int) -> Any:
    found = queries.request(g.actor, asking_id) or abort(404)
    return page("people/stewards/request.html", **_shown(found, AnswerForm(formdata=None)))


@bp.post("/requests/<int:asking_id>/consent")
@needs(Permission.PEOPLE_SHARE)
def grant(asking_id: int) -> Any:
    return _answer(asking_id, actions.grant, said=_("已同意，对方现在就能联系。"))


@bp.post("/requests/<int:asking_id>/refusal")
@needs(Permission.PEOPLE_SHARE)
def refuse(asking_id: int) -> Any:
    return _answer(asking_id, actions.refuse, said=_("已答复：没有同意。"))


def _answer(asking_id: int, answer: Callable[..., None], *, said: str) -> Any:
    found = queries.request(g.actor, asking_id, hold=True) or abort(404)
    form = AnswerForm()
    if not form.validate():
        return page("people/stewards/request.html", **_shown(found, form), status=422)
    answer(g.actor, found, version=form.version.data, answer=form.values["answer"])
    flash(said, "done")
    return done(then=url_for("stewards.requests"))


@bp.post("/requests/<int:asking_id>/withdrawal")
@needs(Permission.PEOPLE_SHARE)
def withdraw(asking_id: int) -> Any:
    found = queries.request(g.actor, asking_id, hold=True) or abort(404)
    actions.withdraw(g.actor, found, version=AnswerForm().version.data)
    flash(_("申请已撤回。"), "done")
    return done(then=url_for("stewards.requests"))


@bp.get("/<int:person_id>/stewards")
@needs(Permission.PEOPLE_SHARE)
def of_person(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    return page("people/stewards/of_person.html", **_of_person(person))


@bp.post("/<int:person_id>/transfer")
@needs(Permission.PEOPLE_SHARE)
def transfer(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    form = _transfer_form()
    unit = accounts.unit(form.unit_id.data) if form.validate() else None
    if unit is None:
        return page("people/stewards/of_person.html", **_of_person(person, transfer_form=form), status=422)
    actions.transfer(g.actor, person, unit, reason=form.values["reason"], seen=form.seen.data)
    flash(_("%(name)s从现在起由%(unit)s负责联系。", name=person.name, unit=unit.name), "done")
    return done(then=url_for("person.show", person_id=person.id, _anchor="stewards"))


@bp.post("/<int:person_id>/transfer-request")
@needs(Permission.PEOPLE_SHARE)
def ask_for_transfer(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    form = TransferRequestForm()
    if not form.validate():
        return page("people/stewards/of_person.html", **_of_person(person, request_form=form), status=422)
    actions.ask_for_transfer(g.actor, person, reason=form.values["reason"])
    flash(_("已提出申请，等负责的单位答复。"), "done")
    return done(then=url_for("stewards.requests"))


@bp.post("/<int:person_id>/stewards/<int:stewardship_id>/end")
@needs(Permission.PEOPLE_SHARE)
def end_sharing(person_id: int, stewardship_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    keeping = queries.stewardship(g.actor, person, stewardship_id) or abort(404)
    gave_up = keeping.unit_id in g.actor.unit_ids and not g.actor.sees_all
    actions.end_sharing(g.actor, person, keeping)
    flash(_("已收回。"), "done")
    then = url_for("people.index") if gave_up else url_for("stewards.of_person", person_id=person.id)
    return done(then=then)


def _listed(form: AskForm) -> dict[str, Any]:
    number = asked.page_number(request.args)
    return {
        "form": form,
        "waiting": queries.requests(g.actor, waiting=True),
        "answered": queries.requests(g.actor, waiting=False, page=number),
        "number": number,
        "say": words.say,
        "shape": words.shape,
        "may_ask": g.actor.may(Permission.PEOPLE_SHARE) and not g.actor.sees_all,
    }


def _shown(found: Any, form: AnswerForm) -> dict[str, Any]:
    form.version.data = found.version
    is_ours = found.unit_id in g.actor.unit_ids
    return {
        "asked": queries.shown(g.actor, found),
        "form": form,
        "say": words.say,
        "shape": words.shape,
        "may_answer": g.actor.may(Permission.PEOPLE_SHARE) and (g.actor.sees_all or not is_ours),
        "may_withdraw": g.actor.may(Permission.PEOPLE_SHARE) and is_ours,
    }


def _of_person(person: Person, **forms: Any) -> dict[str, Any]:
    parts = people.person_parts(g.actor, person)
    ours = [one for one, _unit, _name in parts.stewards if one.unit_id in g.actor.unit_ids]
    answers = g.actor.sees_all or any(one.answerable for one in ours)
    return {
        "person": person,
        "stewards": parts.stewards,
        "waiting": queries.waiting_on(g.actor, person),
        "answers": answers,
        "mine": {one.id for one in ours},
        "transfer_form": forms.get("transfer_form") or _transfer_form(parts.answerable_unit_id or 0),
        "request_form": forms.get("request_form") or TransferRequestForm(formdata=None),
        "say": words.say,
    }


def _transfer_form(seen: int = 0) -> TransferForm:
    form = TransferForm(data={"seen": seen})
    form.unit_id.choices = options(
        (unit.id, unit.name) for unit in accounts.units() if unit.closed_at is None
    )
    return form
