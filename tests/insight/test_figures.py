"""Every number of the page leads to a list, and the two agree; a county sees its own figures only."""

import datetime as dt
import html
import re
from decimal import Decimal
from urllib.parse import unquote

import pytest

from tests.cast import signed_in, unit_id
from tests.people.arranged import somebody
from tests.projects.arranged import a_project
from yishang_crm.accounts import queries as accounts
from yishang_crm.conference.models import Approval, Edition, Guest, Reply
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.db import db, writing
from yishang_crm.followup.models import Cadence, Task
from yishang_crm.insight import queries
from yishang_crm.people import actions as people_actions
from yishang_crm.people import queries as people
from yishang_crm.people.models import PersonState, Tier
from yishang_crm.people.queries import Filters
from yishang_crm.projects.models import Stage


@pytest.fixture
def arrange(app):
    """Do something before the client comes; returns what it gives."""

    def work(deed, *args, **details):
        with app.app_context(), writing():
            made = deed(*args, **details)
            db.session.commit()
            return made

    return work


@pytest.fixture
def world(arrange, cast):
    """Seven people of two counties and the bureau, one shared, and four projects."""
    phones = (f"199000001{number:02d}" for number in range(20))
    for keeper, name, tier, place, residence in (
        (cast.tongcheng, "江望之", Tier.A, "桐城市", "深圳"),
        (cast.tongcheng, "查昉", Tier.B, "桐城市", "上海"),
        (cast.tongcheng, "余秉衡", Tier.C, "怀宁县", "深圳"),
        (cast.tongcheng, "张亦樵", Tier.C, "", ""),
        (cast.huaining, "操远", Tier.A, "怀宁县", "深圳"),
        (cast.bureau, "方叔同", Tier.B, "桐城市", "香港"),
    ):
        arrange(
            somebody, keeper, name, phone=next(phones), tier=tier, native_place=place, residence=residence
        )
    shared = arrange(
        somebody,
        cast.huaining,
        "石共之",
        phone=next(phones),
        tier=Tier.B,
        native_place="怀宁县",
        residence="上海",
    )
    arrange(share_with_tongcheng, cast.huaining, shared)
    arrange(a_project, cast.tongcheng, "甲", stage=Stage.LEAD, planned_investment=Decimal("0.10"))
    arrange(a_project, cast.tongcheng, "乙", stage=Stage.SIGNED, planned_investment=Decimal("0.20"))
    arrange(a_project, cast.huaining, "丙", planned_investment=Decimal("3.00"))
    arrange(a_project, cast.bureau, "丁", planned_investment=None)


def share_with_tongcheng(actor, person):
    return people_actions.share(actor, person, accounts.unit(unit_id("340881")))


def numbers_on(page) -> list[tuple[str, int]]:
    """Each address that a number leads to, with the number."""
    links = re.findall(r'<a href="([^"]+)"[^>]*>(?:<b>)?([\d,]+)<', page.text)
    return [(html.unescape(href), int(number.replace(",", ""))) for href, number in links]


def size_of_list(client, address) -> int:
    said = re.search(
        r'<div class="head">.*?<span class="mute">(\d+)[人个]', client.get(address).text, re.DOTALL
    )
    return int(said[1])


@pytest.mark.parametrize("login", ["bureau", "leader", "tongcheng", "huaining"])
def test_every_number_equals_the_list_it_leads_to(client, world, login):
    signed_in(client, login)
    numbers = numbers_on(client.get("/insight"))
    assert len(numbers) >= 8
    for address, number in numbers:
        assert size_of_list(client, address) == number, address


def test_the_city_adds_up(client, world, app, cast):
    signed_in(client, "leader")
    numbers = {unquote(address): number for address, number in numbers_on(client.get("/insight"))}
    tongcheng, huaining = (unit_of(app, code) for code in ("340881", "340822"))
    assert (
        numbers["/people"],
        numbers["/people?tier=A"],
        numbers["/people?tier=B"],
        numbers["/people?tier=C"],
    ) == (7, 2, 3, 2)
    # The shared one counts with both counties and once for the city.
    assert (numbers[f"/people?unit={tongcheng}"], numbers[f"/people?unit={huaining}"]) == (5, 2)
    assert numbers[f"/people?unit={tongcheng}&tier=B"] == 2
    assert (numbers["/people?place=桐城市"], numbers["/people?place=怀宁县"]) == (3, 3)
    assert (
        numbers["/people?residence=深圳"],
        numbers["/people?residence=上海"],
        numbers["/people?residence=香港"],
    ) == (3, 2, 1)
    assert numbers[f"/projects?unit={tongcheng}"] == 2


def unit_of(app, code):
    with app.app_context():
        return unit_id(code)


def test_the_sentence_says_what_is_in_talks_and_what_is_signed(client, world):
    for login, said in (
        (
            "leader",
            "在库宜商7人。签约前的项目3个，计划总投资3.10亿元；签约以后的项目1个，计划总投资0.20亿元。",
        ),
        (
            "tongcheng",
            "在库宜商5人。签约前的项目1个，计划总投资0.10亿元；签约以后的项目1个，计划总投资0.20亿元。",
        ),
    ):
        signed_in(client, login)
        sentence = re.search(r'<p class="say">(.*?)</p>', client.get("/insight").text)[1]
        assert re.sub("<[^>]+>", "", sentence) == said
        client.post("/logout")


def test_a_county_sees_its_own_figures_only(client, world):
    signed_in(client, "huaining")
    page = client.get("/insight")
    assert dict(numbers_on(page))["/people"] == 2
    assert "桐城" not in page.text
    assert "桐城" not in client.get("/insight/contact").text


def test_units_stand_in_customary_order(client, world):
    signed_in(client, "bureau")
    for address in ("/insight", "/insight/contact"):
        assert re.findall(r'<tr><td class="nw">(市局|桐城|怀宁)</td>', client.get(address).text)[:3] == [
            "市局",
            "桐城",
            "怀宁",
        ]


def test_who_comes_in(client, world):
    for address in ("/insight", "/insight/contact"):
        assert client.get(address).status_code == 302
        for login, status in (
            ("bureau", 200),
            ("leader", 200),
            ("huaining", 200),
            ("desk", 403),
            ("admin", 403),
            ("ambassador", 403),
        ):
            signed_in(client, login)
            assert client.get(address).status_code == status, login
            client.post("/logout")


def test_an_empty_house_has_a_page(client, cast):
    for login in ("bureau", "tongcheng"):
        signed_in(client, login)
        assert client.get("/insight").status_code == client.get("/insight/contact").status_code == 200
        client.post("/logout")


@pytest.mark.parametrize(
    ("login", "address", "queries_needed"),
    [
        ("bureau", "/insight", 7),
        ("tongcheng", "/insight", 5),
        ("bureau", "/insight/contact", 7),
        ("tongcheng", "/insight/contact", 7),
    ],
)
def test_the_page_costs_the_same_for_few_and_for_more(
    client, arrange, cast, count_queries, login, address, queries_needed
):
    signed_in(client, login)
    client.get(address)
    for number in range(3):
        with count_queries() as counted:
            assert client.get(address).status_code == 200
        assert counted.n == queries_needed
        arrange(
            somebody,
            cast.tongcheng,
            f"江{'一二三'[number]}",
            phone=f"1990000020{number}",
            residence=f"城{number}",
        )
        arrange(a_project, cast.tongcheng, f"项目{number}")


@pytest.mark.usefixtures("indoors")
def test_the_largest_residences_come_first_and_fifteen_are_named(cast):
    for number in range(17):
        somebody(
            cast.tongcheng,
            f"江{number}",
            phone=f"199000003{number:02d}",
            residence=f"城{number:02d}",
            organization="",
        )
    somebody(cast.tongcheng, "江远", phone="19900000399", residence="城16", organization="")
    figures = queries.people_figures(cast.bureau)
    assert figures.residences[:2] == [("城16", 2), ("城00", 1)]
    assert (len(figures.residences), figures.tiers.total) == (15, 18)


@pytest.mark.usefixtures("indoors")
def test_who_is_counted_is_who_may_be_seen(cast):
    shared = somebody(cast.huaining, "石共之", phone="19900000401")
    share_with_tongcheng(cast.huaining, shared)
    somebody(cast.tongcheng, "江远", phone="19900000402")
    for actor, seen in ((cast.bureau, 2), (cast.tongcheng, 2), (cast.huaining, 1), (cast.tongcheng2, 2)):
        assert queries.people_figures(actor).tiers.total == people.count_up_to(actor, Filters()) == seen
    assert queries.people_figures(cast.chamber).tiers.total == 0


@action(Permission.HOUSEKEEPING)
def hold_conference(actor, **details):
    wanted = {
        "slug": "2026", "number": 8, "name": "第八届中国宜商大会", "venue": "安庆会展中心", "letter_year": 2026,
        "starts_at": dt.datetime(2026, 9, 24, 1, tzinfo=dt.UTC), "ends_at": dt.datetime(2026, 9, 25, 10, tzinfo=dt.UTC),
        "reply_until": dt.date(2026, 9, 10),
    }  # fmt: skip
    edition = Edition(**(wanted | details))
    db.session.add(edition)
    return edition


@action(Permission.HOUSEKEEPING)
def put_on_list(actor, person, edition, **details):
    db.session.add(Guest(edition_id=edition.id, person_id=person.id, unit_id=unit_id("340881"), **details))


def test_the_open_conference_stands_with_the_figures_of_its_board(client, arrange, cast, count_queries):
    arrange(
        hold_conference,
        HOUSE,
        slug="2025",
        number=7,
        name="第七届中国宜商大会",
        closed_at=dt.datetime(2025, 10, 1, tzinfo=dt.UTC),
    )
    edition = arrange(hold_conference, HOUSE)
    states = ({}, {"approval": Approval.APPROVED}, {"approval": Approval.APPROVED, "reply": Reply.ACCEPTED})
    for number, details in enumerate(states):
        person = arrange(somebody, cast.tongcheng, f"江{number}", phone=f"1990000060{number}")
        arrange(put_on_list, HOUSE, person, edition, **details)
    for login, nominated, approved, coming, queries_needed in (
        ("bureau", 3, 2, 1, 8),
        ("tongcheng", 3, 2, 1, 6),
        ("huaining", 0, 0, 0, 6),
    ):
        signed_in(client, login)
        client.get("/insight")
        with count_queries() as counted:
            page = client.get("/insight")
        assert counted.n == queries_needed
        numbers = dict(numbers_on(page))
        assert numbers["/conferences/2026/guests"] == nominated
        assert numbers["/conferences/2026/guests?approval=approved"] == approved
        assert numbers["/conferences/2026/guests?approval=approved&reply=coming"] == coming
        assert "第七届" not in page.text
        client.post("/logout")


@action(Permission.HOUSEKEEPING)
def set_clock(actor, person, *, last_on, due_on):
    db.session.add(Cadence(person_id=person.id, began_on=dt.date(2025, 1, 1), last_on=last_on, due_on=due_on))


@action(Permission.HOUSEKEEPING)
def promise(actor, unit, due_on):
    db.session.add(Task(what="回电话", unit_id=unit, due_on=due_on))


@pytest.mark.usefixtures("indoors")
def test_contact_stands_by_unit(cast):
    day = dt.date(2026, 9, 8)
    yesterday, quarter = day - dt.timedelta(days=1), dt.date(2026, 7, 1)
    tongcheng, huaining = cast.tongcheng.unit_id, cast.huaining.unit_id
    clocks = (
        (cast.tongcheng, quarter, day, {}),
        (cast.tongcheng, quarter - dt.timedelta(days=1), yesterday, {}),
        (cast.tongcheng, None, yesterday, {"state": PersonState.DECEASED}),
        (cast.huaining, day, yesterday, {}),
    )
    for number, (keeper, last_on, due_on, details) in enumerate(clocks):
        person = somebody(keeper, f"江{number}", phone=f"1990000050{number}", **details)
        set_clock(HOUSE, person, last_on=last_on, due_on=due_on)
    for unit, due_on in ((tongcheng, day), (tongcheng, yesterday), (huaining, day)):
        promise(HOUSE, unit, due_on)
    city, county = (queries.contact_figures(actor, today=day) for actor in (cast.leader, cast.tongcheng))
    assert city.kept == {tongcheng: 3, huaining: 1}
    assert city.reached == {tongcheng: 1, huaining: 1}
    assert city.overdue == {tongcheng: 1, huaining: 1}
    assert (city.tasks, city.late_tasks) == ({tongcheng: 2, huaining: 1}, {tongcheng: 1, huaining: 0})
    assert (county.kept, county.reached, county.overdue) == ({tongcheng: 3}, {tongcheng: 1}, {tongcheng: 1})
    assert (county.tasks, county.late_tasks) == ({tongcheng: 2}, {tongcheng: 1})
