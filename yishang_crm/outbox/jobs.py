"""What the timetable and the command line call here."""

import time
from collections.abc import Callable

from flask import current_app

from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, writing
from yishang_crm.core.retention import Rule, keeps, kept_for
from yishang_crm.core.words import N_
from yishang_crm.outbox import actions, delivery, queries
from yishang_crm.outbox.delivery import Counts
from yishang_crm.outbox.transport import transport_of

LONGEST_RUN = 50.0
BODIES = "message_bodies"


def open_rules() -> None:
    """Leave this room's rule where the ground looks."""
    keeps(
        Rule(
            BODIES,
            N_("信件的正文"),
            N_("信发出"),
            730,
            due=lambda keep: queries.bodies_sent_before(now() - keep),
            obey=lambda keep: actions.forget_old_bodies(HOUSE, before=now() - keep),
        )
    )


def deliver() -> dict[str, int | bool]:
    """Send what is due; for the timetable every few seconds. One run lasts at most `LONGEST_RUN` seconds."""
    ends_at = time.monotonic() + LONGEST_RUN
    counts = _delivered(stop=lambda: time.monotonic() > ends_at)
    return counts.as_dict() if counts != Counts() else {}


def run_once() -> dict[str, int | bool]:
    """Send until nothing is due: for `yishang deliver --once`."""
    return _delivered(stop=delivery.never).as_dict()


def forget_old_bodies() -> dict[str, int]:
    """What was sent two years ago, unless the office says otherwise, keeps who and when, not what."""
    with writing():
        count = actions.forget_old_bodies(HOUSE, before=now() - kept_for(BODIES))
        db.session.commit()
    return {"emptied": count} if count else {}


def _delivered(*, stop: Callable[[], bool]) -> Counts:
    settings = current_app.config["SETTINGS"]
    return delivery.deliver_due(transport_of(settings), per_minute=settings.mail_per_minute, stop=stop)
