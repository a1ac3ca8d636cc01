"""Requests about one's own data: written down, answered in time, and all that is known of somebody in one file (PIPL 45)."""

import datetime as dt
import io
import json
import zipfile

import pytest
import time_machine
from sqlmodel import select

from tests.cast import signed_in
from tests.conference.arranged import an_edition, an_invited
from tests.followup.arranged import log
from tests.people.arranged import somebody
from tests.people.rights.arranged import a_request
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.scope import unscoped_for
from yishang_crm.followup.models import Readers
from yishang_crm.people import actions as people
from yishang_crm.people.rights import actions, queries
from yishang_crm.people.rights.models import RightsKind, RightsState

ASKED = {"kind": "copy", "asked_on": "2026-09-01", "asked_by": "本人来电", "what": "想看看都记了什么"}


@pytest.fixture
def person_id(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng, "余秉衡", email="yu@example.com")
        db.session.commit()
        return person.id


@pytest.fixture
def request_id(app, cast, person_id):
    from yishang_crm.people import queries as reading

    with app.app_context(), writing():
        request = a_request(cast.tongcheng, reading.person(cast.tongcheng, person_id))
        db.session.commit()
        return request.id


def test_a_request_is_written_down_with_the_day_it_is_due(app, client, cast, person_id):
    signed_in(client, "tongcheng")
    answer = client.post(f"/people/{person_id}/rights", data=ASKED)
    assert answer.status_code == 303, answer.text
    page = client.get(answer.location).text
    for said in ("余秉衡", "查阅、复制", "本人来电", "想看看都记了什么", "10月1日"):
        assert said in page


@pytest.mark.parametrize(("field", "value"), [("asked_on", ""), ("asked_by", ""), ("kind", "all")])
def test_what_is_missing_is_said(client, person_id, field, value):
    signed_in(client, "tongcheng")
    answer = client.post(f"/people/{person_id}/rights", data=ASKED | {field: value})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text or "wrong" in answer.text


def test_a_day_that_has_not_come_is_refused(app, cast, person_id):
    from yishang_crm.people import queries as reading

    with app.app_context(), writing(), pytest.raises(NotPossible, match="不能晚于今天"):
        a_request(
            cast.tongcheng, reading.person(cast.tongcheng, person_id), asked_on=today() + dt.timedelta(days=1)
        )


def test_it_is_answered_and_closed(client, request_id):
    signed_in(client, "tongcheng")
    assert client.post(f"/people/rights/{request_id}/outcome", data={"outcome": ""}).status_code == 422
    client.post(f"/people/rights/{request_id}/outcome", data={"outcome": "当面交给本人"})
    assert "当面交给本人" in client.get(f"/people/rights/{request_id}").text
    assert client.post(f"/people/rights/{request_id}/refusal", data={"reason": "x"}).status_code == 409


def test_a_refusal_gives_its_reason(client, request_id):
    signed_in(client, "tongcheng")
    assert client.post(f"/people/rights/{request_id}/refusal", data={"reason": " "}).status_code == 422
    client.post(f"/people/rights/{request_id}/refusal", data={"reason": "身份没有核实"})
    page = client.get(f"/people/rights/{request_id}").text
    assert "不予办理" in page
    assert "身份没有核实" in page


def test_an_erasure_is_not_closed_by_saying_so(app, cast, person_id):
    from yishang_crm.people import queries as reading

    with app.app_context(), writing():
        request = a_request(
            cast.tongcheng, reading.person(cast.tongcheng, person_id), kind=RightsKind.ERASURE
        )
        with pytest.raises(NotPossible, match="办完自动办结"):
            actions.finish(cast.tongcheng, request, outcome="删了")
        db.session.rollback()


def test_after_thirty_days_it_is_late_and_each_figure_is_its_list(app, client, cast, request_id):
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=40), tick=False), app.app_context():
        found = queries.request(cast.tongcheng, request_id)
        assert found.request.state(today()) == RightsState.LATE
        counts = queries.counts(cast.tongcheng, today=today())
        lists = {which: len(queries.requests(cast.tongcheng, which=which, today=today())) for which in counts}
        assert counts == lists == {"": 1, "open": 1, "late": 1, "done": 0}


@pytest.mark.parametrize(
    ("login", "status"),
    [("tongcheng", 200), ("bureau", 200), ("huaining", 404), ("leader", 403), (None, 302)],
)
def test_a_request_is_seen_by_whom_it_concerns(client, request_id, login, status):
    if login:
        signed_in(client, login)
    answer = client.get(f"/people/rights/{request_id}")
    assert (answer.status_code, "余秉衡" in answer.text) == (status, status == 200)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_ledger_costs_the_same_however_long(app, client, cast, person_id, count_queries, rows):
    from yishang_crm.people import queries as reading

    with app.app_context(), writing():
        for _ in range(rows):
            a_request(cast.tongcheng, reading.person(cast.tongcheng, person_id))
        db.session.commit()
    signed_in(client, "tongcheng")
    client.get("/people/rights")
    with count_queries() as counted:
        assert client.get("/people/rights").status_code == 200
    assert counted.n == 4, counted.statements


# All that is known of one


@pytest.fixture
def known(app, cast, person_id):
    from yishang_crm.people import queries as reading

    with app.app_context(), writing():
        person = reading.person(cast.tongcheng, person_id)
        people.set_id_number(cast.tongcheng, person, number="110101199003077571")
        log(cast.tongcheng, person, text="谈<b>二期</b>扩产")
        log(cast.tongcheng2, person, text="只给领导看的话", readers=Readers.ME_AND_LEADER)
        an_invited(cast.tongcheng, an_edition(cast.organizer), person)
        people.open_contact(cast.tongcheng, reading.person_parts(cast.tongcheng, person).contacts[0])
        db.session.commit()
    return person_id


def told(answer) -> tuple[str, dict]:
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    return archive.read("个人信息.html").decode(), json.loads(archive.read("个人信息.json"))


def test_all_that_is_known_of_somebody_is_in_one_file(client, known):
    signed_in(client, "tongcheng")
    answer = client.post(f"/people/{known}/rights/copy")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    page, data = told(answer)
    titles = [chapter["title"] for chapter in data["chapters"]]
    assert titles == [
        "基本资料", "联系方式", "任职", "由谁联系", "谁看过未遮盖的号码，谁改过资料", "联络记录", "限定阅读范围的联络记录", "第五届中国宜商大会",
    ]  # fmt: skip
    for said in (
        "+8619900000417",
        "yu@example.com",
        "110101199003077571",
        "深圳市望岳精密科技有限公司",
        "打开联系方式",
    ):
        assert said in page
        assert said in json.dumps(data, ensure_ascii=False)
    assert "谈&lt;b&gt;二期" in page
    assert "只给领导看的话" not in page


def test_each_room_that_keeps_something_of_people_tells_its_part(app):
    from yishang_crm.core import known as ground

    assert [part.name for part in ground.parts()] == [
        "outbox", "accounts", "people", "rights", "files", "rounds", "stewards", "relations", "lists", "followup", "network", "projects", "conference", "reception",
    ]  # fmt: skip


def test_every_table_that_names_a_person_belongs_to_a_part():
    """A new table with a person in it must be told and forgotten, too: think of it here."""
    from sqlmodel import SQLModel

    naming = {
        table.name
        for table in SQLModel.metadata.tables.values()
        if any(key.column.table.name == "person" for key in table.foreign_keys) or "person_id" in table.c
    }
    assert naming == {
        "contact_point", "position", "stewardship", "import_row", "rights_request", "user_account", "message", "participant",
        "person_file", "relation", "match_profile", "match_key", "duplicate_pair", "merged_person", "change_proposal", "round_entry", "access_request", "task", "cadence", "appointment", "entrusted", "introduction", "project", "guest",
        "person_tag", "snapshot_member",
    }  # fmt: skip


def test_telling_leaves_one_entry_without_what_was_told(app, client, cast, known):
    signed_in(client, "tongcheng")
    client.post(f"/people/{known}/rights/copy")
    with app.app_context():
        wanted = select(AuditEntry).where(AuditEntry.verb == "people.rights.tell_all")
        (entry,) = db.session.scalars(unscoped_for("a test looks", wanted)).all()
    assert (entry.actor, entry.about) == (cast.tongcheng.key, f"person:{known}")
    assert entry.note["opened"] == "everything"
    assert "0417" not in str(entry.note)


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("huaining", 404), ("leader", 403), ("admin", 403), (None, 302)]
)
def test_who_may_hand_it_out(client, known, login, status):
    if login:
        signed_in(client, login)
    answer = client.post(f"/people/{known}/rights/copy")
    assert answer.status_code == status
    assert b"19900000417" not in answer.data
