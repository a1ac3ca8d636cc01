"""Alembic's surroundings: the installation's database, foreign keys off while SQLite rebuilds tables."""

import sqlalchemy as sa
from alembic import context

from yishang_crm.app import create_app
from yishang_crm.core import triggers
from yishang_crm.core.config import Settings
from yishang_crm.core.schema import all_tables
from yishang_crm.people import queries

config = context.config
address = config.attributes.get("address") or Settings().database
if config.attributes.get("address") is None:
    create_app()  # so that every room's tables are known to `--autogenerate`


def include_object(_thing: object, name: str | None, kind: str, *_compared: object) -> bool:
    """The search index is made by hand on each database; Alembic leaves it alone."""
    return not (kind in ("table", "index") and name is not None and "person_search" in name)


def render_item(kind: str, thing: object, _context: object) -> str | bool:
    """Migrations name plain SQL types: ours may move, the past may not."""
    if (
        kind == "type"
        and isinstance(thing, sa.TypeDecorator)
        and type(thing).__module__.startswith("yishang_crm")
    ):
        return f"sa.{type(thing.impl).__name__}()"
    return False


def run() -> None:
    engine = sa.create_engine(address, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # The very first statement, past SQLAlchemy's BEGIN: batch mode drops and rebuilds a table,
            # and with foreign keys on that deletes the children of every row, silently.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
            # And the rebuilt table takes its old name while triggers of others still speak of it.
            connection.connection.driver_connection.execute("PRAGMA legacy_alter_table = ON")
        context.configure(
            connection=connection,
            target_metadata=all_tables(),
            render_as_batch=is_sqlite,
            compare_type=True,
            include_object=include_object,
            render_item=render_item,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        # A rebuilt table has lost its triggers, and what it gained meanwhile was not counted.
        if any(name.startswith("tally_") for name in triggers.put_back(connection)):
            queries.tally.recount(connection)
        connection.commit()
        if is_sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"foreign keys broken after migration: {broken[:5]}")
    engine.dispose()


run()
