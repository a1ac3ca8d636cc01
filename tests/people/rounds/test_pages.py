"""Rounds by page: begun from a list, worked through, seen by whom they concern."""

import datetime as dt

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from tests.people.rounds.arranged import a_round, an_entry
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing


@pytest.fixture
def begun(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng, "余秉衡")
        found = a_round(cast.tongcheng)
        entry = an_entry(cast.tongcheng, found, person)
        db.session.commit()
        return found.id, entry.id, person.id


def test_a_round_is_begun_from_the_list_and_worked_through_by_page(app, client, cast):
    with app.app_context(), writing():
        somebody(cast.tongcheng, "余秉衡")
        somebody(cast.tongcheng, "汪砚舟", phone="19900000418")
        db.session.commit()
    signed_in(client, "tongcheng")
    assert "共1人" in client.get("/people/rounds?q=余秉衡").text
    due = (today() + dt.timedelta(days=9)).isoformat()
    answer = client.post("/people/rounds", data={"query": "q=余秉衡", "name": "补核", "due_on": due})
    assert answer.status_code == 303, answer.text
    shown = client.get(answer.location).text
    assert ("余秉衡" in shown, "汪砚舟" in shown) == (True, False)


def test_a_round_without_a_name_keeps_what_was_typed(client, begun):
    signed_in(client, "tongcheng")
    answer = client.post("/people/rounds", data={"query": "", "name": "", "due_on": "2099-01-05"})
    assert (answer.status_code, "2099-01-05" in answer.text, "请写上名称" in answer.text) == (422, True, True)


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 200), ("huaining", 404), ("desk", 403), (None, 302)]
)
def test_a_round_is_seen_by_whom_it_concerns(client, begun, login, status):
    if login:
        signed_in(client, login)
    assert client.get(f"/people/rounds/{begun[0]}").status_code == status


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 303), ("leader", 403), ("huaining", 404), ("desk", 403), (None, 302)]
)
@pytest.mark.parametrize("deed", ["confirmation", "miss"])
def test_an_entry_is_answered_by_whom_it_concerns(client, begun, login, status, deed):
    if login:
        signed_in(client, login)
    assert client.post(f"/people/rounds/entries/{begun[1]}/{deed}").status_code == status


@pytest.mark.parametrize("many", [1, 3])
def test_a_worklist_costs_the_same_however_long_it_is(app, client, cast, count_queries, many):
    with app.app_context(), writing():
        for number in range(many):
            somebody(cast.tongcheng, f"潘{'甲乙丙'[number]}", phone=f"1990000042{number}")
        found = a_round(cast.tongcheng)
        db.session.commit()
        round_id = found.id
    signed_in(client, "tongcheng")
    client.get(f"/people/rounds/{round_id}")
    with count_queries() as counted:
        assert client.get(f"/people/rounds/{round_id}").text.count("data-id") == many + 1
    assert counted.n == 8, counted.statements
