"""The command line `yishang`."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from yishang_crm.core.config import Settings
from yishang_crm.core.errors import HouseError


@click.group()
def main() -> None:
    """宜商通 · Yishang CRM."""


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
@click.option("--workers", default=1, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Migrate, then web and timetable in one go (single machine)."""
    _must_be_free(host, port)
    _migrate_if_due()
    _announce(host, port)
    _listen(host, port, workers, timetable=True)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
@click.option("--workers", default=1, show_default=True)
def web(host: str, port: int, workers: int) -> None:
    """The web alone (several machines on PostgreSQL)."""
    _must_be_free(host, port)
    _must_be_migrated()
    _listen(host, port, workers, timetable=False)


@main.command()
def worker() -> None:
    """The timetable alone (several machines on PostgreSQL)."""
    _must_be_migrated()
    from yishang_crm import timetable
    from yishang_crm.core import log

    log.start()
    timetable.begin(_app(), wait=True)


@main.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from yishang_crm.core import schema
    from yishang_crm.furnishing import furnish

    schema.migrate(Settings().database)
    _indoors(furnish)
    click.echo(f"schema: {schema.newest()}")


@main.command()
@click.option("--people", default=3000, show_default=True)
@click.option("--seed", default=20260924, show_default=True)
@click.option("--password", default=None, help="The password of all demo logins; shown when it is made.")
@click.option("--today", default=None, help="YYYY-MM-DD: the day the demo world stands at.")
@click.option(
    "--if-empty", is_flag=True, help="Do nothing, without an error, when the database is not empty."
)
def demo(*, people: int, seed: int, password: str | None, today: str | None, if_empty: bool) -> None:
    """Fill an empty database with a believable made-up world."""
    from yishang_crm import demo as world

    _migrate_if_due()
    _indoors(lambda: world.fill(people=people, seed=seed, password=password, today=today, if_empty=if_empty))


@main.group(name="import")
def import_() -> None:
    """Bring files."""


@import_.command(name="people")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only say what each row would do; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One object per row.")
@click.option("--as", "login", default="bureau", show_default=True)
def import_people(file: Path, *, check: bool, as_json: bool, login: str) -> None:
    """Import a workbook, CSV or vCard of people."""
    from yishang_crm.people import cli as people

    _indoors(lambda: people.bring_people(file, check_only=check, as_json=as_json, login=login))


@import_.command(name="resume")
@click.argument("batch", type=int, required=False)
def resume_import(batch: int | None) -> None:
    """Go on with imports that were cut off while being written or undone (the timetable does it, too)."""
    from yishang_crm.people import resuming

    _indoors(lambda: click.echo(f"{resuming.resume(batch)}"))


@main.group()
def export() -> None:
    """Lists of people that leave as files."""


@export.command(name="make")
@click.argument("number", type=int)
def make_export(number: int) -> None:
    """Make the file of an export that was asked for on the pages; the timetable calls this for large ones."""
    from yishang_crm.people.exports import jobs

    with _app().app_context():
        jobs.make_one(number)


@main.command()
@click.option("--once", is_flag=True, help="Deliver what is due now and stop.")
@click.option("--json", "as_json", is_flag=True)
def deliver(*, once: bool, as_json: bool) -> None:
    """Claim and send due messages, print counts."""
    from yishang_crm.outbox import jobs

    def run() -> None:
        while True:
            counts = jobs.run_once()
            click.echo(
                json.dumps(counts) if as_json else " ".join(f"{name} {n}" for name, n in counts.items())
            )
            if once:
                return
            _wait(20)

    _indoors(run)


@main.command()
@click.option("--json", "as_json", is_flag=True)
def routes(*, as_json: bool) -> None:
    """Every address, with who may come in."""
    app = _app()
    rows = [
        {
            "address": rule.rule,
            "methods": sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}),
            "endpoint": rule.endpoint,
            "permission": str(permission) if (permission := getattr(view, "permission", None)) else None,
            "open": rule.endpoint == "static" or bool(getattr(view, "open", False)),
        }
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
        if (view := app.view_functions[rule.endpoint])
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{','.join(row['methods']):12} {row['address']:50} {row['permission'] or 'open'}")


@main.group()
def user() -> None:
    """Users."""


@user.command(name="add")
@click.argument("login")
@click.option("--role", required=True)
@click.option("--unit", required=True, help="The unit's code.")
@click.option("--name", default=None)
@click.password_option()
def add_user(login: str, role: str, unit: str, name: str | None, password: str) -> None:
    """Add a user."""
    from yishang_crm.accounts import cli as accounts

    _indoors(
        lambda: accounts.add_user(login=login, role=role, unit=unit, name=name or login, password=password)
    )


@main.command()
@click.option("--json", "as_json", is_flag=True)
def doctor(*, as_json: bool) -> None:
    """Check the installation: schema, keys, audit chain, mail, fonts."""
    from yishang_crm import doctor as examination

    findings = _indoors(examination.examine)
    if as_json:
        click.echo(json.dumps([finding.__dict__ for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            click.echo(f"{'ok ' if finding.ok else 'BAD'} {finding.name}: {finding.detail}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write database, keys and audit head into one file; safe while the house is open."""
    from yishang_crm.core import backup as keeping

    keeping.write(Settings(), file)
    click.echo(str(file))


@main.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def restore(file: Path) -> None:
    """Put a backup back into an empty instance folder and database."""
    from yishang_crm.core import backup as keeping

    keeping.read(Settings(), file)
    click.echo("restored")


@main.command()
@click.option("--all", "everybody", is_flag=True, help="Everybody, not only who changed since the last time.")
@click.option("--json", "as_json", is_flag=True)
def duplicates(*, everybody: bool, as_json: bool) -> None:
    """Look for people who stand twice. Nothing is merged; the pairs wait at /people/duplicates."""
    from yishang_crm.people import cli as people

    _indoors(lambda: people.find_duplicates(everybody=everybody, as_json=as_json))


@main.group()
def keys() -> None:
    """Keys for what is encrypted at rest."""


@keys.command()
def rotate() -> None:
    """Make a fresh data key and re-encrypt everything under it."""
    from yishang_crm.core import rotation
    from yishang_crm.core.actor import HOUSE
    from yishang_crm.people import actions as people

    Settings().add_data_key()
    # ID numbers first: their blind index changes with the key.
    count = _indoors(lambda: people.reencrypt_id_numbers(HOUSE) + rotation.reencrypt(HOUSE))
    click.echo(f"re-encrypted: {count}")


def _app() -> Any:
    from yishang_crm.app import create_app

    return create_app()


def _indoors(work: Callable[[], Any]) -> Any:
    """Run in the house, commit at the end; an expected refusal is one sentence on standard error."""
    from yishang_crm.core.db import db, writing

    with _app().app_context(), writing():
        try:
            outcome = work()
            db.session.commit()
            return outcome
        except HouseError as refusal:
            db.session.rollback()
            click.echo(str(refusal), err=True)
            sys.exit(1)


def _migrate_if_due() -> None:
    if _schema_is_current():
        return
    # In a process of its own: this one may go on to watch over the server for months, and would keep the 100 MB.
    itself = [sys.executable, "-c", "from yishang_crm.cli import main; main()"]
    if subprocess.run([*itself, "migrate"], stdout=subprocess.DEVNULL, check=False).returncode:  # noqa: S603 - our own words
        sys.exit(1)


def _must_be_migrated() -> None:
    if not _schema_is_current():
        click.echo("数据库结构不是这个版本的，请先运行 yishang migrate。", err=True)
        sys.exit(1)


def _schema_is_current() -> bool:
    from yishang_crm.core import schema

    return schema.standing(Settings().database) == schema.newest()


def _listen(host: str, port: int, workers: int, *, timetable: bool) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    os.environ["YISHANG_WITH_TIMETABLE"] = "1" if timetable else ""
    if not Settings().public_url:
        os.environ["YISHANG_PUBLIC_URL"] = f"http://{host}:{port}"
    Granian(
        "yishang_crm.wsgi:app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=8,
        log_access=False,
        log_level="error",
    ).serve()


def _must_be_free(host: str, port: int) -> None:
    """The server shares a port with whoever has it already, and callers would reach either."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            click.echo(
                f"{host}:{port} 用不了（{fault.strerror}）：多半已有程序占着。请停掉它，或换一个端口：--port {port + 1}",
                err=True,
            )
            sys.exit(1)


def _announce(host: str, port: int) -> None:
    address = Settings().public_url or f"http://{host}:{port}"
    click.echo(f"宜商通  {address}")


def _wait(seconds: int) -> None:
    import time

    time.sleep(seconds)
