"""Who may only look finds no button that would refuse them."""

import re

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing

DEEDS = re.compile(r'action="(/people/[^"]+|/contacts/[^"]+|/people)"')


@pytest.fixture
def person_id(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng)
        db.session.commit()
        return person.id


def test_a_leader_reads_a_person_and_is_offered_no_deed(client, person_id):
    page = signed_in(client, "leader").get(f"/people/{person_id}").text
    assert "余秉衡" in page
    assert "199****0417" in page
    assert [address for address in DEEDS.findall(page) if address != "/people"] == []
    assert [
        word for word in ("/edit", "data-log>", "加一个", "核对无误", "共享给别的单位") if word in page
    ] == []


def test_a_liaison_is_offered_them(client, person_id):
    """Without this the test above could pass for the wrong reason."""
    page = signed_in(client, "tongcheng").get(f"/people/{person_id}").text
    assert len([address for address in DEEDS.findall(page) if address != "/people"]) > 4
    assert [
        word
        for word in ("/edit", "data-edit", "data-log>", "加一个", "核对无误", "共享给别的单位")
        if word not in page
    ] == []


@pytest.mark.parametrize(("login", "count"), [("leader", 0), ("tongcheng", 2)])
def test_the_list_leads_to_new_people_only_for_who_may_add_them(client, person_id, login, count):
    page = signed_in(client, login).get("/people").text
    assert len(re.findall(r'href="/people/(?:new|import)"', page)) == count


@pytest.mark.parametrize("login", ["leader", "tongcheng"])
def test_the_panel_opens_a_number_only_for_who_may(client, person_id, login):
    page = signed_in(client, login).get(f"/people/{person_id}/panel", headers={"HX-Request": "true"}).text
    assert "199****0417" in page
    assert ("开启，会留痕" in page) is (login == "tongcheng")


def test_the_form_of_a_new_person_begins_with_the_name_and_the_lowest_tier(client, cast):
    page = signed_in(client, "tongcheng").get("/people/new").text
    fields = re.findall(r'<(?:input|select)[^>]* name="(\w+)"', page.partition("<main")[2])
    wanted = ["name", "gender", "organization", "title", "phone", "email", "tier"]
    assert [name for name in fields if name in wanted] == wanted
    assert '<option selected value="C">' in page
