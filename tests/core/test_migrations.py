"""Migrations go up, down and up again on both databases, with data, and lose no row."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations

from tests.cast import Cast, arrange_cast, signed_in
from tests.house.planted import plant
from tests.outbox.arranged import _fresh_database
from yishang_crm.app import create_app
from yishang_crm.core import schema, sealed
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for

VERSIONS = sorted((schema.ROOT / "migrations" / "versions").glob("*.py"))


def test_there_is_a_first_migration():
    assert VERSIONS, "migrations/versions is empty: `make migration`"


def test_they_stand_in_one_line():
    assert schema.newest() in schema.known()
    assert len(schema.known()) == len(VERSIONS)


@pytest.fixture
def address(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    template = request.getfixturevalue("database_address")
    return (
        _fresh_database(template)
        if template.startswith("postgresql")
        else f"sqlite:///{tmp_path / 'migrated.db'}"
    )


@pytest.fixture
def migrated(address: str, tmp_path: Path) -> Iterator[sa.Engine]:
    """An empty database brought to the newest schema."""
    schema.migrate(address)
    engine = sa.create_engine(address)
    yield engine
    engine.dispose()


def alembic(address: str) -> Config:
    config = Config(str(schema.ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(schema.ROOT / "migrations"))
    config.attributes["address"] = address
    return config


def counts(engine: sa.Engine) -> dict[str, int]:
    # How FTS5 lays its index out in tables of its own changes with every write.
    names = sorted(
        name
        for name in sa.inspect(engine).get_table_names()
        if name != "alembic_version" and not name.startswith("person_search_")
    )
    with engine.connect() as connection:
        return {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() for name in names}


def test_an_empty_database_becomes_the_newest(migrated):
    assert schema.current(migrated) == schema.newest()
    assert schema.is_up_to_date(migrated)


def test_migrating_again_changes_nothing(migrated, address):
    before = counts(migrated)
    schema.migrate(address)
    assert (counts(migrated), schema.current(migrated)) == (before, schema.newest())


def test_what_the_migrations_make_is_what_the_models_say(app, migrated):
    """`alembic check`: no table, column, index or key differs."""

    def ours(_thing, name, kind, *_compared):
        return not (kind in ("table", "index") and name is not None and "person_search" in name)

    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": ours})
        assert compare_metadata(context, schema.all_tables()) == []


def test_triggers_and_the_search_index_are_made_as_well(app, migrated, address):
    """What `create_all` makes beside the tables, a migrated database has, too."""
    made = sa.create_engine(_beside(address))
    schema.all_tables().create_all(made)
    assert _beside_tables(migrated) == _beside_tables(made)
    made.dispose()


def _beside(address: str) -> str:
    return (
        _fresh_database(address)
        if address.startswith("postgresql")
        else address.replace("migrated.db", "made.db")
    )


def _beside_tables(engine: sa.Engine) -> set[tuple[str, ...]]:
    if engine.dialect.name == "sqlite":
        told = "SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name <> 'alembic_version'"
    else:
        told = (
            "SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal UNION ALL "
            "SELECT 'function', p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "JOIN pg_language l ON l.oid = p.prolang WHERE n.nspname = 'public' AND l.lanname IN ('plpgsql', 'sql') UNION ALL "
            "SELECT 'index', indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        )
    with engine.connect() as connection:
        return {tuple(row) for row in connection.exec_driver_sql(told)}


@pytest.fixture
def lived_in(address: str, tmp_path: Path) -> Iterator[sa.Engine]:
    """A migrated database in which somebody works: the cast, and one row of each kind."""
    schema.migrate(address)
    keys = sealed._Keyring.keys
    app = create_app(Settings(instance=tmp_path / "instance", database_url=address, _env_file=None))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context(), writing():
        arrange_cast()
        db.session.commit()
        cast = Cast.gathered()
    plant(app, cast)
    assert signed_in(app.test_client(), "tongcheng").get("/people").status_code == 200
    engine = sa.create_engine(address)
    yield engine
    engine.dispose()
    with app.app_context():
        db.engine.dispose()
    sealed.use_keys(keys)


def test_no_step_up_loses_a_row(lived_in, address):
    """Each migration but the first, with the rows that stand before it; a table that it brings is empty after it."""
    before = counts(lived_in)
    assert min(before[name] for name in ("person", "guest", "interaction", "message", "audit_entry")) > 0
    for _ in range(len(VERSIONS) - 1):
        command.downgrade(alembic(address), "-1")
    before = {name: before[name] if name in counts(lived_in) else 0 for name in before}
    for _ in range(len(VERSIONS) - 1):
        command.upgrade(alembic(address), "+1")
    assert counts(lived_in) == before


def test_all_the_way_down_and_up_again(lived_in, address):
    command.downgrade(alembic(address), "base")
    assert set(counts(lived_in)) <= {"alembic_version"}
    command.upgrade(alembic(address), "head")
    assert (schema.current(lived_in), set(counts(lived_in).values()) <= {0, 1, 2}) == (schema.newest(), True)


def test_rebuilding_a_parent_keeps_its_children(tmp_path):
    """SQLite's batch mode drops the old table; with foreign keys on, that deletes every child, silently."""
    from yishang_crm.core.db import prepare_engine

    def rows_after_a_rebuild(*, as_env_does: bool) -> int:
        engine = sa.create_engine(f"sqlite:///{tmp_path / str(as_env_does)}", poolclass=sa.pool.NullPool)
        prepare_engine(engine)
        with engine.connect() as connection:
            if as_env_does:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
            for statement in (
                "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)",
                "CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent(id) ON DELETE CASCADE)",
                "INSERT INTO parent VALUES (1, 'a')",
                "INSERT INTO child VALUES (1, 1), (2, 1)",
            ):
                connection.exec_driver_sql(statement)
            with Operations(MigrationContext.configure(connection)).batch_alter_table(
                "parent", recreate="always"
            ) as batch:
                batch.add_column(sa.Column("title", sa.Text()))
            return connection.exec_driver_sql("SELECT count(*) FROM child").scalar()

    assert (rows_after_a_rebuild(as_env_does=False), rows_after_a_rebuild(as_env_does=True)) == (0, 2)
    assert "PRAGMA foreign_keys = OFF" in (schema.ROOT / "migrations" / "env.py").read_text()


def test_the_trail_of_a_migrated_database_is_append_only(lived_in, tmp_path, address):
    with lived_in.begin() as connection, pytest.raises(sa.exc.DBAPIError, match="append-only"):
        connection.execute(sa.text("UPDATE audit_entry SET verb = 'x'"))


def test_an_unknown_revision_is_neither_current_nor_hidden(migrated):
    with migrated.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'ffffffffffff'")
    assert (schema.current(migrated), schema.is_up_to_date(migrated)) == ("ffffffffffff", False)


def test_an_empty_database_has_no_revision(tmp_path):
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    assert schema.current(engine) is None
    engine.dispose()


def test_the_trail_began_with_the_cast(lived_in):
    with lived_in.connect() as connection:
        verbs = connection.execute(
            unscoped_for("a test looks", sa.select(AuditEntry.verb).order_by(AuditEntry.id).limit(1))
        )
        assert verbs.scalar() == "accounts.add_unit"


def test_what_the_list_is_filtered_by_is_filled_for_those_who_were_there(lived_in, address):
    told = "SELECT stroke_key, pinyin_key, has_phone, has_mail, home_unit_id FROM person ORDER BY id"
    with lived_in.connect() as connection:
        before = connection.exec_driver_sql(told).all()
    assert any(all(row) for row in before)
    command.downgrade(alembic(address), "ground")
    command.upgrade(alembic(address), "lists")
    with lived_in.connect() as connection:
        assert connection.exec_driver_sql(told).all() == before
