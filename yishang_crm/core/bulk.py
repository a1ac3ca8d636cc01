"""Bulk has a lawful home: the only three ways to write guarded rows without loading them one by one."""

import contextlib
import functools
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import leave_entry
from yishang_crm.core.db import db, is_sqlite
from yishang_crm.core.deed import Deed, doing, now_doing
from yishang_crm.core.errors import HouseError
from yishang_crm.core.scope import Unrecorded

# What an attempt may fail with for the sake of one row: the house says no, the database says no, a value does not fit.
# A database that is locked or gone is not among them: that is nobody's row's fault.
Failed = (HouseError, sa.exc.IntegrityError, sa.exc.DataError, ValueError)


class Bulk:
    """A bulk action under way. Entries: one when opened, one per chunk with a digest, one when closed."""

    def __init__(self, actor: Actor, verb: str, *, about: str) -> None:
        self.actor, self.verb, self.about = actor, verb, about
        self.written = 0
        self._hash = hashlib.sha256()
        self._chunk: dict[str, int] = {}

    def insert(self, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> list[int]:
        """Insert many rows; returns their ids in the order given. A column that is not named has its default;
        rows that all bring an `id` keep it."""
        if not rows:
            return []
        defaults = _defaults(table)
        ids = _inserted(_table(table), [{**defaults, **_with_followers(table, row)} for row in rows])
        self._count(str(table.__tablename__), rows)
        return ids

    def insert_beside(self, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert many rows into a table without an id, such as a search index."""
        if rows:
            db.session.execute(sa.insert(table), list(rows))
            self._count(table.name, rows)

    def update(self, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
        """Update many rows by their `id`. Rows already loaded keep their old values in hand."""
        alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
        for row in (_with_followers(table, row) for row in rows):
            alike.setdefault(tuple(row), []).append(row)
        for names, some in alike.items():
            _update(_table(table), [name for name in names if name != "id"], some)
            self._count(f"{table.__tablename__} (update)", some)

    def put(self, table: type[SQLModel], ids: Sequence[int], **values: Any) -> None:
        """Give many rows the same values."""
        if ids:
            wanted, values = _table(table), dict(_with_followers(table, values))
            db.session.execute(sa.update(wanted).where(wanted.c.id.in_(ids)).values(**values))
            self._count(f"{table.__tablename__} (put)", [{"id": one, **values} for one in ids])

    def delete(self, table: type[SQLModel], ids: Sequence[int]) -> None:
        """Delete many rows; what still points at one of them is an error of the database."""
        if ids:
            wanted = _table(table)
            db.session.execute(sa.delete(wanted).where(wanted.c.id.in_(ids)))
            self._count(f"{table.__tablename__} (delete)", [{"id": one} for one in ids])

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """All of a block or nothing of it: what raises leaves neither rows nor a count, and raises on."""
        before = self.written, dict(self._chunk), self._hash.copy()
        try:
            with db.session.begin_nested():
                yield
        except BaseException:
            self.written, self._chunk, self._hash = before
            raise

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
        self._hash.update(json.dumps([name, [list(row) for row in rows[:1]]], default=str).encode())
        self._hash.update(repr([list(row.values()) for row in rows]).encode())


def _table(table: type[SQLModel]) -> sa.Table:
    # By its table, not its class: the mapper would look at every row once more.
    return table.__table__  # type: ignore[attr-defined]


def _inserted(table: sa.Table, rows: list[dict[str, Any]]) -> list[int]:
    if all("id" in row for row in rows):  # put back under the numbers they had
        db.session.execute(sa.insert(table), rows)
        return [int(row["id"]) for row in rows]
    if not is_sqlite():
        statement = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
        return list(db.session.execute(statement, rows).scalars())
    # SQLite tells ids only row by row. Whoever writes holds the only write lock, so the next ones are known.
    first = _next_id(table)
    for number, row in enumerate(rows, first):
        row["id"] = number
    db.session.execute(sa.insert(table), rows)
    return list(range(first, first + len(rows)))


def _next_id(table: sa.Table) -> int:
    # Asked for every few rows, so in plain SQL; the names are those of our own tables.
    highest = f'SELECT coalesce(max(id), 0) FROM "{table.name}"'
    if table.dialect_options["sqlite"]["autoincrement"]:
        # The number of a row that is gone is not given again.
        last = f"SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{table.name}'"
        highest = f"SELECT max(({highest}), ({last}))"
    connection = db.session.connection()
    scope = {"scope": "house: numbering"}
    return int(connection.exec_driver_sql(highest, execution_options=scope).scalar_one()) + 1


def _update(table: sa.Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    # Prefixes keep the parameters apart from the columns of the same name.
    values: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in names}
    statement = sa.update(table).where(table.c.id == sa.bindparam("key_id")).values(values)
    parameters = [{"key_id": row["id"], **{f"to_{name}": row[name] for name in names}} for row in rows]
    db.session.execute(statement, parameters)


# Given the columns of a row that are being written, returns those that follow from them.
Following = Callable[[Mapping[str, Any]], dict[str, Any]]
_followers: dict[type[SQLModel], list[Following]] = {}


def follows(table: type[SQLModel], columns: Following) -> None:
    """Columns that follow from others of the same row, so that no bulk writer can forget them."""
    _followers.setdefault(table, []).append(columns)


def _with_followers(table: type[SQLModel], row: Mapping[str, Any]) -> Mapping[str, Any]:
    for columns in _followers.get(table, ()):
        row = {**row, **columns(row)}
    return row


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
