"""The pages of projects, as those who may, who may only look, those of another unit, and strangers see them."""

import datetime as dt
import html
import re
from decimal import Decimal

import pytest

from tests.cast import signed_in, unit_id
from tests.people.arranged import somebody
from tests.projects.arranged import a_project
from yishang_crm.core.db import db, writing
from yishang_crm.people.queries import person_parts
from yishang_crm.projects import queries
from yishang_crm.projects.models import Stage
from yishang_crm.projects.queries import Filters, Sum


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
def project(arrange, cast):
    return arrange(a_project, cast.tongcheng)


@pytest.fixture
def read(app):
    """Read something after the client has been."""

    def work(question, *args, **details):
        with app.app_context():
            return question(*args, **details)

    return work


def ids_on(page) -> list[int]:
    return [int(one) for one in re.findall(r'<tr data-id="(\d+)"', page.text)]


def head_of(page) -> str:
    head = re.search(r'<div class="head">.*?</div>', page.text, re.DOTALL).group()
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", head))).strip()


FACTS = {
    "name": "功能膜二期",
    "platform_number": "AQ2026-0417",
    "planned_investment": "12.5亿元",
    "stage": "lead",
    "stage_on": "2026-03-02",
}


def test_four_visitors_see_what_is_theirs(client, project):
    for login, found, may_write in (
        ("bureau", 200, True), ("tongcheng2", 200, True), ("leader", 200, False), ("huaining", 404, False), ("ambassador", 403, False),
    ):  # fmt: skip
        signed_in(client, login)
        page = client.get(f"/projects/{project.id}")
        assert (login, page.status_code) == (login, found)
        assert ("记下进展" in page.text) == may_write
        if found == 404:
            assert project.name not in client.get("/projects").text
        client.post("/logout")
    assert client.get(f"/projects/{project.id}").status_code == 302


def test_who_may_only_look_or_not_even_that_changes_nothing(client, project, read, cast):
    for login, status in (("leader", 403), ("huaining", 404), ("desk", 403)):
        signed_in(client, login)
        assert (
            client.post(f"/projects/{project.id}", data={"name": "别的", "version": 1}).status_code == status
        )
        move = {"to": "intent", "on": "2026-04-01"}
        assert client.post(f"/projects/{project.id}/stage", data=move).status_code == status
        client.post("/logout")
    stands = read(queries.project, cast.tongcheng, project.id)
    assert (stands.name, stands.stage) == (project.name, Stage.NEGOTIATING)


def test_a_project_is_noted_down_and_seen(client, cast, read):
    signed_in(client, "tongcheng")
    answer = client.post(
        "/projects",
        data=FACTS | {"investor": "合肥市皖膜科技有限公司", "landing_unit_id": unit_id_of(read, "340881")},
    )
    assert answer.status_code == 303
    page = client.get(answer.location).text
    for said in (
        "功能膜二期",
        "AQ2026-0417",
        "12.50亿元",
        "合肥市皖膜科技有限公司",
        "桐城市投资促进中心",
        "线索",
    ):
        assert said in page
    assert head_of(client.get("/projects")) == "项目 1个 · 计划总投资 12.50亿元 记一个项目"


def unit_id_of(read, code):
    return read(unit_id, code)


@pytest.mark.parametrize(
    ("typed", "amount"), [("6.5", "6.50"), ("1,200 亿元", "1200.00"), ("8000万", "0.80"), ("", None)]
)
def test_money_is_read_as_staff_write_it(client, cast, read, typed, amount):
    signed_in(client, "tongcheng")
    client.post("/projects", data=FACTS | {"planned_investment": typed})
    (row,) = read(queries.page_of_projects, cast.tongcheng, Filters())
    assert row.project.planned_investment == (Decimal(amount) if amount else None)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "请写上项目名称。"),
        ("planned_investment", "很多", "请写数字，单位亿元，如6.50。"),
        ("planned_investment", "1.2.3", "请写数字，单位亿元，如6.50。"),
        ("planned_investment", "999999999", "请写0到99999之间的数，单位亿元。"),
        ("stage_on", "下周", "请写日期，如2026-09-02。"),
        ("introducer", "查无此人", "人脉里没有找到这个人，请先在人脉里记下。"),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(client, field, typed, sentence):
    signed_in(client, "tongcheng")
    answer = client.post("/projects", data=FACTS | {field: typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="AQ2026-0417"' in answer.text


def test_a_platform_number_stands_once_and_the_other_unit_is_not_named(client, arrange, cast):
    arrange(a_project, cast.tongcheng, platform_number="AQ2026-0417")
    signed_in(client, "huaining")
    answer = client.post("/projects", data=FACTS)
    assert answer.status_code == 409
    assert "平台编号AQ2026-0417已经登记过，请与市投资促进局核对。" in answer.text
    assert "桐城" not in answer.text


def test_the_head_agrees_with_the_list_under_every_filter(client, arrange, cast, read):
    for number in range(52):
        stage = (Stage.LEAD, Stage.NEGOTIATING, Stage.SIGNED)[number % 3]
        chain = ("高端装备制造", "绿色食品")[number % 2]
        arrange(
            a_project,
            cast.tongcheng,
            f"项目{number:02d}",
            stage=stage,
            chain=chain,
            planned_investment=Decimal("0.10"),
        )
    arrange(a_project, cast.huaining, "怀宁的项目", planned_investment=None)
    signed_in(client, "bureau")
    assert len(ids_on(client.get("/projects"))) == 50
    assert len(ids_on(client.get("/projects?page=2"))) == 3
    assert head_of(client.get("/projects?page=2")).startswith("项目 53个 · 计划总投资 5.20亿元")
    for query, filters in (
        ("stage=signed", Filters(stage="signed")),
        ("chain=绿色食品", Filters(chain="绿色食品")),
        (f"unit={unit_id_of(read, '340822')}", Filters(unit=unit_id_of(read, "340822"))),
        ("q=项目3", Filters(q="项目3")),
        ("q=望岳&stage=lead", Filters(q="望岳", stage="lead")),
        ("stage=nonsense", Filters()),
    ):
        rows = read(everything, cast.bureau, filters)
        shown = sum((one.project.planned_investment or Decimal(0) for one in rows), Decimal("0.00"))
        assert head_of(client.get(f"/projects?{query}")).startswith(
            f"项目 {len(rows)}个 · 计划总投资 {shown:.2f}亿元"
        ), query
        assert rows


def everything(actor, filters):
    return [row for number in (1, 2) for row in queries.page_of_projects(actor, filters, page=number)]


def test_each_stage_links_to_the_list_it_counts(client, arrange, cast):
    for name, stage in (("甲", Stage.LEAD), ("乙", Stage.LEAD), ("丙", Stage.SIGNED)):
        arrange(a_project, cast.tongcheng, name, stage=stage)
    arrange(a_project, cast.tongcheng, "丁", chain="绿色食品", stage=Stage.SIGNED)
    signed_in(client, "tongcheng")
    funnel = re.search(
        r'<nav class="stages".*?</nav>', client.get("/projects?chain=高端装备制造").text, re.DOTALL
    ).group()
    counts = re.findall(r'<a href="([^"]+)"[^>]*><b>(\d+)</b>', funnel)
    assert [int(count) for _, count in counts] == [2, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    for address, count in counts:
        assert len(ids_on(client.get(html.unescape(address)))) == int(count)


def test_a_move_is_shown_and_a_missing_reason_said(client, project):
    signed_in(client, "tongcheng")
    moves = f"/projects/{project.id}/stage"
    answer = client.post(moves, data={"to": "suspended", "on": "2026-04-01", "note": "", "version": "1"})
    assert answer.status_code == 409
    assert "暂停、终止、流转、退回或恢复都要写明原因。" in answer.text
    assert (
        client.post(moves, data={"to": "full_output", "on": "2026-04-01", "version": "1"}).status_code == 422
    )
    assert (
        client.post(
            moves, data={"to": "intent", "on": "2026-04-01", "note": "签了备忘录", "version": "1"}
        ).status_code
        == 303
    )
    page = client.get(f"/projects/{project.id}").text
    assert "签了备忘录" in page
    assert '<li aria-current="step">4 意向</li>' in page


def test_a_move_that_somebody_made_meanwhile_is_looked_at_first(client, project, read, cast):
    moves, move = f"/projects/{project.id}/stage", {"to": "intent", "on": "2026-04-01", "version": "1"}
    signed_in(client, "tongcheng")
    assert client.post(moves, data=move).status_code == 303
    late = client.post(moves, data={"to": "signed", "on": "2026-04-02", "note": "当天就签", "version": "1"})
    assert (late.status_code, "别人已经改过" in late.text, "当天就签" in late.text) == (409, True, True)
    assert 'name="version" type="hidden" value="2"' in late.text
    assert read(queries.project, cast.tongcheng, project.id).stage == Stage.INTENT


def test_two_who_edit_at_once_see_both_sides(client, project, read, cast):
    signed_in(client, "tongcheng")
    mine = {
        "name": project.name,
        "investor": "深圳市望岳精密科技有限公司",
        "planned_investment": "7",
        "version": 1,
    }
    assert client.post(f"/projects/{project.id}", data=mine | {"planned_investment": "8"}).status_code == 303
    answer = client.post(f"/projects/{project.id}", data=mine)
    assert answer.status_code == 409
    assert "别人已经改过" in answer.text
    assert re.search(r"<td>8.00</td><td><ins>7.00</ins></td>", answer.text)
    version = re.search(r'name="version" type="hidden" value="(\d+)"', answer.text)[1]
    assert client.post(f"/projects/{project.id}", data=mine | {"version": version}).status_code == 303
    assert read(queries.project, cast.tongcheng, project.id).planned_investment == Decimal("7.00")


def test_the_introducer_is_found_by_name_and_told_apart_by_firm(client, arrange, cast, read):
    arrange(somebody, cast.tongcheng, "江望之", phone="19900000001", organization="东莞市皖江新材料有限公司")
    other = arrange(
        somebody, cast.tongcheng, "江望之", phone="19900000002", organization="惠州市洪铺纸业有限公司"
    )
    signed_in(client, "tongcheng")
    answer = client.post("/projects", data=FACTS | {"introducer": "江望之"})
    assert "有2位都对得上，请在姓名后面加上单位。" in answer.text
    answer = client.post("/projects", data=FACTS | {"introducer": "江望之 洪铺"})
    assert f'<a href="/people/{other.id}">江望之</a>' in client.get(answer.location).text
    edit = client.get(f"{answer.location}/edit").text
    assert f'name="introducer_id" type="hidden" value="{other.id}"' in edit
    kept = FACTS | {"introducer": "江望之", "introducer_id": other.id, "version": 1}
    assert client.post(answer.location, data=kept).status_code == 303


def test_an_introducer_out_of_sight_is_neither_named_nor_lost(client, arrange, cast, read):
    person = arrange(somebody, cast.huaining, "琚望舒", phone="19900000001")
    project = arrange(a_project, cast.bureau, introducer=person, unit_id=unit_id_of(read, "340881"))
    signed_in(client, "tongcheng")
    assert "琚望舒" not in client.get(f"/projects/{project.id}").text
    assert "琚望舒" not in client.get(f"/projects/{project.id}/edit").text
    client.post(f"/projects/{project.id}", data={"name": "改了名", "planned_investment": "6.5", "version": 1})
    stands = read(queries.project, cast.bureau, project.id)
    assert (stands.name, stands.introducer_id) == ("改了名", person.id)


def test_a_persons_page_has_the_projects_they_brought_or_whose_investor_they_lead(
    client, arrange, cast, read
):
    person = arrange(somebody, cast.tongcheng)
    invested = arrange(a_project, cast.tongcheng, "投资的项目")
    brought = arrange(a_project, cast.tongcheng, "引荐的项目", investor="别家有限公司", introducer=person)
    arrange(a_project, cast.tongcheng, "无关的项目", investor="又一家有限公司")
    arrange(a_project, cast.huaining, "别县的项目")
    assert read(person_parts, cast.tongcheng, person).posts
    signed_in(client, "tongcheng")
    assert f'hx-get="/projects/of/{person.id}"' in client.get(f"/people/{person.id}").text
    page = client.get(f"/projects/of/{person.id}")
    assert ids_on(page) == [brought.id, invested.id]
    panel = client.get(f"/projects/of/{person.id}", headers={"HX-Request": "true"})
    assert panel.text.startswith('<div id="panel-projects">')
    assert f"/projects/new?introducer={person.id}" in page.text
    assert 'value="余秉衡"' in client.get(f"/projects/new?introducer={person.id}").text
    client.post("/logout")
    signed_in(client, "huaining")
    assert client.get(f"/projects/of/{person.id}").status_code == 404


@pytest.mark.parametrize(
    ("address", "queries_needed"), [("/projects", 6), ("/projects/{id}", 5), ("/projects/of/{person}", 4)]
)
def test_a_page_costs_the_same_for_one_and_for_three(
    client, arrange, cast, count_queries, address, queries_needed
):
    person = arrange(somebody, cast.tongcheng)
    project = arrange(a_project, cast.tongcheng)
    signed_in(client, "bureau")
    address = address.format(id=project.id, person=person.id)
    client.get(address)
    for _ in range(2):
        with count_queries() as counted:
            assert client.get(address).status_code == 200
        assert counted.n == queries_needed
        for name in ("又一个", "再一个"):
            arrange(a_project, cast.tongcheng, name, introducer=person)


def test_sums_are_exact(arrange, cast, read):
    for name in "甲乙丙":
        arrange(
            a_project, cast.tongcheng, name, planned_investment=Decimal("0.10"), stage_on=dt.date(2026, 1, 5)
        )
    key = (cast.tongcheng.unit_id, Stage.NEGOTIATING)
    assert read(queries.sums_by_unit_and_stage, cast.tongcheng) == {key: Sum(3, Decimal("0.30"))}
    assert read(queries.sums_by_unit_and_stage, cast.huaining) == {}
