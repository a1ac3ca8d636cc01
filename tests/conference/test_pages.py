"""The pages of the room, as each of the four visitors, and what they cost."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import Cast, signed_in, unit_id
from tests.conference.arranged import a_guest, a_person, an_edition, an_invited
from yishang_crm.conference import actions, queries
from yishang_crm.conference.models import Approval, Reply
from yishang_crm.conference.queries import Filters
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for

READ = ("board", "guests", "replies", "quotas")
DOORS = {
    "": {"organizer": 200, "leader": 200, "tongcheng": 200, "desk": 200, "ambassador": 403, "admin": 403},
    **{f"/2026/{name}": {"organizer": 200, "leader": 200, "tongcheng": 200, "desk": 403, "ambassador": 403, "admin": 403}
       for name in READ},
    "/2026": {"organizer": 302, "tongcheng": 302, "desk": 403},
    "/2026/approval": {"organizer": 200, "leader": 200, "tongcheng": 403, "bureau": 403},
    "/2026/letters": {"organizer": 200, "bureau": 200, "leader": 403, "tongcheng": 403},
    "/2026/nominations?q=余": {"organizer": 200, "tongcheng": 200, "leader": 403},
    "/new": {"organizer": 200, "bureau": 403, "tongcheng": 403},
    "/2026/facts": {"organizer": 200, "leader": 403},
    "/2031/board": {"organizer": 404, "tongcheng": 404},
}  # fmt: skip


@pytest.fixture
def world(app: Flask, cast: Cast):
    """Three guests of 桐城 in different states, one of 怀宁; returns their ids."""
    with app.app_context(), writing():
        edition = an_edition(cast.organizer)
        came = an_invited(cast.tongcheng, edition, a_person(cast.tongcheng, "余秉衡"))
        actions.record_answer(cast.tongcheng, came, reply=Reply.ACCEPTED, companions=1)
        actions.post_letters(cast.organizer, edition, [came])
        ids = {
            "came": came.id,
            "person": came.person_id,
            "invited": an_invited(cast.tongcheng, edition, a_person(cast.tongcheng, "汪砚舟")).id,
            "submitted": a_guest(cast.tongcheng, edition, a_person(cast.tongcheng, "查静安")).id,
            "huaining": an_invited(cast.huaining, edition, a_person(cast.huaining, "胡启舫")).id,
        }
        db.session.commit()
    return ids


def rows_of(text: str) -> list[int]:
    return [int(one) for one in re.findall(r'data-id="(\d+)"', text)]


@pytest.mark.parametrize("address", DOORS)
def test_each_door_opens_to_those_who_may(app: Flask, world, address):
    answers = {}
    for login in DOORS[address]:
        answers[login] = signed_in(app.test_client(), login).get(f"/conferences{address}").status_code
    assert answers == DOORS[address]
    assert app.test_client().get(f"/conferences{address}").status_code == 302


def test_a_county_sees_its_own_guests_and_no_name_of_another_s(client: FlaskClient, world):
    signed_in(client, "tongcheng")
    for address in ("/2026/guests", "/2026/board", "/2026/replies", "/2026/guests?q=huqifang"):
        assert "胡启舫" not in client.get(f"/conferences{address}").text
    assert rows_of(client.get("/conferences/2026/guests?q=胡启舫").text) == []
    for address in (f"/2026/guests/{world['huaining']}", f"/guests/{world['huaining']}"):
        answer = client.get(f"/conferences{address}")
        assert answer.status_code == 404
        assert "胡启舫" not in answer.text
    assert sorted(rows_of(client.get("/conferences/2026/guests").text)) == sorted(
        [world["came"], world["invited"], world["submitted"]]
    )


FOREIGN_DEEDS = (
    "answer",
    "approval",
    "reservation",
    "rejection",
    "withdrawal",
    "letter",
    "letter/pdf",
    "letter/docx",
    "link",
)


@pytest.mark.parametrize("deed", FOREIGN_DEEDS)
def test_nothing_is_done_to_another_county_s_guest(client: FlaskClient, world, deed):
    signed_in(client, "huaining")
    answer = client.post(
        f"/conferences/2026/guests/{world['invited']}/{deed}",
        data={"reply": "accepted", "channel": "liaison", "note": "x"},
    )
    assert answer.status_code in (403, 404)
    assert "汪砚舟" not in answer.text


def test_every_number_of_the_board_opens_a_list_of_as_many(app: Flask, client: FlaskClient, world):
    signed_in(client, "organizer")
    for page in ("board", "replies", "letters"):
        text = client.get(f"/conferences/2026/{page}").text
        links = re.findall(r'<a href="(/conferences/2026/guests[^"]*)"><b>(\d+)</b>', text)
        assert len(links) >= 7
        for href, number in links:
            assert len(rows_of(client.get(href.replace("&amp;", "&")).text)) == int(number), href


def test_the_board_below_150_shows_cards_in_their_columns(client: FlaskClient, world):
    signed_in(client, "organizer")
    text = client.get("/conferences/2026/board").text
    columns = dict(re.findall(r'<h3><a href="[^"]*">([^<]+)</a><span class="n">(\d+)</span>', text))
    assert columns == {"待审": "1", "未复": "2", "参会": "1"}


def test_an_answer_is_recorded_from_the_page(app: Flask, client: FlaskClient, cast: Cast, world):
    signed_in(client, "tongcheng")
    address = f"/conferences/2026/guests/{world['invited']}"
    shown = client.get(address).text
    version = re.search(r'name="version"[^>]*value="(\d+)"', shown)[1]
    said = {
        "version": version, "reply": "delegated", "channel": "chamber", "delegate_name": "江南秋",
        "delegate_phone": "19900009999", "companions": "1", "travel": "train",
    }  # fmt: skip
    assert client.post(f"{address}/answer", data=said | {"delegate_name": ""}).status_code == 422
    answer = client.post(f"{address}/answer", data=said)
    assert (answer.status_code, answer.location) == (303, address)
    text = client.get(address).text
    assert "江南秋" in text
    assert "199****9999" in text
    assert "19900009999" not in text
    # The same form once more: somebody (we) has saved meanwhile, so both are shown side by side.
    stale = client.post(f"{address}/answer", data=said | {"reply": "declined"})
    assert stale.status_code == 409
    assert "现在库里的" in stale.text
    with app.app_context():
        assert queries.guest(cast.tongcheng, world["invited"]).reply == Reply.DELEGATED


def test_decisions_are_made_from_the_page_and_say_why(app: Flask, client: FlaskClient, cast: Cast, world):
    signed_in(client, "organizer")
    address = f"/conferences/2026/guests/{world['submitted']}"
    assert client.post(f"{address}/rejection", data={"note": ""}).status_code == 422
    assert client.post(f"{address}/reservation", data={"note": "名额外"}).status_code == 303
    assert client.post(f"{address}/approval", data={"note": "递补"}).status_code == 303
    assert client.post(f"{address}/letter").status_code == 303
    assert client.post(f"{address}/letter").status_code == 409
    assert client.post(f"{address}/withdrawal", data={"note": "不来了"}).status_code == 303
    text = client.get(address).text
    for said in ("备选→审定", "审定→已撤回", "不来了"):
        assert said in text


def test_the_approval_page_approves_the_ticked_and_takes_it_back(
    app: Flask, client: FlaskClient, cast: Cast, world
):
    signed_in(client, "leader")
    page = client.get("/conferences/2026/approval")
    assert rows_of(page.text) == [world["submitted"]]
    chosen = {"id": [world["submitted"], world["came"], 999999], "act": "approve", "note": "同意"}
    assert client.post("/conferences/2026/approval", data=chosen).status_code == 303
    text = client.get("/conferences/2026/approval").text
    assert "已审定1位" in text
    undo = re.search(r'action="([^"]*/approval/undo[^"]*)"', text)[1].replace("&amp;", "&")
    assert client.post(undo).status_code == 303
    with app.app_context():
        assert queries.guest(cast.organizer, world["submitted"]).approval == Approval.SUBMITTED
    assert client.post("/conferences/2026/approval/undo?at=gestern").status_code == 422


def test_a_selection_is_rejected_with_one_reason_or_not_at_all(app, client: FlaskClient, cast: Cast, world):
    signed_in(client, "organizer")
    without = client.post("/conferences/2026/approval", data={"id": world["submitted"], "act": "reject"})
    assert without.status_code == 409
    client.post("/conferences/2026/approval", data={"matching": "1", "act": "reject", "note": "名额有限"})
    with app.app_context():
        assert queries.guest(cast.organizer, world["submitted"]).decision_note == "名额有限"


def test_letters_are_made_posted_and_printed_from_their_page(
    app: Flask, client: FlaskClient, cast: Cast, world
):
    with app.app_context(), writing():
        edition = queries.edition("2026")
        lacking = a_guest(cast.tongcheng, edition, a_person(cast.tongcheng, "柏临江", gender=None))
        actions.approve(cast.organizer, lacking)
        actions.approve(cast.organizer, queries.guest(cast.organizer, world["submitted"]))
        db.session.commit()
    signed_in(client, "organizer")
    text = client.get("/conferences/2026/letters").text
    assert "请先补充柏临江的性别" in text
    assert "制函 1份" in text
    assert client.post("/conferences/2026/letters").status_code == 303
    assert client.post("/conferences/2026/letters/posting").status_code == 303
    printed = client.post("/conferences/2026/letters/print", data={"page": 1})
    assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
    with app.app_context():
        figures = queries.figures(cast.organizer, queries.edition("2026"))
        assert (figures.count["made"], figures.count["outbox"], figures.count["unmade"]) == (4, 4, 1)


def test_a_letter_is_opened_as_pdf_and_as_word(client: FlaskClient, world):
    signed_in(client, "tongcheng")
    address = f"/conferences/2026/guests/{world['invited']}/letter"
    pdf, word = client.post(f"{address}/pdf"), client.post(f"{address}/docx")
    assert (pdf.data[:5], word.data[:2]) == (b"%PDF-", b"PK")
    assert "%E9%82%80%E8%AF%B7%E5%87%BD" in pdf.headers["Content-Disposition"]
    assert client.get(f"{address}/pdf").status_code == 405


def test_people_are_nominated_from_a_search_and_from_their_own_page(
    app, client: FlaskClient, cast: Cast, world
):
    with app.app_context(), writing():
        ids = [a_person(cast.tongcheng, name).id for name in ("慈望春", "慈望秋", "路清池")]
        db.session.commit()
    signed_in(client, "tongcheng")
    shown = client.get("/conferences/2026/nominations?q=慈望").text
    assert sorted(rows_of(shown)) == sorted(ids[:2])
    own = unit_id_in(app, "340881")
    said = {"id": ids[:2], "category": "chamber", "reason": "同乡", "unit_id": own}
    assert client.post("/conferences/2026/nominations", data=said).status_code == 303
    assert "已提名2位" in client.get("/conferences/2026/nominations").text
    page = client.get(f"/conferences/people/{ids[2]}/nomination").text
    assert "第五届中国宜商大会" in page
    one = client.post(
        f"/conferences/people/{ids[2]}/nomination",
        data={"edition": "2026", "category": "native", "unit_id": own},
    )
    assert one.status_code == 303
    other = {"edition": "2026", "category": "native", "unit_id": unit_id_in(app, "340822")}
    assert client.post(f"/conferences/people/{ids[2]}/nomination", data=other).status_code == 422
    assert client.get(f"/conferences/people/{foreign_person(app, cast)}/nomination").status_code == 404


def unit_id_in(app: Flask, code: str) -> int:
    with app.app_context():
        return unit_id(code)


def foreign_person(app: Flask, cast: Cast) -> int:
    with app.app_context(), writing():
        person = a_person(cast.huaining)
        db.session.commit()
        return person.id


def test_an_edition_is_made_changed_and_its_quotas_set(app: Flask, client: FlaskClient, cast: Cast):
    signed_in(client, "organizer")
    said = {
        "number": "6", "slug": "2027", "name": "第六届中国宜商大会", "starts_at": "2027-09-24T09:00",
        "ends_at": "2027-09-24T18:00", "venue": "安庆市会议中心", "reply_until": "2027-09-14", "seats": "800",
        "max_companions": "3", "series": "宜商邀", "letter_year": "2027", "text_en": "We invite you to {edition}.\n\nYours,",
    }  # fmt: skip
    assert client.post("/conferences", data=said | {"slug": "new"}).status_code == 422
    assert client.post("/conferences", data=said | {"text_en": "{config}"}).status_code == 422
    assert client.post("/conferences", data=said | {"ends_at": "2027-09-23T18:00"}).status_code == 409
    assert client.post("/conferences", data=said).location == "/conferences/2027/quotas"
    assert client.post("/conferences", data=said).status_code == 409
    quota = {"unit_id": unit_id_in(app, "340881"), "category": "native", "granted": "20"}
    unseen = client.post("/conferences/2027/quotas", data=quota)
    assert (unseen.status_code, "别人已经改过名额" in unseen.text) == (409, True)
    seen = re.search(r'name="seen" type="hidden" value="(\w+)"', unseen.text)[1]
    assert client.post("/conferences/2027/quotas", data=quota | {"seen": seen}).status_code == 303
    late = client.post("/conferences/2027/quotas", data=quota | {"seen": seen, "granted": "31"})
    assert (late.status_code, 'value="31"' in late.text) == (409, True)
    assert client.post("/conferences/2027/quotas", data=quota | {"granted": "-1"}).status_code == 422
    shown = client.get("/conferences/2027/facts").text
    assert 'value="2027-09-24T09:00"' in shown
    assert (
        client.post("/conferences/2027/facts", data=said | {"version": "1", "seats": "900"}).status_code
        == 303
    )
    late = client.post(
        "/conferences/2027/facts", data=said | {"version": "1", "text_en": "Come to {edition}."}
    )
    assert (late.status_code, "现在库里的" in late.text, "Come to {edition}." in late.text) == (
        409,
        True,
        True,
    )
    assert re.search(r"<td>900</td><td><ins>800</ins></td>", late.text)
    again = said | {"version": "2", "seats": "900"}
    assert 'name="version" type="hidden" value="2"' in late.text
    assert client.post("/conferences/2027/facts", data=again).status_code == 303
    with app.app_context():
        edition = queries.edition("2027")
        assert (edition.seats, edition.starts_at.hour, edition.texts) == (
            900, 1, {"en": ["We invite you to {edition}.", "Yours,"]},
        )  # fmt: skip


def test_a_person_s_panel_tells_to_which_editions_they_were_invited(
    app, client: FlaskClient, cast: Cast, world
):
    with app.app_context(), writing():
        actions.check_in(cast.desk, queries.guest(cast.organizer, world["came"]), at=now())
        db.session.commit()
    signed_in(client, "tongcheng")
    assert "邀过1届，来过1届" in client.get(f"/conferences/people/{world['person']}").text
    assert (
        "第五届中国宜商大会"
        in client.get(f"/conferences/people/{world['person']}", headers={"HX-Request": "true"}).text
    )
    assert (
        signed_in(app.test_client(), "huaining").get(f"/conferences/people/{world['person']}").status_code
        == 404
    )


def test_mail_scanners_that_open_every_page_change_nothing(app: Flask, world):
    """S19, for the staff's side: GET and HEAD, again and again, leave every row as it was."""
    with app.app_context():
        before = fingerprint()
    addresses = [f"/conferences{one}" for one in DOORS] + [f"/conferences/2026/guests/{world['came']}"]
    client = signed_in(app.test_client(), "organizer")
    with app.app_context():
        signed = fingerprint()
    for address in addresses:
        client.head(address)
        client.get(address)
        client.get(address)
    with app.app_context():
        assert fingerprint() == signed
    assert before["guest"] == signed["guest"]


def fingerprint() -> dict[str, list[tuple]]:
    tables = ("edition", "guest", "nomination", "quota", "message", "audit_entry")
    return {
        table: [
            tuple(row)
            for row in db.session.execute(
                unscoped_for("a test looks", sa.text(f"SELECT * FROM {table} ORDER BY id"))
            )
        ]
        for table in tables
    }


COSTS = {
    "board": 9,
    "guests": 8,
    "approval": 8,
    "letters": 11,
    "replies": 8,
    "quotas": 5,
}


@pytest.mark.parametrize("page", COSTS)
def test_a_page_costs_the_same_for_one_guest_and_for_three(app: Flask, cast: Cast, count_queries, page):
    with app.app_context(), writing():
        edition = an_edition(cast.organizer)
        _one_more(cast, edition)
        db.session.commit()
    client = signed_in(app.test_client(), "organizer")
    client.get(f"/conferences/2026/{page}")
    with count_queries() as one:
        assert client.get(f"/conferences/2026/{page}").status_code == 200
    with app.app_context(), writing():
        for _ in range(2):
            _one_more(cast, queries.edition("2026"))
        db.session.commit()
    with count_queries() as three:
        client.get(f"/conferences/2026/{page}")
    assert (one.n, three.n) == (COSTS[page], COSTS[page])


def _one_more(cast: Cast, edition) -> None:
    """One in each of the states that the pages list."""
    a_guest(cast.tongcheng, edition)
    ready, made, posted = (a_guest(cast.tongcheng, edition) for _ in range(3))
    for guest in (ready, made, posted):
        actions.approve(cast.organizer, guest)
    actions.make_letters(cast.organizer, edition, [made, posted])
    actions.post_letters(cast.organizer, edition, [posted])
    actions.record_answer(cast.organizer, posted, reply=Reply.ACCEPTED)


def test_one_guest_s_page_costs_the_same_however_long_their_story(app: Flask, cast: Cast, count_queries):
    with app.app_context(), writing():
        guest = an_invited(cast.tongcheng, an_edition(cast.organizer))
        guest_id = guest.id
        db.session.commit()
    client = signed_in(app.test_client(), "tongcheng")
    with count_queries() as short:
        client.get(f"/conferences/2026/guests/{guest_id}")
    with app.app_context(), writing():
        for reply in (Reply.ACCEPTED, Reply.DECLINED, Reply.TENTATIVE):
            actions.record_answer(cast.tongcheng, queries.guest(cast.tongcheng, guest_id), reply=reply)
        db.session.commit()
    with count_queries() as long:
        client.get(f"/conferences/2026/guests/{guest_id}")
    assert (short.n, long.n) == (10, 10)


def test_a_full_page_of_guests_stays_small(app: Flask, cast: Cast):
    with app.app_context(), writing():
        edition = an_edition(cast.organizer)
        chosen = [a_person(cast.tongcheng) for _ in range(60)]
        actions.nominate_many(cast.tongcheng, edition, chosen)
        db.session.commit()
    client = signed_in(app.test_client(), "organizer")
    page = client.get("/conferences/2026/guests")
    assert len(rows_of(page.text)) == 50
    assert len(page.data) < 60_000
    assert len(rows_of(client.get("/conferences/2026/guests?page=2").text)) == 10
    assert "60位" in page.text
    with app.app_context(), writing():
        assert queries.count_guests(cast.organizer, queries.edition("2026"), Filters(approval="open")) == 60


def test_names_that_look_like_markup_are_only_names(app: Flask, cast: Cast):
    evil = "汪<script>alert(1)</script>"
    with app.app_context(), writing():
        edition = an_edition(cast.organizer)
        guest = a_guest(
            cast.tongcheng, edition, a_person(cast.tongcheng, evil), reason="<img src=x onerror=1>"
        )
        actions.approve(cast.organizer, guest, note="{{config}}<b>")
        guest_id = guest.id
        db.session.commit()
    client = signed_in(app.test_client(), "organizer")
    for address in ("board", "guests", "letters", "approval", f"guests/{guest_id}"):
        text = client.get(f"/conferences/2026/{address}").text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
