"""The check page of an import: every row with what it will do; cells, conflicts, the rule; write, stop, throw away."""

from io import BytesIO
from typing import Any

from flask import abort, flash, g, request, send_file, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing
from yishang_crm.core.web import done, needs, page, two_step
from yishang_crm.people import actions, bringing, queries, words
from yishang_crm.people.forms import CellForm
from yishang_crm.people.models.brought import (
    UNDER_WAY,
    BatchState,
    ConflictRule,
    ImportBatch,
    ImportRow,
    RowOutcome,
)
from yishang_crm.people.problem_rows import workbook
from yishang_crm.people.queries import imports as kept
from yishang_crm.people.resuming import go_on
from yishang_crm.people.views.bringing import bp, found
from yishang_crm.people.views.receipts import receipt

PAGE = 50
# So many rows are written while the page waits; more are written by the timetable, and the page may be closed.
AT_ONCE = 500


@bp.get("/<int:batch_id>")
@needs(Permission.PEOPLE_IMPORT)
def show(batch_id: int) -> Any:
    batch = found(batch_id)
    if batch.state in UNDER_WAY:
        return page("people/import/progress.html", **_progress(batch))
    if batch.state != BatchState.CHECKED:
        return receipt(batch)
    return page("people/import/check.html", **_checked(batch))


def wanted_outcome() -> RowOutcome | None:
    wanted = request.values.get("outcome", "")
    return RowOutcome(wanted) if wanted in set(RowOutcome) else None


def _checked(batch: ImportBatch) -> dict[str, Any]:
    outcome, after = wanted_outcome(), asked.number(request.args, "after") or 0
    rows = kept.batch_rows(g.actor, batch, outcome=outcome, after=after, most=PAGE + 1)
    return {
        "batch": batch,
        "rows": rows[:PAGE],
        "counts": kept.outcome_counts(g.actor, batch),
        "outcome": outcome,
        "outcomes": list(RowOutcome),
        "after": after,
        "more": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "edited": asked.number(request.args, "edit") or 0,
        "is_mine": batch.user_id == g.actor.id,
        "is_return": kept.is_return(batch),
        "rules": words.choices(ConflictRule),
        **_row_words(),
    }


def _row_words() -> dict[str, Any]:
    return {
        "say": words.say,
        "tell": words.tell,
        "fields": words.IMPORT_FIELDS,
        "labels": words.CHANGE_FIELDS,
        "cell_text": words.cell_text,
        "said_change": words.said_change,
        "wrong": {},
    }


def _progress(batch: ImportBatch) -> dict[str, Any]:
    done_rows, total = kept.progress(g.actor, batch)
    return {"batch": batch, "done": done_rows, "total": total}


@bp.get("/<int:batch_id>/progress")
@needs(Permission.PEOPLE_IMPORT)
def progress(batch_id: int) -> Any:
    """The fragment that asks again by itself; at the end it leads to the receipt."""
    batch = found(batch_id)
    if batch.state not in UNDER_WAY:
        return done(then=url_for("people_import.show", batch_id=batch.id))
    return page("people/import/progress.html", "people/import/_progress.html", **_progress(batch))


def _of_mine(batch: ImportBatch) -> ImportBatch:
    """The values of a file are for the one who brought it."""
    return batch if batch.user_id == g.actor.id else abort(404)


@bp.get("/<int:batch_id>/rows/<int:row_id>")
@needs(Permission.PEOPLE_IMPORT)
def row(batch_id: int, row_id: int) -> Any:
    """One row with its cells to be mended; without script, the check page with this row open."""
    batch = _of_mine(found(batch_id))
    one = kept.batch_row(g.actor, batch, row_id) or abort(404)
    before = _checked(batch) | {"rows": [one], "edited": one.id, "more": None}
    return page("people/import/check.html", "people/import/_row.html", row=one, **before)


@bp.post("/<int:batch_id>/rows/<int:row_id>/cell")
@needs(Permission.PEOPLE_IMPORT)
def cell(batch_id: int, row_id: int) -> Any:
    batch = _of_mine(found(batch_id))
    one = kept.batch_row(g.actor, batch, row_id) or abort(404)
    form = CellForm()
    if not form.validate():
        return _wrong_cell(
            batch,
            one,
            form.field.data or "",
            [str(wrong) for wrong in form.value.errors] or [_("请重新打开这一行再改。")],
        )
    read = bringing.read_cell(form.field.data, form.value.data, queries.gazetteer())
    if read.refused:
        return _wrong_cell(batch, one, form.field.data, [words.tell(problem) for problem in read.problems])
    actions.mend_cell(
        g.actor,
        batch,
        one,
        field=form.field.data,
        value=read.value,
        problems=read.problems,
        version=form.version.data,
    )
    return done(
        "people/import/_row.html",
        then=url_for("people_import.row", batch_id=batch.id, row_id=one.id),
        **_checked(batch) | {"row": one, "edited": one.id},
    )


def _wrong_cell(batch: ImportBatch, one: ImportRow, field: str, errors: list[str]) -> Any:
    said = _checked(batch) | {"rows": [one], "edited": one.id, "more": None, "wrong": {field: errors}}
    return page("people/import/check.html", "people/import/_row.html", row=one, status=422, **said)


@bp.post("/<int:batch_id>/rows/<int:row_id>/decision")
@needs(Permission.PEOPLE_IMPORT)
def decide(batch_id: int, row_id: int) -> Any:
    batch = found(batch_id)
    one = kept.batch_row(g.actor, batch, row_id) or abort(404)
    actions.decide_row(g.actor, batch, one, take=request.form.get("take", ""))
    return done(then=_back(batch))


@bp.post("/<int:batch_id>/decision")
@needs(Permission.PEOPLE_IMPORT)
def decide_all(batch_id: int) -> Any:
    batch = found(batch_id)
    settled = actions.decide_rows(g.actor, batch, take=request.form.get("take", ""))
    flash(_("定了%(count)s行；不能这样定的还在冲突里。", count=settled), "done" if settled else "info")
    return done(then=_back(batch))


@bp.post("/<int:batch_id>/rule")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def rule(batch_id: int) -> Any:
    batch = found(batch_id)
    wanted = request.form.get("rule", "")
    if wanted not in set(ConflictRule):
        abort(400)
    begin_writing()
    actions.set_rule(g.actor, batch, rule=ConflictRule(wanted))
    flash(_("已按这条规则重新核对。"), "done")
    return done(then=url_for("people_import.show", batch_id=batch.id))


@bp.post("/<int:batch_id>/problems")
@needs(Permission.PEOPLE_IMPORT)
def problems(batch_id: int) -> Any:
    """Rows that would not be written, as a workbook to be corrected and brought again; asked for, so on record."""
    batch = _of_mine(found(batch_id))
    rows = actions.take_problem_rows(g.actor, batch)
    return send_file(
        BytesIO(workbook(rows)),
        mimetype="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        as_attachment=True,
        download_name=_("没有写入的行.xlsx"),
    )


@bp.post("/<int:batch_id>/writing")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def write(batch_id: int) -> Any:
    batch = found(batch_id)
    _done_rows, total = kept.progress(g.actor, batch)
    begin_writing()
    if total > AT_ONCE and "now" not in request.form:
        actions.begin_writing(g.actor, batch)
    elif batch.state == BatchState.UNDOING:
        go_on(g.actor, batch)
    else:
        counts = actions.write_batch(g.actor, batch)
        flash(_("写入完成：新增%(create)s，更新%(update)s。", **counts), "done")
    return done(then=url_for("people_import.show", batch_id=batch.id))


@bp.post("/<int:batch_id>/closing")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def close(batch_id: int) -> Any:
    batch = found(batch_id)
    begin_writing()
    actions.close_batch(g.actor, batch)
    flash(_("已到此为止：没有写的行列在回单上，文件里的内容已清除。"), "done")
    return done(then=url_for("people_import.show", batch_id=batch.id))


@bp.post("/<int:batch_id>/discard")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def discard(batch_id: int) -> Any:
    batch = found(batch_id)
    begin_writing()
    actions.discard_batch(g.actor, batch)
    flash(_("已作废，没有写入任何人，文件里的内容已清除。"), "done")
    return done(then=url_for("people_import.index"))


def _back(batch: ImportBatch) -> str:
    outcome = wanted_outcome()
    return url_for("people_import.show", batch_id=batch.id, outcome=outcome.value if outcome else None)
