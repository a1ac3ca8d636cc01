"""The receipt of an import: what came of every row, and how it can be taken back for thirty days."""

from typing import Any

from flask import flash, g, redirect, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now
from yishang_crm.core.db import begin_writing
from yishang_crm.core.web import done, needs, page, two_step
from yishang_crm.people import actions, queries, words
from yishang_crm.people.models.brought import ImportBatch, RowOutcome
from yishang_crm.people.queries import imports as kept
from yishang_crm.people.queries import undo as undoing
from yishang_crm.people.views.bringing import bp, found

PAGE = 50
# So many rows are taken back while the page waits; more are taken back by the timetable.
AT_ONCE = 300


def receipt(batch: ImportBatch) -> Any:
    """Counts, each a link to its rows. Values are gone; row number, reason and the person stay."""
    said = request.args.get("outcome", "")
    outcome = RowOutcome(said) if said in set(RowOutcome) else None
    left, after = said == "left", asked.number(request.args, "after") or 0
    rows = kept.batch_rows(g.actor, batch, outcome=outcome, after=after, most=PAGE + 1, left=left)
    shown = rows[:PAGE]
    people = queries.people_by_ids(g.actor, [row.person_id for row in shown if row.person_id])
    until = batch.undo_until()
    return page(
        "people/import/receipt.html",
        batch=batch,
        rows=shown,
        more=rows[PAGE - 1].id if len(rows) > PAGE else None,
        names={person.id: person.name for person in people},
        said="left" if left else (outcome.value if outcome else ""),
        counts=kept.outcome_counts(g.actor, batch),
        undone=kept.undone_counts(g.actor, batch),
        left_count=kept.left_count(g.actor, batch),
        undo_until=until if until and now() <= until else None,
        outcomes=list(RowOutcome),
        say=words.say,
        tell=words.tell,
    )


@bp.get("/<int:batch_id>/undo")
@needs(Permission.PEOPLE_IMPORT)
def undo(batch_id: int) -> Any:
    """What taking it back would do, before it is done."""
    batch = found(batch_id)
    until = batch.undo_until()
    if until is None or now() > until:
        return redirect(url_for("people_import.show", batch_id=batch.id), code=303)
    preview = undoing.preview(g.actor, batch)
    people = queries.people_by_ids(
        g.actor, [person_id for person_id, _row, _why in preview.listed if person_id]
    )
    return page(
        "people/import/undo.html",
        batch=batch,
        preview=preview,
        until=until,
        names={person.id: person.name for person in people},
        tell=words.tell,
    )


@bp.post("/<int:batch_id>/undo")
@needs(Permission.PEOPLE_IMPORT)
@two_step
def take_back(batch_id: int) -> Any:
    batch = found(batch_id)
    _undone, written = kept.undone_counts(g.actor, batch)
    begin_writing()
    if written > AT_ONCE:
        actions.begin_undoing(g.actor, batch)
    else:
        counts = actions.undo_batch(g.actor, batch)
        flash(_("已撤销%(undone)s行；%(kept)s行有留着没动的。", **counts), "done")
    return done(then=url_for("people_import.show", batch_id=batch.id))
