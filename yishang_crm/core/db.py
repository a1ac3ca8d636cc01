"""The session, the base every table stands on, and the begin of each transaction."""

import contextlib
import datetime as dt
import enum
import inspect
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from pydantic import ConfigDict
from sqlmodel import Session, SQLModel

# Named before the first table: batch migrations cannot drop a nameless constraint.
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(column_0_label)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Table(SQLModel):
    """The base of every table."""

    # Without the first, a table model accepts any value silently; without the second, a refused value
    # stands in the error's text and so in the log.
    model_config = ConfigDict(validate_assignment=True, hide_input_in_errors=True)  # type: ignore[assignment]


Moment = dt.datetime  # aware and in UTC; SQLModel stores it so on both databases and refuses a naive one

db = SQLAlchemy(session_options={"class_": Session, "expire_on_commit": False})

_writing: ContextVar[bool] = ContextVar("writing", default=False)


def open_database(app: Flask, address: str) -> None:
    """Bind the app to its database; `scope.guard_engine` then puts the guards on it."""
    # What a statement carried must not get into the log with its error.
    options: dict[str, Any] = {"url": address, "echo": False, "hide_parameters": True}
    if address.startswith("postgresql"):
        options |= {"pool_size": 10, "max_overflow": 20, "pool_pre_ping": True}
    app.config["SQLALCHEMY_ENGINES"] = {"default": options}
    db.init_app(app)
    # We open no asynchronous session. Flask would look after ours in a thread of its own, a new one after every request.
    app.teardown_appcontext_funcs[:] = [
        ends for ends in app.teardown_appcontext_funcs if not inspect.iscoroutinefunction(ends)
    ]
    with app.app_context():
        prepare_engine(db.engine)


def prepare_engine(engine: sa.Engine) -> None:
    """Foreign keys, WAL, and a BEGIN that says whether it will write."""
    if engine.dialect.name != "sqlite":
        return
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)


_PATIENCE = "PRAGMA busy_timeout = 8000"


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy, not the driver, says BEGIN
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(_PATIENCE)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # an answer that was confirmed survives a power cut
    # What was deleted is overwritten, freed pages as well: who was erased stands nowhere in the file.
    # Filling the search index of 200,000 people takes a sixth longer for it.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA cache_size = -16000")
    # A portion of an import touches a thousand pages: at SQLite's own mark each would be followed by a sync of the whole file.
    connection.execute("PRAGMA wal_autocheckpoint = 4000")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A transaction that reads first and writes later fails at once when another
    # writer was faster; taking the write lock at the start makes it wait its turn.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def fold_journal(engine: sa.Engine) -> None:
    """Write the journal into the file and empty it: it still holds pages as they were before they were overwritten.

    Nobody is made to wait for it: where somebody reads or writes just now, it is left for another night.
    """
    if engine.dialect.name != "sqlite":
        return
    token = _writing.set(False)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")  # the journal is not folded inside a transaction
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
            try:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
            finally:
                connection.exec_driver_sql(_PATIENCE)
    finally:
        _writing.reset(token)


def is_writing() -> bool:
    return _writing.get()


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside may write. A read transaction that is open is ended first."""
    if not _writing.get():
        end_transaction()
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read: slow work between two writes holds no lock. What was open is kept first."""
    end_transaction()
    token = _writing.set(False)
    try:
        yield
        end_transaction()
    finally:
        _writing.reset(token)


def take_turns(number: int) -> None:
    """Until this transaction ends, nobody else goes on with the same number. On SQLite the write lock sees to it."""
    if not is_sqlite():
        db.session.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


def begin_writing() -> None:
    """From here to the end of this request the work may write (a two-step view calls this once)."""
    if not _writing.get():
        end_transaction()
        _writing.set(True)


def set_mode(*, writes: bool) -> Any:
    """Say at the start of a request whether it may write; returns the token for `reset_mode`."""
    return _writing.set(writes)


def reset_mode(token: Any) -> None:
    _writing.reset(token)


def end_transaction() -> None:
    """Close what is open and keep the rows in hand as plain values."""
    if db.session.in_transaction():
        db.session.commit()


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def choice(values: type[enum.StrEnum], **options: Any) -> sa.Column[Any]:
    """A column for an enum, stored by value as plain text on both databases (native enums are hard to alter)."""
    kind = sa.Enum(
        values,
        native_enum=False,
        length=24,
        create_constraint=False,
        values_callable=lambda enumeration: [item.value for item in enumeration],
    )
    return sa.Column(kind, **options)
