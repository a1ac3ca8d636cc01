"""What was changed of a person stands on their page: who, when, which fact, from what to what."""

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions, queries


@pytest.fixture
def person(app, cast):
    with app.app_context(), writing():
        found = somebody(cast.tongcheng, "余秉衡")
        actions.edit_person(cast.tongcheng2, found, version=1, residence="苏州", tier="B")
        actions.add_contact(cast.tongcheng, found, typed="yu@firm.example")
        db.session.commit()
        return found.id


def test_a_change_is_told_with_who_and_from_what_to_what(client, cast, person):
    page = signed_in(client, "tongcheng").get(f"/people/{person}/history").text
    assert "常驻 深圳→苏州" in page
    assert "等级 A 重点→B 常联系" in page
    assert cast.tongcheng2.name in page
    assert "修改人员资料" in page


def test_a_sealed_value_is_told_as_its_outline(client, person):
    page = signed_in(client, "tongcheng").get(f"/people/{person}/history").text
    assert ("号码" in page, "yu@firm.example" in page, "19900000417" in page) == (True, False, False)


def test_the_panel_of_the_page_shows_the_latest_few(client, app, cast, person):
    with app.app_context(), writing():
        found = queries.person(cast.tongcheng, person)
        for city in ("上海", "北京", "广州", "杭州", "南京", "武汉", "合肥"):
            actions.edit_person(cast.tongcheng, found, version=found.version, residence=city)
        db.session.commit()
    signed_in(client, "tongcheng")
    panel = client.get(f"/people/{person}/history", headers={"HX-Request": "true"}).text
    assert ("武汉→合肥" in panel, "深圳→苏州" in panel, "看全部" in panel) == (True, False, True)
    assert "深圳→苏州" in client.get(f"/people/{person}/history").text


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 200), ("huaining", 404), ("desk", 403), (None, 302)]
)
def test_the_history_is_seen_by_whoever_sees_the_person(client, person, login, status):
    if login:
        signed_in(client, login)
    assert client.get(f"/people/{person}/history").status_code == status


def test_the_history_costs_the_same_however_long_it_is(client, person, count_queries):
    signed_in(client, "tongcheng")
    client.get(f"/people/{person}/history")
    with count_queries() as counted:
        client.get(f"/people/{person}/history")
    assert counted.n == 5, counted.statements
