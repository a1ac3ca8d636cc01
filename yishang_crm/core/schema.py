"""The schema's version: one SELECT at the start tells whether a migration is due."""

import re
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import SQLModel

ROOT = Path(__file__).resolve().parent.parent.parent
_REVISION = re.compile(r"^revision = ['\"](\w+)['\"]", re.MULTILINE)
_BEFORE = re.compile(r"^down_revision = ['\"](\w+)['\"]", re.MULTILINE)


class SchemaBehind(RuntimeError):
    """The database is older, or newer, than this code."""


def all_tables() -> sa.MetaData:
    """The tables of every room that was opened."""
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
    with engine.connect() as connection:
        try:
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        except sa.exc.DBAPIError:
            return None


def standing_at_newest(connection: sa.Connection) -> bool:
    """Whether the migrations that just ran ended at this version's schema."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return False
    standing = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return standing == newest()


def is_up_to_date(engine: sa.Engine) -> bool:
    return current(engine) == newest()


def migrate(address: str, *, to: str = "head") -> None:
    """Bring a database to a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["address"] = address
    command.upgrade(config, to)
