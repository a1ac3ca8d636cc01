"""A county's workbook is brought, checked, written, and brought again; every row is accounted for."""

import io
import json
import re

import pytest

from tests.cast import signed_in
from tests.conftest import SAMPLES
from yishang_crm.core.db import db, writing
from yishang_crm.people import queries
from yishang_crm.people.models.brought import BatchState
from yishang_crm.people.queries import Filters

FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix in (".xlsx", ".csv", ".vcf"))


def bring(client, path):
    answer = client.post("/people/import", data={
        "file": (io.BytesIO(path.read_bytes()), path.name), "source": "", "lawful_basis": "duty",
    })  # fmt: skip
    assert answer.status_code == 303, answer.text
    return answer.location


def counts_on(client, address):
    page = client.get(address).text
    return {name: int(count) for name, count in zip(
        ("all", "create", "update", "unchanged", "conflict", "error"),
        re.findall(r"<b>([\d,]+)</b>", page.split('class="stages"')[1])[:6],
        strict=True,
    )}  # fmt: skip


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_person_of_a_sample_is_written_once(app, client, cast, path):
    truth = json.loads(path.with_name(path.name + ".truth.json").read_text())
    signed_in(client, "bureau")
    address = bring(client, path)
    counts = counts_on(client, address)
    assert counts["all"] == len(truth) == sum(counts.values()) - counts["all"]
    assert client.post(f"{address}/writing").status_code == 303
    with app.app_context():
        people = {person.name for person in _everyone(cast.bureau)}
        assert people == {one["name"] for one in truth if one.get("name")}
        batch = queries.batches(cast.bureau)[0]
        assert (batch.state, sum(batch.counts.values())) == (BatchState.DONE, len(truth))
        assert all(row.fields == {} for row in queries.batch_rows(cast.bureau, batch, most=1000))


def test_the_same_file_brought_again_changes_nothing(app, client, cast):
    path = next(path for path in FILES if path.suffix == ".csv")
    signed_in(client, "tongcheng")
    first = bring(client, path)
    client.post(f"{first}/writing")
    counts = counts_on(client, bring(client, path))
    assert counts["create"] == counts["update"] == counts["conflict"] == 0
    assert counts["unchanged"] == counts["all"]


def test_another_county_learns_only_whom_to_ask(app, client, cast):
    path = next(path for path in FILES if path.suffix == ".csv")
    signed_in(client, "tongcheng")
    client.post(bring(client, path) + "/writing")
    client.post("/logout")
    signed_in(client, "huaining")
    address = bring(client, path)
    counts = counts_on(client, address)
    assert counts["conflict"] == counts["all"]
    assert "由桐城市投资促进中心联系" in client.get(address).text
    client.post(f"{address}/writing")
    with app.app_context():
        assert queries.count_up_to(cast.huaining, Filters()) == 0


def test_a_changed_title_is_shown_old_and_new_and_written(app, client, cast):
    header = "姓名,单位,职务,手机\n"
    signed_in(client, "tongcheng")
    for title in ("总经理", "董事长"):
        content = f"{header}余秉衡,深圳市望岳精密科技有限公司,{title},19900000417\n江望之,东莞市皖江新材料有限公司,董事,19900000001\n"
        answer = client.post("/people/import", data={
            "file": (io.BytesIO(content.encode()), "名册.csv"), "source": "商会名册", "lawful_basis": "consent",
        })  # fmt: skip
        page = client.get(answer.location).text
        client.post(f"{answer.location}/writing")
    assert "<del>总经理</del> <ins>董事长</ins>" in page
    with app.app_context():
        person = next(one for one in _everyone(cast.tongcheng) if one.name == "余秉衡")
        posts = [(post.title, firm.name) for post, firm in queries.person_parts(cast.tongcheng, person).posts]
        assert posts == [("董事长", "深圳市望岳精密科技有限公司")]
        assert person.source == "商会名册"


def test_a_file_that_is_not_what_it_says_is_refused_with_a_sentence_and_nothing_is_written(app, client, cast):
    signed_in(client, "bureau")
    answer = client.post("/people/import", data={
        "file": (io.BytesIO(b"%PDF-1.7 not a workbook"), "名册.xlsx"), "source": "", "lawful_basis": "duty",
    })  # fmt: skip
    assert answer.status_code == 422
    assert "PDF" in answer.text
    with app.app_context():
        assert list(queries.batches(cast.bureau)) == []


def test_values_of_a_file_are_seen_by_the_one_who_brought_it_only(app, client, cast):
    signed_in(client, "tongcheng")
    address = bring(client, FILES[0])
    assert 'class="ledger"' in client.get(address).text
    client.post("/logout")
    signed_in(client, "tongcheng2")
    assert "只有带来它的人能看" in client.get(address).text
    client.post("/logout")
    signed_in(client, "huaining")
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/writing").status_code == 404


def test_columns_can_be_corrected_and_the_file_read_again(app, client, cast):
    signed_in(client, "tongcheng")
    content = "姓名,单位,甲,手机\n余秉衡,深圳市望岳精密科技有限公司,清水,19900000417\n江望之,东莞市皖江新材料有限公司,青草镇,19900000001\n"
    answer = client.post("/people/import", data={
        "file": (io.BytesIO(content.encode()), "名册.csv"), "source": "", "lawful_basis": "duty",
    })  # fmt: skip
    page = client.get(f"{answer.location}/columns").text
    assert "清水" in page
    again = client.post(f"{answer.location}/columns", data={"read-0": "1", "column-0-2": "note"})
    assert again.status_code == 303
    client.post(f"{again.location}/writing")
    with app.app_context():
        assert {person.note for person in _everyone(cast.tongcheng)} == {"清水", "青草镇"}


def _everyone(actor):
    with writing():
        return db.session.scalars(queries.visible_to(actor)).all()
