"""The staff's pages, tried by who may, who may look, another unit, a partner and a stranger."""

import pytest

from tests.cast import signed_in
from tests.network.arranged import arranging, partner, proposed
from tests.people.arranged import somebody
from yishang_crm.core.clock import today
from yishang_crm.network import actions, queries


@pytest.fixture
def world(app, cast):
    """An ambassador of Tongcheng who proposed somebody, and one of Huaining with somebody of theirs."""
    with arranging(app):
        ambassador = partner(
            cast.tongcheng, "ambassador", "程守默", phone="19900000101", email="cheng@example.com", days=30
        )
        other = partner(cast.huaining, "partner", "琚成林", phone="19900000102", days=30)
        friend = somebody(cast.tongcheng, "汪砚舟", phone="19900000201")
        entrusted = actions.entrust(cast.tongcheng, friend, partner=ambassador.person)
        return {
            "ambassador": ambassador.person.id,
            "other": other.person.id,
            "friend": friend.id,
            "appointment": ambassador.appointment.id,
            "theirs": other.appointment.id,
            "introduction": proposed(ambassador.actor).id,
            "their_introduction": proposed(other.actor, name="秘而不宣").id,
            "entrusted": entrusted.id,
        }


GETS = ["/network", "/network/{appointment}", "/network/introductions/{introduction}", "/people/{friend}/network",
        "/network/new?person={friend}"]  # fmt: skip
READS = GETS[:4]


@pytest.mark.parametrize("address", GETS)
def test_who_may_sees_each_page(client, world, address):
    assert signed_in(client, "tongcheng").get(address.format(**world)).status_code == 200


@pytest.mark.parametrize("address", READS)
def test_who_may_look_sees_each_page_without_its_forms(client, world, address):
    answer = signed_in(client, "leader").get(address.format(**world))
    assert answer.status_code == 200
    assert f'action="{address.format(**world)}' not in answer.text


def test_who_may_look_is_not_asked_to_appoint(client, world):
    assert signed_in(client, "leader").get("/network/new?person={friend}".format(**world)).status_code == 403


@pytest.mark.parametrize("address", GETS[1:])
def test_another_unit_does_not_find_it(client, world, address):
    answer = signed_in(client, "huaining").get(address.format(**world))
    assert answer.status_code == 404
    for name in ("程守默", "汪砚舟", "章大枫"):
        assert name not in answer.text


@pytest.mark.parametrize("address", GETS)
@pytest.mark.parametrize("login", ["ambassador", "desk", "admin"])
def test_it_is_no_page_of_theirs(client, world, address, login):
    assert signed_in(client, login).get(address.format(**world)).status_code == 403


@pytest.mark.parametrize("address", GETS)
def test_a_stranger_is_shown_the_door(client, world, address):
    assert client.get(address.format(**world)).headers["Location"].startswith("/login")


POSTS = [
    "/network/{appointment}/renewal", "/network/{appointment}/ending", "/network/{appointment}/account",
    "/network/{appointment}/link", "/network/{appointment}/link/code", "/network/{appointment}/link/letter",
    "/network/{appointment}/link/withdrawal", "/network/introductions/{introduction}/acceptance",
    "/network/introductions/{introduction}/identity", "/network/introductions/{introduction}/refusal",
    "/network/introductions/{introduction}/phone", "/network/entrustings/{entrusted}/ending",
    "/people/{friend}/entrustings", "/people/{friend}/appointments",
]  # fmt: skip


@pytest.mark.parametrize("address", POSTS)
def test_another_unit_changes_nothing(client, world, address):
    answer = signed_in(client, "huaining").post(
        address.format(**world), data={"reason": "不行", "login": "chamber"}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize("address", POSTS)
def test_who_may_only_look_changes_nothing(client, world, address):
    assert (
        signed_in(client, "leader").post(address.format(**world), data={"reason": "不行"}).status_code == 403
    )


def test_each_sees_what_waits_and_ends_for_them(client, world):
    mine = signed_in(client, "tongcheng").get("/network").text
    assert "章大枫" in mine
    assert "程守默" in mine
    assert "秘而不宣" not in mine
    assert "琚成林" not in mine
    assert f'data-id="{world["introduction"]}"' in mine
    both = signed_in(client, "bureau").get("/network").text
    assert "章大枫" in both
    assert "秘而不宣" in both


def test_a_foreign_person_is_not_taken_for_the_introduced(client, world, app, cast):
    with arranging(app):
        foreign = somebody(cast.huaining, "外县人", phone="19900000909").id
    address = "/network/introductions/{introduction}/identity".format(**world)
    assert signed_in(client, "tongcheng").post(address, data={"person_id": foreign}).status_code == 404


def test_a_foreign_partner_is_not_entrusted_with_ours(client, world):
    address = "/people/{friend}/entrustings".format(**world)
    assert (
        signed_in(client, "tongcheng").post(address, data={"partner_id": world["other"]}).status_code == 422
    )


def test_accepting_makes_a_person_and_leads_there(client, world, app, cast):
    signed_in(client, "tongcheng")
    answer = client.post(
        "/network/introductions/{introduction}/acceptance".format(**world),
        data={"name": "章大枫", "organization": "东莞大枫轴承有限公司", "title": "董事长", "tier": "B"},
    )
    page = client.get(answer.headers["Location"]).text
    assert "章大枫" in page
    assert "东莞大枫轴承有限公司" in page
    with app.app_context():
        assert [row.introduction.id for row in queries.waiting(cast.tongcheng)] == []


def test_refusing_needs_a_reason(client, world):
    signed_in(client, "tongcheng")
    address = "/network/introductions/{introduction}/refusal".format(**world)
    assert client.post(address, data={"reason": " "}).status_code == 422
    assert client.post(address, data={"reason": "已在谈"}).status_code == 303
    assert client.post(address, data={"reason": "再来"}).status_code == 409


def test_appointing_by_the_form(client, world):
    signed_in(client, "tongcheng")
    filled = {
        "kind": "adviser",
        "starts_on": today().isoformat(),
        "ends_on": today().replace(year=today().year + 2, day=1).isoformat(),
        "certificate_number": "桐聘1",
        "liaison_id": "0",
    }
    address = "/people/{friend}/appointments".format(**world)
    assert client.post(address, data=filled | {"ends_on": ""}).status_code == 422
    answer = client.post(address, data=filled)
    assert "桐聘1" in client.get(answer.headers["Location"]).text


def test_a_link_is_not_shown_by_looking(client, world):
    signed_in(client, "tongcheng")
    shown = client.post("/network/{appointment}/link".format(**world)).text
    assert "/portal/enter/" in shown
    assert "/portal/enter/" not in client.get("/network/{appointment}".format(**world)).text


def test_the_pages_ask_as_often_for_many_as_for_one(client, world, app, cast, count_queries):
    signed_in(client, "tongcheng")

    def asked(address):
        with count_queries() as counted:
            client.get(address.format(**world))
        return counted.n

    addresses = ["/network", "/people/{friend}/network", "/network/{appointment}"]
    before = [asked(address) for address in addresses]
    with arranging(app):
        for one in range(3):
            partner_like = somebody(cast.tongcheng, f"汪{one}", phone=f"1990000060{one}")
            actions.entrust(cast.tongcheng, partner_like, partner=_person(cast, world["ambassador"]))
            proposed(_actor(), name=f"章{one}", phone="")
    assert before == [asked(address) for address in addresses]
    assert before == [6, 7, 9]


def _person(cast, person_id):
    from yishang_crm.people import queries as people

    return people.person(cast.tongcheng, person_id)


def _actor():
    from yishang_crm.accounts import actors

    return actors.of_login("ambassador")
