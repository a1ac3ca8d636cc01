"""The morning digest: once a day for each reader, read with their own eyes, quiet on days off."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask

from tests.cast import UNITS, Cast, arrange_cast, unit_id
from tests.followup.arranged import add_person, log
from tests.outbox.arranged import OwnHouse, every_message
from yishang_crm.accounts import actions as accounts
from yishang_crm.accounts import actors
from yishang_crm.accounts import queries as users
from yishang_crm.accounts.models import Role
from yishang_crm.app import create_app
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import ANQING
from yishang_crm.core.db import db, writing
from yishang_crm.followup import actions, jobs, queries
from yishang_crm.followup.models import Readers
from yishang_crm.outbox.models import State

TODAY = dt.date(2026, 9, 8)


def at(day: dt.date, hour: int = 9, minute: int = 0):
    return time_machine.travel(dt.datetime.combine(day, dt.time(hour, minute), ANQING), tick=False)


@pytest.fixture
def li(indoors, cast: Cast):
    """A liaison of Tongcheng with an address, who promised something for the 8th of September."""
    with at(TODAY, 6):
        unit = users.unit(unit_id("340881"))
        user = accounts.add_user(
            HOUSE,
            login="li",
            name="李知秋",
            role=Role.COUNTY,
            unit=unit,
            password="江水东流去也-2026",
            email="li@example.cn",
        )
        actor = actors.of_user(user)
        person = add_person(actor, "江望之")
        log(actor, person, text="谈扩产", next_on=TODAY, next_what="送请柬")
        return actor


def run(day: dt.date = TODAY, hour: int = 9, minute: int = 0) -> dict[str, int]:
    with at(day, hour, minute):
        return jobs.send_digests()


def test_a_morning_without_an_address_for_its_link_is_told_as_soon_as_there_is_one(li, app, monkeypatch):
    settings = app.config["SETTINGS"]
    monkeypatch.setattr(settings, "smtp_url", "smtp://127.0.0.1:25")
    assert (run(), every_message()) == ({}, [])
    monkeypatch.setattr(settings, "public_url", "https://crm.example.gov.cn")
    assert run(hour=10) == {"posted": 1}
    assert "https://crm.example.gov.cn/today" in every_message()[0].body_text


def test_what_is_due_is_told_once_a_day(li):
    assert [run(), run(hour=10), run(hour=17)] == [{"posted": 1}, {}, {}]
    (message,) = every_message()
    assert (message.key, message.state, message.subject) == (
        f"digest:{li.id}:2026-09-08",
        State.QUEUED,
        "今日：1件要办",
    )
    assert "今天 送请柬 · 江望之" in message.body_text
    assert message.body_text.startswith("李知秋，早上好。")
    assert run(dt.date(2026, 9, 9)) == {"posted": 1}
    assert "昨天（过期1天） 送请柬 · 江望之" in every_message()[-1].body_text


def test_not_before_half_past_seven(li):
    assert run(hour=7, minute=29) == {}
    assert run(hour=7, minute=30) == {"posted": 1}


@pytest.mark.parametrize(
    ("day", "posted"),
    [
        (dt.date(2026, 9, 12), {}),  # a Saturday
        (dt.date(2026, 10, 1), {}),  # the National Day
        (dt.date(2026, 9, 20), {"posted": 1}),  # a Sunday that is worked for it
        (dt.date(2026, 9, 14), {"posted": 1}),
    ],
)
def test_quiet_on_days_off(li, day, posted):
    assert run(day) == posted


def test_the_offices_own_calendar_counts(li):
    from yishang_crm.core.actor import Permission
    from yishang_crm.core.audit import action
    from yishang_crm.followup.models import Holiday, HolidayKind

    @action(Permission.ADMIN_UNITS)
    def close(actor):
        db.session.add(Holiday(day=TODAY, kind=HolidayKind.HOLIDAY, label="本市放假"))

    close(HOUSE)
    assert run() == {}


def test_who_has_nothing_due_is_told_nothing_all_day(li):
    task = queries.page_of_tasks(li, queries.TaskFilters(), today=TODAY)[0].task
    with at(TODAY, 7):
        actions.postpone_task(li, task, due_on=dt.date(2026, 9, 10))
    assert run() == {}
    with at(TODAY, 10):
        actions.postpone_task(li, task, due_on=TODAY)
    assert run(hour=11) == {}
    assert every_message() == []


def test_it_is_read_with_the_readers_eyes(li, cast):
    with at(TODAY, 6):
        theirs = add_person(cast.huaining, "操景澄")
        actions.add_task(
            HOUSE, what="给操景澄回话", person_id=theirs.id, unit_id=li.unit_id, user_id=li.id, due_on=TODAY
        )
        jiang = add_person(cast.tongcheng, "储汉青")
        log(cast.tongcheng, jiang, readers=Readers.ME_AND_LEADER, next_on=TODAY, next_what="只有我知道")
    run()
    (message,) = every_message()
    assert "操景澄" not in message.body_text
    assert "只有我知道" not in message.body_text


def test_it_speaks_the_readers_language(li):
    accounts.choose_language(li, users.user(li, li.id), language="en")
    task = queries.page_of_tasks(li, queries.TaskFilters(), today=TODAY)[0].task
    with at(TODAY, 6):
        actions.postpone_task(li, task, due_on=dt.date(2026, 9, 12))
    run(dt.date(2026, 10, 9))
    (message,) = every_message()
    assert message.language == "en"
    assert "- 12 Sep" in message.body_text


def test_administrators_partners_and_those_who_left_are_told_nothing(indoors, cast):
    with at(TODAY, 6):
        unit = users.unit(unit_id("340881"))
        for n, role in enumerate((Role.ADMIN, Role.AMBASSADOR, Role.COUNTY)):
            user = accounts.add_user(
                HOUSE,
                login=f"u{n}",
                name="某某",
                role=role,
                unit=unit,
                password="江水东流去也-2026",
                email=f"u{n}@example.cn",
            )
        accounts.disable_user(HOUSE, user)
        assert list(queries.readers_to_tell(TODAY)) == []


def test_a_wrong_address_holds_up_nobody(li, cast):
    with at(TODAY, 6):
        unit = users.unit(unit_id("340881"))
        wrong = accounts.add_user(
            HOUSE,
            login="aa",
            name="某某",
            role=Role.COUNTY,
            unit=unit,
            password="江水东流去也-2026",
            email="not an address",
        )
        actions.add_task(HOUSE, what="回话", unit_id=unit.id, user_id=wrong.id, due_on=TODAY)
        db.session.commit()
    assert run() == {"posted": 1}
    assert run(hour=10) == {}
    assert [message.recipient_name for message in every_message()] == ["李知秋"]


def one_run(app: Flask) -> int:
    """As the timetable runs it."""
    with app.app_context(), writing():
        posted = jobs.send_digests().get("posted", 0)
        db.session.commit()
    return posted


def test_however_many_processes_run_each_reader_is_told_once(own_house: OwnHouse):
    with own_house.app.app_context(), writing(), at(TODAY, 6):
        arrange_cast()
        unit = users.unit(unit_id(UNITS[1][0]))
        for n in range(6):
            user = accounts.add_user(
                HOUSE,
                login=f"u{n}",
                name=f"某{n}",
                role=Role.COUNTY,
                unit=unit,
                password="江水东流去也-2026",
                email=f"u{n}@example.cn",
            )
            db.session.flush()
            actions.add_task(HOUSE, what="回话", unit_id=unit.id, user_id=user.id, due_on=TODAY)
        db.session.commit()
    other = create_app(own_house.settings)
    with at(TODAY, 9), ThreadPoolExecutor(4) as pool:
        runs = [pool.submit(one_run, app) for app in (own_house.app, other) * 3]
        assert sum(run.result() for run in runs) == 6
    with other.app_context():
        db.engine.dispose()
    assert sorted(message.recipient_name for message in own_house.messages()) == [f"某{n}" for n in range(6)]
