"""What this room does by the clock."""

import datetime as dt

from flask import current_app

from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, reading
from yishang_crm.people import actions, resuming
from yishang_crm.people.models.brought import KEPT_OPEN, UNDO_WITHIN, BatchState
from yishang_crm.people.queries import imports as kept
from yishang_crm.people.queries import matching, tally

# A process that writes says so with every portion, many times a second.
QUIET = dt.timedelta(seconds=60)

AT_ONCE = 200
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


def nightly_duplicates() -> dict[str, int]:
    """Who changed since the last night is compared with everybody. Due-ness stands with each person, so a missed night is
    made up for, and a second run finds nothing to do."""
    counts = find_duplicates()
    return counts if counts["people"] else {}


def find_duplicates(*, everybody: bool = False) -> dict[str, int]:
    """The same, or everybody with everybody; first whoever has nothing to compare by gets it."""
    _keep_ready()
    if not everybody and not matching.to_scan():
        return {"people": 0, "weighed": 0, "found": 0, "changed": 0}
    return actions.find_duplicates(HOUSE, everybody=everybody)


def _keep_ready() -> None:
    last = 0
    while ids := matching.without_profile(after=last, most=AT_ONCE):
        actions.keep_ready(HOUSE, person_ids=list(ids))
        last = ids[-1]
        db.session.commit()  # the write lock is free for others after each few
