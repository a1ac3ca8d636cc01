"""A list leaves as a file: exactly the people of the list, with purpose, receiver and a trace; and is wiped after a week."""

import datetime as dt
import os
import subprocess
import sys
import zipfile

import openpyxl
import pytest
import time_machine
import vobject
from docx import Document
from sqlmodel import col, select

from tests.cast import signed_in, unit_id
from tests.outbox.arranged import OwnHouse
from tests.people.arranged import somebody
from tests.people.exports.arranged import an_export
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import StillSealed
from yishang_crm.people import actions as people
from yishang_crm.people.exports import actions, jobs, making, queries
from yishang_crm.people.exports.models import Export, ExportState, Form, Order
from yishang_crm.people.importing import read_file
from yishang_crm.people.models import Tier

ASKED = {
    "form": "xlsx", "order": "strokes", "title": "在外企业家名册", "filled_by": "桐城市投资促进中心",
    "purpose": "九月赴深圳走访", "receiver": "本单位", "column": ["name", "organization", "title", "native_place"],
}  # fmt: skip


@pytest.fixture
def three(app, cast):
    """Two of Tongcheng, one of Huaining."""
    with app.app_context(), writing():
        found = [
            somebody(cast.tongcheng, "余秉衡", phone="19900000417"),
            somebody(cast.tongcheng, "丁一", phone="19900000418", tier=Tier.B, email="ding@example.com"),
            somebody(cast.huaining, "操望舒", phone="19900000419", native_place="怀宁县"),
        ]
        ids = [person.id for person in found]
        db.session.commit()
    return ids


def export_of(export_id: int) -> Export:
    return db.session.scalars(
        unscoped_for("a test looks", select(Export).where(Export.id == export_id))
    ).one()


def made(app, actor, settings, **details) -> Export:
    """An export, made; the file it holds."""
    with app.app_context(), writing():
        export_id = an_export(actor, **details).id
        db.session.commit()
    with app.app_context():
        making.make(actor, export_id, settings)
        return export_of(export_id)


def cells(settings, export) -> list[list]:
    page = openpyxl.load_workbook(making.file_of(settings, export.file_name)).active
    return [[cell.value for cell in row] for row in page.iter_rows()]


# By the pages


def test_the_list_leaves_as_the_office_knows_it(app, client, cast, settings, three):
    signed_in(client, "tongcheng")
    asking = client.get("/people/exports/new?tier=A").text
    assert "等级：A" in asking
    assert "导出这1人" in asking
    answer = client.post("/people/exports", data=ASKED | {"tier": "A", "expected": "1"})
    assert answer.status_code == 303, answer.text
    assert "1人" in client.get(answer.location).text
    with app.app_context():
        export = export_of(int(answer.location.rsplit("/", 1)[1]))
        rows = cells(settings, export)
    assert [rows[0][0], *rows[2:]] == [
        "在外企业家名册",
        ["序号", "姓名", "单位", "职务", "籍贯"],
        [1, "余秉衡", "深圳市望岳精密科技有限公司", "董事长", "桐城市"],
        ["合计", "1人", None, None, None],
    ]
    assert rows[1][0].startswith("填报单位：桐城市投资促进中心　　填表人：汪澄　　日期：")
    file = client.post(f"{answer.location}/file")
    assert (file.status_code, file.data[:2]) == (200, b"PK")
    assert "attachment" in file.headers["Content-Disposition"]
    file.close()


def test_the_columns_stand_in_the_order_of_their_numbers_and_are_remembered(app, client, settings, three):
    signed_in(client, "tongcheng")
    chosen = {
        "column": ["name", "residence", "title"],
        "place-title": "1",
        "place-residence": "2",
        "place-name": "3",
    }
    answer = client.post("/people/exports", data=ASKED | chosen | {"expected": "2"})
    with app.app_context():
        export = export_of(int(answer.location.rsplit("/", 1)[1]))
        assert cells(settings, export)[2] == ["序号", "职务", "常驻", "姓名"]
    page = client.get("/people/exports/new").text
    assert (
        page.index('value="title" checked')
        < page.index('value="residence" checked')
        < page.index('value="name" checked')
    )


def test_a_selection_leaves_and_nobody_else(app, client, settings, three):
    signed_in(client, "tongcheng")
    mine, _, theirs = three
    asking = client.get(f"/people/exports/new?id={mine}&id={theirs}")
    assert "导出这1人" in asking.text
    answer = client.post("/people/exports", data=ASKED | {"id": [mine, theirs], "expected": "1"})
    with app.app_context():
        export = export_of(int(answer.location.rsplit("/", 1)[1]))
        assert [row[1] for row in cells(settings, export)[3:-1]] == ["余秉衡"]


def test_all_matching_means_the_filters_and_not_the_ticks(client, three):
    signed_in(client, "tongcheng")
    assert "导出这2人" in client.get(f"/people/exports/new?matching=1&id={three[0]}&place=桐城市").text


@pytest.mark.parametrize("missing", ["purpose", "receiver", "title", "column"])
def test_purpose_receiver_title_and_a_column_are_asked_for(client, three, missing):
    signed_in(client, "tongcheng")
    answer = client.post("/people/exports", data=ASKED | {missing: "", "expected": "2"})
    assert answer.status_code == 422
    assert {
        "purpose": "请写明用途",
        "receiver": "请写明给谁用",
        "title": "请写上标题",
        "column": "请至少选一列",
    }[missing] in answer.text


def test_phones_are_not_opened_without_a_reason(client, three):
    signed_in(client, "tongcheng")
    asked = ASKED | {"column": ["name", "phone"], "expected": "2"}
    answer = client.post("/people/exports", data=asked)
    assert (answer.status_code, "请写明为什么需要" in answer.text) == (422, True)
    assert client.post("/people/exports", data=asked | {"reason": "走访前电话联系"}).status_code == 303


def test_a_list_that_changed_meanwhile_is_looked_at_again(client, three):
    signed_in(client, "tongcheng")
    answer = client.post("/people/exports", data=ASKED | {"expected": "7"})
    assert answer.status_code == 409
    assert "您看到的是7人，现在是2人" in answer.text


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 403), ("desk", 403), (None, 302)]
)
def test_who_may_take_people_out(client, three, login, status):
    if login:
        signed_in(client, login)
    assert client.get("/people/exports/new").status_code == status
    assert client.get("/people/exports").status_code == status


def test_only_the_maker_fetches_the_file_and_another_unit_does_not_find_it(
    app, client, cast, settings, three
):
    export = made(app, cast.tongcheng, settings)
    for login, page, file in (("tongcheng2", 200, 409), ("bureau", 200, 409), ("huaining", 404, 404)):
        signed_in(client, login)
        assert client.get(f"/people/exports/{export.id}").status_code == page
        assert client.post(f"/people/exports/{export.id}/file").status_code == file


def test_the_record_of_exports_says_who_what_how_many_and_for_whom(app, client, cast, settings, three):
    made(app, cast.tongcheng, settings)
    signed_in(client, "tongcheng2")
    assert "九月赴深圳走访" not in client.get("/people/exports").text
    page = client.get("/people/exports?whose=all").text
    for said in ("汪澄", "九月赴深圳走访", "本单位", "含号码", '<td class="num">2</td>'):
        assert said in page
    signed_in(client, "huaining")
    assert "九月赴深圳走访" not in client.get("/people/exports?whose=all").text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_record_costs_the_same_however_long(app, client, cast, settings, three, count_queries, rows):
    for _ in range(rows):
        made(app, cast.tongcheng, settings)
    signed_in(client, "tongcheng")
    client.get("/people/exports")
    with count_queries() as counted:
        assert client.get("/people/exports").status_code == 200
    assert counted.n == 3, counted.statements


# What it says, and what it leaves


def test_sealed_values_are_whole_in_the_file_and_nowhere_on_the_pages(app, client, cast, settings, three):
    export = made(app, cast.tongcheng, settings, columns=["name", "phone", "email"])
    with app.app_context():
        assert [row[1:] for row in cells(settings, export)[3:-1]] == [
            ["丁一", "+8619900000418", "ding@example.com"],
            ["余秉衡", "+8619900000417", None],
        ]
    signed_in(client, "tongcheng")
    pages = [client.get(one).text for one in ("/people/exports", f"/people/exports/{export.id}")]
    assert not [page for page in pages if "19900000417" in page or "ding@example.com" in page]


def test_one_entry_tells_of_it_with_the_count_and_no_name(app, cast, settings, three):
    export = made(app, cast.tongcheng, settings, filters={"q": "余秉衡"}, said="搜索：余秉衡")
    with app.app_context():
        wanted = select(AuditEntry).where(
            col(AuditEntry.verb) == "people.exports.ask", AuditEntry.about == f"people_export:{export.id}"
        )
        (entry,) = db.session.scalars(unscoped_for("a test looks", wanted)).all()
    assert (entry.actor, entry.note) == (
        cast.tongcheng.key,
        {
            "count": 1,
            "form": "xlsx",
            "columns": ["name", "organization", "title", "phone"],
            "opens_sealed": True,
        },
    )
    assert {"filters", "purpose", "receiver", "reason"} <= set(
        entry.rows[f"people_export:{export.id}"]["fields"]
    )
    assert "余秉衡" not in str(entry.rows) + str(entry.note)


def test_whose_copy_it_is_stands_on_the_paper_and_inside_it(app, cast, settings, three):
    export = made(app, cast.tongcheng, settings)
    archive = zipfile.ZipFile(making.file_of(settings, export.file_name))
    page = archive.read("xl/worksheets/sheet1.xml").decode()
    for said in ("汪澄", "用途：九月赴深圳走访", "接收：本单位", f"编号{export.id}"):
        assert said in page.partition("<headerFooter")[2]
    assert f">{export.id}<" in archive.read("docProps/custom.xml").decode()


def test_the_whole_house_may_not_be_written_with_a_permit(app, cast, settings, three):
    with app.app_context(), writing():
        export = an_export(cast.tongcheng)
        permit = actions.begin(cast.tongcheng, export)
        with pytest.raises(RuntimeError, match="for reading"), permit.opened():
            pass
        db.session.commit()
    with app.app_context():
        contact = people_contact(cast.tongcheng, three[0])
        with pytest.raises(StillSealed):
            contact.value.whole()
        with permit.opened():
            assert contact.value.whole() == "+8619900000417"


def people_contact(actor, person_id):
    from yishang_crm.people import queries as reading

    return reading.person_parts(actor, reading.person(actor, person_id)).contacts[0]


def test_a_word_table_repeats_its_heads_and_names_the_fonts_of_papers(app, cast, settings, three):
    export = made(app, cast.tongcheng, settings, form=Form.WORD, columns=["name", "organization", "phone"])
    document = Document(making.file_of(settings, export.file_name))
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["序号", "姓名", "单位", "电话"],
        ["1", "丁一", "深圳市望岳精密科技有限公司", "+8619900000418"],
        ["2", "余秉衡", "深圳市望岳精密科技有限公司", "+8619900000417"],
        ["合计", "2人", "", ""],
    ]
    assert "w:tblHeader" in table.rows[0]._tr.xml
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert "用途：九月赴深圳走访" in section.header.paragraphs[0].text
    assert "方正小标宋简体" in document.paragraphs[0]._p.xml
    assert document.core_properties.identifier.startswith(f"yishang-export={export.id}")


def test_cards_are_read_by_others_and_by_our_own_import(app, cast, settings, three):
    export = made(
        app,
        cast.tongcheng,
        settings,
        form=Form.CARDS,
        columns=["name", "organization", "title", "phone", "email"],
    )
    content = making.file_of(settings, export.file_name).read_bytes()
    read = [(one.fn.value, one.org.value, one.tel.value) for one in vobject.readComponents(content.decode())]
    assert read == [
        ("丁一", ["深圳市望岳精密科技有限公司"], "+8619900000418"),
        ("余秉衡", ["深圳市望岳精密科技有限公司"], "+8619900000417"),
    ]
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    rows = [row for sheet in read_file(content, "名片.vcf").sheets for row in sheet.rows]
    assert [(row.fields["name"], row.fields["phones"]) for row in rows] == [
        ("丁一", ["+8619900000418"]),
        ("余秉衡", ["+8619900000417"]),
    ]


def test_what_people_typed_ends_no_card_and_no_cell(app, cast, settings):
    with app.app_context(), writing():
        odd = "董事长;总经理,\nEND:VCARD"
        somebody(cast.tongcheng, "=1+1", title=odd, organization="=cmd|'/C calc'!A0")
        db.session.commit()
    for form in (Form.CARDS, Form.EXCEL, Form.WORD):
        export = made(app, cast.tongcheng, settings, form=form)
        path = making.file_of(settings, export.file_name)
        if form == Form.CARDS:
            (card,) = vobject.readComponents(path.read_text("utf-8"))
            assert (card.fn.value, card.title.value) == ("=1+1", odd)
        elif form == Form.EXCEL:
            page = openpyxl.load_workbook(path).active
            assert [
                page["B4"].data_type,
                page["B4"].value,
                bool(page["B4"].quotePrefix),
                page["D4"].value,
            ] == ["s", "=1+1", True, odd]
        else:
            assert Document(path).tables[0].rows[1].cells[3].text == odd


def test_a_phone_survives_the_way_out_and_back_in(app, cast, settings, three):
    export = made(app, cast.tongcheng, settings)
    read = read_file(making.file_of(settings, export.file_name).read_bytes(), "名册.xlsx")
    assert [(row.fields["name"], row.fields["phones"]) for sheet in read.sheets for row in sheet.rows] == [
        ("丁一", ["+8619900000418"]),
        ("余秉衡", ["+8619900000417"]),
    ]


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (Order.UNIT, ["丁一", "余秉衡", "操望舒"]),
        (Order.TIER, ["余秉衡", "操望舒", "丁一"]),
        (Order.STROKES, ["丁一", "余秉衡", "操望舒"]),
        (Order.PINYIN, ["操望舒", "丁一", "余秉衡"]),
    ],
)
def test_people_stand_in_the_order_asked_for(app, cast, settings, three, order, names):
    export = made(app, cast.bureau, settings, order=order, columns=["name"], reason="")
    with app.app_context():
        assert [row[1] for row in cells(settings, export)[3:-1]] == names


def test_who_asked_to_be_left_alone_is_said_so_wherever_the_list_goes(app, cast, settings, three):
    with app.app_context(), writing():
        from yishang_crm.people import queries as reading

        people.forbid_contact(cast.tongcheng, reading.person(cast.tongcheng, three[0]), reason="本人来电")
        db.session.commit()
    export = made(app, cast.tongcheng, settings, columns=["name", "state"], reason="")
    with app.app_context():
        assert [row[1:] for row in cells(settings, export)[3:-1]] == [["丁一", "在岗"], ["余秉衡", "勿联系"]]


def test_a_shared_person_leaves_with_either_unit_and_once(app, cast, settings, three):
    with app.app_context(), writing():
        from yishang_crm.accounts import queries as accounts
        from yishang_crm.people import queries as reading

        people.share(
            cast.tongcheng, reading.person(cast.tongcheng, three[0]), accounts.unit(unit_id("340822"))
        )
        db.session.commit()
    export = made(app, cast.huaining, settings, columns=["name", "unit"], reason="")
    with app.app_context():
        assert [row[1:] for row in cells(settings, export)[3:-1]] == [["余秉衡", "桐城"], ["操望舒", "怀宁"]]


# Refusals


def test_an_empty_list_and_a_long_word_table_are_refused_in_words(app, cast, indoors):
    with pytest.raises(NotPossible, match="没有人"):
        an_export(cast.tongcheng)
    with pytest.raises(NotPossible, match="请改用Excel"):
        Export(form=Form.WORD, asked_count=2_001, user_id=1, unit_id=1, purpose="x", receiver="x").must_fit()


def test_a_leader_may_not_take_people_out(cast, indoors):
    with pytest.raises(Refused):
        an_export(cast.leader, expected=0)


# Large ones, and the end


def test_a_process_of_its_own_makes_what_waits(tmp_path, request, cast):
    from tests.cast import Cast, arrange_cast

    with OwnHouse.at(tmp_path, request) as house:
        with house.app.app_context(), writing():
            arrange_cast()
            db.session.commit()
            county = Cast.gathered().tongcheng
            somebody(county)
            export_id = an_export(county).id
            db.session.commit()
        with house.app.app_context(), writing():
            assert jobs.make_waiting() == {"made": 1}
            db.session.commit()
        with house.app.app_context():
            export = export_of(export_id)
            assert (export.state, export.count) == (ExportState.READY, 1)
            assert cells(house.settings, export)[3][1] == "余秉衡"
            assert oct(making.file_of(house.settings, export.file_name).stat().st_mode & 0o777) == "0o600"
            db.session.rollback()


def test_who_lost_the_right_meanwhile_gets_nothing(app, cast, settings, three):
    from yishang_crm.accounts import actions as accounts
    from yishang_crm.accounts import queries as reading
    from yishang_crm.core.actor import HOUSE

    with app.app_context(), writing():
        export_id = an_export(cast.tongcheng).id
        accounts.disable_user(HOUSE, reading.user(HOUSE, cast.tongcheng.id))
        db.session.commit()
        jobs.make_one(export_id)
        assert (export_of(export_id).state, export_of(export_id).file_name) == (ExportState.FAILED, "")


def test_two_do_not_make_the_same_file_and_a_dead_maker_is_succeeded(app, cast, settings, three):
    with app.app_context(), writing():
        export = an_export(cast.tongcheng)
        actions.begin(cast.tongcheng, export)
        with pytest.raises(NotPossible, match="已经有人在做"):
            actions.begin(cast.tongcheng, export)
        export_id = export.id
        db.session.commit()
    with (
        time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31), tick=False),
        app.app_context(),
    ):
        assert [one.id for one in queries.waiting(cast.tongcheng, at=dt.datetime.now(dt.UTC))] == [export_id]
        making.make(cast.tongcheng, export_id, settings)
        assert export_of(export_id).state == ExportState.READY


def test_a_file_is_wiped_after_a_week_and_the_record_stays(app, client, cast, settings, three):
    export = made(app, cast.tongcheng, settings)
    path = making.file_of(settings, export.file_name)
    stray = making.folder_of(settings) / "left.tmp"
    stray.write_text("余秉衡")
    long_ago = dt.datetime.now(dt.UTC).timestamp() - 2 * 86_400
    os.utime(stray, (long_ago, long_ago))
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=7, minutes=1)
    with app.app_context(), writing():
        assert jobs.wipe_expired() == {"wiped": 0, "left_behind": 1}
        assert (path.exists(), stray.exists()) == (True, False)
        with time_machine.travel(later, tick=False):
            assert jobs.wipe_expired()["wiped"] == 1
            assert jobs.wipe_expired() == {}
        db.session.commit()
        assert (path.exists(), export_of(export.id).state) == (False, ExportState.WIPED)
    signed_in(client, "tongcheng")
    assert "文件已清除" in client.get(f"/people/exports/{export.id}").text
    assert client.post(f"/people/exports/{export.id}/file").status_code == 409


def test_the_maker_wipes_it_sooner(app, client, cast, settings, three):
    export = made(app, cast.tongcheng, settings)
    path = making.file_of(settings, export.file_name)
    signed_in(client, "tongcheng")
    assert client.post(f"/people/exports/{export.id}/wiping").status_code == 303
    assert not path.exists()


def test_what_cannot_be_made_leaves_a_sentence_and_no_file(app, cast, settings, three, monkeypatch):
    monkeypatch.setattr(making, "write_paper", lambda *_: 1 / 0)
    with app.app_context(), writing():
        export_id = an_export(cast.tongcheng).id
        db.session.commit()
    with app.app_context():
        with pytest.raises(ZeroDivisionError):
            making.make(cast.tongcheng, export_id, settings)
        assert export_of(export_id).state == ExportState.FAILED
        assert [
            path.name
            for path in making.folder_of(settings).iterdir()
            if path.name.startswith(f"{export_id}-")
        ] == []


def test_the_command_is_the_package(tmp_path):
    said = subprocess.run(
        [sys.executable, "-m", "yishang_crm", "export", "--help"], capture_output=True, text=True, check=True,
        env=os.environ | {"YISHANG_INSTANCE": str(tmp_path)},
    )  # fmt: skip
    assert "make" in said.stdout
