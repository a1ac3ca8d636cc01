"""Every recurring job with its hour, on one page. Due-ness lies in the data: a missed night is caught up,
a second process does no harm."""

from dataclasses import dataclass

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from yishang_crm.accounts import jobs as accounts
from yishang_crm.conference import jobs as conference
from yishang_crm.core import trail, undo
from yishang_crm.core.clock import ANQING
from yishang_crm.core.jobs import Job, in_house
from yishang_crm.followup import jobs as followup
from yishang_crm.outbox import jobs as outbox


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


TIMETABLE = (
    Entry(outbox.deliver, seconds=20),
    Entry(trail.seal, seconds=30),
    Entry(accounts.answer_password_requests, seconds=30),
    Entry(followup.send_digests, seconds=300),
    Entry(followup.begin_clocks, at="02:40"),
    Entry(conference.begin_follow_ups, at="06:50"),
    Entry(accounts.forget_expired, at="03:10"),
    Entry(outbox.forget_old_bodies, at="03:20"),
    Entry(trail.prune, at="03:30"),
    Entry(undo.forget_old, at="03:40"),
)


def begin(app: Flask, *, wait: bool) -> BaseScheduler:
    """Start the timetable: beside the web (`wait=False`), or as the whole work of this process."""
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
        )
    scheduler.start()
    return scheduler
