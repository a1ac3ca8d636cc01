"""What this room does by the clock."""

import datetime as dt

from flask import current_app

from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.db import reading
from yishang_crm.people import actions, resuming
from yishang_crm.people.brought import KEPT_OPEN, UNDO_WITHIN, BatchState
from yishang_crm.people.queries import imports as kept
from yishang_crm.people.queries import tally

# A process that writes says so with every portion, many times a second.
QUIET = dt.timedelta(seconds=60)

WORTH_IT = 2000  # lines; adding up fewer saves nobody anything


def add_up_counts() -> dict[str, int]:
    """When many people changed: their lines in the tally become few again."""
    if tally.lines() < WORTH_IT + tally.kinds_of_line():
        return {}
    return {"lines": actions.add_up_counts(HOUSE)}


def turn_birthdays() -> dict[str, int]:
    """Once a night: the next birthday where the stored one has passed."""
    turned = actions.turn_birthdays(HOUSE)
    return {"turned": turned} if turned else {}


def go_on_with_imports() -> dict[str, int]:
    """Every few seconds: what a page has asked to be written or undone, and what a dead process left half done."""
    with reading():
        waiting = list(kept.batches_under_way(HOUSE, quiet_since=now() - QUIET))
    done = sum(resuming.go_on_apart(batch) for batch in waiting)
    return {"imports": done} if done else {}


def close_left_open(keep: dt.timedelta) -> int:
    """Files that nobody closed in so long are closed and wiped; how long is a rule of `retention`. Returns how many."""
    with reading():
        left_open = list(kept.batches_left_open(HOUSE, before=now() - keep))
    for batch in left_open:
        close = actions.discard_batch if batch.state == BatchState.CHECKED else actions.close_batch
        close(HOUSE, batch)
    return len(left_open)


def forget_imports() -> dict[str, int]:
    """Once a night: what is past undoing forgets how."""
    with reading():
        past = list(kept.batches_past_undoing(HOUSE, before=now() - UNDO_WITHIN))
    for batch in past:
        actions.drop_images(HOUSE, batch)
    counts = {"images": len(past), "files": _forget_old_files()}
    return counts if any(counts.values()) else {}


def _forget_old_files() -> int:
    """Files of earlier versions, which lay in the instance folder."""
    old = (now() - KEPT_OPEN).timestamp()
    folder = current_app.config["SETTINGS"].folder / "imports"
    files = [file for file in folder.glob("*.file") if file.stat().st_mtime < old]
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)
