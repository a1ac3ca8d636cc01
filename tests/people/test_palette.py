"""The palette: what may be seen and done, by groups and prefixes, at most twelve rows; the right person first."""

import re

import pytest

from tests.cast import Cast, signed_in
from tests.conference.arranged import an_edition
from tests.followup.arranged import log
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing


@pytest.fixture
def people(app, cast: Cast):
    with app.app_context(), writing():
        persons = [
            somebody(cast.tongcheng, "江望之", phone="19900000001", organization="东莞市皖江新材料有限公司"),
            somebody(cast.huaining, "江远", phone="19900000002", organization="怀宁皖江制造有限公司"),
        ]
        an_edition(cast.organizer, slug="2027")
        db.session.commit()
        return [person.id for person in persons]


def rows(client, typed: str, **headers) -> list[tuple[str, str]]:
    page = client.get("/palette", query_string={"q": typed}, headers={"HX-Request": "true", **headers}).text
    return re.findall(
        r'<a class="row" href="([^"]+)" data-row[^>]*>.*?<span class="name">([^<]*)</span>', page
    )


def labels(client, typed: str, **headers) -> list[str]:
    return [label for _href, label in rows(client, typed, **headers)]


@pytest.mark.parametrize(
    "typed", ["江望之", "江 望 之", "jiangwangzhi", "jwz", "0001", "皖江", "江望之 0001", "東莞市皖江"]
)
def test_a_person_is_found_by_any_habit(client, people, typed):
    signed_in(client, "tongcheng")
    assert labels(client, typed)[0] == "江望之"


def test_each_finds_within_their_scope(client, people):
    """S4: neither people nor the organizations that only others' people lead to."""
    signed_in(client, "huaining")
    assert labels(client, "江") == ["江远", "在列表中打开", "怀宁皖江制造有限公司"]
    assert labels(client, "0001") == []
    signed_in(client, "bureau")
    assert {"江望之", "江远"} <= set(labels(client, "jiang"))


def test_prefixes_ask_one_group(client, people):
    signed_in(client, "tongcheng")
    assert labels(client, "@皖江") == ["江望之", "在列表中打开"]
    assert labels(client, "#皖江") == ["东莞市皖江新材料有限公司"]
    assert labels(client, "＃皖江") == ["东莞市皖江新材料有限公司"]
    assert labels(client, ">导入") == ["导入名册"]
    assert labels(client, ">drmc") == ["导入名册"]
    assert labels(client, ">我的近期") == ["我的近期操作"]
    assert [label for _h, label in rows(client, "?")] == ["只找人", "只找单位", "去哪一页、做什么事"]


def test_the_sign_for_doing_shows_what_can_be_done_and_a_few_places(client, people):
    signed_in(client, "tongcheng")
    for typed in (">", "》", "> "):
        assert rows(client, typed) == [
            ("/log", "记一笔"), ("/tasks/new", "加一件待办"), ("/people/new", "添一个人"), ("/people/import", "导入名册"),
            ("/organizations/new", "添一个单位"), ("/people/duplicates", "查重"), ("/people/exports/new", "导出"),
            ("/today", "今日"), ("/people", "人脉"), ("/log", "联络"), ("/conferences", "大会"),
        ]  # fmt: skip
    assert all(client.get(href).status_code == 200 for href, _label in rows(client, ">"))
    assert ("/log", "记一笔") in rows(client, ">jyb")
    signed_in(client, "leader")
    assert [label for _href, label in rows(client, ">")] == ["今日", "人脉", "大会", "项目"]


def test_places_and_editions_are_found_by_name_and_by_pinyin(client, people):
    signed_in(client, "bureau")
    assert ("/projects", "项目") in rows(client, "xiangmu")
    assert ("/projects", "项目") in rows(client, "项")
    assert any(href == "/conferences/2027/board" for href, _label in rows(client, "2027"))


def test_only_what_one_may_do_and_see_is_offered(client, people):
    signed_in(client, "leader")
    assert labels(client, ">导入") == []
    assert "修改" not in labels(client, "", **{"HX-Current-URL": f"http://localhost/people/{people[0]}"})
    signed_in(client, "desk")
    assert client.get("/palette?q=江").status_code == 403


def test_the_acts_of_the_page_come_first(client, people):
    signed_in(client, "tongcheng")
    here = {"HX-Current-URL": f"http://localhost/people/{people[0]}"}
    assert labels(client, "", **here)[:3] == ["打开江望之", "记一笔", "待办"]
    on_list = rows(client, "存", **{"HX-Current-URL": "http://localhost/people?tier=A"})
    assert on_list[0] == ("/people/views/new?tier=A", "存为视图")
    elsewhere = {"HX-Current-URL": f"http://localhost/people/{people[1]}"}
    assert "江远" not in "".join(labels(client, "", **elsewhere))


@pytest.mark.parametrize(
    "address", ["http://localhost//evil", "javascript:alert(1)", "::::", "http://x/%00", "/people/99999999"]
)
def test_a_strange_page_to_come_from_does_no_harm(client, people, address):
    signed_in(client, "tongcheng")
    assert client.get("/palette", headers={"HX-Current-URL": address}).status_code == 200


def test_tab_shows_what_can_be_done_with_a_person(client, people):
    signed_in(client, "tongcheng")
    page = client.get(f"/palette/people/{people[0]}", headers={"HX-Request": "true"}).text
    assert [word for word in ("记一笔", "待办", "邀请", "修改", "联系方式") if word not in page] == []
    assert client.get(f"/palette/people/{people[1]}").status_code == 404


def test_nothing_typed_shows_whom_one_was_in_touch_with(app, client, cast, people):
    from yishang_crm.people import queries

    with app.app_context(), writing():
        log(cast.tongcheng, queries.person(cast.tongcheng, people[0]), text="问候")
        db.session.commit()
    signed_in(client, "tongcheng")
    assert "江望之" in labels(client, "")
    signed_in(client, "tongcheng2")
    assert "江望之" not in labels(client, "")


def test_there_are_at_most_twelve_rows(app, client, cast, people):
    with app.app_context(), writing():
        for number in range(30):
            somebody(cast.tongcheng, f"人脉{number}", phone="", organization=f"人脉公司{number}")
        db.session.commit()
    signed_in(client, "tongcheng")
    for typed in ("", "人脉", "r", "@人脉", "#人脉", ">"):
        assert 0 < len(labels(client, typed)) <= 13 - (typed == ""), typed
        assert len(labels(client, typed)) <= 12


def test_without_script_it_is_the_search_page(client, people):
    signed_in(client, "tongcheng")
    page = client.get("/palette?q=江").text
    assert "<!doctype html>" in page
    assert f'href="/people/{people[0]}"' in page


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_the_same_however_many_answer(app, client, cast, people, count_queries, number):
    with app.app_context(), writing():
        for one in range(number):
            somebody(cast.tongcheng, f"操{'甲乙丙'[one]}", phone="")
        db.session.commit()
    signed_in(client, "tongcheng")
    with count_queries() as counted:
        assert client.get("/palette?q=操", headers={"HX-Request": "true"}).status_code == 200
    assert counted.n == 7, counted.statements
