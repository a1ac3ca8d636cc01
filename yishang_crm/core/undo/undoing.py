"""Putting back what an act changed, but for what somebody edited since."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.bulk import Bulk, bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.plain import from_plain, plain
from yishang_crm.core.undo.models import Act, Change, Image
from yishang_crm.core.undo.queries import images as images_of
from yishang_crm.core.undo.rules import Rules, Values, rules_of
from yishang_crm.core.undo.values import columns_of, next_version, row_of, rows_now

MOST_LISTED = 500


@dataclass
class Undone:
    """What an undo did: rows put back, and what was left with the reason."""

    restored: int
    left: list[dict[str, Any]]


def undo(actor: Actor, act: Act) -> Undone:
    """Put back what an act changed, the last change first; one that was cut off goes on where it stopped.

    Left alone and listed: fields that somebody edited since (`edited`), rows that are gone (`gone`), that the actor may no
    longer change (`hidden`), or that others have come to depend on (`needed`).
    """
    act.must_be_undoable(at=now())
    done = Undone(0, [])
    with bulk(actor, Permission(act.permission), "core.undo.undo", about=f"act:{act.id}") as work:
        before = None
        while images := images_of(act, before=before):
            before = images[-1].id
            for some in _alike(images):
                _put_back(actor, work, some, done)
            work.chunk_done()
        end = {"undone_at": now(), "restored": done.restored, "left": done.left[:MOST_LISTED]}
        work.update(Act, [{"id": act.id, **end}])
    return done


undo.permission = Permission.OWN_ACCOUNT  # type: ignore[attr-defined]


def _alike(images: Sequence[Image]) -> Iterator[list[Image]]:
    """Neighbors of the same table and kind of change, in order."""
    run: list[Image] = []
    for image in images:
        if run and (run[0].table_name, run[0].change) != (image.table_name, image.change):
            yield run
            run = []
        run.append(image)
    if run:
        yield run


def _put_back(actor: Actor, work: Bulk, images: list[Image], done: Undone) -> None:
    rules = rules_of(images[0].table_name)
    told = {image.row_id: json.loads(image.image.whole()) for image in images}
    stand = rows_now(rules.table, list(told))
    if images[0].change == Change.DELETED:
        rows = {row_id: row_of(rules.table, values) for row_id, values in told.items()}
    else:
        rows = {row_id: dict(row) for row_id, row in stand.items()}
    seen = rules.seen(actor, list(rows.values()))
    put: list[Values] = []
    for image in images:
        row_id, row = image.row_id, rows.get(image.row_id)
        if row is not None and row_id not in seen:
            done.left.append({"row": image.known_as, "why": "hidden"})
            continue
        one = _Row(image, rules, told[row_id], row, stands=stand.get(row_id))
        if one.put_back(work, done):
            put.append(one.row or {})
    if rules.follow and put:
        rules.follow(put)


@dataclass
class _Row:
    """One row to be put back: what the act did to it, and how it stands now."""

    image: Image
    rules: Rules
    told: Values
    row: Values | None
    stands: Values | None

    def put_back(self, work: Bulk, done: Undone) -> bool:
        way = {Change.UPDATED: self._revert, Change.INSERTED: self._remove, Change.DELETED: self._return}
        return way[self.image.change](work, done)

    def _revert(self, work: Bulk, done: Undone) -> bool:
        if self.row is None:
            return self._leave(done, "gone")
        columns = columns_of(self.rules.table)
        back, edited = {}, []
        for name, (was, became) in self.told.items():
            if plain(self.row[name]) == became:
                back[name] = from_plain(columns[name], was)
            elif plain(self.row[name]) != was:  # else it stands as it was: this undo had begun before
                edited.append(name)
        if edited:
            self._leave(done, "edited", edited)
        if back:
            work.update(self.rules.table, [{"id": self.image.row_id, **back, **next_version(self.row)}])
        done.restored += not edited
        return bool(back)

    def _remove(self, work: Bulk, done: Undone) -> bool:
        if self.row is not None:
            edited = [
                name
                for name, value in self.told.items()
                if name != "version" and name in self.row and plain(self.row[name]) != value
            ]
            if edited:
                return self._leave(done, "edited", edited)
            if not _holds(lambda: work.delete(self.rules.table, [self.image.row_id])):
                return self._leave(done, "needed")
        done.restored += 1
        return self.row is not None

    def _return(self, work: Bulk, done: Undone) -> bool:
        if self.stands is not None:
            if {name: plain(value) for name, value in self.stands.items()} != dict(self.told):
                return self._leave(done, "needed")
            done.restored += 1  # this undo had begun before
            return False
        if not _holds(lambda: work.insert(self.rules.table, [self.row or {}])):
            return self._leave(done, "needed")
        done.restored += 1
        return True

    def _leave(self, done: Undone, why: str, fields: Sequence[str] = ()) -> bool:
        left = {"row": self.image.known_as, "why": why}
        done.left.append(left | ({"fields": sorted(fields)} if fields else {}))
        return False


def _holds(write: Callable[[], object]) -> bool:
    """Whether the database lets it stand; a row that others point at, or whose place is taken, does not go through."""
    try:
        with db.session.begin_nested():
            write()
    except IntegrityError:
        return False
    return True
