"""Saved views, columns, segments, and snapshots that freeze a list."""

from collections.abc import Sequence
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.bulk import bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people import queries
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import MOST_FROZEN, Readers, SavedView, Segment, Snapshot, SnapshotMember
from yishang_crm.people.queries import kept as reading
from yishang_crm.people.queries.listing import matching

CHUNK = 2000


@action(Permission.PEOPLE_READ)
def save_view(
    actor: Actor, *, name: str, readers: Readers, filters: Filters, columns: Sequence[str] = ()
) -> SavedView:
    """Keep what the list shows under a name."""
    _must_be_shareable(actor, readers)
    view = SavedView(
        **_of(actor), name=_name(name), readers=readers, filters=filters.said, columns=list(columns)
    )
    db.session.add(view)
    return view


@action(Permission.PEOPLE_READ)
def keep_view(actor: Actor, view: SavedView, *, filters: Filters, version: int) -> None:
    """Take the changed filters over into one's own view."""
    view.must_be_own(actor)
    view.keep(filters=filters.said, version=version)


@action(Permission.PEOPLE_READ)
def rename_view(actor: Actor, view: SavedView, *, name: str, readers: Readers, version: int) -> None:
    view.must_be_own(actor)
    _must_be_shareable(actor, readers)
    view.rename(name=_name(name), readers=readers, version=version)


@action(Permission.PEOPLE_READ)
def remove_view(actor: Actor, view: SavedView) -> None:
    """The people it listed stay as they are."""
    view.must_be_own(actor)
    db.session.delete(view)


@action(Permission.PEOPLE_READ)
def choose_columns(
    actor: Actor, *, columns: Sequence[str], version: int, view: SavedView | None = None
) -> None:
    """The columns of one's own view, or of one's list, which has a row from the first choice on (version 0: none yet)."""
    if view is None:
        view = queries.own_layout(actor)
        if view is None:
            view = SavedView(**_of(actor), name="", of_list=True, version=0)
            db.session.add(view)
    view.must_be_own(actor)
    view.choose(columns=list(columns), version=version)


@action(Permission.PEOPLE_READ)
def add_segment(actor: Actor, *, name: str, readers: Readers, tree: dict[str, Any]) -> Segment:
    _must_be_shareable(actor, readers)
    segment = Segment(**_of(actor), name=_name(name), readers=readers, tree=_tree(tree))
    db.session.add(segment)
    return segment


@action(Permission.PEOPLE_READ)
def edit_segment(
    actor: Actor, segment: Segment, *, name: str, readers: Readers, tree: dict[str, Any], version: int
) -> None:
    segment.must_be_own(actor)
    _must_be_shareable(actor, readers)
    segment.edit(name=_name(name), readers=readers, tree=_tree(tree), version=version)


@action(Permission.PEOPLE_READ)
def remove_segment(actor: Actor, segment: Segment) -> None:
    """Its snapshots stay."""
    segment.must_be_own(actor)
    db.session.delete(segment)


def freeze(
    actor: Actor, *, name: str, why: str, readers: Readers, filters: Filters, about: str = ""
) -> Snapshot:
    """Write down who is on a list now. Raises `NotPossible` for nobody, or for more than 20,000."""
    filters = filters.as_of(actor)
    wanted = matching(actor, filters)
    snapshot = begin_snapshot(
        actor, name=name, why=why, readers=readers, filters=filters, about=about, people=_size(actor, wanted)
    )
    frozen = 0
    with bulk(actor, Permission.PEOPLE_READ, "people.freeze", about=f"snapshot:{snapshot.id}") as work:
        after = 0
        while ids := reading.ids_matching(actor, wanted, after=after, most=CHUNK):
            after = ids[-1]
            work.insert(SnapshotMember, [{"snapshot_id": snapshot.id, "person_id": one} for one in ids])
            frozen += len(ids)
            work.chunk_done()
    finish_snapshot(actor, snapshot, people=frozen)
    return snapshot


freeze.permission = Permission.PEOPLE_READ  # type: ignore[attr-defined]


@action(Permission.PEOPLE_READ)
def begin_snapshot(
    actor: Actor, *, name: str, why: str, readers: Readers, filters: Filters, about: str, people: int
) -> Snapshot:
    _must_be_shareable(actor, readers)
    if not why.strip():
        raise NotPossible(N_("请写上为什么留存，以后看的人才明白。"))
    snapshot = Snapshot(
        **_of(actor),
        name=_name(name),
        why=why.strip(),
        readers=readers,
        filters=filters.said,
        about=about,
        people=people,
    )
    db.session.add(snapshot)
    return snapshot


@action(Permission.PEOPLE_READ)
def finish_snapshot(actor: Actor, snapshot: Snapshot, *, people: int) -> None:
    snapshot.people, snapshot.finished_at = people, now()


def _size(actor: Actor, wanted: Any) -> int:
    people = len(reading.ids_matching(actor, wanted, after=0, most=MOST_FROZEN + 1))
    if not people:
        raise NotPossible(N_("这个名单现在没有人，没有可留存的。"))
    if people > MOST_FROZEN:
        raise NotPossible(N_("一份快照最多20,000人，请再加条件。"))
    return people


def _of(actor: Actor) -> dict[str, Any]:
    return {"user_id": actor.id, "user_name": actor.name[:40], "unit_id": actor.unit_id}


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise NotPossible(N_("请起一个名字。"))
    return name


def _must_be_shareable(actor: Actor, readers: Readers) -> None:
    if readers == Readers.ALL and not actor.sees_all:
        raise NotPossible(N_("只有市局能让全市都看到，您可以共享给本单位。"))


def _tree(tree: dict[str, Any]) -> dict[str, Any]:
    if not any(group.get("parts") for group in tree.get("parts", [])):
        raise NotPossible(N_("请至少选一个条件。"))
    return tree
