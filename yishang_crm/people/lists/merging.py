"""Tags and snapshots when records become one."""

from collections.abc import Sequence
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.words import N_
from yishang_crm.people.duplicates import parts
from yishang_crm.people.duplicates.parts import Line, Merging
from yishang_crm.people.lists import queries


def register() -> None:
    """Leave this part where a merge looks."""
    parts.part_of_merge(parts.Part("lists", 4, lines, move))


def lines(_actor: Actor, person_ids: Sequence[int]) -> list[Line]:
    tags = {one: len(queries.pairs_of([one])) for one in person_ids}
    frozen = {one: len(queries.memberships_of([one])) for one in person_ids}
    return [
        Line(N_("标签"), tags, N_("都归到合并后的人，重复的只留一个")),
        Line(N_("快照"), frozen, N_("快照上改为合并后的人")),
    ]


def move(_actor: Actor, work: Merging) -> None:
    """One tag stands once, and one snapshot names a person once."""
    _move(work, "tags", queries.pairs_of(work.ids), "tag_id")
    _move(work, "snapshots", queries.memberships_of(work.ids), "snapshot_id")


def _move(work: Merging, name: str, rows: Sequence[Any], column: str) -> None:
    standing = {getattr(row, column) for row in rows if row.person_id == work.survivor_id}
    moving = []
    for row in sorted(rows, key=lambda row: row.id):
        if row.person_id == work.survivor_id:
            continue
        if getattr(row, column) in standing:
            db.session.delete(row)
            continue
        standing.add(getattr(row, column))
        moving.append(row)
    db.session.flush()
    for row in moving:
        row.person_id = work.survivor_id
    work.count(name, len(moving))
    db.session.flush()
