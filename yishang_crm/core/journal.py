"""A journal of every row that a deed changed, so that the deed can be taken back: exactly, but for what was edited since.

It listens to the session, so that rooms whose rows are changed need not know of it. What goes past the session (`core.bulk`)
is told by `counted`. The text of a journal holds whole values, sealed ones too: keep it in an encrypted column only.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session as OrmSession
from sqlmodel import SQLModel

from yishang_crm.core.bulk import take
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.plain import from_plain, plain
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_

# A counter that says who saved first goes on counting: a form opened in between must not fit again.
_VERSION = "version"


@dataclass
class Journal:
    """Steps in the order they were flushed; each holds rows that were added, changed, removed, and counts taken."""

    steps: list[list[dict[str, Any]]] = field(default_factory=list)
    unread: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)

    def text(self, **beside: Any) -> Sealed:
        """Everything, for an encrypted column; `beside` is kept with it."""
        return Sealed(json.dumps({"steps": self.steps, **beside}, ensure_ascii=False))


@dataclass(frozen=True)
class Since:
    """A row that is no longer as the deed left it, and the columns that were therefore let be; no column: it is gone."""

    table: str
    id: int
    columns: tuple[str, ...] = ()


_open: ContextVar[Journal | None] = ContextVar("journal", default=None)


@contextlib.contextmanager
def journal() -> Iterator[Journal]:
    """Note every row that is changed inside (within an open action)."""
    db.session.flush()
    written = Journal()
    token = _open.set(written)
    try:
        yield written
        db.session.flush()
    finally:
        _open.reset(token)


def counted(table: type[SQLModel], row_id: int, *, used: str, limit: str, n: int) -> None:
    """Tell the open journal, if there is one, of something taken with `core.bulk.take`."""
    written = _open.get()
    if written is not None:
        written.steps.append(
            [{"table": str(table.__tablename__), "id": row_id, "used": used, "limit": limit, "n": n}]
        )


def read(text: Sealed) -> dict[str, Any]:
    """What `Journal.text` wrote (within an open action)."""
    return dict(json.loads(text.whole()))


def rows_in(text: Sealed) -> set[str]:
    """The keys of all rows that a journal tells of, as the trail has them: `person:5` (within an open action)."""
    return {f"{one['table']}:{one['id']}" for step in read(text)["steps"] for one in step}


@sa.event.listens_for(OrmSession, "before_flush")
def _note_what_will_be_gone(session: OrmSession, _context: object, _instances: object) -> None:
    written = _open.get()
    if written is None:
        return
    for row in session.dirty:
        _read_what_was_not(written, row)
    removed = [{"table": row.__tablename__, "id": row.id, "was": image(row)} for row in session.deleted]
    if removed:
        written.steps.append(removed)


@sa.event.listens_for(OrmSession, "after_flush")
def _note_writes(session: OrmSession, _context: object) -> None:
    written = _open.get()
    if written is None:
        return
    noted: list[dict[str, Any]] = [
        {"table": row.__tablename__, "id": row.id, "now": image(row)} for row in session.new
    ]
    for row in session.dirty:
        was, now_is = _changes(written, row)
        if was:
            noted.append({"table": row.__tablename__, "id": row.id, "was": was, "now": now_is})
    if noted:
        written.steps.append(noted)


def image(row: object) -> dict[str, Any]:
    """All columns of a row, as the journal keeps them (within an open action, for sealed values are whole)."""
    return {name: plain(getattr(row, name)) for name in _columns(type(row))}


def _read_what_was_not(written: Journal, row: Any) -> None:
    """A column that was expired when it was set has no old value in the session; the database still has it."""
    state: Any = sa.inspect(row)
    names = [
        name
        for name in _columns(type(row))
        if (history := state.attrs[name].history).added and not history.deleted
    ]
    if names:
        table = type(row)
        wanted = sa.select(*(getattr(table, name) for name in names)).where(table.id == row.id)
        was = db.session.connection().execute(unscoped_for("the journal", wanted)).one()
        written.unread[table.__tablename__, row.id] = dict(zip(names, map(plain, was), strict=True))


def _changes(written: Journal, row: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    state: Any = sa.inspect(row)
    unread = written.unread.pop((row.__tablename__, row.id), {})
    was: dict[str, Any] = {}
    now_is: dict[str, Any] = {}
    for name in _columns(type(row)):
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        was[name] = plain(history.deleted[0]) if history.deleted else unread.get(name)
        now_is[name] = plain(history.added[0]) if history.added else None
    return was, now_is


# Taking back


def take_back(steps: list[list[dict[str, Any]]]) -> list[Since]:
    """Undo the steps, the last one first (within an open action). Returns what was edited since and therefore stays.

    Raises `NotPossible` when a count that has to be taken again is used up.
    """
    since: list[Since] = []
    for step in reversed(steps):
        for entry in (one for one in step if "n" in one):
            _take_again(entry)
        for entry in (one for one in step if "now" in one and "was" not in one):
            row = _row(entry)
            if row is not None:
                db.session.delete(row)
        db.session.flush()
        for entry in (one for one in step if "now" in one and "was" in one):
            since += _revert(entry)
        db.session.flush()
        for entry in (one for one in step if "was" in one and "now" not in one):
            _restore(entry)
        db.session.flush()
    return since


def _take_again(entry: Mapping[str, Any]) -> None:
    table = _table(entry["table"])
    if not take(table, entry["id"], used=entry["used"], limit=entry["limit"], n=-entry["n"]):
        raise NotPossible(N_("当时让出的座位或名额已经给了别人，请先调整数量，再撤销。"))
    row = db.session.get(table, entry["id"], execution_options={"scope": "house: taking back"})
    if row is not None:
        db.session.expire(row, [entry["used"]])


def _revert(entry: Mapping[str, Any]) -> list[Since]:
    row = _row(entry)
    if row is None:
        return [Since(entry["table"], entry["id"])]
    table = type(row)
    edited = []
    for name, was in entry["was"].items():
        if name == _VERSION:
            setattr(row, name, getattr(row, name) + 1)
        elif plain(getattr(row, name)) == entry["now"][name]:
            setattr(row, name, from_plain(table.__table__.c[name], was))
        elif plain(getattr(row, name)) != was:
            edited.append(name)
    return [Since(entry["table"], entry["id"], tuple(edited))] if edited else []


def _restore(entry: Mapping[str, Any]) -> None:
    table = _table(entry["table"])
    values = {name: from_plain(table.__table__.c[name], value) for name, value in entry["was"].items()}
    if _row(entry) is not None:
        values.pop("id")  # SQLite gave its number to another row since
    db.session.add(table(**values))


def _row(entry: Mapping[str, Any]) -> Any:
    table = _table(entry["table"])
    wanted = sa.select(table).where(table.id == entry["id"])
    return db.session.scalars(unscoped_for("taking back", wanted)).one_or_none()


def _table(name: str) -> Any:
    mappers = SQLModel._sa_registry.mappers
    return next(mapper.class_ for mapper in mappers if mapper.class_.__tablename__ == name)


def _columns(table: type[Any]) -> list[str]:
    # `__derived__` columns follow from others whenever a row is written, also when it is written back.
    derived = getattr(table, "__derived__", ())
    return [attribute.key for attribute in sa.inspect(table).column_attrs if attribute.key not in derived]
