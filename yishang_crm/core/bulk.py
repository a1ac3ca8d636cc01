"""Bulk has a lawful home: the only three ways to write guarded rows without loading them one by one."""

import contextlib
import functools
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import leave_entry
from yishang_crm.core.db import db
from yishang_crm.core.deed import Deed, doing, now_doing
from yishang_crm.core.scope import Unrecorded


class Bulk:
    """A bulk action under way. Entries: one when opened, one per chunk with a digest, one when closed."""

    def __init__(self, actor: Actor, verb: str, *, about: str) -> None:
        self.actor, self.verb, self.about = actor, verb, about
        self.written = 0
        self._hash = hashlib.sha256()
        self._chunk: dict[str, int] = {}

    def insert(self, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert many rows with one statement; returns their ids in the order given."""
        if not rows:
            return []
        key = table.__table__.c.id  # type: ignore[attr-defined]
        statement = sa.insert(table).returning(key, sort_by_parameter_order=True)
        # An empty value stays empty instead of falling back to its column's default.
        statement = statement.execution_options(render_nulls=True)
        ids = list(db.session.execute(statement, [{**_defaults(table), **row} for row in rows]).scalars())
        self._count(str(table.__tablename__), rows)
        return ids

    def insert_beside(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows into a table without an id, such as a search index."""
        if rows:
            db.session.execute(sa.insert(table), list(rows))
            self._count(table.name, rows)

    def update(self, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Update many rows by their `id`."""
        if rows:
            db.session.execute(sa.update(table), list(rows))
            self._count(f"{table.__tablename__} (update)", rows)

    def delete(self, table: type[SQLModel], ids: Sequence[int]) -> None:
        """Delete rows by id."""
        if ids:
            key = table.__table__.c.id  # type: ignore[attr-defined]
            gone = sa.delete(table).where(key.in_(list(ids)))
            db.session.execute(gone.execution_options(synchronize_session=False))
            self._count(f"{table.__tablename__} (delete)", [{"id": one} for one in ids])

    def chunk_done(self) -> None:
        """Leave the chunk's entry and commit, so that the write lock is free for others."""
        db.session.flush()
        deed = Deed(self.actor, f"{self.verb}.chunk", self.about)
        deed.note = {"rows": dict(self._chunk), "digest": self._hash.hexdigest()}
        leave_entry(deed)
        db.session.commit()
        self._chunk, self._hash = {}, hashlib.sha256()

    def _count(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        self.written += len(rows)
        self._chunk[name] = self._chunk.get(name, 0) + len(rows)
        self._hash.update(json.dumps([name, [list(row) for row in rows]], default=str).encode())
        self._hash.update(repr([list(row.values()) for row in rows]).encode())


@functools.cache
def _plain_defaults(table: type[SQLModel]) -> dict[str, Any]:
    fields = table.model_fields.items()
    return {name: field.default for name, field in fields if name != "id" and not field.is_required()
            and field.default_factory is None}  # fmt: skip


def _defaults(table: type[SQLModel]) -> dict[str, Any]:
    # A Core insert knows nothing of the model's defaults.
    factories = {name: field.default_factory for name, field in table.model_fields.items()}
    made = {name: factory() for name, factory in factories.items() if factory}  # type: ignore[call-arg]
    return _plain_defaults(table) | made


@contextlib.contextmanager
def bulk(actor: Actor, permission: Permission, verb: str, *, about: str = "") -> Iterator[Bulk]:
    """Open a bulk action. Commits when opened, after every `chunk_done()`, and when closed."""
    actor.must(permission)
    with doing(Deed(actor, verb, about)) as deed:
        leave_entry(Deed(actor, f"{verb}.opened", about))
        db.session.commit()
        work = Bulk(actor, verb, about=about)
        yield work
        if work._chunk:
            work.chunk_done()
        deed.note["written"] = work.written
        db.session.flush()
        leave_entry(deed)
        db.session.commit()


def claim(table: type[SQLModel], row_id: int, *, column: str, was: str, becomes: str, **values: Any) -> bool:
    """Move one row from a state to another, if it is still in the first. True for exactly one caller."""
    _must_be_doing(table)
    at = getattr(table, column)
    key = table.id  # type: ignore[attr-defined]
    move = sa.update(table).where(key == row_id, at == was).values({column: becomes, **values})
    return _rows(move.execution_options(synchronize_session=False)) == 1


def take(table: type[SQLModel], row_id: int, *, used: str, limit: str, n: int = 1) -> bool:
    """Take `n` of a limited count, or nothing: `used` never exceeds `limit` (a null limit is no limit).

    A single UPDATE decides, so that two hundred at once for the last twenty get exactly twenty,
    also those who may see nobody else's row. A negative `n` gives back.
    """
    _must_be_doing(table)
    used_now, most = getattr(table, used), getattr(table, limit)
    key = table.id  # type: ignore[attr-defined]
    fits = sa.or_(most.is_(None), used_now + n <= most) if n > 0 else used_now + n >= 0
    taking = sa.update(table).where(key == row_id, fits).values({used: used_now + n})
    return _rows(taking.execution_options(synchronize_session=False)) == 1


def next_number(table: type[SQLModel], row_id: int, *, column: str) -> int:
    """The next of a series kept on a row: no gaps and no doubles, for a transaction that fails gives it back."""
    _must_be_doing(table)
    counter = getattr(table, column)
    key = table.id  # type: ignore[attr-defined]
    counting = sa.update(table).where(key == row_id).values({column: counter + 1}).returning(counter)
    return int(db.session.execute(counting.execution_options(synchronize_session=False)).scalar_one())


def _rows(statement: Any) -> int:
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]


def _must_be_doing(table: type[SQLModel]) -> None:
    if now_doing() is None:
        raise Unrecorded(str(table.__tablename__))
