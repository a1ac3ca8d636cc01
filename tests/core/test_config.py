"""Settings and keys: read once, checked at the start, made once, closed to others."""

import base64
import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from yishang_crm.app import create_app
from yishang_crm.core import sealed
from yishang_crm.core.config import Settings

NAMES = ("secret_key", "data_keys", "audit_key")


def of(folder: Path, **given) -> Settings:
    return Settings(instance=folder / "instance", _env_file=None, **given)


def keys(settings: Settings) -> tuple:
    return settings.signing_key, settings.sealing_keys, settings.chain_key


@pytest.mark.parametrize("umask", [0o022, 0o000, 0o077])
def test_keys_are_made_once_in_files_of_mode_0600_in_a_folder_of_our_own(tmp_path, umask):
    before = os.umask(umask)
    try:
        first = keys(of(tmp_path))
    finally:
        os.umask(before)
    assert keys(of(tmp_path)) == first
    folder = tmp_path / "instance"
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == dict.fromkeys(
        NAMES, 0o600
    )
    assert stat.S_IMODE(folder.stat().st_mode) & 0o077 == 0


def test_keys_are_long_and_all_different(tmp_path):
    one, other = of(tmp_path / "a"), of(tmp_path / "b")
    texts = {
        (settings.folder / name).read_text() for settings in (one, other) for name in NAMES if keys(settings)
    }
    assert len(texts) == 6
    assert {len(base64.urlsafe_b64decode(text.strip())) for text in texts} == {32}


def _first_start(folders: list[Path], barrier, told) -> None:
    for folder in folders:
        settings = of(folder)
        barrier.wait(timeout=30)
        told.put((str(folder), keys(settings)))


def test_processes_that_start_at_once_agree(tmp_path):
    folders, hands = [tmp_path / str(attempt) for attempt in range(30)], 3
    anew = multiprocessing.get_context("spawn")
    barrier, told = anew.Barrier(hands), anew.Queue()
    starting = [anew.Process(target=_first_start, args=(folders, barrier, told)) for _ in range(hands)]
    for process in starting:
        process.start()
    got: dict[str, list] = {}
    for _ in range(hands * len(folders)):
        folder, found = told.get(timeout=60)
        got.setdefault(folder, []).append(found)
    for process in starting:
        process.join()
    assert [folder for folder, found in got.items() if found != [found[0]] * hands] == []
    assert {path.name for folder in folders for path in (folder / "instance").iterdir()} == set(NAMES)


def test_given_keys_are_used_and_nothing_is_written(tmp_path):
    data = " ".join(base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))
    settings = of(tmp_path, secret_key="s", data_keys=data, audit_key="a")
    assert keys(settings) == ("s", [b"\x01" * 32, b"\x02" * 32], b"a")
    assert list(settings.folder.iterdir()) == []


def test_a_fresh_data_key_stands_first_and_the_old_one_stays(tmp_path):
    settings = of(tmp_path)
    (old,) = settings.sealing_keys
    settings.add_data_key()
    fresh, kept = settings.sealing_keys
    assert (kept, fresh != old) == (old, True)
    assert of(tmp_path).sealing_keys == [fresh, old]
    assert stat.S_IMODE((settings.folder / "data_keys").stat().st_mode) == 0o600
    assert {path.name for path in settings.folder.iterdir()} == {"data_keys"}


def test_where_data_keys_are_a_setting_the_file_is_not_touched(tmp_path):
    key = base64.urlsafe_b64encode(b"k" * 32).decode()
    with pytest.raises(RuntimeError, match="YISHANG_DATA_KEYS"):
        of(tmp_path, data_keys=key).add_data_key()


@pytest.mark.parametrize(
    "wrong",
    [
        {"public_url": "yishang.example.cn"}, {"public_url": "ftp://yishang.example.cn"}, {"public_url": "javascript:alert(1)"},
        {"smtp_url": "mail.example.cn"}, {"smtp_url": "http://mail.example.cn"}, {"mail_per_minute": "many"},
    ],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_said_at_the_start(tmp_path, wrong):
    with pytest.raises(ValidationError):
        of(tmp_path, **wrong)


def test_a_wrong_network_of_proxies_is_said_at_the_start(tmp_path):
    with pytest.raises(ValidationError, match="not-a-network"):
        of(tmp_path, trusted_proxies="10.0.0.0/8 not-a-network")


def test_a_data_key_of_the_wrong_length_is_said_at_the_start(tmp_path):
    with pytest.raises(ValidationError, match="32 bytes") as told:
        of(tmp_path, data_keys="c2hvcnQ=")
    assert "c2hvcnQ" not in str(told.value)


def test_an_address_loses_its_tail_and_empty_means_unset(tmp_path):
    settings = of(tmp_path, public_url="https://yishang.example.cn/", smtp_url="")
    assert (settings.public_url, settings.is_https, settings.smtp_url) == (
        "https://yishang.example.cn",
        True,
        None,
    )
    assert of(tmp_path, public_url="").public_url is None


@pytest.mark.parametrize(
    ("given", "used"),
    [
        (None, "sqlite:///"),
        ("postgresql://u:p@db/y", "postgresql+psycopg://u:p@db/y"),
        ("postgresql+psycopg://u:p@db/y", "postgresql+psycopg://u:p@db/y"),
    ],
)
def test_the_database(tmp_path, given, used):
    assert of(tmp_path, database_url=given).database.startswith(used)


def test_settings_come_from_the_surroundings_and_from_a_file(tmp_path):
    (tmp_path / ".env").write_text("YISHANG_PUBLIC_URL=https://file.example.cn\nYISHANG_TIMING=1\n")
    ask = "from yishang_crm.core.config import Settings as S; s = S(); print(s.public_url, s.timing)"

    def said(**more: str) -> str:
        surroundings = {
            name: value for name, value in os.environ.items() if not name.startswith("YISHANG_")
        } | more
        paths = {"PYTHONPATH": str(Path(__file__).parents[2])}
        run = subprocess.run(
            [sys.executable, "-c", ask],
            cwd=tmp_path,
            env=surroundings | paths,
            capture_output=True,
            text=True,
            check=True,
        )
        return run.stdout.strip()

    assert said() == "https://file.example.cn True"
    assert said(YISHANG_PUBLIC_URL="http://given.example.cn") == "http://given.example.cn True"


@pytest.mark.parametrize(
    ("public", "host", "status"),
    [
        (None, "127.0.0.1:5000", 200), (None, "yishang.example.cn", 400),
        ("https://yishang.example.cn", "yishang.example.cn", 200),
        ("https://yishang.example.cn:8443", "yishang.example.cn:8443", 200),
        ("https://yishang.example.cn", "other.example.cn", 400), ("https://yishang.example.cn", "evil-yishang.example.cn", 400),
        ("http://192.0.2.10:5000", "192.0.2.10:5000", 200),
    ],
)  # fmt: skip
def test_the_host_must_be_that_of_the_public_address(tmp_path, public, host, status):
    ring = sealed._Keyring.keys
    app = create_app(of(tmp_path, public_url=public))
    try:
        assert app.test_client().get("/login", headers={"Host": host}).status_code == status
    finally:
        sealed.use_keys(ring)
