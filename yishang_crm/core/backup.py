"""One file that holds the house: database, keys, audit head. Taken while the house is open."""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path

import sqlalchemy as sa

from yishang_crm.core import schema
from yishang_crm.core.clock import now
from yishang_crm.core.config import Settings
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

_KEPT = ("secret_key", "data_keys", "audit_key", "audit.head")
_NAMES = {"about.json", "database", *_KEPT}


def write(settings: Settings, file: Path) -> None:
    """Write the backup beside `file` and move it there when it is whole."""
    with tempfile.TemporaryDirectory(dir=settings.folder) as folder:
        place = Path(folder)
        # The audit head before the database: a head that is ahead of its database reads as a cut-off chain.
        for name in _KEPT:
            if (settings.folder / name).exists():
                shutil.copy2(settings.folder / name, place / name)
        _dump(settings, place / "database")
        (place / "about.json").write_text(
            json.dumps({"schema": schema.newest(), "at": now().isoformat(), "kind": _kind(settings)})
        )
        beside = file.with_name(f".{file.name}.part")
        with tarfile.open(beside, "w:gz") as archive:
            for path in sorted(place.iterdir()):
                archive.add(path, arcname=path.name)
        beside.chmod(0o600)
        beside.replace(file)


def read(settings: Settings, file: Path) -> None:
    """Restore into an installation without a database. Raises `NotPossible` rather than overwrite anything."""
    if _is_taken(settings):
        raise NotPossible(
            N_("这里已经有数据，恢复不会覆盖它。请换一个空的 YISHANG_INSTANCE，或者一个空的数据库。")
        )
    with tempfile.TemporaryDirectory(dir=settings.folder) as folder:
        place = Path(folder)
        _unpack(file, place)
        about = json.loads((place / "about.json").read_text())
        _must_fit(settings, about)
        _load(settings, place / "database")
        for name in _KEPT:
            if (place / name).exists():
                shutil.copy2(place / name, settings.folder / name)


def _is_taken(settings: Settings) -> bool:
    if _kind(settings) == "sqlite":
        return _sqlite_file(settings).exists()
    engine = sa.create_engine(settings.database, poolclass=sa.pool.NullPool)
    return bool(sa.inspect(engine).get_table_names())


def _unpack(file: Path, place: Path) -> None:
    """Only plain files with the names that `write` gives: no link and no path leads outside, under any Python."""
    try:
        with tarfile.open(file) as archive:
            for member in archive:
                if member.name not in _NAMES or not member.isfile():
                    raise NotPossible(N_("这个文件不是完整的备份。"))
                _copy(archive, member, place / member.name)
    except (tarfile.TarError, EOFError, OSError) as fault:
        raise NotPossible(N_("这个文件不是完整的备份。")) from fault
    if not (place / "about.json").is_file() or not (place / "database").is_file():
        raise NotPossible(N_("这个文件不是完整的备份。"))


def _copy(archive: tarfile.TarFile, member: tarfile.TarInfo, to: Path) -> None:
    content = archive.extractfile(member)
    if content is None:
        raise tarfile.ReadError(member.name)
    with content, os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as kept:
        shutil.copyfileobj(content, kept)


def _must_fit(settings: Settings, about: dict[str, str]) -> None:
    if about["kind"] != _kind(settings):
        raise NotPossible(N_("备份来自另一种数据库（%(kind)s），不能恢复到这里。"), kind=about["kind"])
    if about["schema"] not in schema.known():
        raise NotPossible(N_("备份来自更新的版本，请先升级程序再恢复。"))


def _kind(settings: Settings) -> str:
    return "sqlite" if settings.database.startswith("sqlite") else "postgresql"


def _sqlite_file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix("sqlite:///"))


def _dump(settings: Settings, to: Path) -> None:
    if _kind(settings) == "postgresql":
        address = settings.database.replace("+psycopg", "")
        _run("pg_dump", "--format=custom", f"--file={to}", address)
        return
    # SQLite's own backup: a consistent copy while others write.
    source, target = sqlite3.connect(_sqlite_file(settings)), sqlite3.connect(to)
    with contextlib.closing(source), contextlib.closing(target):
        source.backup(target)


def _load(settings: Settings, database: Path) -> None:
    if _kind(settings) == "postgresql":
        address = settings.database.replace("+psycopg", "")
        _run("pg_restore", "--no-owner", f"--dbname={address}", str(database))
        return
    beside = _sqlite_file(settings).with_suffix(".part")
    shutil.copy2(database, beside)
    beside.chmod(0o600)
    beside.replace(_sqlite_file(settings))


def _run(*command: str) -> None:
    program = shutil.which(command[0])
    if program is None:
        raise NotPossible(
            N_("这台机器上没有 %(program)s，请安装 PostgreSQL 的客户端工具。"), program=command[0]
        )
    subprocess.run([program, *command[1:]], check=True)  # noqa: S603 - a program of PostgreSQL, arguments of ours
