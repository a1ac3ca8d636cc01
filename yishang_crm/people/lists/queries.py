"""Every row behind the people list that is about one person, whoever asks: to tell, to move, to forget."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.lists.models import Kept, PersonTag, SavedView, Segment, Snapshot, SnapshotMember, Tag

_WHY = "tags and snapshots of one person"


def tags_on(person_id: int) -> Sequence[tuple[PersonTag, Tag]]:
    """The latest first."""
    wanted = select(PersonTag, Tag).join(Tag, col(Tag.id) == PersonTag.tag_id)
    mine = wanted.where(PersonTag.person_id == person_id).order_by(col(PersonTag.id).desc())
    return [tuple(row) for row in db.session.execute(unscoped_for(_WHY, mine))]


def snapshots_with(person_id: int) -> Sequence[Snapshot]:
    """The latest first."""
    on_it = sa.select(col(SnapshotMember.snapshot_id)).where(col(SnapshotMember.person_id) == person_id)
    return _all(select(Snapshot).where(col(Snapshot.id).in_(on_it)).order_by(col(Snapshot.id).desc()))


def pairs_of(person_ids: Iterable[int]) -> Sequence[PersonTag]:
    return _all(select(PersonTag).where(col(PersonTag.person_id).in_(list(person_ids))))


def memberships_of(person_ids: Iterable[int]) -> Sequence[SnapshotMember]:
    return _all(select(SnapshotMember).where(col(SnapshotMember.person_id).in_(list(person_ids))))


def all_kept() -> Iterable[Kept]:
    """Every view, segment and snapshot: few, and their conditions stand in JSON, so words are looked for in the rows."""
    for table in (SavedView, Segment, Snapshot):
        yield from _all(select(table))


def _all(wanted: Any) -> Sequence[Any]:
    return db.session.scalars(unscoped_for(_WHY, wanted)).all()
