"""A trigger that a rebuilt table has lost is told by the doctor and put back by the next migration."""

import pytest
import sqlalchemy as sa
from alembic import command

from tests.core.test_migrations import alembic
from tests.outbox.arranged import _fresh_database
from yishang_crm.core import schema, triggers


@pytest.fixture
def migrated(database_address, tmp_path):
    """An engine on a migrated database of its own, and its address."""
    is_postgresql = database_address.startswith("postgresql")
    address = _fresh_database(database_address) if is_postgresql else f"sqlite:///{tmp_path / 'own.db'}"
    schema.migrate(address)
    engine = sa.create_engine(address, poolclass=sa.pool.NullPool)
    yield engine, address
    engine.dispose()


def names_missing(engine) -> list[str]:
    with engine.connect() as connection:
        return [one.name for one in triggers.missing(connection)]


def test_a_migrated_database_has_every_trigger_that_is_named(app, migrated):
    assert names_missing(migrated[0]) == []


def test_what_was_lost_is_found_and_the_next_migration_puts_it_back(app, migrated):
    engine, address = migrated
    where = "" if engine.dialect.name == "sqlite" else " ON stewardship"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER tally_kept{where}")
        connection.exec_driver_sql(
            "INSERT INTO people_tally (unit_id, kind, name, n) VALUES (0, 'tier', 'A', 7)"
        )
    assert names_missing(engine) == ["tally_kept"]
    command.upgrade(alembic(address), "head")
    assert names_missing(engine) == []
    with engine.connect() as connection:  # and it was counted anew
        assert connection.exec_driver_sql("SELECT count(*) FROM people_tally").scalar() == 0
