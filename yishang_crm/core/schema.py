"""The schema's version: one SELECT at the start tells whether a migration is due.

Loads neither SQLAlchemy nor Alembic before they are needed: the process that only watches over the server asks here once,
lives long and would hold 20 MB for nothing.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

ROOT = Path(__file__).resolve().parent.parent.parent
_REVISION = re.compile(r"^revision = ['\"](\w+)['\"]", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision = ['\"](\w+)['\"]", re.MULTILINE)


def all_tables() -> sa.MetaData:
    """The tables of every room that was opened."""
    from sqlmodel import SQLModel

    return SQLModel.metadata


@cache
def newest() -> str:
    """The revision this code was written for: the one that none comes after. Read without loading Alembic."""
    followed = {found.group(1) for text in _scripts() if (found := _BEFORE.search(text))}
    newest = known() - followed
    if len(newest) != 1:
        raise RuntimeError(f"migrations/versions has no single end: {sorted(newest) or 'it is empty'}")
    return newest.pop()


def known() -> set[str]:
    """Every revision this code has heard of."""
    return {found.group(1) for text in _scripts() if (found := _REVISION.search(text))}


def _scripts() -> list[str]:
    return [path.read_text("utf-8") for path in sorted((ROOT / "migrations" / "versions").glob("*.py"))]


def current(engine: sa.Engine) -> str | None:
    """The revision the database stands at; None for an empty one."""
    import sqlalchemy as sa

    with engine.connect() as connection:
        try:
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        except sa.exc.DBAPIError:
            return None


def is_up_to_date(engine: sa.Engine) -> bool:
    return current(engine) == newest()


def standing(address: str) -> str | None:
    """The same for the database at an address, before the house is opened."""
    if address.startswith("sqlite:///") and "?" not in address:
        return _standing_of_file(Path(address.removeprefix("sqlite:///")))
    import sqlalchemy as sa

    engine = sa.create_engine(address, poolclass=sa.pool.NullPool)
    try:
        return current(engine)
    finally:
        engine.dispose()


def _standing_of_file(file: Path) -> str | None:
    if not file.exists():
        return None
    with closing(sqlite3.connect(file)) as connection:
        try:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            return None
    return found[0] if found else None


def migrate(address: str, *, to: str = "head") -> None:
    """Bring a database to a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["address"] = address
    command.upgrade(config, to)
