"""Taking an import back: whom it brought is taken off, what it changed is put back, what was edited since stays.

One audited bulk action. What stays is listed with its reason. A run that was cut off goes on where it stopped, because an
image is gone in the same transaction in which it was put back.
"""

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action, leave_entry
from yishang_crm.core.bulk import Bulk, Failed, bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import take_turns
from yishang_crm.core.deed import Deed, note
from yishang_crm.core.words import N_
from yishang_crm.people import uses
from yishang_crm.people.actions.imports.keeping import told
from yishang_crm.people.actions.imports.writing import TURN
from yishang_crm.people.models import ContactPoint, Organization, Person, Position
from yishang_crm.people.models.brought import ImageKind, ImportBatch, ImportImage, ImportRow
from yishang_crm.people.queries import imports as kept
from yishang_crm.people.queries import index, prints, undo

CHUNK = 50
JUST_USED = N_("正有别的记录指着他，留着")


@action(Permission.PEOPLE_IMPORT)
def begin_undoing(actor: Actor, batch: ImportBatch) -> None:
    """From here on it is being taken back; whoever comes first does it (a request, or the timetable)."""
    about(batch)
    batch.begin_undoing(at=now())
    batch.beat_at = None


def undo_batch(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    """Take back what a batch wrote. Returns how many rows were taken back and how many had something left."""
    begin_undoing(actor, batch)
    with bulk(
        actor, Permission.PEOPLE_IMPORT, "people.undo_import", about=f"import_batch:{batch.id}"
    ) as work:
        for kind in (ImageKind.UPDATED, ImageKind.CREATED):
            _undo_all(work, actor, batch, kind)
        _drop_firms(work, actor, batch)
    return finish_undoing(actor, batch)


undo_batch.permission = Permission.PEOPLE_IMPORT  # type: ignore[attr-defined]


@action(Permission.PEOPLE_IMPORT)
def finish_undoing(actor: Actor, batch: ImportBatch) -> dict[str, int]:
    about(batch)
    batch.be_undone(at=now())
    undone, _written = kept.undone_counts(actor, batch)
    # Also who is kept in part: the preview and the receipt count them, too.
    counts = {"undone": undone, "kept": kept.left_count(actor, batch)}
    note(**counts)
    return counts


def _undo_all(work: Bulk, actor: Actor, batch: ImportBatch, kind: ImageKind) -> None:
    while True:
        take_turns(TURN)
        some = kept.images(actor, batch, kind=kind, most=CHUNK)
        if not some:
            return
        try:
            with work.attempt():
                _undo(work, actor, batch, some)
        except Failed:
            for image in some:
                _undo_alone(work, actor, batch, image)
        work.put(ImportBatch, [batch.id or 0], beat_at=now())
        work.chunk_done()


def _undo_alone(work: Bulk, actor: Actor, batch: ImportBatch, image: ImportImage) -> None:
    try:
        with work.attempt():
            _undo(work, actor, batch, [image])
    except Failed:
        # An upper room points at the person and has not said so: the key in the database has.
        _note(work, [undo.Plan(image, left=[JUST_USED])])


def _undo(work: Bulk, actor: Actor, batch: ImportBatch, some: Sequence[ImportImage]) -> None:
    made = undo.plans(actor, batch, some)
    going = [plan.image.subject_id for plan in made if plan.back and plan.image.kind == ImageKind.CREATED]
    _take_off(work, going)
    changed = [plan for plan in made if plan.back and plan.image.kind == ImageKind.UPDATED]
    _put_back(work, actor, batch, changed)
    _note(work, made)


def _take_off(work: Bulk, ids: Sequence[int]) -> None:
    uses.let_go(work, ids)
    for table, parts in prints.parts_of(ids).items():
        work.delete(table, parts)
    work.delete(Person, ids)
    index.refresh(ids)


def _put_back(work: Bulk, actor: Actor, batch: ImportBatch, made: Sequence[undo.Plan]) -> None:
    if not made:
        return
    versions = prints.people_now([plan.image.subject_id for plan in made], ())
    people: list[dict[str, Any]] = []
    titles: list[dict[str, Any]] = []
    contacts: list[int] = []
    posts: list[int] = []
    for plan in made:
        before = _before(plan.image)
        columns: dict[str, Any] = {}
        for name in plan.back:
            kind, _, part = name.partition(":")
            if kind == "column":
                columns[part] = _as_it_was(part, before[name])
            elif kind == "title":
                titles.append({"id": int(part), "title": before[name]})
            elif kind == "contact":
                contacts.append(undo.contact_in(part)[0])
            else:
                posts.append(int(part))
        person_id = plan.image.subject_id
        # A version only ever grows, so that a form opened in between is not saved over the old values.
        people.append({"id": person_id, **columns, "version": versions[person_id]["version"] + 1})
        _leave_trace(actor, batch, plan, columns)
    work.update(Person, people)
    work.update(Position, titles)
    work.delete(ContactPoint, contacts)
    work.delete(Position, posts)
    index.refresh(plan.image.subject_id for plan in made)


def _before(image: ImportImage) -> dict[str, Any]:
    return dict(json.loads(image.before.whole())) if image.before else {}


def _as_it_was(column: str, value: Any) -> Any:
    """A value of an image, which holds only what JSON can."""
    return dt.datetime.fromisoformat(value) if column == "confirmed_at" and value else value


def _leave_trace(actor: Actor, batch: ImportBatch, plan: undo.Plan, columns: dict[str, Any]) -> None:
    row = f"person:{plan.image.subject_id}"
    changes = {row: {name: ["…", prints.plain(value)] for name, value in columns.items()}} if columns else {}
    deed = Deed(actor, "people.put_back", about=row, changes=changes)
    deed.note = {"batch": batch.id, "parts": [name for name in plan.back if not name.startswith("column:")]}
    leave_entry(deed)


def _note(work: Bulk, made: Sequence[undo.Plan]) -> None:
    at = now()
    rows = [
        {
            "id": plan.image.row_id,
            "left": [told(reason) for reason in plan.left],
            "undone_at": at if plan.back else None,
        }
        for plan in made
        if plan.image.row_id is not None
    ]
    work.update(ImportRow, rows)
    work.delete(ImportImage, [plan.image.id or 0 for plan in made])


def _drop_firms(work: Bulk, actor: Actor, batch: ImportBatch) -> None:
    """Firms that the file brought and where nobody is any more."""
    while some := kept.images(actor, batch, kind=ImageKind.ORGANIZATION, most=CHUNK):
        ids = [image.subject_id for image in some]
        work.delete(Organization, sorted(prints.empty_organizations(ids) - uses.organizations_in_use(ids)))
        work.delete(ImportImage, [image.id or 0 for image in some])
        work.chunk_done()
