"""Bringing a file: drop it, see how it was understood, correct that. Then `checking`, then `receipts`."""

from typing import Any

from flask import Blueprint, abort, g, request, url_for

from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing
from yishang_crm.core.web import done, needs, page, two_step
from yishang_crm.people import actions, bringing, queries, words
from yishang_crm.people.bringing import About
from yishang_crm.people.forms import BringForm
from yishang_crm.people.models import LawfulBasis
from yishang_crm.people.models.brought import BatchState, ImportBatch
from yishang_crm.people.queries import imports as kept

bp = Blueprint("people_import", __name__, url_prefix="/people/import")


def found(batch_id: int) -> ImportBatch:
    """The batch, if the reader's unit brought it."""
    return queries.batch(g.actor, batch_id) or abort(404)


@bp.get("")
@needs(Permission.PEOPLE_IMPORT)
def index() -> Any:
    return page("people/import/index.html", form=BringForm(), batches=queries.batches(g.actor), say=words.say)


@bp.post("")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def bring() -> Any:
    form = BringForm()
    if not form.validate():
        return page(
            "people/import/index.html", form=form, batches=queries.batches(g.actor), say=words.say, status=422
        )
    file = form.file.data
    about = About(form.source.data, LawfulBasis(form.lawful_basis.data), form.as_of.data)
    content, name = file.read(), file.filename or ""
    file.close()
    brought = bringing.bring(g.actor, content, name, about=about)
    begin_writing()
    batch = bringing.keep(g.actor, brought, about=about, with_file=True)
    return done(then=url_for("people_import.show", batch_id=batch.id))


@bp.get("/<int:batch_id>/columns")
@needs(Permission.PEOPLE_IMPORT)
def columns(batch_id: int) -> Any:
    batch = found(batch_id)
    return page(
        "people/import/columns.html",
        batch=batch,
        fields=words.IMPORT_FIELDS,
        is_mine=batch.user_id == g.actor.id,
    )


@bp.post("/<int:batch_id>/columns")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def correct(batch_id: int) -> Any:
    before = found(batch_id)
    content = kept.file_of(g.actor, before) if before.state == BatchState.CHECKED else None
    if content is None:
        abort(409)
    corrected = bringing.choices_from_form(before.layout, request.form)
    about = About(before.source, before.lawful_basis, before.as_of, before.rule)
    choices = bringing.merged(before.choices, corrected)
    brought = bringing.bring(g.actor, content, before.file_name, about=about, choices=choices)
    begin_writing()
    bringing.remember(g.actor, before.layout, corrected)
    batch = bringing.keep(g.actor, brought, about=about, with_file=True)
    actions.discard_batch(g.actor, before)
    return done(then=url_for("people_import.show", batch_id=batch.id))
