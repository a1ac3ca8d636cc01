"""`yishang doctor`: is everything in order? Each finding says what it is and what to do."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app

from yishang_crm.core import rotation, schema, trail, triggers
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db
from yishang_crm.outbox import transport


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str


def examine() -> list[Finding]:
    """Look at everything; nothing is changed but the seals of new audit entries."""
    settings: Settings = current_app.config["SETTINGS"]
    findings = [*_database(settings), *_secrets(settings)]
    if findings[0].ok:  # without its tables nothing can be read
        findings += [*_triggers(), *_sealed(), *_audit()]
    return [*findings, *_papers(), *_mail(settings)]


def _database(settings: Settings) -> Iterator[Finding]:
    standing = schema.current(db.engine)
    yield Finding("schema", standing == schema.newest(), f"{standing} (this version: {schema.newest()})")
    if settings.database.startswith("sqlite"):
        outcome = db.session.connection().exec_driver_sql("PRAGMA quick_check").scalar()
        yield Finding("database file", outcome == "ok", str(outcome))


def _secrets(settings: Settings) -> Iterator[Finding]:
    loose = [
        name
        for name in ("secret_key", "data_keys", "audit_key")
        if (path := settings.folder / name).exists() and path.stat().st_mode & 0o077
    ]
    yield Finding(
        "keys", not loose, "mode 0600" if not loose else f"others can read: {', '.join(loose)}; chmod 600"
    )
    safe = settings.is_https or urlsplit(settings.public_url or "http://127.0.0.1").hostname in (
        "127.0.0.1",
        "localhost",
    )
    yield Finding("https", safe, settings.public_url or "only on this machine")


def _triggers() -> Iterator[Finding]:
    gone = [one.name for one in triggers.missing(db.session.connection())]
    detail = f"missing: {', '.join(gone)}; `yishang migrate` puts them back" if gone else "all there"
    yield Finding("triggers", not gone, detail)


def _sealed() -> Iterator[Finding]:
    lost = [name for name, is_readable in rotation.keys_in_use().items() if not is_readable]
    if lost:
        yield Finding("encrypted values", False, f"no key opens some of {', '.join(lost)}; restore data_keys")
        return
    behind = rotation.behind()
    rest = f"; {behind} under an older key, which must stay until `yishang keys rotate`" if behind else ""
    yield Finding("encrypted values", True, f"every one has its key{rest}")


def _audit() -> Iterator[Finding]:
    sealed = trail.seal()
    faults = trail.verify()
    yield Finding("audit chain", not faults, "; ".join(faults[:5]) or f"whole ({sealed} newly sealed)")


def _papers() -> Iterator[Finding]:
    from yishang_crm.conference.papers import fonts

    try:
        yield Finding("fonts", True, str(fonts.folder()))
    except Exception as missing:  # noqa: BLE001 - whatever is wrong with them is the finding
        yield Finding("fonts", False, str(missing))


def _mail(settings: Settings) -> Iterator[Finding]:
    if not settings.smtp_url:
        yield Finding("mail", True, "no YISHANG_SMTP_URL: letters land in the built-in mailbox")
        return
    yield _links(settings)
    server = urlsplit(settings.smtp_url)
    try:
        socket.create_connection((server.hostname, server.port or 25), timeout=5).close()
        yield Finding("mail", True, f"{server.hostname}:{server.port or 25} answers")
    except OSError as refusal:
        yield Finding("mail", False, f"{server.hostname}:{server.port or 25}: {refusal}")


def _links(settings: Settings) -> Finding:
    if transport.obstacle(settings) is None:
        return Finding("links in letters", True, settings.address)
    public = settings.public_url or "not set"
    return Finding("links in letters", False, f"YISHANG_PUBLIC_URL is {public}: nobody else can open what stands in letters, "
                   "so none leaves; set it to the address people use")  # fmt: skip
