"""The main job through the pages without any script: a county's workbook, a call, the letter over SMTP, the answer, the
desk, the follow-up, the digest."""

import datetime as dt
import io
import json
import re

import time_machine

from tests.cast import PASSWORD, signed_in
from tests.conftest import SAMPLES
from tests.outbox.servers import MailServer
from yishang_crm.accounts import queries as accounts
from yishang_crm.conference import queries, tokens
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db, writing
from yishang_crm.core.deed import Deed, doing
from yishang_crm.core.sealed import Sealed
from yishang_crm.followup import jobs as followup
from yishang_crm.outbox.delivery import deliver_due
from yishang_crm.outbox.transport import Smtp
from yishang_crm.people import queries as people
from yishang_crm.people.queries import Filters

WORKBOOK = SAMPLES / "怀宁县籍在外企业家信息表.xlsx"
OPENING = dt.datetime(2026, 9, 24, 1, tzinfo=dt.UTC)
WRITTEN = dt.datetime(2026, 9, 7, 2, tzinfo=dt.UTC)
SENDER = "中国宜商大会组委会 <office@yishang.example>"


def as_(app, login):
    return signed_in(app.test_client(), login)


def test_from_a_workbook_to_a_handshake_and_a_follow_up(app):
    truth = json.loads(WORKBOOK.with_name(f"{WORKBOOK.name}.truth.json").read_text())[0]
    with time_machine.travel(WRITTEN):
        person = bring(app, truth)
        call(app, person, truth)
        guest = invite(app, person)
        mail = send(app, guest)
        link = read(mail, truth)
        answer(app, link, mail, truth)
    with time_machine.travel(OPENING - dt.timedelta(minutes=40)):
        arrive(app, guest, truth)
    with time_machine.travel(OPENING + dt.timedelta(days=2)):
        follow_up(app, truth)
    with time_machine.travel(OPENING + dt.timedelta(days=18)):  # the first Monday after the holidays
        told(app, truth)


def bring(app, truth):
    liaison = as_(app, "huaining")
    file = (io.BytesIO(WORKBOOK.read_bytes()), WORKBOOK.name)
    checked = liaison.post(
        "/people/import", data={"file": file, "source": "2026年县区报送", "lawful_basis": "duty"}
    )
    assert liaison.post(f"{checked.location}/writing").status_code == 303
    found = liaison.get("/people", query_string={"q": truth["phones"][0][-4:]}).text
    (person,) = {int(one) for one in re.findall(r'<tr data-id="(\d+)"', found)}
    return person


def call(app, person, truth):
    liaison = as_(app, "huaining")
    said = {
        "line": f"{truth['name']} 电话 谈新厂选址 下周三再联系",
        "client_id": "journey-1",
        "field_id": "say",
    }
    assert liaison.post("/log", data=said).status_code == 303
    assert liaison.post("/log", data=said).status_code == 303  # sent twice by a nervous phone
    page = liaison.get(f"/people/{person}/timeline").text
    assert page.count("谈新厂选址") == 1
    assert "再联系" in liaison.get("/tasks").text
    liaison.post(
        f"/people/{person}/contacts", data={"typed": "guest@mail.example", "kind": "", "label": "self"}
    )


def invite(app, person):
    organizer, liaison = as_(app, "organizer"), as_(app, "huaining")
    facts = {
        "number": "5", "slug": "2026", "name": "第五届中国宜商大会", "starts_at": "2026-09-24T09:00",
        "ends_at": "2026-09-25T17:00", "venue": "安庆市会议中心", "reply_until": "2026-09-14", "letter_year": "2026",
        "seats": "800", "max_companions": "3", "office_phone": "199-0000-0556",
        "series": "宜商邀", "organizer": "中国宜商大会组织委员会",
    }  # fmt: skip
    made = organizer.post("/conferences", data=facts)
    assert made.status_code == 303, made.text
    with app.app_context():
        unit = accounts.unit_by_code("340822").id
    said = {"edition": "2026", "unit_id": str(unit), "category": "native", "reason": "有意回乡投资"}
    nominated = liaison.post(f"/conferences/people/{person}/nomination", data=said)
    assert nominated.status_code == 303, nominated.text
    guest = int(nominated.location.rsplit("/", 1)[-1])
    assert liaison.post("/conferences/2026/approval", data={"id": guest, "act": "approve"}).status_code == 403
    assert (
        organizer.post("/conferences/2026/approval", data={"id": guest, "act": "approve"}).status_code == 303
    )
    assert organizer.post("/conferences/2026/letters").status_code == 303
    assert organizer.post("/conferences/2026/letters/posting").status_code == 303
    page = organizer.get(f"/conferences/2026/guests/{guest}").text
    assert "宜商邀〔2026〕1号" in page
    return guest


def send(app, guest):
    organizer = as_(app, "organizer")
    with MailServer() as server, app.app_context(), writing():
        assert (
            deliver_due(Smtp(server.url, sender=SENDER)).as_dict()["sent"] == 0
        )  # held until somebody lets it go
        held = re.search(r'data-id="(\d+)"', organizer.get("/outbox").text)
        assert held
        assert organizer.post(f"/outbox/{held.group(1)}/release").status_code == 303
        assert deliver_due(Smtp(server.url, sender=SENDER)).as_dict()["sent"] == 1
        assert deliver_due(Smtp(server.url, sender=SENDER)).as_dict()["sent"] == 0
        (letter,) = server.letters
        return letter


def read(mail, truth):
    assert "guest@mail.example" in str(mail["To"])
    assert mail["Message-ID"]
    assert mail["Content-Language"] == "zh-Hans"
    plain = mail.get_body(("plain",)).get_content()
    assert f"尊敬的{truth['name']}{'女士' if truth['gender'] == '女' else '先生'}" in plain
    (paper,) = mail.iter_attachments()
    assert paper.get_content().startswith(b"%PDF")
    assert paper.get_filename() == "邀请函1号.pdf"
    return re.search(r"/r/[\w-]{22}", plain).group()


def answer(app, link, mail, truth):
    scanner, guest = app.test_client(), app.test_client()
    with app.app_context():
        edition = queries.edition("2026")
    for _ in range(3):
        assert scanner.get(link).status_code == 200
        assert scanner.head(link).status_code == 200
    with app.app_context():
        assert queries.figures(HOUSE, edition).count["accepted"] == 0  # opening changes nothing
    code = re.search(r"(\d{3}) ?(\d{3})(?!\d)", mail.get_body(("plain",)).get_content().split("回执码")[1])
    by_code = guest.post("/r", data={"code": "".join(code.groups()), "tail": truth["phones"][0][-4:]})
    assert by_code.status_code == 303, by_code.text
    said = {
        "reply": "accepted",
        "consent": re.search(r'name="consent" value="([^"]+)"', guest.get(link).text).group(1),
    }
    assert guest.post(f"{link}/reply", data=said).status_code == 303
    journey = {
        "travel": "train",
        "travel_number": "G7754",
        "arrival_place": "安庆西站",
        "nights": "2",
        "companions": "1",
    }
    assert guest.post(f"{link}/answers", data=journey).status_code == 303
    assert truth["name"] in guest.get(f"{link}/pass").text
    assert guest.get(f"{link}/calendar.ics").text.startswith("BEGIN:VCALENDAR")
    with app.app_context():
        assert queries.figures(HOUSE, edition).count["accepted"] == 1


def arrive(app, guest, truth):
    with app.app_context():
        code = tokens.entry_token(queries.guest(HOUSE, guest))
    verdicts = []
    for nonce in ("a" * 32, "a" * 32, "b" * 32):
        desk = app.test_client()
        desk.post("/login", data={"login": "desk", "password": PASSWORD})
        said = {"code": code, "nonce": nonce, "desk": "东门2号台", "scanned_at": OPENING.isoformat()}
        answer = desk.post("/conferences/2026/desk/arrivals", data=said, headers={"HX-Request": "true"})
        verdicts.append(re.search(r"\bres (go|hold|stop)", answer.text).group(1))
        assert truth["name"] in answer.text
    assert verdicts == ["go", "go", "stop"]


def follow_up(app, truth):
    organizer, liaison = as_(app, "organizer"), as_(app, "huaining")
    assert organizer.post("/conferences/2026/closing").status_code == 303
    assert organizer.post("/conferences/2026/follow-up").status_code == 303
    assert organizer.post("/conferences/2026/follow-up").status_code == 409
    page = liaison.get("/tasks?whose=unit").text
    assert truth["name"] in page
    with app.app_context():
        assert people.count_up_to(HOUSE, Filters(q=truth["name"])) == 1


def told(app, truth):
    with app.app_context(), writing():
        user = accounts.user_by_login("huaining")
        with doing(Deed(HOUSE, "tests.arrange")):
            user.email = Sealed("huaining@staff.example")
            db.session.flush()
        db.session.commit()
        followup.send_digests()
        followup.send_digests()
        db.session.commit()
        with MailServer() as server:
            deliver_due(Smtp(server.url, sender=SENDER))
            digests = [letter for letter in server.letters if "huaining@staff.example" in str(letter["To"])]
    (digest,) = digests
    assert truth["name"] in digest.get_body(("plain",)).get_content()
