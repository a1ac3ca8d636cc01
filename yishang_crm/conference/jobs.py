"""What this room does by the clock."""

import datetime as dt

from yishang_crm.conference import actions, queries
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.db import db

AFTER_THE_END = dt.timedelta(hours=12)


def begin_follow_ups() -> dict[str, int]:
    """The morning after a conference: each guest who came becomes a task, if nobody has asked for it yet."""
    tasks = 0
    for edition in queries.editions_to_follow_up(ended_before=now() - AFTER_THE_END):
        tasks += actions.begin_follow_up(HOUSE, edition)
        db.session.commit()
    return {"tasks": tasks} if tasks else {}
