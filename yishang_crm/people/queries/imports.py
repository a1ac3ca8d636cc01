"""Import batches: seen by those of the unit that brought the file."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import Moment, db
from yishang_crm.core.scope import scoped
from yishang_crm.people.importing.returned import MARK
from yishang_crm.people.models.brought import (
    UNDER_WAY,
    WRITTEN,
    BatchState,
    ImageKind,
    ImportBatch,
    ImportImage,
    ImportLayout,
    ImportPiece,
    ImportRow,
    RowOutcome,
)

# What writing a row needs; read as plain rows, for there are many.
_TO_WRITE = (
    ImportRow.id, ImportRow.sheet, ImportRow.row, ImportRow.outcome, ImportRow.person_id, ImportRow.doubt,
    ImportRow.decision, ImportRow.fields, ImportRow.changes, ImportRow.problems, ImportRow.reasons,
)  # fmt: skip


def batches_visible_to(actor: Actor) -> SelectOfScalar[ImportBatch]:
    """The uploader's values are shown to the uploader only, while the file is checked; the receipt to the unit."""
    wanted = scoped(ImportBatch, actor)
    return wanted if actor.sees_all else wanted.where(col(ImportBatch.unit_id).in_(actor.unit_ids))


def batches(actor: Actor) -> Sequence[ImportBatch]:
    """The latest fifty."""
    return db.session.scalars(batches_visible_to(actor).order_by(col(ImportBatch.id).desc()).limit(50)).all()


def batch(actor: Actor, batch_id: int) -> ImportBatch | None:
    return db.session.scalars(batches_visible_to(actor).where(ImportBatch.id == batch_id)).one_or_none()


def batches_under_way(actor: Actor, *, quiet_since: Moment) -> Sequence[ImportBatch]:
    """Those being written or undone of which no process has said anything since: their process died, or none began."""
    is_quiet = sa.or_(col(ImportBatch.beat_at).is_(None), col(ImportBatch.beat_at) < quiet_since)
    wanted = batches_visible_to(actor).where(col(ImportBatch.state).in_(UNDER_WAY), is_quiet)
    return db.session.scalars(wanted.order_by(col(ImportBatch.id))).all()


def batches_left_open(actor: Actor, *, before: Moment) -> Sequence[ImportBatch]:
    """Those that nobody closed."""
    open_states = (BatchState.CHECKED, BatchState.WRITING)
    wanted = batches_visible_to(actor).where(
        col(ImportBatch.state).in_(open_states), col(ImportBatch.created_at) < before
    )
    return db.session.scalars(wanted.order_by(col(ImportBatch.id))).all()


def batches_past_undoing(actor: Actor, *, before: Moment) -> Sequence[ImportBatch]:
    """Written so long ago that they cannot be undone any more, with their images still there."""
    wanted = batches_visible_to(actor).where(
        ImportBatch.state == BatchState.DONE,
        col(ImportBatch.written_at) < before,
        col(ImportBatch.images_gone_at).is_(None),
    )
    return db.session.scalars(wanted.order_by(col(ImportBatch.id))).all()


# Rows


def batch_rows(
    actor: Actor,
    batch: ImportBatch,
    *,
    outcome: RowOutcome | None = None,
    after: int = 0,
    most: int = 50,
    left: bool = False,
) -> Sequence[ImportRow]:
    """Rows of a batch already found for the actor, in the order of the file. `left`: those an undo did not touch."""
    wanted = scoped(ImportRow, actor).where(ImportRow.batch_id == batch.id, col(ImportRow.id) > after)
    if outcome:
        wanted = wanted.where(ImportRow.outcome == outcome)
    if left:
        wanted = wanted.where(sa.cast(col(ImportRow.left), sa.String) != "[]")
    return db.session.scalars(wanted.order_by(col(ImportRow.id)).limit(most)).all()


def batch_row(actor: Actor, batch: ImportBatch, row_id: int) -> ImportRow | None:
    """One row of a batch already found for the actor."""
    wanted = scoped(ImportRow, actor).where(ImportRow.batch_id == batch.id, ImportRow.id == row_id)
    return db.session.scalars(wanted).one_or_none()


def outcome_counts(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    """How many rows of a batch have each outcome."""
    rows = scoped(ImportRow, actor).where(ImportRow.batch_id == batch.id)
    counting = rows.with_only_columns(col(ImportRow.outcome), sa.func.count()).group_by(
        col(ImportRow.outcome)
    )
    found = {RowOutcome(outcome): int(count) for outcome, count in db.session.execute(counting)}
    return {outcome: found.get(outcome, 0) for outcome in RowOutcome}


def is_return(batch: ImportBatch) -> bool:
    """Whether its rows bear the ids of a yearly return: then those that say nothing anew are written, too, as confirmed."""
    return any(column["field"] == MARK for sheet in batch.layout for column in sheet["columns"])


def progress(actor: Actor, batch: ImportBatch) -> tuple[int, int]:
    """How many rows are done, of how many that are to be written (or taken back)."""
    outcomes = (*WRITTEN, RowOutcome.UNCHANGED) if is_return(batch) else WRITTEN
    rows = scoped(ImportRow, actor).where(
        ImportRow.batch_id == batch.id, col(ImportRow.outcome).in_(outcomes)
    )
    if batch.state == BatchState.UNDOING:
        rows = rows.where(col(ImportRow.written_at).is_not(None))
        waiting = scoped(ImportImage, actor).where(
            ImportImage.batch_id == batch.id, ImportImage.kind != ImageKind.ORGANIZATION
        )
        open_rows = waiting.with_only_columns(sa.func.count())
    else:
        open_rows = rows.where(col(ImportRow.written_at).is_(None)).with_only_columns(sa.func.count())
    total = int(db.session.scalar(rows.with_only_columns(sa.func.count())) or 0)
    return total - int(db.session.scalar(open_rows) or 0), total


def undone_counts(actor: Actor, batch: ImportBatch) -> tuple[int, int]:
    """How many written rows were taken back, of how many."""
    rows = scoped(ImportRow, actor).where(
        ImportRow.batch_id == batch.id, col(ImportRow.written_at).is_not(None)
    )
    counting = rows.with_only_columns(sa.func.count(col(ImportRow.undone_at)), sa.func.count())
    undone, written = db.session.execute(counting).one()
    return int(undone), int(written)


def left_count(actor: Actor, batch: ImportBatch) -> int:
    """How many rows an undo left, in whole or in part."""
    rows = scoped(ImportRow, actor).where(
        ImportRow.batch_id == batch.id, sa.cast(col(ImportRow.left), sa.String) != "[]"
    )
    return int(db.session.scalar(rows.with_only_columns(sa.func.count())) or 0)


def rows_to_write(
    actor: Actor, batch: ImportBatch, *, outcome: RowOutcome, after: int, most: int
) -> Sequence[Any]:
    """The next rows of an outcome that are not written yet, as plain rows."""
    wanted = _waiting(actor, batch, outcome).where(col(ImportRow.id) > after).with_only_columns(*_TO_WRITE)
    return db.session.execute(wanted.order_by(col(ImportRow.id)).limit(most)).all()


def still_to_write(actor: Actor, batch: ImportBatch, ids: Sequence[int], *, outcome: RowOutcome) -> set[int]:
    """Those of these rows, a portion in their order, that nobody else has written meanwhile."""
    if not ids:
        return set()
    # Between two numbers, not among many: for those SQLite walks through the whole batch, portion after portion.
    span = col(ImportRow.id).between(min(ids), max(ids))
    wanted = _waiting(actor, batch, outcome).where(span).with_only_columns(ImportRow.id)
    return set(ids) & {int(one) for one in db.session.execute(wanted).scalars()}


def _waiting(actor: Actor, batch: ImportBatch, outcome: RowOutcome) -> SelectOfScalar[ImportRow]:
    return scoped(ImportRow, actor).where(
        ImportRow.batch_id == batch.id, ImportRow.outcome == outcome, col(ImportRow.written_at).is_(None)
    )


def ids_of_rows(
    actor: Actor, batch: ImportBatch, *, after: int, most: int, outcome: RowOutcome | None = None
) -> Sequence[int]:
    """Ids of rows, in order; with `outcome` only of those that wait to be written."""
    wanted = (
        _waiting(actor, batch, outcome)
        if outcome
        else scoped(ImportRow, actor).where(ImportRow.batch_id == batch.id)
    )
    wanted = wanted.where(col(ImportRow.id) > after).with_only_columns(ImportRow.id)
    found = db.session.execute(wanted.order_by(col(ImportRow.id)).limit(most)).scalars()
    return [int(one) for one in found]


# The file and its images


def file_of(actor: Actor, batch: ImportBatch) -> bytes | None:
    """The file as it was brought, while the batch is open."""
    wanted = (
        scoped(ImportPiece, actor).where(ImportPiece.batch_id == batch.id).order_by(col(ImportPiece.number))
    )
    pieces = [piece.content for piece in db.session.scalars(wanted)]
    return b"".join(pieces) if pieces else None


def pieces_of(actor: Actor, batch: ImportBatch) -> Sequence[int]:
    wanted = scoped(ImportPiece, actor).where(ImportPiece.batch_id == batch.id)
    return [int(one) for one in db.session.execute(wanted.with_only_columns(ImportPiece.id)).scalars()]


def images(
    actor: Actor, batch: ImportBatch, *, kind: ImageKind | None = None, after: int = 0, most: int = 500
) -> Sequence[ImportImage]:
    wanted = scoped(ImportImage, actor).where(ImportImage.batch_id == batch.id, col(ImportImage.id) > after)
    if kind:
        wanted = wanted.where(ImportImage.kind == kind)
    return db.session.scalars(wanted.order_by(col(ImportImage.id)).limit(most)).all()


def ids_of_images(actor: Actor, batch: ImportBatch, *, most: int) -> Sequence[int]:
    wanted = scoped(ImportImage, actor).where(ImportImage.batch_id == batch.id)
    found = db.session.execute(wanted.with_only_columns(ImportImage.id).limit(most)).scalars()
    return [int(one) for one in found]


# Layouts


def remembered_columns(actor: Actor) -> dict[str, dict[str, Any]]:
    """What the actor's unit said of the columns of each form, by layout key; the latest two hundred."""
    wanted = select(ImportLayout).where(ImportLayout.unit_id == (actor.unit_id or 0))
    wanted = wanted.order_by(col(ImportLayout.saved_at).desc()).limit(200)
    return {one.layout_key: one.columns for one in db.session.scalars(wanted)}


def layout(unit_id: int, layout_key: str) -> ImportLayout | None:
    wanted = select(ImportLayout).where(
        ImportLayout.unit_id == unit_id, ImportLayout.layout_key == layout_key
    )
    return db.session.scalars(wanted).one_or_none()
