"""The timetable at another hour, in a process of its own on a served house: `python -m tests.browser.morning DAY`.

Passes over days off until the digests are due, and lets them out of the house. Prints the day.
"""

import datetime as dt
import sys

import time_machine

from yishang_crm.app import create_app
from yishang_crm.core.clock import ANQING
from yishang_crm.core.db import db, writing
from yishang_crm.followup import jobs as followup
from yishang_crm.outbox import jobs as outbox


def main(first: dt.date) -> None:
    app = create_app()
    for days in range(14):  # the longest holiday is shorter
        day = first + dt.timedelta(days=days)
        with time_machine.travel(dt.datetime.combine(day, dt.time(8), ANQING)):
            with app.app_context(), writing():
                posted = followup.send_digests()
                db.session.commit()
            if posted:
                with app.app_context():
                    outbox.run_once()
                print(day)
                return
    raise SystemExit("no working day in two weeks")


if __name__ == "__main__":
    main(dt.date.fromisoformat(sys.argv[1]))
