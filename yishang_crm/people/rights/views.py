"""The ledger 个人权利申请: written down, answered; a person's own data in one file; erasure, weighed first."""

from typing import Any

from flask import Blueprint, Response, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked, shown
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import local, now, today
from yishang_crm.core.db import db, end_transaction, writing
from yishang_crm.core.web import done, needs, page, two_step
from yishang_crm.people import queries as people
from yishang_crm.people.rights import actions, queries, words
from yishang_crm.people.rights.forms import ErasureForm, OutcomeForm, RefusalForm, RequestForm
from yishang_crm.people.rights.models import RightsKind
from yishang_crm.people.rights.queries import Asked
from yishang_crm.people.rights.telling import own_file
from yishang_crm.people.rights.weighing import weighed

bp = Blueprint("rights", __name__, url_prefix="/people")

VIEWS = ("open", "late", "done", "")


@bp.get("/rights")
@needs(Permission.PEOPLE_WRITE)
def index() -> Any:
    which = request.args.get("which", "open")
    which = which if which in VIEWS else "open"
    number = asked.page_number(request.args)
    rows, counts = (
        queries.requests(g.actor, which=which, today=today(), page=number),
        queries.counts(g.actor, today=today()),
    )
    return page(
        "people/rights/index.html",
        rows=rows,
        which=which,
        counts=counts,
        number=number,
        size=queries.PAGE,
        **_words(),
    )


@bp.get("/<int:person_id>/rights/new")
@needs(Permission.PEOPLE_WRITE)
def new(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    form = RequestForm(formdata=None, asked_on=today())
    return page("people/rights/new.html", person=person, form=form)


@bp.post("/<int:person_id>/rights")
@needs(Permission.PEOPLE_WRITE)
def register(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    form = RequestForm()
    if not form.validate():
        return page("people/rights/new.html", person=person, form=form, status=422)
    asked = actions.register(
        g.actor,
        person,
        kind=RightsKind(form.kind.data),
        asked_on=form.asked_on.data,
        asked_by=form.asked_by.data,
        what=form.what.data or "",
    )
    flash(_("已登记，请在%(day)s前办理并答复本人。", day=shown.day(asked.due_on)), "done")
    return done(then=url_for("rights.show", request_id=asked.id))


@bp.get("/rights/<int:request_id>")
@needs(Permission.PEOPLE_WRITE)
def show(request_id: int) -> Any:
    return _page(_found(request_id))


@bp.post("/rights/<int:request_id>/outcome")
@needs(Permission.PEOPLE_WRITE)
def finish(request_id: int) -> Any:
    asked, form = _found(request_id), OutcomeForm()
    if not form.validate():
        return _page(asked, outcome_form=form, status=422)
    actions.finish(g.actor, asked.request, outcome=form.outcome.data)
    flash(_("已办结。"), "done")
    return done(then=url_for("rights.show", request_id=request_id))


@bp.post("/rights/<int:request_id>/refusal")
@needs(Permission.PEOPLE_WRITE)
def refuse(request_id: int) -> Any:
    asked, form = _found(request_id), RefusalForm()
    if not form.validate():
        return _page(asked, refusal_form=form, status=422)
    actions.refuse(g.actor, asked.request, reason=form.reason.data)
    flash(_("已记下不予办理和理由，请告知本人。"), "done")
    return done(then=url_for("rights.show", request_id=request_id))


@bp.post("/<int:person_id>/rights/copy")
@needs(Permission.PEOPLE_EXPORT)
@two_step
def copy(person_id: int) -> Response:
    """All that is known of one person in one file; the opening is recorded before the file is put together."""
    person = people.person(g.actor, person_id) or abort(404)
    name = person.name
    with writing():
        chapters = actions.tell_all(g.actor, person)
        db.session.commit()
    end_transaction()
    content = own_file(name, chapters, at=local(now()), by=g.actor.name)
    return Response(
        content,
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="own-data-{person_id}.zip"'},
    )


@bp.get("/rights/<int:request_id>/erasure")
@needs(Permission.PEOPLE_ERASE)
def weigh(request_id: int) -> Any:
    return _weighing(_found(request_id), ErasureForm(formdata=None))


@bp.post("/rights/<int:request_id>/erasure")
@needs(Permission.PEOPLE_ERASE)
def erase(request_id: int) -> Any:
    asked, form = _found(request_id), ErasureForm()
    person = people.person(g.actor, asked.request.person_id) or abort(404)
    if not form.validate():
        return _weighing(asked, form, status=422)
    files = actions.erase(g.actor, person, asked.request)
    db.session.commit()  # what is deleted from the disk is deleted for good: only once the rows are
    for file in files:
        file.unlink(missing_ok=True)
    flash(_("已删除。次数和名额等统计不变，本人的姓名、号码和内容都已清除。"), "done")
    return done(then=url_for("rights.show", request_id=request_id))


def _found(request_id: int) -> Asked:
    found: Asked = queries.request(g.actor, request_id) or abort(404)
    return found


def _page(asked: Asked, *, status: int = 200, **forms: Any) -> Any:
    return page(
        "people/rights/show.html",
        status=status,
        asked=asked,
        state=asked.request.state(today()),
        sees_person=people.person(g.actor, asked.request.person_id) is not None,
        may_erase=g.actor.may(Permission.PEOPLE_ERASE),
        may_copy=g.actor.may(Permission.PEOPLE_EXPORT),
        outcome_form=forms.get("outcome_form") or OutcomeForm(formdata=None),
        refusal_form=forms.get("refusal_form") or RefusalForm(formdata=None),
        **_words(),
    )


def _weighing(asked: Asked, form: ErasureForm, *, status: int = 200) -> Any:
    asked.request.must_be_erasable_by(g.actor.id)
    person = people.person(g.actor, asked.request.person_id) or abort(404)
    return page(
        "people/rights/erasure.html",
        status=status,
        asked=asked,
        person=person,
        weighed=weighed(g.actor, person.id or 0),
        form=form,
    )


def _words() -> dict[str, Any]:
    return {"say": words.say, "looks": words.LOOKS, "today": today()}
