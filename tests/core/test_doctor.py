"""`yishang doctor` finds each fault, and says what to do."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.cast import arrange_cast
from tests.outbox.arranged import OwnHouse, _fresh_database
from tests.people.arranged import somebody
from yishang_crm import doctor
from yishang_crm.accounts import actors
from yishang_crm.app import create_app
from yishang_crm.core import schema, sealed, trail
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, is_sqlite, writing
from yishang_crm.core.deed import Deed, doing
from yishang_crm.people import actions as people


@pytest.fixture
def house(tmp_path: Path, database_address: str):
    """A migrated house in good order."""
    ring = sealed._Keyring.keys
    address = _fresh_database(database_address) if database_address.startswith("postgresql") else None
    settings = Settings(instance=tmp_path / "house", database_url=address, _env_file=None)
    schema.migrate(settings.database)
    app = create_app(settings)
    with app.app_context(), writing():
        arrange_cast()
        people.set_id_number(HOUSE, somebody(actors.of_login("bureau")), number="340881196502114417")
        db.session.commit()
        trail.seal()
    yield OwnHouse(app, settings)
    with app.app_context():
        db.engine.dispose()
    sealed.use_keys(ring)


def faults(house: OwnHouse) -> dict[str, str]:
    with house.app.app_context(), writing():
        findings = {finding.name: finding for finding in doctor.examine()}
        db.session.commit()
    return {name: finding.detail for name, finding in findings.items() if not finding.ok and name != "fonts"}


def statement(house: OwnHouse, text: str) -> None:
    with house.app.app_context(), writing(), doing(Deed(HOUSE, "x")):
        db.session.execute(sa.text(text))
        db.session.commit()


def without_triggers(house: OwnHouse) -> None:
    with house.app.app_context():
        on_sqlite = is_sqlite()
    if on_sqlite:
        for name in ("said", "sealed", "kept"):
            statement(house, f"DROP TRIGGER audit_entry_{name}")
    else:
        statement(house, "ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_guard")


def test_a_house_in_good_order_has_no_fault(house):
    assert faults(house) == {}


def test_an_older_schema(house):
    statement(house, "UPDATE alembic_version SET version_num = 'older'")
    assert list(faults(house)) == ["schema"]


def test_a_database_without_tables(tmp_path):
    ring = sealed._Keyring.keys
    app = create_app(Settings(instance=tmp_path / "empty", _env_file=None))
    found = faults(OwnHouse(app, app.config["SETTINGS"]))
    with app.app_context():
        db.engine.dispose()
    sealed.use_keys(ring)
    assert list(found) == ["schema"]


@pytest.mark.parametrize("name", ["secret_key", "data_keys", "audit_key"])
def test_a_key_that_others_can_read(house, name):
    (house.settings.folder / name).chmod(0o644)
    assert faults(house) == {"keys": f"others can read: {name}; chmod 600"}


def test_an_address_for_others_without_https(house, monkeypatch):
    monkeypatch.setattr(house.settings, "public_url", "http://yishang.example.cn")
    assert faults(house) == {"https": "http://yishang.example.cn"}
    monkeypatch.setattr(house.settings, "public_url", "https://yishang.example.cn")
    assert faults(house) == {}


TAMPERED: dict[str, tuple[Callable[[OwnHouse], None], str]] = {
    "an altered entry": (
        lambda house: statement(house, "UPDATE audit_entry SET actor = 'user:9' WHERE link = 3"),
        "link 3 ",
    ),
    "a missing entry": (
        lambda house: statement(house, "DELETE FROM audit_entry WHERE link = 3"),
        "link 3 is missing",
    ),
    "an altered value": (
        lambda house: statement(
            house,
            "UPDATE audit_value SET salt = '00' WHERE entry_id = (SELECT min(entry_id) FROM audit_value)",
        ),
        "were altered",
    ),
    "a cut-off end": (
        lambda house: statement(
            house, "DELETE FROM audit_entry WHERE link = (SELECT max(link) FROM audit_entry)"
        ),
        "the chain ends at",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_trail_that_was_tampered_with(house, what):
    tamper, sentence = TAMPERED[what]
    without_triggers(house)
    tamper(house)
    found = faults(house)
    assert set(found) - {"triggers"} == {"audit chain"}
    assert sentence in found["audit chain"]


def test_a_trigger_that_somebody_took_away(house):
    with house.app.app_context():
        where = "" if is_sqlite() else " ON person"
    statement(house, f"DROP TRIGGER tally_person_gone{where}")
    assert faults(house) == {"triggers": "missing: tally_person_gone; `yishang migrate` puts them back"}


def test_new_entries_are_sealed_on_the_way(house):
    with house.app.app_context(), writing():
        somebody(actors.of_login("bureau"), "汪砚舟", phone="19900000555")
        db.session.commit()
        (chain,) = [finding for finding in doctor.examine() if finding.name == "audit chain"]
        db.session.commit()
    assert (chain.ok, "newly sealed" in chain.detail) == (True, True)


def test_a_lost_data_key(house):
    sealed.use_keys([b"n" * 32])
    assert faults(house) == {"encrypted values": "no key opens some of person.id_number; restore data_keys"}


def test_an_older_key_that_must_stay_is_told_and_is_no_fault(house):
    sealed.use_keys([b"n" * 32, *house.settings.sealing_keys])
    with house.app.app_context(), writing():
        (values,) = [finding for finding in doctor.examine() if finding.name == "encrypted values"]
        db.session.commit()
    assert (values.ok, "1 under an older key" in values.detail) == (True, True)


def test_letters_that_nobody_could_answer(house, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        monkeypatch.setattr(house.settings, "smtp_url", f"smtp://127.0.0.1:{listening.getsockname()[1]}")
        assert faults(house) == {
            "links in letters": "YISHANG_PUBLIC_URL is not set: nobody else can open what stands in letters, "
            "so none leaves; set it to the address people use"
        }
        monkeypatch.setattr(house.settings, "public_url", "https://yishang.example.cn")
        assert faults(house) == {}


def test_a_mail_server_that_does_not_answer(house, monkeypatch):
    monkeypatch.setattr(house.settings, "public_url", "https://yishang.example.cn")
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
        monkeypatch.setattr(house.settings, "smtp_url", f"smtp://127.0.0.1:{port}")
        assert list(faults(house)) == ["mail"]
        listening.listen()
        assert faults(house) == {}


def test_a_damaged_file(house):
    with house.app.app_context():
        if not is_sqlite():
            pytest.skip("SQLite alone is a file")
        db.engine.dispose()
    file = house.settings.folder / "yishang.db"
    body = bytearray(file.read_bytes())
    with house.app.app_context():
        root = (
            db.session.connection()
            .exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'ix_person_tier_id'")
            .scalar()
        )
        db.engine.dispose()
    body[(root - 1) * 4096 : (root - 1) * 4096 + 64] = b"\xff" * 64
    file.write_bytes(body)
    assert "database file" in faults(house)


def test_the_command_line_tells_as_json_and_ends_with_one_on_a_fault(house, tmp_path):
    (house.settings.folder / "secret_key").chmod(0o644)
    outcome = subprocess.run(
        [sys.executable, "-c", "from yishang_crm.cli import main; main()", "doctor", "--json"],
        cwd=tmp_path,
        env=os.environ
        | {
            "PYTHONPATH": str(schema.ROOT),
            "YISHANG_INSTANCE": str(house.settings.folder),
            "YISHANG_DATABASE_URL": house.settings.database,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    told = {finding["name"]: finding for finding in json.loads(outcome.stdout)}
    assert (outcome.returncode, told["keys"]["ok"], told["audit chain"]["ok"]) == (1, False, True)
    assert {tuple(sorted(finding)) for finding in told.values()} == {("detail", "name", "ok")}
