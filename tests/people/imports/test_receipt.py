"""The receipt leads to the very people of its file, and says of an undo what was said beforehand."""

import re

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from tests.people.imports.arranged import CHENG, JIANG, YU, csv, person_named
from tests.people.imports.test_pages import arrived
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions


@pytest.fixture
def mei(app, client, cast):
    with app.app_context(), writing():
        somebody(cast.tongcheng, title="总经理", residence="上海", native_place="")
        somebody(cast.tongcheng, "操守一", phone="19900000003", organization="")
        db.session.commit()
    return signed_in(client, "tongcheng")


def to_the_list(mei, address):
    page = mei.get(address).text
    return re.search(r'class="btn seal" href="([^"]+)">去看名单', page)[1].replace("&amp;", "&")


def names_at(mei, address):
    body = mei.get(address).text
    return {name for name in ("余秉衡", "江望之", "程守默", "操守一") if f">{name}<" in body}


def test_it_leads_to_whom_the_file_brought_and_whom_it_changed(mei):
    address = arrived(mei, csv(YU, JIANG))
    mei.post(f"{address}/writing")
    other = arrived(mei, csv(CHENG))
    mei.post(f"{other}/writing")
    assert names_at(mei, to_the_list(mei, address)) == {"余秉衡", "江望之"}
    assert names_at(mei, to_the_list(mei, other)) == {"程守默"}
    assert "操守一" in names_at(mei, "/people")


def test_where_all_was_taken_back_it_leads_to_the_whole_list(mei):
    address = arrived(mei, csv(CHENG))
    mei.post(f"{address}/writing")
    mei.post(f"{address}/undo")
    assert to_the_list(mei, address) == "/people"


def test_who_is_kept_in_part_is_counted_alike_before_during_and_after(app, mei, cast):
    address = arrived(mei, csv(YU, JIANG))
    mei.post(f"{address}/writing")
    with app.app_context(), writing():
        person = person_named(cast.tongcheng, "余秉衡")
        actions.edit_person(cast.tongcheng, person, version=person.version, residence="北京")
        db.session.commit()
    before = re.findall(r"<b>(\d+)</b>", mei.get(f"{address}/undo").text.split('class="stages"')[1])[:3]
    flashed = mei.get(mei.post(f"{address}/undo").location).text
    assert before == ["1", "1", "1"]
    assert "已撤销2行；1行有留着没动的。" in flashed
    assert "1行有留着没动的</a>" in flashed
