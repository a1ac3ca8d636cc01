"""What this room does by the clock."""

import datetime as dt

from yishang_crm.accounts import actions, queries
from yishang_crm.core import limits
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db


def answer_password_requests() -> int:
    """Every half minute: write the letters that were asked for. Returns how many were written."""
    written = 0
    for reset in queries.resets_to_answer():
        written += actions.answer_password_request(HOUSE, reset)
        db.session.commit()
    return written


def forget_expired() -> None:
    """Every night: counters that no longer lock anything."""
    limits.forget_old(older_than=dt.timedelta(days=1))
