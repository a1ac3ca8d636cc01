"""Opening personal details has a measure for each person; what happens to the deed does not take the count back (S37)."""

import datetime as dt

import pytest
import time_machine
from sqlmodel import col, select

from tests.cast import signed_in
from tests.house.planted import plant
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import AuditEntry, action
from yishang_crm.core.clock import ANQING
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, TooMany
from yishang_crm.core.limits import Attempts
from yishang_crm.core.openings import opened
from yishang_crm.core.scope import unscoped_for
from yishang_crm.followup.models import Task

MORNING = dt.datetime(2026, 9, 24, 10, 20, tzinfo=ANQING)


@pytest.fixture
def world(app, cast):
    with time_machine.travel(MORNING, tick=False):
        yield plant(app, cast)


@pytest.fixture
def measure(app, monkeypatch):
    """Three in an hour, five in a day."""
    settings = app.config["SETTINGS"]
    monkeypatch.setitem(
        app.config, "SETTINGS", settings.model_copy(update={"openings_per_hour": 3, "openings_per_day": 5})
    )


@action(Permission.PEOPLE_OPEN_CONTACT)
def look(actor, *, then=None):
    opened(actor, "something")
    if then:
        raise then


def counted(actor) -> list[int]:
    wanted = select(Attempts.count).where(col(Attempts.key).startswith(f"opening:{actor.key}/"))
    return sorted(db.session.scalars(wanted).all())


def test_the_fourth_opening_in_an_hour_is_refused_with_a_sentence(app, world, measure, client):
    signed_in(client, "tongcheng")
    address = f"/people/contacts/{world.values['contact_id']}/opening"
    answers = [client.post(address) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "已有3个，请40分钟后再开" in answers[3].text
    assert "安全管理员放行" in answers[3].text
    assert answers[3].headers["Retry-After"] == "2400"
    assert "19900000611" in answers[0].text
    assert "19900000611" not in answers[3].text


def test_the_next_hour_begins_anew_until_the_day_is_full(app, world, measure, cast):
    with app.app_context(), writing():
        for _ in range(3):
            look(cast.tongcheng)
        with time_machine.travel(MORNING + dt.timedelta(hours=1), tick=False):
            look(cast.tongcheng)
            look(cast.tongcheng)
            with pytest.raises(TooMany, match="今天打开的联系方式和链接已有5个") as refused:
                look(cast.tongcheng)
        assert refused.value.wait == int(dt.timedelta(hours=12, minutes=40).total_seconds())
        with time_machine.travel(MORNING + dt.timedelta(days=1), tick=False):
            look(cast.tongcheng)


def test_each_person_has_a_measure_of_their_own(app, world, measure, cast):
    with app.app_context(), writing():
        for _ in range(3):
            look(cast.tongcheng)
        look(cast.tongcheng2)
        assert (counted(cast.tongcheng), counted(cast.tongcheng2)) == ([3, 3], [1, 1])


def test_a_deed_that_is_refused_afterwards_has_counted_all_the_same(app, world, cast):
    with app.app_context(), writing():
        with pytest.raises(NotPossible):
            look(cast.tongcheng, then=NotPossible("此人已去世"))
        db.session.rollback()
        assert counted(cast.tongcheng) == [1, 1]


def test_nobody_signed_in_means_nothing_to_count(app, world, measure):
    with app.app_context(), writing():
        for _ in range(9):
            look(HOUSE)
        assert counted(HOUSE) == []


def test_what_is_opened_comes_before_anything_is_changed(app, cast):
    @action(Permission.PEOPLE_OPEN_CONTACT)
    def change_and_look(actor):
        db.session.add(Task(what="回电", unit_id=actor.unit_id, due_on=MORNING.date()))
        opened(actor, "something")

    with app.app_context(), writing():
        with pytest.raises(RuntimeError, match="comes first"):
            change_and_look(cast.tongcheng)
        db.session.rollback()
        with pytest.raises(RuntimeError, match="inside an action"):
            opened(cast.tongcheng, "something")


def test_the_auditor_reads_of_a_stop_once(app, world, measure, cast):
    with app.app_context(), writing():
        for _ in range(3):
            look(cast.tongcheng)
        for _ in range(4):
            with pytest.raises(TooMany):
                look(cast.tongcheng)
            db.session.rollback()
        wanted = select(AuditEntry.actor, AuditEntry.note).where(AuditEntry.verb == "core.openings.stop")
        found = db.session.execute(unscoped_for("a test looks", wanted)).all()
        assert [tuple(row) for row in found] == [(cast.tongcheng.key, {"most": 3})]


def test_the_security_administrator_sees_who_was_stopped_and_lifts_it(app, world, measure, client):
    signed_in(client, "tongcheng")
    address = f"/people/contacts/{world.values['contact_id']}/opening"
    assert [client.post(address).status_code for _ in range(4)][-1] == 429
    guard = signed_in(app.test_client(), "security")
    page = guard.get("/admin/security").text
    assert "打开联系方式" in page
    assert "汪澄" in page
    with app.app_context():
        keys = db.session.scalars(select(Attempts.key).where(col(Attempts.key).startswith("opening:"))).all()
    for key in keys:
        assert guard.post("/admin/security/releases", data={"key": key}).status_code == 303
    assert client.post(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/people/contacts/{contact_id}/opening",
        "/conferences/{slug}/guests/{guest_id}/link",
        "/conferences/{slug}/guests/{guest_id}/letter/pdf",
        "/conferences/{slug}/guests/{guest_id}/letter/docx",
        "/network/{appointment_id}/link",
        "/network/{appointment_id}/link/code",
        "/network/introductions/{introduction_id}/phone",
    ],
)
def test_every_way_to_open_something_is_counted(world, measure, client, address):
    signed_in(client, "tongcheng")
    if address.endswith("/link/code"):
        client.post(f"/network/{world.values['appointment_id']}/link")
    answers = [client.post(address.format(**world.values)).status_code for _ in range(4)]
    assert answers[-1] == 429, answers
    assert 200 in answers


@pytest.mark.parametrize("number", ["0", "-5"])
def test_a_measure_is_a_number_from_one(number, tmp_path):
    with pytest.raises(ValueError, match="OPENINGS_PER_HOUR"):
        Settings(instance=tmp_path, openings_per_hour=number, _env_file=None)
