"""What this room does by the clock."""

import datetime as dt

from flask import current_app

from yishang_crm.accounts import actors
from yishang_crm.accounts.models import User
from yishang_crm.core import clock
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.followup import actions, queries
from yishang_crm.outbox import transport

DIGESTS_FROM = dt.time(7, 30)
CLOCKS_AT_ONCE = 100


def send_digests() -> dict[str, int]:
    """From 7:30 on working days: each of the staff with an address is told once what is due.

    Each reader is settled in a transaction of their own, and the job reads as that reader.
    """
    if transport.obstacle(current_app.config["SETTINGS"]):
        return {}  # the address stands in the text: it is written when there is one
    at = clock.local(clock.now())
    if at.time() < DIGESTS_FROM or not queries.work_calendar(around=at.date()).is_workday(at.date()):
        return {}
    posted = 0
    while readers := queries.readers_to_tell(at.date()):
        for user in readers:
            posted += _told(user, at.date())
            db.session.commit()
    return {"posted": posted} if posted else {}


def begin_clocks() -> dict[str, int]:
    """Once a night: who came by import or by hand is owed a first contact as well."""
    begun, last = 0, 0
    while people := queries.people_without_cadence(after=last, most=CLOCKS_AT_ONCE):
        begun += len(actions.start_cadence(HOUSE, people))
        last = people[-1].id or 0
        db.session.commit()  # the write lock is free for others after each few
    return {"begun": begun} if begun else {}


def _told(user: User, day: dt.date) -> bool:
    reader = actors.of_user(user)
    address = f"{current_app.config['SETTINGS'].address}/today"
    try:
        return actions.send_digest(reader, user, day=day, address=address)
    except NotPossible:
        db.session.rollback()
        actions.give_up_digest(reader, user, day=day)
        return False
