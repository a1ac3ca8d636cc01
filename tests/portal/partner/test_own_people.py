"""A partner sees the people they introduced and those entrusted to them, and no others."""

import pytest

from tests.cast import signed_in
from tests.network.arranged import arranging
from yishang_crm.accounts import actors
from yishang_crm.core.clock import today
from yishang_crm.followup import queries as followup
from yishang_crm.network import actions, queries
from yishang_crm.people import queries as people

THEIRS = ("琚", "怀宁", "旁人")
PAGES = ["/portal", "/portal/introduce", "/portal/nominations", "/portal/details"]


@pytest.fixture
def ambassador(client, world):
    return signed_in(client, "ambassador")


def test_the_first_page_greets_and_lists_ones_own(ambassador):
    page = ambassador.get("/portal").text
    assert "程会长，" in page
    assert "对接人 桐城 汪澄" in page
    for own in ("程托付", "程采纳", "程拒绝", "程等候", "没有采纳：程的理由"):
        assert own in page


@pytest.mark.parametrize("address", PAGES)
def test_no_page_names_another_partners_people(ambassador, address):
    answer = ambassador.get(address)
    assert answer.status_code == 200
    for name in THEIRS:
        assert name not in answer.text


@pytest.mark.parametrize(
    "address", [*PAGES, "/portal/people/{mine.entrusted}", "/portal/people/{mine.introduced}"]
)
def test_no_page_holds_a_whole_phone_or_a_phone_of_the_entrusted(ambassador, world, address):
    text = ambassador.get(address.format(mine=world.mine)).text
    assert "1990000" not in text
    assert "199****0102" not in text


def test_only_the_phone_that_the_partner_wrote_is_shown_in_outline(ambassador, world):
    assert "199****0103" in ambassador.get(f"/portal/people/{world.mine.introduced}").text


@pytest.mark.parametrize(
    "whose", ["theirs.entrusted", "theirs.introduced", "theirs.person", "nobodys", "mine.person"]
)
@pytest.mark.parametrize("way", ["page", "contact", "nomination"])
def test_every_id_swapped_for_a_foreign_one_is_not_found(ambassador, world, app, cast, whose, way):
    foreign = world
    for part in whose.split("."):
        foreign = getattr(foreign, part)
    answer = {
        "page": lambda: ambassador.get(f"/portal/people/{foreign}"),
        "contact": lambda: ambassador.post(
            f"/portal/people/{foreign}/contacts", data={"channel": "call", "text": "试试"}
        ),
        "nomination": lambda: ambassador.post("/portal/nominations", data={"person_id": foreign}),
    }[way]()
    assert answer.status_code == 404
    for name in ("琚", "旁人"):
        assert name not in answer.text
    with app.app_context():
        assert followup.timeline(cast.bureau, foreign).entries == []


@pytest.mark.parametrize("address", [*PAGES, "/portal/people/{mine.entrusted}"])
@pytest.mark.parametrize("login", ["tongcheng", "leader", "desk", "admin"])
def test_staff_have_no_business_here(client, world, login, address):
    assert signed_in(client, login).get(address.format(mine=world.mine)).status_code == 403


@pytest.mark.parametrize("address", [*PAGES, "/portal/people/{mine.entrusted}"])
def test_a_stranger_is_shown_the_door(client, world, address):
    assert client.get(address.format(mine=world.mine)).headers["Location"].startswith("/login")


def test_an_account_that_is_nobodys_sees_nobody(client, world):
    page = signed_in(client, "chamber").get("/portal")
    assert page.status_code == 200
    assert "还没有和您的资料对上" in page.text
    assert client.get(f"/portal/people/{world.mine.entrusted}").status_code == 404
    assert client.get("/portal/details").status_code == 404


@pytest.mark.parametrize("address", ["/people", "/people/{nobodys}", "/network", "/palette?q=旁人", "/today", "/outbox",
                                     "/organizations", "/people/{nobodys}/timeline"])  # fmt: skip
def test_the_staffs_pages_stay_closed(ambassador, world, address):
    answer = ambassador.get(address.format(nobodys=world.nobodys))
    assert answer.status_code in (403, 404)
    assert "旁人" not in answer.text


def test_what_is_taken_back_is_gone_at_once(ambassador, world, app, cast):
    with arranging(app):
        (row,) = [one.row for one in queries.entrustings_of(cast.tongcheng, world.mine.entrusted)]
        actions.end_entrusting(cast.tongcheng, row, reason="换人联系")
    assert ambassador.get(f"/portal/people/{world.mine.entrusted}").status_code == 404
    assert "程托付" not in ambassador.get("/portal").text


def test_a_contact_in_one_line_stands_on_the_timeline(ambassador, world, app, cast):
    address = f"/portal/people/{world.mine.entrusted}/contacts"
    assert ambassador.post(address, data={"channel": "call", "text": ""}).status_code == 422
    sent = {"channel": "visit", "text": "下月想回来看地", "client_id": "ab12"}
    assert ambassador.post(address, data=sent).status_code == 303
    assert ambassador.post(address, data=sent).status_code == 303
    assert "下月想回来看地" in ambassador.get(f"/portal/people/{world.mine.entrusted}").text
    with app.app_context():
        entries = followup.timeline(cast.tongcheng, world.mine.entrusted).entries
        assert [(entry.interaction.text, entry.interaction.user_name) for entry in entries] == [
            ("下月想回来看地", "程守默")
        ]
        partner = actors.of_login("ambassador")
        assert {charge.person.name: charge.last_on for charge in queries.charges(partner)} == {
            "程托付": today(),
            "程采纳": None,
        }


def test_what_a_colleague_logged_is_not_shown(ambassador, world, app, cast):
    from yishang_crm.followup import actions as contacts
    from yishang_crm.followup.models import Channel

    with arranging(app):
        person = people.person(cast.tongcheng, world.mine.entrusted)
        contacts.log(cast.tongcheng, people=[person], channel=Channel.CALL, text="内部意见，不外传")
    page = ambassador.get(f"/portal/people/{world.mine.entrusted}").text
    assert "内部意见" not in page
    assert "最近联系" in page


def test_introducing_by_four_fields(ambassador, world, app, cast):
    assert ambassador.post("/portal/introductions", data={"name": "", "what": ""}).status_code == 422
    wrong = ambassador.post(
        "/portal/introductions", data={"name": "章大枫", "what": "建厂", "phone": "一二三"}
    )
    assert wrong.status_code == 422
    assert "号码没有认出来" in wrong.text
    sent = {
        "name": "章大枫",
        "organization": "东莞大枫轴承 董事长",
        "phone": "199 0000 0555",
        "what": "建厂",
        "client_id": "f1",
    }
    for _time in range(2):
        assert ambassador.post("/portal/introductions", data=sent).status_code == 303
    assert ambassador.get("/portal").text.count("章大枫") == 1
    with app.app_context():
        waiting = [row.introduction.name for row in queries.waiting(cast.tongcheng)]
        assert waiting == ["程等候", "章大枫"]


def test_own_details_are_confirmed_by_oneself(ambassador, world, app, cast):
    assert "还没有确认过" in ambassador.get("/portal").text
    assert ambassador.post("/portal/details/confirmation").status_code == 303
    assert "最近一个月确认过" in ambassador.get("/portal").text
    with app.app_context():
        person = people.person(cast.tongcheng, world.mine.person)
        assert person.confirmed_by == "程守默"


def test_a_change_is_a_proposal_and_changes_nothing(ambassador, world, app, cast):
    assert (
        ambassador.post("/portal/details/proposals", data={"text": "公司改名为皖江实业"}).status_code == 303
    )
    with app.app_context():
        (task,) = queries.tasks_out_of(cast.tongcheng, "own-details")
        assert task.what == "本人提出改资料：公司改名为皖江实业"
        assert (task.person_id, task.user_id) == (world.mine.person, cast.tongcheng.id)
        assert queries.tasks_out_of(cast.huaining, "own-details") == []


def test_the_pages_ask_as_often_for_many_as_for_one(ambassador, world, app, cast, count_queries):
    from tests.people.arranged import somebody

    def asked(address):
        with count_queries() as counted:
            ambassador.get(address)
        return counted.n

    addresses = ["/portal", f"/portal/people/{world.mine.entrusted}", "/portal/nominations"]
    before = [asked(address) for address in addresses]
    with arranging(app):
        for one in range(3):
            person = somebody(cast.tongcheng, f"程{one}", phone=f"1990000060{one}")
            actions.entrust(cast.tongcheng, person, partner=people.person(cast.tongcheng, world.mine.person))
    assert [asked(address) for address in addresses] == before
    assert before == [11, 7, 6]
