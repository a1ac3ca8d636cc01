"""Migrations go up, down and up again on both databases, with data, and lose no row."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

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


def alembic(address: str, scripts: Path = schema.ROOT / "migrations") -> Config:
    config = Config(str(schema.ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(scripts))
    config.attributes["address"] = address
    return config


def counts(engine: sa.Engine) -> dict[str, int]:
    names = sorted(set(sa.inspect(engine).get_table_names()) - {"alembic_version"})
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


# Two revisions that are never shipped, so that there is always a step that could lose something. The first makes a parent
# whose children go with it; the second rebuilds that parent and the one table that most others point to.
_THROWAWAY = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{revision}", "{before}", None, None


def upgrade():
    {up}


def downgrade():
    {down}
"""
_SHELF = """op.create_table("shelf", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
    parent = sa.ForeignKey("shelf.id", name="fk_box_shelf", ondelete="CASCADE")
    op.create_table("box", sa.Column("id", sa.Integer, primary_key=True), sa.Column("shelf_id", sa.Integer, parent))
    op.execute("INSERT INTO shelf (id, name) VALUES (1, 'left'), (2, 'right')")
    op.execute("INSERT INTO box (id, shelf_id) VALUES (1, 1), (2, 1), (3, 2)")"""
_UNSHELF = """op.drop_table("box")
    op.drop_table("shelf")"""
# On SQLite a new type means: a new table, the rows copied, the old one dropped.
_REBUILT = """with op.batch_alter_table("{table}") as batch:
        batch.alter_column("name", type_=sa.String({wide}), existing_type=sa.String({narrow}))"""
_NARROW = {"shelf": 20, "person": 60}


@pytest.fixture
def later(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The migrations and two more; which table the last one rebuilds is the parameter (`person` unless told)."""
    table = getattr(request, "param", "person")
    narrow = _NARROW[table]
    up, down = (
        _REBUILT.format(table=table, wide=90, narrow=narrow),
        _REBUILT.format(table=table, wide=narrow, narrow=90),
    )
    folder = tmp_path / "migrations"
    shutil.copytree(schema.ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for revision, before, upgrade, downgrade in (
        ("throwaway1", schema.newest(), _SHELF, _UNSHELF),
        ("throwaway2", "throwaway1", up, down),
    ):
        said = _THROWAWAY.format(revision=revision, before=before, up=upgrade, down=downgrade)
        (folder / "versions" / f"29990101_0000_{revision}.py").write_text(said)
    return folder


def test_no_step_up_loses_a_row(lived_in, address, later):
    """Each migration but the first, with the rows that stand before it, and two throwaway ones."""
    full = counts(lived_in)
    assert min(full[name] for name in ("person", "guest", "interaction", "message", "audit_entry")) > 0
    for _ in VERSIONS[1:]:
        command.downgrade(alembic(address), "-1")
    for step in range(len(VERSIONS) + 1):
        before = counts(lived_in)
        command.upgrade(alembic(address, later), "+1")
        after = counts(lived_in)
        lost = {
            name: (rows, after[name])
            for name, rows in before.items()
            if after.get(name, rows) < rows and name != "people_tally"
        }
        assert (step, lost) == (step, {})
    assert (schema.current(lived_in), counts(lived_in)["box"]) == ("throwaway2", 3)


def test_rebuilding_the_people_keeps_all_that_points_to_them(lived_in, address, later):
    """Down as well; and no index and no trigger is forgotten on the way."""
    before, beside = counts_but_tally(lived_in), _beside_tables(lived_in)
    command.upgrade(alembic(address, later), "head")
    assert widths(lived_in) == 90
    now = counts_but_tally(lived_in)
    assert {name: rows for name, rows in now.items() if name not in ("shelf", "box")} == before
    assert beside <= _beside_tables(lived_in)
    command.downgrade(alembic(address, later), schema.newest())
    assert (counts_but_tally(lived_in), _beside_tables(lived_in), widths(lived_in)) == (before, beside, 60)


def counts_but_tally(engine: sa.Engine) -> dict[str, int]:
    """People are counted anew when their table was rebuilt, in fewer lines."""
    return {name: rows for name, rows in counts(engine).items() if name != "people_tally"}


def widths(engine: sa.Engine) -> int:
    (name,) = [column for column in sa.inspect(engine).get_columns("person") if column["name"] == "name"]
    return int(name["type"].length)


@pytest.mark.parametrize("later", ["shelf"], indirect=True)
@pytest.mark.parametrize("foreign_keys", ["OFF", "ON"])
def test_with_foreign_keys_on_a_rebuilt_parent_would_lose_its_children(
    migrated, address, later, foreign_keys
):
    """On SQLite, without a word. `env.py` turns them off; the connections of the house have them on."""
    if migrated.dialect.name != "sqlite":
        pytest.skip("PostgreSQL changes a table in its place")
    surroundings = later / "env.py"
    said = surroundings.read_text()
    assert "PRAGMA foreign_keys = OFF" in said
    surroundings.write_text(
        said.replace("PRAGMA foreign_keys = OFF", f"PRAGMA foreign_keys = {foreign_keys}")
    )
    command.upgrade(alembic(address, later), "head")
    found = counts(migrated)
    assert (found["shelf"], found["box"]) == (2, 3 if foreign_keys == "OFF" else 0)


def test_the_number_of_somebody_taken_off_is_not_given_again(app, migrated):
    """On SQLite only a table made with AUTOINCREMENT keeps that; a later rebuild of it loses it silently."""
    if migrated.dialect.name != "sqlite":
        pytest.skip("a sequence of PostgreSQL never goes back")
    with migrated.connect() as connection:
        made = dict(
            connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").all()
        )
    kept = {name for name, said in made.items() if "AUTOINCREMENT" in said}
    assert kept == {"organization", "person", "person_file"}
    tables = SQLModel.metadata.tables.values()
    assert kept == {table.name for table in tables if table.dialect_options["sqlite"]["autoincrement"]}


def test_people_who_were_there_before_get_the_key_of_where_they_live(lived_in, address):
    def keys() -> list[tuple[str, ...]]:
        with lived_in.connect() as connection:
            told = "SELECT residence, residence_key, residence_area FROM person WHERE residence <> '' ORDER BY id"
            return [tuple(row) for row in connection.exec_driver_sql(told)]

    before = keys()
    command.downgrade(alembic(address), "ground")
    command.upgrade(alembic(address), "head")
    assert keys() == before
    assert ("深圳", "CN4403", "CN44") in before


def test_all_the_way_down_and_up_again(lived_in, address):
    command.downgrade(alembic(address), "base")
    assert set(counts(lived_in)) <= {"alembic_version"}
    command.upgrade(alembic(address), "head")
    assert (schema.current(lived_in), set(counts(lived_in).values()) <= {0, 1, 2}) == (schema.newest(), True)


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
    command.upgrade(alembic(address), "head")
    with lived_in.connect() as connection:
        assert connection.exec_driver_sql(told).all() == before
