"""The check page says everything that a row would change, and calls nothing a change that is none."""

import re

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from tests.people.imports.arranged import YU, brought, csv, outcomes, rows_of
from tests.people.imports.test_pages import arrived
from yishang_crm.core.db import db, writing
from yishang_crm.people.places.localities import adds_nothing

HEADS = "姓名,单位,手机,性别,出生,产业,邮箱,英文名,乡镇街道,籍贯"


def test_every_change_stands_beside_its_row_with_old_and_new(app, client, cast):
    with app.app_context(), writing():
        somebody(
            cast.tongcheng,
            industry="汽车",
            romanized_name="Yu Bing",
            birth_year=1965,
            birth_month=8,
            birth_day=3,
        )
        db.session.commit()
    row = f"余秉衡,{YU[1]},19900000417/19900000888,女,农历1965年八月初三,新材料,yu@example.cn,Yu Bingheng,青草镇,桐城市"
    mei = signed_in(client, "tongcheng")
    page = mei.get(arrived(mei, f"{HEADS}\n{row}".encode())).text
    told = re.findall(r"<div><span class=\"mute\">(.*?)</span> (.*?)</div>", page.split("<tbody")[1])
    assert told == [
        ("性别", "<del>男</del> <ins>女</ins>"),
        ("电话", "<ins>+8619900000888</ins>"),
        ("邮箱", "<ins>yu@example.cn</ins>"),
        ("乡镇街道", "<ins>青草镇</ins>"),
        ("出生", "<del>1965-08-03</del> <ins>农历1965-08-03</ins>"),
        ("产业", "<del>汽车</del> <ins>新材料</ins>"),
        ("外文姓名", "<del>Yu Bing</del> <ins>Yu Bingheng</ins>"),
    ]


def test_a_new_person_and_an_unchanged_one_have_no_changes(app, client, cast):
    with app.app_context(), writing():
        somebody(cast.tongcheng, title="总经理")
        db.session.commit()
    mei = signed_in(client, "tongcheng")
    page = mei.get(
        arrived(mei, csv(YU, ("江望之", "东莞市皖江新材料有限公司", "董事", "19900000001", "", "", "")))
    ).text
    assert "<ins>" not in page


@pytest.mark.usefixtures("indoors")
@pytest.mark.parametrize(
    ("ours", "theirs", "change"),
    [
        ("北京市", "北京", None),
        ("北京", "北京市", None),
        ("广东深圳", "深圳市", None),
        ("深圳市南山区", "广东省深圳市", None),
        ("深圳", "深圳市南山区", ["深圳", "深圳市南山区"]),
        ("深圳", "上海", ["深圳", "上海"]),
        ("不知何处", "别的何处", ["不知何处", "别的何处"]),
    ],
)
def test_another_spelling_of_a_place_is_no_update(cast, ours, theirs, change):
    somebody(cast.tongcheng, title="总经理", residence=ours)
    batch = brought(cast.tongcheng, csv((*YU[:6], theirs)))
    assert rows_of(cast.tongcheng, batch)[0].changes.get("city") == change
    assert outcomes(cast.tongcheng, batch) == ["update" if change else "unchanged"]


@pytest.mark.usefixtures("indoors")
@pytest.mark.parametrize(("ours", "outcome"), [("", "update"), ("东京", "unchanged")])
def test_a_country_is_where_no_nearer_place_is_known(cast, ours, outcome):
    somebody(cast.tongcheng, title="总经理", residence=ours)
    batch = brought(cast.tongcheng, f"姓名,单位,手机,国家\n余秉衡,{YU[1]},19900000417,日本".encode())
    assert outcomes(cast.tongcheng, batch) == [outcome]


def test_a_place_within_a_place_is_closer():
    assert adds_nothing("香港特别行政区", "香港")
    assert adds_nothing("安徽合肥", "合肥市蜀山区")
    assert not adds_nothing("合肥市蜀山区", "合肥")
    assert not adds_nothing("广东", "深圳")
