"""What is kept of a file, for how long, and how it is wiped."""

from collections.abc import Iterable, Sequence
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.bulk import bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.people.importing import Problem
from yishang_crm.people.models.brought import ImportBatch, ImportImage, ImportLayout, ImportPiece, ImportRow
from yishang_crm.people.queries import imports as reading

PIECE = 1024 * 1024
AT_ONCE = 1000


def told(problem: str) -> Any:
    """A sentence as a row keeps it: with its values apart, so that it can be said in another language."""
    if isinstance(problem, Problem) and problem.values:
        return {"sentence": problem.sentence, "values": problem.values}
    return str(problem) if isinstance(problem, str) else problem


def in_chunks(rows: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def keep_file(actor: Actor, batch: ImportBatch, content: bytes) -> None:
    """Keep the file while its columns may still be corrected, on whichever machine that is asked."""
    with bulk(actor, Permission.PEOPLE_IMPORT, "people.keep_file", about=f"import_batch:{batch.id}") as work:
        for number, start in enumerate(range(0, len(content), PIECE)):
            piece = content[start : start + PIECE]
            work.insert(ImportPiece, [{"batch_id": batch.id, "number": number, "content": piece}])
            work.chunk_done()


def wipe(actor: Actor, batch: ImportBatch) -> None:
    """The uploader saw the whole values while checking; from here on only row numbers and reasons stay."""
    with bulk(
        actor, Permission.PEOPLE_IMPORT, "people.wipe_import", about=f"import_batch:{batch.id}"
    ) as work:
        after = 0
        while ids := reading.ids_of_rows(actor, batch, after=after, most=AT_ONCE):
            after = ids[-1]
            work.put(ImportRow, ids, fields={}, changes={})
            work.chunk_done()
        for piece in reading.pieces_of(actor, batch):
            work.delete(ImportPiece, [piece])
            work.chunk_done()


@action(Permission.PEOPLE_IMPORT)
def remember_layout(actor: Actor, *, layout_key: str, columns: dict[str, str]) -> None:
    """What somebody said of a form's columns, for the next file made from the same form."""
    unit_id = actor.unit_id or 0
    one = reading.layout(unit_id, layout_key)
    if one is None:
        db.session.add(ImportLayout(unit_id=unit_id, layout_key=layout_key, columns=columns))
        return
    one.columns, one.saved_at = columns, now()


def drop_images(actor: Actor, batch: ImportBatch) -> None:
    """Thirty days later: what it wrote can no longer be taken back; row number and reason stay."""
    with bulk(
        actor, Permission.PEOPLE_IMPORT, "people.drop_images", about=f"import_batch:{batch.id}"
    ) as work:
        while ids := reading.ids_of_images(actor, batch, most=AT_ONCE):
            work.delete(ImportImage, ids)
            work.chunk_done()
    end_undoing(actor, batch)


drop_images.permission = Permission.HOUSEKEEPING  # type: ignore[attr-defined]


@action(Permission.HOUSEKEEPING)
def end_undoing(actor: Actor, batch: ImportBatch) -> None:
    about(batch)
    batch.images_gone_at = now()
