"""Every recurring job with its hour, on one page. Due-ness lies in the data: a missed night is caught up,
a second process does no harm."""

import datetime as dt
from dataclasses import dataclass

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from yishang_crm.accounts import jobs as accounts
from yishang_crm.conference import jobs as conference
from yishang_crm.core import retention, trail, undo
from yishang_crm.core.clock import ANQING, now
from yishang_crm.core.jobs import Job, in_house
from yishang_crm.followup import jobs as followup
from yishang_crm.outbox import jobs as outbox
from yishang_crm.people import jobs as people
from yishang_crm.people.exports import jobs as exports

SOON = dt.timedelta(seconds=2)


@dataclass(frozen=True)
class Entry:
    """One line of the timetable: a job, and either every so many seconds or daily at an hour of Anqing."""

    job: Job
    seconds: int | None = None
    at: str | None = None

    @property
    def trigger(self) -> IntervalTrigger | CronTrigger:
        if self.seconds:
            return IntervalTrigger(seconds=self.seconds)
        hour, minute = (self.at or "03:00").split(":")
        return CronTrigger(hour=int(hour), minute=int(minute), timezone=ANQING)

    @property
    def first(self) -> dict[str, dt.datetime]:
        """What runs every few seconds begins at once: letters that waited for a restart leave with it."""
        is_frequent = self.seconds is not None and self.seconds < 60
        return {"next_run_time": now() + SOON} if is_frequent else {}


TIMETABLE = (
    Entry(outbox.deliver, seconds=20),
    Entry(exports.make_waiting, seconds=10),
    Entry(trail.seal, seconds=30),
    Entry(accounts.answer_password_requests, seconds=30),
    Entry(people.add_up_counts, seconds=120),
    Entry(people.go_on_with_imports, seconds=5),
    Entry(followup.send_digests, seconds=300),
    Entry(people.turn_birthdays, at="00:10"),
    Entry(people.nightly_duplicates, at="02:10"),
    Entry(followup.begin_clocks, at="02:40"),
    Entry(conference.begin_follow_ups, at="06:50"),
    Entry(accounts.forget_expired, at="03:10"),
    Entry(exports.wipe_expired, at="03:15"),
    Entry(retention.obey, at="03:20"),
    Entry(people.forget_imports, at="03:15"),
    Entry(outbox.forget_old_bodies, at="03:20"),
    Entry(trail.prune, at="03:30"),
    Entry(undo.forget_old, at="03:40"),
)


def begin(app: Flask, *, wait: bool) -> BaseScheduler:
    """Start the timetable: beside the web (`wait=False`), or as the whole work of this process."""
    scheduler = arranged(app, wait=wait)
    scheduler.start()
    return scheduler


def arranged(app: Flask, *, wait: bool) -> BaseScheduler:
    """The same jobs at the same hours for `yishang serve` and `yishang worker`, not yet started."""
    scheduler = (
        BlockingScheduler(timezone=ANQING) if wait else BackgroundScheduler(timezone=ANQING, daemon=True)
    )
    for entry in TIMETABLE:
        scheduler.add_job(
            in_house(app, entry.job),
            entry.trigger,
            id=f"{entry.job.__module__}.{entry.job.__name__}",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=3600,
            **entry.first,
        )
    return scheduler
