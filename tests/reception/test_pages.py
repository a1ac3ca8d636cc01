"""The pages of the desk and of its supervisor, as each of those who may knock."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.cast import signed_in
from tests.reception.arranged import NONCES, a_guest, an_edition, seen
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Reply
from yishang_crm.core.db import db, writing

DESK = "/conferences/2026/desk"
ARRIVALS = f"{DESK}/arrivals"
HTMX = {"HX-Request": "true"}
SEALED = "199****0417"


@pytest.fixture
def house(app: Flask) -> dict[str, str]:
    """Two guests of an edition; entry tokens and ids by name."""
    with app.app_context(), writing():
        edition = an_edition()
        normal = a_guest(edition, phone="19900000417", companions=1)
        high = a_guest(edition, "汪砚舟", unit="340822", level="A", phone="19900000556")
        db.session.commit()
        return {
            "code": tokens.entry_token(normal), "id": str(normal.id), "high": tokens.entry_token(high),
            "high_id": str(high.id),
        }  # fmt: skip


@pytest.fixture
def desk(client: FlaskClient, house) -> FlaskClient:
    return signed_in(client, "desk")


def verdict_of(answer) -> tuple[str, str]:
    kind = re.search(r'data-verdict="(\w*)"', answer.text)
    name = re.search(r"data-name>([^<]+)<", answer.text)
    return kind[1] if kind else "", name[1] if name else ""


@pytest.mark.parametrize(
    ("login", "status"), [("desk", 200), ("organizer", 200), ("tongcheng", 403), ("leader", 403)]
)
def test_who_may_open_the_desk(client, house, login, status):
    assert signed_in(client, login).get(DESK).status_code == status


@pytest.mark.parametrize("address", [DESK, f"{DESK}/guests?q=余", "/conferences/2026/reception"])
def test_a_stranger_is_shown_the_door(client, house, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert "余秉衡" not in answer.text


@pytest.mark.parametrize(
    ("login", "status"),
    [("organizer", 200), ("bureau", 200), ("desk", 403), ("huaining", 403), ("ambassador", 403)],
)
def test_who_may_supervise(client, house, login, status):
    answer = signed_in(client, login).get("/conferences/2026/reception")

    assert answer.status_code == status


def test_there_is_no_desk_of_an_unknown_edition(desk):
    assert desk.get("/conferences/1999/desk").status_code == 404


def test_a_scan_is_answered_with_the_verdict_alone(desk, house):
    answer = desk.post(
        ARRIVALS, data={"code": house["code"], "nonce": NONCES[0], "desk": "东门2号台"}, headers=HTMX
    )

    assert answer.status_code == 200
    assert verdict_of(answer) == ("go", "余秉衡")
    assert answer.text.lstrip().startswith("<section")


def test_a_scan_costs_eight_statements(desk, house, count_queries):
    with count_queries() as counted:
        answer = desk.post(
            ARRIVALS, data={"code": house["code"], "nonce": NONCES[0], "desk": "x"}, headers=HTMX
        )

    assert verdict_of(answer)[0] == "go"
    postgresql = sum("pg_advisory" in statement for statement in counted.statements)
    # sign-in, edition, nonce, party, guest, check-in, entry, its values
    assert counted.n - postgresql == 8, counted.statements


def test_a_program_may_ask_for_json(desk, house):
    sent = {"code": house["code"], "nonce": NONCES[0], "desk": "x"}
    answer = desk.post(ARRIVALS, data=sent, headers={"Accept": "application/json"})

    assert (answer.json["kind"], answer.json["name"]) == ("go", "余秉衡")


def test_a_guest_of_level_a_waits_for_a_leader(desk, house):
    answer = desk.post(ARRIVALS, data={"code": house["high"], "nonce": NONCES[0]}, headers=HTMX)
    assert verdict_of(answer) == ("hold", "汪砚舟")
    assert "请领导迎接" in answer.text

    admitted = {"guest": house["high_id"], "admitted": "1", "nonce": NONCES[1]}
    assert verdict_of(desk.post(ARRIVALS, data=admitted, headers=HTMX)) == ("go", "汪砚舟")


def test_a_second_scan_says_when_where_and_who(desk, house):
    desk.post(ARRIVALS, data={"code": house["code"], "nonce": NONCES[0], "desk": "西门1号台"}, headers=HTMX)
    answer = desk.post(
        ARRIVALS, data={"code": house["code"], "nonce": NONCES[1], "desk": "东门2号台"}, headers=HTMX
    )

    assert verdict_of(answer) == ("stop", "余秉衡")
    assert re.search(r"\d\d:\d\d 西门1号台", answer.text)
    assert "周泊远" in answer.text


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"code": "nobody-at-all-nobody"},
        {"guest": "99999999"},
        {"guest": "abc"},
        {"nonce": "short", "code": "000000"},
        {"take_back": "1"},
        {"walk_in": "琚远山", "scanned_at": "not a time"},
        {"code": "x" * 500},
    ],
    ids=str,
)
def test_whatever_is_sent_the_desk_gets_a_verdict_and_no_scan_is_lost(desk, house, sent):
    answer = desk.post(ARRIVALS, data={"nonce": NONCES[0]} | sent, headers=HTMX)

    assert answer.status_code == 200
    assert 'data-verdict="' in answer.text


def test_the_desk_sees_no_phone_number(desk, house):
    pages = [
        desk.get(f"{DESK}?q=余"),
        desk.get(f"{DESK}/guests?q=0417", headers=HTMX),
        desk.post(ARRIVALS, data={"code": house["code"], "nonce": NONCES[0]}, headers=HTMX),
    ]
    for page in pages:
        assert "余秉衡" in page.text
        assert "199" not in page.text.replace(NONCES[0], "")


def test_without_script_a_name_is_looked_for_and_a_guest_picked(desk, house):
    listed = desk.post(ARRIVALS, data={"code": "余秉衡", "desk": "东门2号台"}, follow_redirects=True)
    assert f'name="guest" value="{house["id"]}"' in listed.text

    welcomed = desk.post(ARRIVALS, data={"guest": house["id"], "desk": "东门2号台"}, follow_redirects=True)
    assert verdict_of(welcomed) == ("go", "余秉衡")


def test_without_script_a_walk_in_is_taken_down(desk, house):
    listed = desk.get(f"{DESK}?q=琚远山")
    assert 'name="walk_in"' in listed.text

    welcomed = desk.post(
        ARRIVALS, data={"walk_in": "琚远山", "walk_in_organization": "新友"}, follow_redirects=True
    )
    assert verdict_of(welcomed) == ("go", "琚远山")


def test_a_desk_is_called_as_it_was_named(desk):
    desk.post(f"{DESK}/name", data={"name": "东门2号台"})

    assert 'data-desk="东门2号台"' in desk.get(DESK).text


def test_a_desk_counts_whom_it_let_in(desk, house):
    desk.post(f"{DESK}/name", data={"name": "东门2号台"})
    for nonce, code in ((0, house["code"]), (1, house["code"]), (2, "nobody-at-all-nobody")):
        desk.post(ARRIVALS, data={"code": code, "nonce": NONCES[nonce], "desk": "东门2号台"}, headers=HTMX)

    assert "<b data-count>1</b>" in desk.get(DESK).text


def test_what_was_said_at_a_desk_is_shown_as_text(desk, house):
    sent = {
        "walk_in": "<script>alert(1)</script>",
        "walk_in_organization": '"><img src=x>',
        "nonce": NONCES[0],
    }
    answer = desk.post(ARRIVALS, data=sent, headers=HTMX)

    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text


def test_the_supervisor_sees_units_desks_and_who_was_shown_twice(app, client, house):
    desk = signed_in(client, "desk")
    for nonce, where in enumerate(["西门1号台", "东门2号台"]):
        desk.post(ARRIVALS, data={"code": house["code"], "nonce": NONCES[nonce], "desk": where}, headers=HTMX)
    desk.post(ARRIVALS, data={"walk_in": "琚远山", "nonce": NONCES[5], "desk": "东门2号台"}, headers=HTMX)

    page = signed_in(app.test_client(), "organizer").get("/conferences/2026/reception").text

    assert all(said in page for said in ("桐城市投资促进中心", "余秉衡", "西门1号台", "琚远山", "临时来宾"))
    duplicates = page.split("两个台都出示过")[1]
    assert "余秉衡" in duplicates
    assert "东门2号台" in duplicates


@pytest.mark.parametrize("guests", [1, 3])
def test_the_supervisors_page_costs_eight_statements(app, client, count_queries, guests):
    with app.app_context(), writing():
        edition = an_edition()
        for number in range(guests):
            a_guest(edition, f"余{'甲乙丙'[number]}", reply=Reply.ACCEPTED, phone=f"1990000030{number}")
        db.session.commit()
    organizer = signed_in(client, "organizer")

    with count_queries() as counted:
        assert organizer.get("/conferences/2026/reception").status_code == 200
    assert counted.n == 8  # sign-in and the frame's held letters among them


@pytest.mark.parametrize("login", ["tongcheng", "leader", "ambassador", "admin"])
def test_a_refused_arrival_changes_nothing(app, client, house, login):
    answer = signed_in(client, login).post(ARRIVALS, data={"code": house["code"], "nonce": NONCES[0]})

    assert answer.status_code == 403
    with app.app_context():
        assert seen().arrivals == 0
