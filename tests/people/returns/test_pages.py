"""The sheet by page: who gets it, what stands in it, what trace it leaves; the blank one; how it comes back."""

import io

import openpyxl
import pytest
from sqlmodel import select

from tests.cast import signed_in, unit_id
from tests.people.arranged import somebody
from tests.people.returns.arranged import HEADS, Paper, fetched
from tests.people.rounds.arranged import a_round
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions as people
from yishang_crm.people.exports.models import Export
from yishang_crm.people.importing import read_file
from yishang_crm.people.importing.returned import ID_HEAD
from yishang_crm.people.rounds import actions as rounds
from yishang_crm.people.rounds import queries as rounds_reading

BLANK = [
    "序号", "姓名", "性别", "出生年月", "籍贯（县市区）", "乡镇街道", "工作单位", "职务", "手机（电话）", "电子邮箱",
    "常驻城市", "主要产业",
]  # fmt: skip


@pytest.fixture
def begun(app, cast):
    with app.app_context(), writing():
        somebody(
            cast.tongcheng, "余秉衡", email="yu@example.cn", birth_year=1965, birth_month=8, birth_day=None
        )
        somebody(cast.tongcheng, "丁一", phone="19900000418", gender=None)
        somebody(cast.huaining, "查静安", phone="19900000431")
        found = a_round(cast.bureau)
        db.session.commit()
        return found.id


@pytest.fixture
def units(app):
    with app.app_context():
        return {code: unit_id(code) for code in ("340881", "340822")}


# What stands in it


def test_the_sheet_is_the_one_staff_know_with_the_units_own_people(client, begun):
    signed_in(client, "tongcheng")
    paper = fetched(client, begun)
    assert paper.page["A1"].value == f"安庆籍在外企业家信息年度报送表（{today().year}年）"
    assert paper.page["A2"].value.startswith("填报单位（盖章）：桐城市")
    assert f"填报日期：{today().year}年" in paper.page["A2"].value
    assert list(paper.heads) == [*BLANK[:2], ID_HEAD, *BLANK[2:]]
    assert paper.names == ["丁一", "余秉衡"]
    assert list(paper.said("余秉衡").values()) == [
        "余秉衡", "男", "1965-08", "桐城市", None, "深圳市望岳精密科技有限公司", "董事长", "19900000417",
        "yu@example.cn", "深圳", None,
    ]  # fmt: skip
    assert [paper.page.cell(row, 1).value for row in (4, 5, 6, 25)] == [1, 2, 3, 22]


def test_the_id_is_hidden_and_of_every_row_its_own(client, begun):
    signed_in(client, "tongcheng")
    paper = fetched(client, begun)
    cells = [paper.cell(name, ID_HEAD) for name in paper.names]
    assert paper.page.column_dimensions[cells[0].column_letter].hidden is True
    assert [column for column, one in paper.page.column_dimensions.items() if one.hidden] == [
        cells[0].column_letter
    ]
    assert len({cell.value.partition(".")[0] for cell in cells}) == 2


def test_the_blank_one_has_the_same_columns_and_nobody(client):
    signed_in(client, "tongcheng")
    answer = client.get("/people/returns/blank")
    page = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [cell.value for cell in page[HEADS]] == BLANK
    assert "桐城市" in page["A2"].value
    assert [cell.value for cell in page[4]] == [1, *[None] * 11]
    assert page.data_validations.dataValidation[0].formula1 == '"男,女"'


def test_a_blank_one_that_was_filled_in_is_read_like_any_file(client):
    signed_in(client, "tongcheng")
    paper = Paper(client.get("/people/returns/blank").data)
    paper.add(
        姓名="程守默",
        性别="男",
        出生年月="1970.5",
        工作单位="上海市独秀电子有限公司",
        职务="董事长",
        主要产业="电子",
    )
    (sheet,) = read_file(paper.content, "年度报送表.xlsx").sheets
    assert [row.fields for row in sheet.rows] == [
        {"name": "程守默", "gender": "男", "birth": "1970-05", "organization": "上海市独秀电子有限公司", "title": "董事长",
         "industry": "电子"},
    ]  # fmt: skip


# Who, and what trace


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 303), ("leader", 403), ("desk", 403), ("stranger", 302)]
)
def test_who_gets_a_sheet(client, begun, login, status):
    if login != "stranger":
        signed_in(client, login)
    assert client.post(f"/people/rounds/{begun}/return").status_code == status


def test_another_unit_does_not_find_the_round_nor_the_sheet_of_others(app, client, cast, begun, units):
    with app.app_context(), writing():
        own = a_round(cast.tongcheng).id
        db.session.commit()
    signed_in(client, "huaining")
    assert client.post(f"/people/rounds/{own}/return").status_code == 404
    assert client.post(f"/people/rounds/{begun}/return", data={"unit": units["340881"]}).status_code == 404
    assert fetched(client, begun).names == ["查静安"]


@pytest.mark.parametrize(
    ("login", "status"),
    [("tongcheng", 200), ("huaining", 200), ("leader", 200), ("desk", 403), ("stranger", 302)],
)
def test_who_gets_the_blank_one(client, login, status):
    if login != "stranger":
        signed_in(client, login)
    assert client.get("/people/returns/blank").status_code == status


def test_the_bureau_picks_the_unit(client, begun, units):
    signed_in(client, "bureau")
    assert fetched(client, begun, unit=units["340822"]).names == ["查静安"]
    assert client.post(f"/people/rounds/{begun}/return").status_code == 409


def test_a_sheet_is_an_export_on_record(app, client, cast, begun):
    signed_in(client, "tongcheng")
    fetched(client, begun)
    with app.app_context():
        (export,) = db.session.scalars(unscoped_for("a test looks", select(Export)))
        assert (export.purpose, export.receiver, export.opens_sealed, export.count, export.asked_count) == (
            "秋季核对，填年度报送表", "桐城市投资促进中心", True, 2, 2,
        )  # fmt: skip
        wanted = select(AuditEntry.verb).order_by(AuditEntry.id)
        verbs = db.session.scalars(unscoped_for("a test looks", wanted)).all()
    assert [verb.rpartition(".")[2] for verb in verbs if verb.startswith("people.exports.")] == [
        "ask", "begin", "finish", "take",
    ]  # fmt: skip


@pytest.mark.parametrize(("login", "sentence"), [("tongcheng", "已经结束"), ("huaining", "没有要核对的人")])
def test_a_sheet_that_makes_no_sense_is_refused_with_a_sentence(app, client, cast, begun, login, sentence):
    with app.app_context(), writing():
        found = rounds_reading.confirmation_round(cast.bureau, begun)
        if login == "tongcheng":
            rounds.close_round(cast.bureau, found)
        else:
            people.edit_person(cast.huaining, _person(cast.huaining, "查静安"), version=1, residence="深圳")
            begun = a_round(cast.bureau, unit=unit_id("340881")).id
        db.session.commit()
    signed_in(client, "bureau" if login == "huaining" else login)
    data = {"unit": units_id(app, "340822")} if login == "huaining" else {}
    answer = client.post(f"/people/rounds/{begun}/return", data=data)
    assert (answer.status_code, sentence in answer.text) == (409, True)


def _person(actor, name):
    from tests.people.imports.arranged import person_named

    return person_named(actor, name)


def units_id(app, code):
    with app.app_context():
        return unit_id(code)


# On the pages


def test_the_round_and_the_list_of_rounds_offer_it_to_whom_it_is_for(client, begun):
    signed_in(client, "tongcheng")
    action = f'action="/people/rounds/{begun}/return"'
    assert [action in client.get(one).text for one in ("/people/rounds", f"/people/rounds/{begun}")] == [
        True,
        True,
    ]
    signed_in(client, "bureau")
    assert [client.get(one).text.count(action) for one in ("/people/rounds", f"/people/rounds/{begun}")] == [
        0,
        2,
    ]
    signed_in(client, "leader")
    assert [action in client.get(one).text for one in ("/people/rounds", f"/people/rounds/{begun}")] == [
        False,
        False,
    ]


def test_it_comes_back_by_page_and_is_written(client, begun):
    signed_in(client, "tongcheng")
    paper = fetched(client, begun)
    paper.write("余秉衡", 职务="总经理")
    answer = client.post(
        "/people/import",
        data={
            "file": (io.BytesIO(paper.content), "年度报送表.xlsx"),
            "source": "年报",
            "lawful_basis": "duty",
        },
    )
    assert answer.status_code == 303, answer.text
    checked = client.get(answer.location).text
    assert "没有改动，写入时记为已核对" in checked
    assert "写入 1 行，没改的记为已核对" in checked
    written = client.post(f"{answer.location}/writing", follow_redirects=True)
    assert written.status_code == 200
    round_page = client.get(f"/people/rounds/{begun}?state=confirmed").text
    assert ("余秉衡" in round_page, "丁一" in round_page) == (True, True)


def test_rows_that_were_not_written_come_back_with_their_ids(client, begun):
    signed_in(client, "tongcheng")
    paper = fetched(client, begun)
    paper.write("余秉衡", 手机="19900000790", 姓名="石礼安")
    answer = client.post(
        "/people/import",
        data={"file": (io.BytesIO(paper.content), "年报.xlsx"), "source": "", "lawful_basis": "duty"},
    )
    file = client.post(f"{answer.location}/problems").data
    (sheet,) = read_file(file, "没有写入的行.xlsx").sheets
    (row,) = sheet.rows
    assert (
        row.fields["return_mark"].partition(".")[0] == paper.cell("石礼安", ID_HEAD).value.partition(".")[0]
    )
    assert set(row.fields["untouched"]) == {
        "gender",
        "birth",
        "native_place",
        "organization",
        "title",
        "email",
        "city",
    }


@pytest.mark.parametrize("many", [1, 3])
def test_meeting_rows_costs_the_same_however_many_come_back(app, client, cast, count_queries, many):
    with app.app_context(), writing():
        for number in range(many):
            somebody(cast.tongcheng, f"潘{'甲乙丙'[number]}", phone=f"1990000042{number}")
        begun = a_round(cast.tongcheng).id
        db.session.commit()
    signed_in(client, "tongcheng")
    content = fetched(client, begun).content
    from yishang_crm.people.bringing import About, bring

    with app.app_context(), count_queries() as counted:
        assert len(bring(cast.tongcheng, content, "年报.xlsx", about=About()).rows) == many
    assert counted.n == 7, counted.statements
