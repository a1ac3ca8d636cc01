"""The import page by page: sheets and headers corrected, conflicts and cells decided, files that are not what they say."""

import io
import re

import openpyxl
import pytest

from tests.cast import signed_in
from tests.house.planted import figure
from tests.people.arranged import somebody
from tests.people.importing.opening.test_files import OLE, zipped
from tests.people.imports.arranged import (
    CHENG,
    JIANG,
    YU,
    brought,
    csv,
    many,
    people_now,
    person_named,
    rows_of,
)
from tests.people.test_bringing import counts_on
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions, bringing, queries
from yishang_crm.people.models.brought import BatchState, ConflictRule
from yishang_crm.people.queries import imports as kept


@pytest.fixture
def mei(client):
    return signed_in(client, "tongcheng")


def sent(client, content, name="名册.csv", **said):
    """As a browser sends it. (The client's own encoder leaves a file open behind a large body.)"""
    wanted = {"source": "", "lawful_basis": "duty", "as_of": ""} | said
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in wanted.items()
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = b"".join([*parts, head.encode(), content, b"\r\n--x--\r\n"])
    return client.post("/people/import", data=body, content_type="multipart/form-data; boundary=x")


def arrived(client, content, name="名册.csv", **said):
    answer = sent(client, content, name, **said)
    assert answer.status_code == 303, answer.text
    return answer.location


def batch_at(actor, address):
    return queries.batch(actor, int(address.split("/")[3].split("?")[0]))


def book(*sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


# Sheets and headers


def test_a_sheet_can_be_left_out_and_taken_in_again(app, mei, cast):
    content = book(
        ("一组", [("姓名", "单位", "手机"), (*YU[:2], YU[3])]),
        ("二组", [("姓名", "单位", "手机"), (*JIANG[:2], JIANG[3])]),
    )
    first = arrived(mei, content, "两组.xlsx")
    assert counts_on(mei, first)["all"] == 2
    without = mei.post(
        f"{first}/columns", data={"read-0": "1", "header-0": "1-1", "header-1": "1-1"}
    ).location
    assert counts_on(mei, without)["all"] == 1
    assert "按您的选择没有读取" in mei.get(f"{without}/columns").text
    again = mei.post(
        f"{without}/columns", data={"read-0": "1", "read-1": "1", "header-0": "1-1", "header-1": "1-1"}
    ).location
    assert counts_on(mei, again)["all"] == 2


def test_the_header_row_can_be_corrected_and_stays_so_when_columns_are(app, mei, cast):
    rows = [("甲", "乙", "丙"), ("姓名", "单位", "手机"), (*YU[:2], YU[3])]
    first = arrived(mei, book(("名册", rows)), "名册.xlsx")
    second = mei.post(f"{first}/columns", data={"read-0": "1", "header-0": "1-2"}).location
    with app.app_context():
        assert batch_at(cast.tongcheng, second).layout[0]["header_rows"] == [1, 2]
    third = mei.post(
        f"{second}/columns", data={"read-0": "1", "header-0": "1-2", "column-0-1": "note"}
    ).location
    with app.app_context():
        batch = batch_at(cast.tongcheng, third)
        assert batch.layout[0]["header_rows"] == [1, 2]
        assert [row.fields.get("note") for row in rows_of(cast.tongcheng, batch)] == [
            "深圳市望岳精密科技有限公司"
        ]


def test_the_next_file_with_the_same_headers_is_read_as_the_last_was_corrected(app, mei, client, cast):
    content = "姓名,单位,甲,手机\n余秉衡,深圳市望岳精密科技有限公司,清水,19900000417\n".encode()
    first = arrived(mei, content)
    mei.post(f"{first}/columns", data={"read-0": "1", "column-0-2": "native_town"})
    other = content.replace("余秉衡".encode(), "程守默".encode()).replace(b"0417", b"0002")
    with app.app_context():
        assert (
            rows_of(cast.tongcheng, batch_at(cast.tongcheng, arrived(mei, other)))[0].fields["native_town"]
            == "清水"
        )
        assert set(kept.remembered_columns(cast.huaining)) == set()


def test_the_file_waits_where_every_machine_reaches_it_encrypted_and_is_wiped_at_the_end(app, mei, cast):
    address = arrived(mei, csv(YU))
    with app.app_context():
        assert kept.file_of(cast.tongcheng, batch_at(cast.tongcheng, address)) == csv(YU)
        raw = (
            db.session.connection()
            .exec_driver_sql(
                "SELECT content FROM import_piece", execution_options={"scope": "house: a test looks"}
            )
            .scalar()
        )
        assert "余秉衡".encode() not in bytes(raw)
    mei.post(f"{address}/writing")
    with app.app_context():
        assert kept.file_of(cast.tongcheng, batch_at(cast.tongcheng, address)) is None
        assert not (app.config["SETTINGS"].folder / "imports").exists()
    assert mei.post(f"{address}/columns", data={"read-0": "1"}).status_code == 409


# What the page counts and shows


def test_counts_of_outcomes_are_links_to_so_many_rows_and_add_up_to_the_file(app, mei, cast):
    with app.app_context(), writing():
        somebody(cast.tongcheng, title="总经理", residence="上海", native_place="桐城市")
        somebody(cast.tongcheng, "江望之", phone="19900000777", organization=JIANG[1])
        somebody(
            cast.tongcheng,
            "程守默",
            phone="19900000002",
            organization=CHENG[1],
            title="董事长",
            residence="上海",
        )
        db.session.commit()
    address = arrived(
        mei,
        csv(
            YU,
            JIANG,
            CHENG,
            ("查静安", "", "", "19900000555", "", "", ""),
            ("", "某公司", "经理", "19900000556", "", "", ""),
        ),
    )
    counts = counts_on(mei, address)
    assert counts == {"all": 5, "create": 1, "update": 1, "unchanged": 1, "conflict": 1, "error": 1}
    for outcome in ("create", "update", "unchanged", "conflict", "error"):
        page = mei.get(f"{address}?outcome={outcome}").text
        assert len(re.findall(r"<tr data-id=", page)) == counts[outcome]
    mei.post(f"{address}/writing")
    receipt = mei.get(address).text
    assert "合计5人；文件共6行" in receipt
    for outcome in ("create", "update", "unchanged", "conflict", "error"):
        assert (
            len(re.findall(r"<tr data-id=", mei.get(f"{address}?outcome={outcome}").text)) == counts[outcome]
        )


def test_formulas_and_html_of_a_cell_are_shown_inert(app, mei, cast):
    address = arrived(
        mei, csv(("余秉衡", "<script>x</script>", "=cmd|'/c calc'!A1", "19900000417", "", "", ""))
    )
    page = mei.get(address).text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


# Decisions


@pytest.mark.parametrize(
    ("take", "people", "numbers"), [("new", 1, 2), ("ours", 1, 1), ("separate", 2, 1)]
)  # fmt: skip
def test_a_conflict_is_decided_on_the_page(app, mei, cast, take, people, numbers):
    with app.app_context(), writing():
        somebody(cast.tongcheng, title="总经理")
        db.session.commit()
    address = arrived(mei, csv((*YU[:3], "19900000888", *YU[4:])))
    with app.app_context():
        row = rows_of(cast.tongcheng, batch_at(cast.tongcheng, address))[0]
    assert mei.post(f"{address}/rows/{row.id}/decision", data={"take": take}).status_code == 303
    assert counts_on(mei, address)["conflict"] == 0
    mei.post(f"{address}/writing")
    with app.app_context():
        assert len(people_now(cast.tongcheng)) == people
        found = db.session.scalars(queries.visible_to(cast.tongcheng)).all()
        assert len(queries.person_parts(cast.tongcheng, found[0]).contacts) == numbers


def test_a_conflict_with_another_county_is_not_decided_by_us(app, mei, cast):
    with app.app_context(), writing():
        somebody(cast.huaining)
        db.session.commit()
    address = arrived(mei, csv(YU))
    with app.app_context():
        row = rows_of(cast.tongcheng, batch_at(cast.tongcheng, address))[0]
    for take in ("new", "separate", "nonsense"):
        assert mei.post(f"{address}/rows/{row.id}/decision", data={"take": take}).status_code == 409
    assert counts_on(mei, address)["conflict"] == 1


def test_all_conflicts_are_settled_by_one_rule_as_far_as_they_may_be(app, mei, cast):
    with app.app_context(), writing():
        somebody(cast.tongcheng, title="总经理")
        somebody(cast.huaining, "程守默", phone="19900000002", organization="")
        db.session.commit()
    address = arrived(mei, csv((*YU[:3], "19900000888", *YU[4:]), CHENG))
    mei.post(f"{address}/decision", data={"take": "new"})
    counts = counts_on(mei, address)
    assert (counts["update"], counts["conflict"]) == (1, 1)
    mei.post(f"{address}/decision", data={"take": "ours"})
    assert counts_on(mei, address)["unchanged"] == 1


@pytest.mark.parametrize(
    ("rule", "residence", "birth"),
    [("file", "深圳", "桐城市"), ("fill", "上海", "桐城市"), ("newer", "上海", "桐城市")],
)
def test_a_rule_says_whose_value_stands(app, mei, cast, rule, residence, birth):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng, title="总经理", residence="上海", native_place="")
        actions.confirm(cast.tongcheng, person)
        db.session.commit()
    address = arrived(mei, csv(YU), as_of="2025-01-31")
    assert mei.post(f"{address}/rule", data={"rule": rule}).status_code == 303
    with app.app_context():
        assert batch_at(cast.tongcheng, address).rule == ConflictRule(rule)
    mei.post(f"{address}/writing")
    with app.app_context():
        person = person_named(cast.tongcheng, "余秉衡")
        assert (person.residence, person.native_place) == (residence, birth)


# Cells


def test_a_cell_is_mended_in_place_and_its_row_assessed_again(app, mei, cast):
    with app.app_context(), writing():
        somebody(cast.tongcheng, title="总经理", residence="深圳")
        db.session.commit()
    address = arrived(mei, csv(("", *YU[1:])))
    assert counts_on(mei, address)["error"] == 1
    with app.app_context():
        row = rows_of(cast.tongcheng, batch_at(cast.tongcheng, address))[0]
    cell = f"{address}/rows/{row.id}/cell"
    assert 'name="field" value="phones"' in mei.get(f"{address}/rows/{row.id}").text
    assert mei.post(cell, data={"field": "name", "value": "余 秉 衡", "version": "1"}).status_code == 303
    assert counts_on(mei, address)["unchanged"] == 1
    answer = mei.post(
        cell, data={"field": "city", "value": "上海", "version": "2"}, headers={"HX-Request": "true"}
    )
    assert "<del>深圳</del> <ins>上海</ins>" in answer.text
    assert counts_on(mei, address)["update"] == 1


def test_a_cell_that_cannot_be_read_is_refused_beside_it_and_nothing_changes(app, mei, cast):
    address = arrived(mei, csv(YU))
    with app.app_context():
        row = rows_of(cast.tongcheng, batch_at(cast.tongcheng, address))[0]
    answer = mei.post(
        f"{address}/rows/{row.id}/cell", data={"field": "phones", "value": "1990000", "version": "1"}
    )
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text
    with app.app_context():
        assert rows_of(cast.tongcheng, batch_at(cast.tongcheng, address))[0].fields["phones"] == [
            "+8619900000417"
        ]


def test_a_cell_mended_on_an_old_page_is_not_saved_over_a_newer_one(app, mei, cast):
    address = arrived(mei, csv(YU))
    with app.app_context():
        row = rows_of(cast.tongcheng, batch_at(cast.tongcheng, address))[0]
    cell = f"{address}/rows/{row.id}/cell"
    mei.post(cell, data={"field": "title", "value": "董事长", "version": "1"})
    assert mei.post(cell, data={"field": "title", "value": "监事", "version": "1"}).status_code == 409
    with app.app_context():
        assert rows_of(cast.tongcheng, batch_at(cast.tongcheng, address))[0].fields["title"] == "董事长"


def test_only_the_one_who_brought_a_file_opens_its_cells_and_its_rows(app, mei, client, cast):
    address = arrived(mei, csv(("", *YU[1:])))
    with app.app_context():
        row = rows_of(cast.tongcheng, batch_at(cast.tongcheng, address))[0]
    client.post("/logout")
    other = signed_in(client, "tongcheng2")
    assert other.get(f"{address}/rows/{row.id}").status_code == 404
    assert other.post(f"{address}/problems").status_code == 404
    assert "深圳市望岳" not in other.get(f"{address}/columns").text
    client.post("/logout")
    assert signed_in(client, "leader").post(f"{address}/problems").status_code == 403


def test_rows_that_would_not_be_written_come_back_as_a_workbook_that_can_be_brought_again(app, mei, cast):
    address = arrived(mei, csv(("", "=HYPERLINK(1)", "经理", "19900000417", "", "", ""), JIANG))
    answer = mei.post(f"{address}/problems")
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    head, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert row[head.index("单位")] == "=HYPERLINK(1)"
    assert sheet.cell(2, head.index("单位") + 1).data_type == "s"
    assert row[head.index("电话")] == "+8619900000417"
    assert row[head.index("没有写入的原因")] == "缺少姓名"
    sheet.cell(2, 1).value = "余秉衡"
    again = io.BytesIO()
    sheet.parent.save(again)
    assert counts_on(mei, arrived(mei, again.getvalue(), "改好.xlsx"))["create"] == 1


# Files that are not what they say


def bomb():
    return zipped({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(30 * 1024 * 1024)})


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: b"%PDF-1.7 not a workbook", "PDF"),
        (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "去掉密码"),
        (bomb, "大得不正常"),
        (lambda: b"<html><table><tr><td>x</td></tr></table></html>", "网页"),
        (lambda: zipped({"a.txt": b"x"}), "压缩包"),
        (lambda: b"", "文件是空的"),
        (lambda: csv(), "没有认出人名"),
        (lambda: bytes(1024 * 1024), "空的"),
        (lambda: b"x," * (26 * 1024 * 1024), "超过 50 MB"),
    ],
    ids=["pdf", "encrypted", "bomb", "web page", "archive", "empty", "no list", "zeros", "52 MB"],
)
def test_a_file_that_cannot_be_read_gets_its_sentence_and_nothing_is_written(app, mei, cast, make, said):
    before = figure(app)
    answer = sent(mei, make(), "名册.xlsx")
    assert (answer.status_code, said in answer.text) == (422, True), answer.text[:3000]
    assert figure(app) == before


def test_two_hundred_megabytes_are_refused_at_the_door(app, mei, cast):
    before = figure(app)
    answer = mei.post(
        "/people/import",
        data=b"",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": f"{200 * 1024 * 1024}", "wsgi.input": io.BytesIO(b"")},
    )
    assert (answer.status_code, "最多50 MB" in answer.text) == (413, True)
    assert figure(app) == before


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "名" * 300 + ".csv", "con.csv", "a\x00b.csv", "x.csv.exe"]
)
def test_what_a_file_is_called_leads_nowhere(app, mei, cast, name):
    address = arrived(mei, csv(YU), name)
    assert mei.get(address).status_code == 200
    mei.post(f"{address}/writing")
    with app.app_context():
        assert len(batch_at(cast.tongcheng, address).file_name) <= 200
        assert people_now(cast.tongcheng) == ["余秉衡"]


# Writing, progress, receipt, undo


def test_a_large_file_is_written_in_the_background_and_the_page_may_be_closed(app, mei, cast):
    from yishang_crm.people import resuming

    address = arrived(mei, csv(*many(520)))
    assert mei.post(f"{address}/writing").location == address
    page = mei.get(address).text
    assert 'id="progress"' in page
    assert "<b>0</b> / 520" in page
    assert mei.get("/people/import").status_code == 200
    with app.app_context(), writing():
        assert resuming.resume() == 1
    assert "合计520人" in mei.get(address).text
    ended = mei.get(f"{address}/progress", headers={"HX-Request": "true"})
    assert (ended.status_code, ended.headers["HX-Redirect"]) == (204, address)


def test_a_large_file_can_be_stopped_or_gone_on_with_from_its_page(app, mei, cast):
    address = arrived(mei, csv(*many(520)))
    mei.post(f"{address}/writing")
    mei.post(f"{address}/writing", data={"now": "1"})
    with app.app_context():
        assert batch_at(cast.tongcheng, address).state == BatchState.DONE
        assert len(people_now(cast.tongcheng)) == 520
    other = arrived(mei, csv(*many(520, first=3000)))
    mei.post(f"{other}/writing")
    mei.post(f"{other}/closing")
    with app.app_context():
        assert batch_at(cast.tongcheng, other).counts == {
            "create": 0, "update": 0, "unchanged": 0, "conflict": 0, "error": 520,
        }  # fmt: skip


def test_the_receipt_offers_an_undo_that_says_beforehand_what_it_will_do(app, mei, cast):
    address = arrived(mei, csv(YU, JIANG))
    mei.post(f"{address}/writing")
    assert f"{address}/undo" in mei.get(address).text
    with app.app_context(), writing():
        actions.confirm(cast.tongcheng, person_named(cast.tongcheng, "江望之"))
        db.session.commit()
    page = mei.get(f"{address}/undo").text
    assert re.findall(r"<b>(\d+)</b>", page.split('class="stages"')[1])[:3] == ["1", "0", "1"]
    assert "江望之" in page
    assert "导入以后有人改过" in page
    assert mei.post(f"{address}/undo").status_code == 303
    receipt = mei.get(f"{address}?outcome=left").text
    assert len(re.findall(r"<tr data-id=", receipt)) == 1
    assert "导入以后有人改过" in receipt
    with app.app_context():
        assert people_now(cast.tongcheng) == ["江望之"]
    assert mei.get(f"{address}/undo").location == address


def test_looking_at_what_an_undo_would_do_changes_nothing(app, mei, cast):
    address = arrived(mei, csv(YU))
    mei.post(f"{address}/writing")
    before = figure(app, but=set())
    mei.get(f"{address}/undo")
    assert figure(app, but=set()) == before


@pytest.mark.parametrize("rows", [1, 3])
def test_the_pages_ask_the_same_number_of_questions_for_one_row_and_three(
    app, mei, cast, count_queries, rows
):
    address = arrived(mei, csv(*[YU, JIANG, CHENG][:rows]))
    with count_queries() as checked:
        mei.get(address)
    mei.post(f"{address}/writing")
    with count_queries() as receipt:
        mei.get(address)
    with count_queries() as undo:
        mei.get(f"{address}/undo")
    assert (checked.n, receipt.n, undo.n) == (5, 8, 29)


def test_a_heavy_file_is_read_apart_and_one_that_takes_too_long_is_refused(app, mei, cast, monkeypatch):
    from yishang_crm.people.importing import apart

    content = csv(*many(3000, first=5000))
    assert (apart.is_heavy(content), apart.is_heavy(csv(YU))) == (True, False)
    light = bringing._read(content, "名册.csv", {}, [])
    monkeypatch.setattr(apart, "LIGHT", 10**9)
    assert bringing._read(content, "名册.csv", {}, []) == light
    monkeypatch.undo()
    before = figure(app)
    monkeypatch.setattr(apart, "SECONDS", 0.01)
    answer = sent(mei, content)
    assert (answer.status_code, "还没有读完" in answer.text) == (422, True)
    monkeypatch.undo()
    monkeypatch.setattr(apart, "MEGABYTES", 50)
    answer = sent(mei, content)
    assert (answer.status_code, "超过了50 MB" in answer.text) == (422, True)
    assert figure(app) == before


def test_a_heavy_file_that_is_no_list_gets_the_same_sentence_from_apart(app, mei, cast):
    answer = sent(mei, zipped({"a.txt": bytes(2 * 1024 * 1024)}), "名册.xlsx")
    assert (answer.status_code, "压缩包" in answer.text) == (422, True)


def test_brought_by_the_command_or_the_page_a_batch_is_the_same(app, mei, cast):
    address = arrived(mei, csv(YU), source="商会名册")
    with app.app_context(), writing():
        by_command = brought(cast.tongcheng, csv(YU))
        by_page = batch_at(cast.tongcheng, address)
        told = [(one.layout, one.rows_in_file, one.source, one.file_hash) for one in (by_command, by_page)]
    assert told[0] == told[1]
