"""The command line on an installation of its own: what stands there afterwards."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from yishang_crm import cli
from yishang_crm.core import sealed

SECRET = "JBSWY3DPEHPK3PXP"
DICTIONARIES = {"unit": 12, "place": 10, "cadence_rule": 3, "holiday": 1}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """`told("migrate")` runs `yishang migrate` on an installation in `tmp_path / "house"`."""
    ring = sealed._Keyring.keys
    monkeypatch.setenv("YISHANG_INSTANCE", str(tmp_path / "house"))
    monkeypatch.setenv("YISHANG_DATABASE_URL", "")

    def tell(*words: str) -> str:
        done = CliRunner().invoke(cli.main, words, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    yield tell
    sealed.use_keys(ring)


def counted(tmp_path: Path) -> dict[str, int]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'house' / 'yishang.db'}", poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        return {
            table: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(table)))
            for table in DICTIONARIES
        }


def test_a_new_installation_has_its_dictionaries_and_keeps_them_as_they_are(told, tmp_path):
    told("migrate")
    first = counted(tmp_path)
    assert {table: first[table] >= least for table, least in DICTIONARIES.items()} == dict.fromkeys(
        DICTIONARIES, True
    )
    told("migrate")
    assert counted(tmp_path) == first


def test_native_places_are_recognized_where_no_demo_world_was_filled(told, tmp_path):
    told("migrate")
    told("user", "add", "bureau", "--role", "bureau", "--unit", "bureau", "--password", "江水东流去也-2026")
    sample = Path(__file__).parent / "samples" / "怀宁县籍在外企业家信息表.xlsx"
    assert '"native_place": "怀宁县"' in told("import", "people", str(sample), "--check", "--json")


def test_after_keys_rotate_the_older_key_may_be_taken_away(told, tmp_path):
    from tests.people.arranged import somebody
    from yishang_crm.accounts import actions as accounts
    from yishang_crm.accounts import actors, queries
    from yishang_crm.app import create_app
    from yishang_crm.core.actor import HOUSE
    from yishang_crm.core.db import db, writing
    from yishang_crm.people import actions as people

    told("migrate")
    told("user", "add", "bureau", "--role", "bureau", "--unit", "bureau", "--password", "江水东流去也-2026")
    app = create_app()
    with app.app_context(), writing():
        bureau = actors.of_login("bureau")
        people.set_id_number(HOUSE, somebody(bureau), number="340881196502114417")
        accounts.set_up_code(bureau, queries.user_by_login("bureau"), secret=SECRET, step=1)
        db.session.commit()
        db.engine.dispose()
    assert told("keys", "rotate") == "re-encrypted: 2\n"
    ring = tmp_path / "house" / "data_keys"
    newest = ring.read_text().replace(",", " ").split()[0]
    ring.write_text(newest)
    assert "BAD keys" not in told_of_doctor()


def told_of_doctor() -> str:
    return CliRunner().invoke(cli.main, ["doctor"]).output
