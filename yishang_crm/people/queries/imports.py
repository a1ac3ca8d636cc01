"""Import batches: seen by those of the unit that brought the file."""

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import scoped, unscoped_for
from yishang_crm.people.models import BatchState, ImportBatch, ImportRow, RowOutcome


def batches_visible_to(actor: Actor) -> SelectOfScalar[ImportBatch]:
    """The uploader's values are shown to the uploader only, while the file is checked; the receipt to the unit."""
    wanted = scoped(ImportBatch, actor)
    return wanted if actor.sees_all else wanted.where(col(ImportBatch.unit_id).in_(actor.unit_ids))


def batches(actor: Actor) -> Sequence[ImportBatch]:
    """The latest fifty."""
    return db.session.scalars(batches_visible_to(actor).order_by(col(ImportBatch.id).desc()).limit(50)).all()


def batch(actor: Actor, batch_id: int) -> ImportBatch | None:
    return db.session.scalars(batches_visible_to(actor).where(ImportBatch.id == batch_id)).one_or_none()


def batch_rows(
    actor: Actor, batch: ImportBatch, *, outcome: RowOutcome | None = None, after: int = 0, most: int = 50
) -> Sequence[ImportRow]:
    """Rows of a batch already found for the actor, in the order of the file."""
    wanted = scoped(ImportRow, actor).where(ImportRow.batch_id == batch.id, col(ImportRow.id) > after)
    if outcome:
        wanted = wanted.where(ImportRow.outcome == outcome)
    return db.session.scalars(wanted.order_by(col(ImportRow.id)).limit(most)).all()


def outcome_counts(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    """How many rows of a batch have each outcome."""
    rows = scoped(ImportRow, actor).where(ImportRow.batch_id == batch.id)
    counting = rows.with_only_columns(col(ImportRow.outcome), sa.func.count()).group_by(
        col(ImportRow.outcome)
    )
    found = {RowOutcome(outcome): int(count) for outcome, count in db.session.execute(counting)}
    return {outcome: found.get(outcome, 0) for outcome in RowOutcome}


def batch_row(actor: Actor, batch: ImportBatch, row_id: int) -> ImportRow | None:
    """One row of a batch already found for the actor."""
    wanted = scoped(ImportRow, actor).where(ImportRow.batch_id == batch.id, ImportRow.id == row_id)
    return db.session.scalars(wanted).one_or_none()


def batches_left_open(*, before: dt.datetime) -> list[int]:
    """Ids of files brought before a moment and neither written nor thrown away; for nobody's eyes."""
    wanted = select(ImportBatch.id).where(
        ImportBatch.state == BatchState.CHECKED, col(ImportBatch.created_at) < before
    )
    return [int(found or 0) for found in db.session.scalars(unscoped_for("what is kept too long", wanted))]
