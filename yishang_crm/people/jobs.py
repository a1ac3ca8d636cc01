"""What this room does by the clock."""

from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db
from yishang_crm.people import actions
from yishang_crm.people.queries import matching

AT_ONCE = 200


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
