"""A selection of the people list is nominated: those ticked, or all that its conditions find."""

import pytest
from sqlmodel import select

from tests.cast import signed_in
from tests.conference.arranged import a_guest, an_edition
from tests.people.arranged import somebody
from yishang_crm.conference.models import Guest
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions as people
from yishang_crm.people.models import PersonState, Tier

SAID = {"slug": "2026", "category": "native", "reason": "有意回乡投资"}


@pytest.fixture
def four(app, cast):
    """Two who can be nominated, one on the list already, one who has died; ids by name."""
    with app.app_context(), writing():
        edition = an_edition(cast.organizer)
        found = {
            name: somebody(cast.tongcheng, name, phone=f"199000004{number}", tier=Tier.A)
            for number, name in enumerate(("潘甲", "潘乙", "潘丙", "潘丁"), 21)
        }
        a_guest(cast.tongcheng, edition, found["潘丙"])
        people.edit_person(cast.tongcheng, found["潘丁"], version=1, state=PersonState.DECEASED)
        db.session.commit()
        return {name: person.id for name, person in found.items()} | {"unit": cast.tongcheng.unit_id}


def on_the_list(app) -> set[int]:
    with app.app_context():
        return set(db.session.scalars(unscoped_for("a test looks", select(Guest.person_id))))


def test_the_bar_of_the_list_leads_to_the_page(client, four):
    signed_in(client, "tongcheng")
    assert "/conferences/people/nominations" in client.get("/people").text


@pytest.mark.parametrize("by", ["conditions", "ticks"])
def test_what_will_happen_is_said_and_then_done(app, client, four, by):
    signed_in(client, "tongcheng")
    ids = [four[name] for name in ("潘甲", "潘乙", "潘丙", "潘丁")]
    chosen = {"matching": "1", "tier": "A"} if by == "conditions" else {"id": ids}
    page = client.get("/conferences/people/nominations", query_string=chosen)
    assert "可以提名2人，已在名单上1人，不能邀请1人。" in page.text
    data = {**SAID, **chosen, "unit_id": four["unit"], "expected": "4"}
    answer = client.post("/conferences/people/nominations", data=data, follow_redirects=True)
    assert "已提名2位" in answer.text
    assert "潘丁已经去世" in answer.text
    assert on_the_list(app) == set(ids[:3])


def test_a_selection_that_changed_meanwhile_is_looked_at_again(app, client, four):
    signed_in(client, "tongcheng")
    data = {**SAID, "matching": "1", "tier": "A", "unit_id": four["unit"], "expected": "3"}
    answer = client.post("/conferences/people/nominations", data=data)
    assert (answer.status_code, "数目变了" in answer.text) == (409, True)
    assert on_the_list(app) == {four["潘丙"]}


def test_more_than_can_be_told_at_once_are_not_taken(client, four, monkeypatch):
    monkeypatch.setattr("yishang_crm.conference.views.selection.MOST", 3)
    page = signed_in(client, "tongcheng").get("/conferences/people/nominations?matching=1&tier=A")
    assert ("一次最多提名3人" in page.text, 'name="expected"' in page.text) == (True, False)


def test_of_two_editions_one_is_chosen_and_each_field_stands_once(app, client, cast, four):
    with app.app_context(), writing():
        an_edition(cast.organizer, slug="2027", number=6, name="第六届中国宜商大会")
        db.session.commit()
    signed_in(client, "tongcheng")
    page = client.get("/conferences/people/nominations", query_string={"id": [four["潘甲"]]}).text
    assert [page.count(f'id="{one}"') for one in ("slug", "category", "reason")] == [1, 1, 1]
    data = {**SAID, "slug": "2027", "id": [four["潘甲"]], "unit_id": four["unit"], "expected": "1"}
    answer = client.post("/conferences/people/nominations", data=data)
    assert answer.location.startswith("/conferences/2027/guests")
    assert on_the_list(app) == {four["潘甲"], four["潘丙"]}


def test_another_unit_nominates_nobody_of_ours(app, client, four):
    signed_in(client, "huaining")
    page = client.get("/conferences/people/nominations", query_string={"id": [four["潘甲"]]})
    assert "还没有选人" in page.text


@pytest.mark.parametrize(("login", "status"), [("leader", 403), ("desk", 403), (None, 302)])
def test_who_may_only_look_nominates_nobody(client, four, login, status):
    if login:
        signed_in(client, login)
    address = "/conferences/people/nominations"
    assert (client.get(address).status_code, client.post(address, data=SAID).status_code) == (status, status)


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_however_many_are_chosen(client, four, count_queries, many):
    signed_in(client, "tongcheng")
    ids = [four[name] for name in ("潘甲", "潘乙", "潘丙")][:many]
    client.get("/conferences/people/nominations", query_string={"id": ids})
    with count_queries() as counted:
        client.get("/conferences/people/nominations", query_string={"id": ids})
    assert counted.n == 6, counted.statements
