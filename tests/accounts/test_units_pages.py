import csv
import re

import pytest

from tests.accounts.arranged import arranging
from tests.cast import signed_in
from yishang_crm.accounts import actions, queries
from yishang_crm.accounts.actions.units import DICTIONARY
from yishang_crm.accounts.models import UnitKind
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db

# domain.md §1.1
CUSTOMARY = [
    "桐城",
    "怀宁",
    "潜山",
    "太湖",
    "宿松",
    "望江",
    "岳西",
    "迎江",
    "大观",
    "宜秀",
    "经开区",
    "高新区",
]


@pytest.fixture
def admin(client):
    return signed_in(client, "admin")


def unit(app, code: str):
    with app.app_context():
        db.session.expire_all()
        return queries.unit_by_code(code)


def save(app, client, whose: str, /, **changed):
    row = unit(app, whose)
    shown = {
        name: getattr(row, name)
        for name in ("version", "name", "short_name", "display_order", "liaison_name")
    }
    return client.post(f"/admin/units/{row.id}", data=shown | {"liaison_phone": row.liaison_phone} | changed)


def test_the_dictionary_brings_every_unit_in_the_customary_order(app):
    with arranging(app):
        added = actions.seed_units(HOUSE)
    with app.app_context():
        counties = [row.short_name for row in queries.units(kinds=[UnitKind.COUNTY])]
        kinds = [row.kind for row in queries.units()]
    assert counties == CUSTOMARY
    assert {kind: kinds.count(kind) for kind in UnitKind} == {
        UnitKind.BUREAU: 1, UnitKind.COUNTY: 12, UnitKind.DEPARTMENT: 11, UnitKind.GROUP: 42, UnitKind.OUTSIDE: 1,
    }  # fmt: skip
    assert added == 67 - 5


def test_bringing_it_twice_changes_nothing(app, admin):
    with arranging(app):
        actions.seed_units(HOUSE)
    save(app, admin, "340825", name="太湖县招商服务中心")
    with arranging(app):
        assert actions.seed_units(HOUSE) == 0
    assert unit(app, "340825").name == "太湖县招商服务中心"


def test_what_a_user_could_dispute_waits_for_confirmation(app, admin):
    with DICTIONARY.open(encoding="utf-8") as file:
        open_rows = [row["code"] for row in csv.DictReader(file) if row["state"] == "待核定"]
    assert len(open_rows) == 65
    with arranging(app):
        actions.seed_units(HOUSE)
    assert unit(app, "340825").confirmed_at is None
    assert "待核定" in admin.get(f"/admin/units/{unit(app, '340825').id}").text
    save(app, admin, "340825", confirmed="y")
    assert unit(app, "340825").confirmed_at is not None


def test_groups_are_counted_in_chinese(app):
    with arranging(app):
        actions.seed_units(HOUSE)
    with app.app_context():
        names = [row.name for row in queries.units(kinds=[UnitKind.GROUP])]
    assert (names[0], names[9], names[10], names[19], names[20], names[41]) == (
        "第一招商组", "第十招商组", "第十一招商组", "第二十招商组", "第二十一招商组", "第四十二招商组",
    )  # fmt: skip


def test_the_page_lists_them_in_that_order(app, admin):
    with arranging(app):
        actions.seed_units(HOUSE)
    page = admin.get("/admin/units").text
    listed = re.findall(r'</a></td><td class="hide-sm">([^<]+)</td>', page)
    assert listed[:14] == ["市局", *CUSTOMARY, "市发改委"]
    assert len(page.encode()) < 60_000


def test_the_page_costs_the_same_for_five_and_sixty(app, admin, count_queries):
    with count_queries() as few:
        admin.get("/admin/units")
    with arranging(app):
        actions.seed_units(HOUSE)
    with count_queries() as many:
        admin.get("/admin/units")
    assert (few.n, many.n) == (3, 3)


def test_a_unit_is_added_and_says_whom_to_ask(app, admin):
    new = {"code": "group-43", "name": "第四十三招商组", "short_name": "四十三组", "kind": "group", "display_order": "243",
           "liaison_name": "檀清和", "liaison_phone": "0556-0000000", "confirmed": "y"}  # fmt: skip
    assert admin.post("/admin/units", data=new).location == "/admin/units"
    row = unit(app, "group-43")
    assert (row.kind, row.liaison_name, row.liaison_phone) == (UnitKind.GROUP, "檀清和", "0556-0000000")
    again = admin.post("/admin/units", data=new)
    assert (again.status_code, again.text.count('class="wrong"')) == (422, 2)


def test_code_and_kind_stay_whatever_is_posted(app, admin):
    assert (
        save(app, admin, "340881", code="bureau", kind="bureau", closed_at="2020-01-01", id="1").status_code
        == 303
    )
    row = unit(app, "340881")
    assert (row.code, row.kind, row.closed_at) == ("340881", UnitKind.COUNTY, None)


def test_two_who_save_at_once_see_each_other(app, admin):
    save(app, admin, "340881", short_name="桐")
    answer = save(app, admin, "340881", version="1", short_name="桐城市")
    assert (answer.status_code, "<ins>桐城市</ins>" in answer.text) == (409, True)
    assert unit(app, "340881").short_name == "桐"


def test_a_unit_with_accounts_is_not_closed_and_an_empty_one_is(app, admin):
    assert admin.post(f"/admin/units/{unit(app, '340881').id}/closing").status_code == 409
    empty = unit(app, "group-01").id
    assert admin.post(f"/admin/units/{empty}/closing").status_code == 303
    assert f'<option value="{empty}">' not in admin.get("/admin/users/new").text
    assert admin.post(f"/admin/units/{empty}/reopening").status_code == 303
    assert f'<option value="{empty}">' in admin.get("/admin/users/new").text


@pytest.mark.parametrize("login", ["tongcheng", "bureau", "security", "auditor", "partner"])
def test_nobody_else_changes_units(app, login):
    before = unit(app, "340881").model_dump()
    visitor = signed_in(app.test_client(), login)
    answers = {save(app, visitor, "340881", name="改了").status_code, visitor.get("/admin/units").status_code}
    answers.add(visitor.post(f"/admin/units/{before['id']}/closing").status_code)
    assert (answers, unit(app, "340881").model_dump()) == ({403}, before)
