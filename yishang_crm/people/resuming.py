"""Going on with imports that are being written or undone: in the timetable's own time, in a process of its own."""

import os
import subprocess
import sys

from flask import current_app

from yishang_crm.accounts import actors
from yishang_crm.core.actor import HOUSE, Actor
from yishang_crm.core.apart import unswept
from yishang_crm.core.clock import now
from yishang_crm.core.db import end_transaction, reading
from yishang_crm.core.errors import NotPossible
from yishang_crm.people import actions
from yishang_crm.people.models.brought import UNDER_WAY, BatchState, ImportBatch
from yishang_crm.people.queries import imports as kept


def resume(batch_id: int | None = None) -> int:
    """Go on with one batch, or with all that are under way. Returns how many were brought to their end."""
    with reading():
        if batch_id is None:
            waiting = list(kept.batches_under_way(HOUSE, quiet_since=now()))
        else:
            one = kept.batch(HOUSE, batch_id)
            waiting = [one] if one is not None and one.state in UNDER_WAY else []
    return sum(_went_on(batch) for batch in waiting)


def _went_on(batch: ImportBatch) -> bool:
    try:
        with reading():
            actor = actors.of_id(batch.user_id)
        with unswept():
            go_on(actor, batch)
    except NotPossible:
        return False  # the account was switched off; a colleague may go on, or the night closes it
    return True


def go_on(actor: Actor, batch: ImportBatch) -> None:
    """Bring a batch to its end: written, or undone."""
    if batch.state == BatchState.UNDOING:
        actions.undo_batch(actor, batch)
    else:
        actions.write_batch(actor, batch)
    end_transaction()


def go_on_apart(batch: ImportBatch) -> bool:
    """The same in a process of its own, so that the pages served beside the timetable do not wait for it."""
    settings = current_app.config["SETTINGS"]
    environment = os.environ | {
        "YISHANG_INSTANCE": str(settings.folder),
        "YISHANG_DATABASE_URL": settings.database_url or "",
    }
    command = [sys.executable, "-m", "yishang_crm", "import", "resume", f"{batch.id}"]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - our own command
    return done.returncode == 0
