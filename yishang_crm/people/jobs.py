"""What this room does by the clock."""

import datetime as dt

from flask import current_app

from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.db import reading
from yishang_crm.people import actions, resuming
from yishang_crm.people.brought import KEPT_OPEN, UNDO_WITHIN, BatchState
from yishang_crm.people.queries import imports as kept

# A process that writes says so with every portion, many times a second.
QUIET = dt.timedelta(seconds=60)


def go_on_with_imports() -> dict[str, int]:
    """Every few seconds: what a page has asked to be written or undone, and what a dead process left half done."""
    with reading():
        waiting = list(kept.batches_under_way(HOUSE, quiet_since=now() - QUIET))
    done = sum(resuming.go_on_apart(batch) for batch in waiting)
    return {"imports": done} if done else {}


def forget_imports() -> dict[str, int]:
    """Once a night: files that nobody closed in seven days are closed and wiped; what is past undoing forgets how."""
    with reading():
        left_open = list(kept.batches_left_open(HOUSE, before=now() - KEPT_OPEN))
        past = list(kept.batches_past_undoing(HOUSE, before=now() - UNDO_WITHIN))
    for batch in left_open:
        close = actions.discard_batch if batch.state == BatchState.CHECKED else actions.close_batch
        close(HOUSE, batch)
    for batch in past:
        actions.drop_images(HOUSE, batch)
    counts = {"closed": len(left_open), "images": len(past), "files": _forget_old_files()}
    return counts if any(counts.values()) else {}


def _forget_old_files() -> int:
    """Files of earlier versions, which lay in the instance folder."""
    old = (now() - KEPT_OPEN).timestamp()
    folder = current_app.config["SETTINGS"].folder / "imports"
    files = [file for file in folder.glob("*.file") if file.stat().st_mtime < old]
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)
