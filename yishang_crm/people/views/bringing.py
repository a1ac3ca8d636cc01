"""Bringing a file: drop it, see how it was understood, correct that, see what each row will do, write, receipt."""

import hashlib
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.web import done, needs, page, two_step
from yishang_crm.people import actions, queries, words
from yishang_crm.people.bringing import assessed, choices_from_form, file_facts
from yishang_crm.people.forms import BringForm
from yishang_crm.people.importing import UnreadableFile, read_file
from yishang_crm.people.models import BatchState, ImportBatch, LawfulBasis, RowOutcome
from yishang_crm.people.queries import imports as reading

bp = Blueprint("people_import", __name__, url_prefix="/people/import")

PAGE = 50


@bp.get("")
@needs(Permission.PEOPLE_IMPORT)
def index() -> Any:
    return page("people/import/index.html", form=BringForm(), batches=queries.batches(g.actor))


@bp.post("")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def bring() -> Any:
    form = BringForm()
    if not form.validate():
        return page("people/import/index.html", form=form, batches=queries.batches(g.actor), status=422)
    content = form.file.data.read()
    source = form.source.data or form.file.data.filename or ""
    batch = _check(content, form.file.data.filename or "", {}, source=source, basis=form.lawful_basis.data)
    return done(then=url_for("people_import.show", batch_id=batch.id))


@bp.get("/<int:batch_id>")
@needs(Permission.PEOPLE_IMPORT)
def show(batch_id: int) -> Any:
    batch = queries.batch(g.actor, batch_id) or abort(404)
    if batch.state in (BatchState.DONE, BatchState.DISCARDED):
        return page("people/import/receipt.html", batch=batch, problems=_problem_rows(batch), say=words.say)
    wanted = request.args.get("outcome", "")
    outcome = RowOutcome(wanted) if wanted in set(RowOutcome) else None
    rows = queries.batch_rows(
        g.actor, batch, outcome=outcome, after=asked.number(request.args, "after") or 0, most=PAGE
    )
    counts = reading.outcome_counts(g.actor, batch)
    return page(
        "people/import/check.html",
        batch=batch,
        rows=rows,
        counts=counts,
        outcome=outcome,
        outcomes=list(RowOutcome),
        more=rows[-1].id if len(rows) == PAGE else None,
        is_mine=batch.user_id == g.actor.id,
        say=words.say,
    )


@bp.get("/<int:batch_id>/columns")
@needs(Permission.PEOPLE_IMPORT)
def columns(batch_id: int) -> Any:
    batch = queries.batch(g.actor, batch_id) or abort(404)
    return page(
        "people/import/columns.html",
        batch=batch,
        fields=words.IMPORT_FIELDS,
        is_mine=batch.user_id == g.actor.id,  # only who brought the file sees its values
    )


@bp.post("/<int:batch_id>/columns")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def correct(batch_id: int) -> Any:
    before = queries.batch(g.actor, batch_id) or abort(404)
    kept = _kept_file(before)
    if before.state != BatchState.CHECKED or not kept.exists():
        abort(409)
    choices = choices_from_form(before.layout, request.form)
    batch = _check(
        kept.read_bytes(), before.file_name, choices, source=before.source, basis=before.lawful_basis
    )
    actions.discard_batch(g.actor, queries.batch(g.actor, batch_id) or before)
    kept.unlink(missing_ok=True)
    return done(then=url_for("people_import.show", batch_id=batch.id))


@bp.post("/<int:batch_id>/rows/<int:row_id>/decision")
@needs(Permission.PEOPLE_IMPORT)
def decide(batch_id: int, row_id: int) -> Any:
    batch = queries.batch(g.actor, batch_id) or abort(404)
    row = reading.batch_row(g.actor, batch, row_id) or abort(404)
    actions.decide_row(g.actor, batch, row, take=request.form.get("take", ""))
    return done(
        then=url_for("people_import.show", batch_id=batch.id, outcome=request.form.get("outcome") or None)
    )


@bp.post("/<int:batch_id>/writing")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def write(batch_id: int) -> Any:
    batch = queries.batch(g.actor, batch_id) or abort(404)
    begin_writing()
    counts = actions.write_batch(g.actor, batch)
    _kept_file(batch).unlink(missing_ok=True)
    flash(_("写入完成：新增%(create)s，更新%(update)s。", **counts), "done")
    return done(then=url_for("people_import.show", batch_id=batch.id))


@bp.post("/<int:batch_id>/discard")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def discard(batch_id: int) -> Any:
    batch = queries.batch(g.actor, batch_id) or abort(404)
    begin_writing()
    actions.discard_batch(g.actor, batch)
    _kept_file(batch).unlink(missing_ok=True)
    flash(_("已作废，没有写入任何人，文件里的内容已清除。"), "done")
    return done(then=url_for("people_import.index"))


def _check(content: bytes, name: str, choices: dict[str, Any], *, source: str, basis: str) -> ImportBatch:
    """Read and assess outside any write transaction, then keep what was found."""
    gazetteer = queries.gazetteer()
    end_transaction()
    read = read_file(content, name, choices=choices, gazetteer=gazetteer)
    rows = assessed(g.actor, read)
    if not rows:
        raise UnreadableFile(
            _("文件里没有认出人名。请看看是不是选错了文件，或把表头写成“姓名、单位、职务、手机”。")
        )
    begin_writing()
    batch = actions.check_file(
        g.actor,
        rows,
        **file_facts(read, file_hash=hashlib.sha256(content).hexdigest()),
        source=source,
        lawful_basis=LawfulBasis(basis),
        choices=choices,
    )
    kept = _kept_file(batch)
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    kept.touch(mode=0o600)
    kept.write_bytes(content)
    return batch


def _kept_file(batch: ImportBatch) -> Path:
    """Where the file waits while its columns may still be corrected; removed when the batch is closed."""
    return Path(current_app.config["SETTINGS"].folder) / "imports" / f"{batch.id}.file"


def _problem_rows(batch: ImportBatch) -> list[Any]:
    rows = [
        row
        for outcome in (RowOutcome.CONFLICT, RowOutcome.ERROR)
        for row in queries.batch_rows(g.actor, batch, outcome=outcome, most=200)
    ]
    return sorted(rows, key=lambda row: row.id)
