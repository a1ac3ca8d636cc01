"""Triggers that the house keeps in the database, and that they are still there.

SQLite's batch migrations rebuild a table and take its triggers away without a word. So every trigger is named here, put
back after each migration, and looked for by `yishang doctor`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import SQLModel


@dataclass(frozen=True)
class Trigger:
    """One trigger: its table and how each database says it. PostgreSQL's calls a function made by `before`.

    `needs` are further tables that it writes or reads; an older schema without them has no such trigger.
    """

    name: str
    table: str
    needs: tuple[str, ...] = ()
    sqlite: str = ""
    postgresql: str = ""
    before: str = ""

    def create(self, dialect: str) -> list[str]:
        if dialect == "sqlite":
            return [f"CREATE TRIGGER {self.name} {self.sqlite}"] if self.sqlite else []
        if not self.postgresql:
            return []
        return [*([self.before] if self.before else []), f"CREATE TRIGGER {self.name} {self.postgresql}"]


_known: dict[str, Trigger] = {}


def keep(*triggers: Trigger) -> None:
    """Name triggers of a room; a database made from the models gets them at once, a migrated one by its migration."""
    for trigger in triggers:
        _known[trigger.name] = trigger
        for dialect in ("sqlite", "postgresql"):
            for statement in trigger.create(dialect):
                ddl = sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
                sa.event.listen(SQLModel.metadata, "after_create", ddl)


def missing(connection: sa.Connection) -> list[Trigger]:
    """Those that should be there and are not."""
    dialect = connection.dialect.name
    standing, tables = set(_standing(connection)), set(sa.inspect(connection).get_table_names())
    return [
        one
        for one in _known.values()
        if one.create(dialect) and one.name not in standing and {one.table, *one.needs} <= tables
    ]


def put_back(connection: sa.Connection) -> list[str]:
    """After a migration; returns the names of those that had gone."""
    gone = missing(connection)
    for trigger in gone:
        for statement in trigger.create(connection.dialect.name):
            connection.exec_driver_sql(statement)
    return [trigger.name for trigger in gone]


def _standing(connection: sa.Connection) -> Iterable[str]:
    asked = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return connection.exec_driver_sql(asked).scalars()
