"""Keeping the audit trail: sealing what is new, the head outside the database, pruning after 180 days."""

import datetime as dt
import json
import secrets

from flask import current_app

from yishang_crm.core import audit
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import now
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.core.deed import Deed, doing

KEPT_FOR = dt.timedelta(days=180)  # 网络安全法: at least six months (domain.md §6.2)


def seal() -> int:
    """Chain what is not yet chained, and keep the head in the instance folder."""
    settings: Settings = current_app.config["SETTINGS"]
    sealed = 0
    while some := audit.seal_pending(settings.chain_key):
        db.session.commit()
        sealed += some
    if sealed:
        keep_head(settings)
    return sealed


def keep_head(settings: Settings) -> None:
    """Write the head beside the database, whole or not at all."""
    path, beside = settings.folder / "audit.head", settings.folder / f".audit.head.{secrets.token_hex(6)}"
    beside.write_text(json.dumps(audit.head()))
    beside.replace(path)


def kept_head(settings: Settings) -> dict[str, object] | None:
    """The head as it was kept, or None before the first sealing."""
    path = settings.folder / "audit.head"
    return json.loads(path.read_text()) if path.exists() else None


def verify() -> list[str]:
    """Every fault of the chain, none when it is whole."""
    settings: Settings = current_app.config["SETTINGS"]
    return audit.verify_chain(settings.chain_key, kept_head(settings))


def prune() -> int:
    """Drop entries older than they must be kept, leaving a checkpoint."""
    settings: Settings = current_app.config["SETTINGS"]
    return audit.prune_before(settings.chain_key, now() - KEPT_FOR)


def refused(actor: Actor, *, endpoint: str, about: str) -> None:
    """Leave an entry for a deed that was refused, in a transaction of its own: the deed's was rolled back."""
    with writing(), doing(Deed(actor, "core.trail.refused", about)) as deed:
        deed.note["endpoint"] = endpoint
        audit.leave_entry(deed)
        db.session.commit()
