"""One timetable for `yishang serve` and `yishang worker`; and workers as real processes that deliver."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler

from tests.outbox.arranged import OwnHouse, _fresh_database, many
from tests.outbox.servers import MailServer
from yishang_crm import timetable
from yishang_crm.app import create_app
from yishang_crm.core import schema, sealed
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing

PAGE = {
    ("yishang_crm.outbox.jobs.deliver", "interval[0:00:20]"),
    ("yishang_crm.people.exports.jobs.make_waiting", "interval[0:00:10]"),
    ("yishang_crm.core.trail.seal", "interval[0:00:30]"),
    ("yishang_crm.accounts.jobs.answer_password_requests", "interval[0:00:30]"),
    ("yishang_crm.people.jobs.add_up_counts", "interval[0:02:00]"),
    ("yishang_crm.people.jobs.go_on_with_imports", "interval[0:00:05]"),
    ("yishang_crm.followup.jobs.send_digests", "interval[0:05:00]"),
    ("yishang_crm.people.jobs.turn_birthdays", "cron[hour='0', minute='10']"),
    ("yishang_crm.people.jobs.nightly_duplicates", "cron[hour='2', minute='10']"),
    ("yishang_crm.followup.jobs.begin_clocks", "cron[hour='2', minute='40']"),
    ("yishang_crm.conference.jobs.begin_follow_ups", "cron[hour='6', minute='50']"),
    ("yishang_crm.accounts.jobs.forget_expired", "cron[hour='3', minute='10']"),
    ("yishang_crm.people.exports.jobs.wipe_expired", "cron[hour='3', minute='15']"),
    ("yishang_crm.core.retention.obey", "cron[hour='3', minute='20']"),
    ("yishang_crm.people.jobs.forget_imports", "cron[hour='3', minute='15']"),
    ("yishang_crm.outbox.jobs.forget_old_bodies", "cron[hour='3', minute='20']"),
    ("yishang_crm.core.trail.prune", "cron[hour='3', minute='30']"),
    ("yishang_crm.core.undo.forgetting.forget_old", "cron[hour='3', minute='40']"),
}


def jobs_of(scheduler: BaseScheduler) -> set[tuple[str, str]]:
    return {(job.id, str(job.trigger)) for job in scheduler.get_jobs()}


def test_the_worker_and_the_server_keep_one_timetable(app):
    """Written out once more: who moves a job to another hour is to mean it."""
    beside, alone = timetable.arranged(app, wait=False), timetable.arranged(app, wait=True)
    assert (type(beside), type(alone)) == (BackgroundScheduler, BlockingScheduler)
    assert jobs_of(beside) == jobs_of(alone) == PAGE


@pytest.fixture
def migrated(tmp_path: Path, database_address: str) -> Iterator[OwnHouse]:
    """A house as an operator has it, which workers of their own may share."""
    ring = sealed._Keyring.keys
    is_postgresql = database_address.startswith("postgresql")
    address = _fresh_database(database_address) if is_postgresql else f"sqlite:///{tmp_path / 'house.db'}"
    settings = Settings(instance=tmp_path / "house", database_url=address, _env_file=None)
    schema.migrate(settings.database)
    house = OwnHouse(create_app(settings), settings)
    with house:
        yield house
    sealed.use_keys(ring)


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def test_it_is_this_timetable_that_begins(migrated: OwnHouse):
    running = timetable.begin(migrated.app, wait=False)
    try:
        assert (running.running, jobs_of(running)) == (True, PAGE)
        every_day = [job for job in running.get_jobs() if str(job.trigger).startswith("cron")]
        assert {str(job.trigger.timezone) for job in every_day} == {"Asia/Shanghai"}
        rules = {(job.coalesce, job.max_instances, job.misfire_grace_time) for job in running.get_jobs()}
        assert rules == {(True, 1, 3600)}
    finally:
        running.shutdown(wait=True)


def said_by(house: OwnHouse, *words: str, **more: str) -> subprocess.Popen[bytes]:
    """`yishang …` as a process of its own on this house."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("YISHANG_")}
    told = {
        "PYTHONPATH": str(schema.ROOT),
        "YISHANG_INSTANCE": str(house.settings.folder),
        "YISHANG_DATABASE_URL": str(house.settings.database_url),
    }
    command = [sys.executable, "-c", "from yishang_crm.cli import main; main()", *words]
    return subprocess.Popen(
        command,
        cwd=house.settings.folder,
        env=plain | told | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextlib.contextmanager
def workers(house: OwnHouse, server: MailServer, *, count: int) -> Iterator[list[psutil.Process]]:
    settings = {"YISHANG_SMTP_URL": server.url, "YISHANG_PUBLIC_URL": "https://crm.example.gov.cn"}
    started = [said_by(house, "worker", **settings) for _ in range(count)]
    try:
        yield [psutil.Process(one.pid) for one in started]
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.communicate(timeout=30)


def wait_until(holds: Callable[[], bool], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.1)
    assert holds()


def test_a_worker_delivers_what_is_queued_and_listens_to_nobody(migrated: OwnHouse, mail_server: MailServer):
    with migrated.app.app_context(), writing():
        many(HOUSE, 2)
        many(HOUSE, 1, hold=True, first=10)
        db.session.commit()
    with workers(migrated, mail_server, count=1) as (worker,):
        wait_until(lambda: migrated.states() == {"sent": 2, "held": 1})
        assert [one for one in worker.net_connections() if one.status == psutil.CONN_LISTEN] == []
        assert worker.is_running()
    assert [to for _, (to,) in mail_server.envelopes] == ["guest1@example.com", "guest2@example.com"]


def test_two_workers_deliver_each_letter_once(migrated: OwnHouse, mail_server: MailServer):
    letters = 150
    migrated.write(letters)
    with workers(migrated, mail_server, count=2):
        wait_until(lambda: migrated.states() == {"sent": letters})
    assert (len(mail_server.arrivals), set(mail_server.arrivals.values())) == (letters, {1})
    assert {message.attempts for message in migrated.messages()} == {1}


@pytest.mark.parametrize("half", ["web", "worker"])
def test_neither_half_begins_on_an_older_schema(half, migrated: OwnHouse):
    engine = sa.create_engine(migrated.settings.database)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
    engine.dispose()
    process = said_by(migrated, half)
    said, complained = (text.decode() for text in process.communicate(timeout=60))
    assert (process.returncode, said) == (1, "")
    assert complained == "数据库结构不是这个版本的，请先运行 yishang migrate。\n"
