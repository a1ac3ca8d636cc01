"""Bulk writes that keep what was there before."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import SQLModel

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.bulk import Bulk, bulk
from yishang_crm.core.deed import now_doing
from yishang_crm.core.plain import plain
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.undo.models import Act, Change, Image
from yishang_crm.core.undo.rules import Values, known_as
from yishang_crm.core.undo.values import next_version, rows_now


class Notes:
    """Bulk writes that keep what was there before. The rows were found for the actor by whoever writes here."""

    def __init__(self, work: Bulk, act_id: int) -> None:
        self.work, self.act_id, self.rows = work, act_id, 0

    def update(self, table: type[SQLModel], rows: Sequence[Values]) -> int:
        """Change rows by their `id`; what stands so already is left. Raises the version where there is one. How many changed."""
        was = rows_now(table, [row["id"] for row in rows])
        fresh, images = [], []
        for row in rows:
            before = was.get(row["id"])
            changed = [
                name for name in row if name != "id" and before is not None and before[name] != row[name]
            ]
            if before is None or not changed:
                continue
            fresh.append({"id": row["id"], **{name: row[name] for name in changed}, **next_version(before)})
            told = {name: [plain(before[name]), plain(row[name])] for name in changed}
            images.append(self._image(table, before, Change.UPDATED, told))
        self.work.update(table, fresh)
        self._keep(images)
        return len(fresh)

    def insert(self, table: type[SQLModel], rows: Sequence[Values]) -> list[int]:
        """Insert rows; returns their ids in order."""
        ids = self.work.insert(table, rows)
        stand = rows_now(table, ids)
        self._keep([self._whole(table, stand[row_id], Change.INSERTED) for row_id in ids])
        return ids

    def delete(self, table: type[SQLModel], ids: Sequence[int]) -> int:
        """Delete rows by id. How many there were."""
        was = rows_now(table, ids)
        self._keep([self._whole(table, row, Change.DELETED) for row in was.values()])
        self.work.delete(table, list(was))
        return len(was)

    def chunk_done(self) -> None:
        """As of `Bulk`; the act knows how far it came, so that one cut off can be undone, too."""
        self.work.update(Act, [{"id": self.act_id, "rows": self.rows}])
        self.work.chunk_done()

    def _whole(self, table: type[SQLModel], row: Values, change: Change) -> dict[str, Any]:
        return self._image(table, row, change, {name: plain(value) for name, value in row.items()})

    def _image(self, table: type[SQLModel], row: Values, change: Change, told: Values) -> dict[str, Any]:
        return {
            "act_id": self.act_id,
            "table_name": str(table.__tablename__),
            "row_id": row["id"],
            "change": change,
            "known_as": known_as(table, row),
            "image": Sealed(json.dumps(told, ensure_ascii=False)),
        }

    def _keep(self, images: Sequence[Values]) -> None:
        self.work.insert(Image, images)
        self.rows += len(images)


@contextlib.contextmanager
def taking_notes(
    actor: Actor, permission: Permission, verb: str, *, sentence: str, **said: Any
) -> Iterator[Notes]:
    """A bulk action that can be undone for 30 days. `sentence` and `said` are what "my recent acts" shows of it."""
    with bulk(actor, permission, verb) as work:
        act = {
            "verb": verb,
            "sentence": sentence,
            "said": said,
            "permission": permission.value,
            "actor": actor.key,
            "actor_name": actor.name,
        }
        (act_id,) = work.insert(Act, [act])
        deed = now_doing()
        if deed is not None:
            deed.about = work.about = f"act:{act_id}"
        notes = Notes(work, act_id)
        notes.chunk_done()
        yield notes
        notes.chunk_done()
