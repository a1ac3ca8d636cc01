"""Files when records become one: all are kept, one photo stands at the head, the others become papers."""

from collections.abc import Sequence

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.words import N_
from yishang_crm.people.duplicates.parts import Line, Merging, Part, part_of_merge
from yishang_crm.people.files import queries
from yishang_crm.people.files.models import FileKind
from yishang_crm.people.queries import merging as people


def register() -> None:
    """Leave the part where merges look."""
    part_of_merge(Part("files", 7, _lines, _move))


def _lines(_actor: Actor, person_ids: Sequence[int]) -> list[Line]:
    counts = {one: len(queries.kept_of([one])) for one in person_ids}
    return [Line(N_("文件和照片"), counts, N_("都归到合并后的人，多出来的照片放进文件"))]


def _move(_actor: Actor, work: Merging) -> None:
    (survivor,) = people.of_people([work.survivor_id])
    rows = queries.kept_of(work.ids)
    photos = [row for row in rows if row.kind == FileKind.PHOTO]
    # The survivor's own photo stays, else the newest of the others comes to the head.
    head = max(photos, key=lambda row: (row.person_id == work.survivor_id, row.id or 0), default=None)
    survivor.photo_id = head.id if head else None
    for row in rows:
        if row.kind == FileKind.PHOTO and row is not head:
            row.kind = FileKind.PAPER
        if row.person_id != work.survivor_id:
            row.person_id = work.survivor_id
            work.count("files", 1)
    db.session.flush()
