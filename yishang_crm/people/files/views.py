"""Files on a person's page: the panel, adding, opening, removing; the photo."""

import io
from typing import Any

from flask import Blueprint, abort, flash, g, request, send_file, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.web import done, needs, page, two_step
from yishang_crm.people import queries as people
from yishang_crm.people.files import actions, contents, queries
from yishang_crm.people.files.forms import FileForm
from yishang_crm.people.models import Person

bp = Blueprint("files", __name__, url_prefix="/people")

# Whatever a file holds, it may do nothing where it is opened.
_NOTHING_RUNS = "default-src 'none'; sandbox"


@bp.get("/<int:person_id>/files")
@needs(Permission.PEOPLE_READ)
def of_person(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    return page("people/files/of_person.html", "people/files/_files.html", **_shown(person))


@bp.post("/<int:person_id>/files")
@needs(Permission.PEOPLE_WRITE)
@two_step
def add(person_id: int) -> Any:
    person, form = people.person(g.actor, person_id) or abort(404), FileForm()
    if not form.validate():
        return page("people/files/of_person.html", **_shown(person, form), status=422)
    end_transaction()
    content = contents.paper(form.file.data.filename or "", form.file.data.read())
    begin_writing()
    person = people.person(g.actor, person_id) or abort(404)
    actions.add_file(g.actor, person, content)
    flash(_("已放进%(name)s的资料。", name=person.name), "done")
    return done(then=url_for("person.show", person_id=person.id))


@bp.post("/<int:person_id>/files/<int:file_id>/opening")
@needs(Permission.PEOPLE_OPEN_CONTACT)
def open_file(person_id: int, file_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    found = queries.file(g.actor, person, file_id) or abort(404)
    return _sent(actions.open_file(g.actor, person, found), found.content_type, found.name)


@bp.post("/<int:person_id>/files/<int:file_id>/removal")
@needs(Permission.PEOPLE_WRITE)
def remove(person_id: int, file_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    found = queries.file(g.actor, person, file_id) or abort(404)
    actions.remove_file(g.actor, person, found)
    flash(_("已删去“%(name)s”。", name=found.name), "done")
    return done(then=url_for("files.of_person", person_id=person.id))


@bp.get("/<int:person_id>/photo")
@needs(Permission.PEOPLE_READ)
def photo(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    found = queries.photo_of(g.actor, person) or abort(404)
    return _sent(queries.content_of(g.actor, found), found.content_type)


@bp.post("/<int:person_id>/photo")
@needs(Permission.PEOPLE_WRITE)
@two_step
def set_photo(person_id: int) -> Any:
    person, form = people.person(g.actor, person_id) or abort(404), FileForm()
    if not form.validate():
        return page("people/files/of_person.html", **_shown(person, form), status=422)
    end_transaction()
    content = contents.photo(form.file.data.filename or "", form.file.data.read())
    begin_writing()
    person = people.person(g.actor, person_id) or abort(404)
    actions.set_photo(g.actor, person, content, seen=asked.number(request.form, "seen") or 0)
    return done(then=url_for("person.show", person_id=person.id))


@bp.post("/<int:person_id>/photo/removal")
@needs(Permission.PEOPLE_WRITE)
def remove_photo(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    actions.remove_photo(g.actor, person, seen=asked.number(request.form, "seen") or 0)
    return done(then=url_for("person.show", person_id=person.id))


def _sent(content: bytes, content_type: str, name: str = "") -> Any:
    """A picture of ours in the page, everything else to be kept by the browser."""
    answer = send_file(
        io.BytesIO(content), mimetype=content_type, as_attachment=bool(name), download_name=name or None
    )
    answer.headers["Content-Security-Policy"] = _NOTHING_RUNS
    answer.headers["Cache-Control"] = "no-store"  # nor may a validator tell whether it changed
    return answer


def _shown(person: Person, form: FileForm | None = None) -> dict[str, Any]:
    return {
        "person": person,
        "files": queries.files_of(g.actor, person),
        "form": form or FileForm(formdata=None),
        "may_write": g.actor.may(Permission.PEOPLE_WRITE),
        "may_open": g.actor.may(Permission.PEOPLE_OPEN_CONTACT),
    }
