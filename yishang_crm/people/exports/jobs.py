"""What the timetable and the command line call here: large files by a process of their own, old ones wiped."""

import os
import subprocess
import sys

from flask import current_app

from yishang_crm.accounts import actors
from yishang_crm.accounts import queries as accounts
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.clock import now
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, end_transaction
from yishang_crm.core.retention import kept_for
from yishang_crm.core.words import N_
from yishang_crm.people.exports import actions, making, queries
from yishang_crm.people.exports.models import ExportState

LONGEST = 25 * 60  # seconds; shorter than a lease


def make_waiting() -> dict[str, int]:
    """Every few seconds: each export that waits is made by a child process, so that neither the web nor its memory grows."""
    waiting = [export.id or 0 for export in queries.waiting(HOUSE, at=now())]
    end_transaction()  # nothing is held while the child works
    for export_id in waiting:
        _by_a_child(current_app.config["SETTINGS"], export_id)
    return {"made": len(waiting)} if waiting else {}


def make_one(export_id: int) -> None:
    """One export, as whoever asked for it; for `yishang export make`."""
    export = queries.export(HOUSE, export_id)
    user = accounts.user(HOUSE, export.user_id) if export else None
    end_transaction()
    actor = actors.of_user(user) if user is not None and user.is_active else None
    if actor is None or not actor.may(Permission.PEOPLE_EXPORT):
        making.failed(export_id, why=N_("申请人的账号已停用，或者不再有导出的权限。"))
        return
    making.make(actor, export_id, current_app.config["SETTINGS"], keep=kept_for("exports"))


def wipe_expired() -> dict[str, int]:
    """Once a night, and harmless at any hour: files whose time is over, and what processes that died left behind."""
    settings: Settings = current_app.config["SETTINGS"]
    expired = list(queries.expired(HOUSE, at=now()))
    count = actions.wipe(HOUSE, expired) if expired else 0
    db.session.flush()
    for export in expired:
        making.wipe_file(settings, export)
    standing = {one.file_name for one in queries.standing(HOUSE) if one.state == ExportState.READY}
    left = making.wipe_left_behind(settings, known=standing)
    return {"wiped": count, "left_behind": left} if count or left else {}


def _by_a_child(settings: Settings, export_id: int) -> None:
    surroundings = os.environ | {
        "YISHANG_INSTANCE": str(settings.folder),
        "YISHANG_DATABASE_URL": settings.database,
    }
    command = [sys.executable, "-m", "yishang_crm", "export", "make", str(export_id)]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, a number
            command, env=surroundings, timeout=LONGEST, capture_output=True, check=False
        )
        outcome = done.returncode
    except subprocess.TimeoutExpired:
        outcome = -1
    if outcome:
        making.failed(export_id, why=N_("文件没有做成，请再导出一次；若仍不行，请告诉管理员。"))
