"""What a list tells beside the plain fields: WeChat, former names, further addresses, whose number it is. Nothing is dropped silently."""

import datetime as dt

import pytest

from tests.people.arranged import somebody
from tests.people.imports.arranged import (
    brought,
    everything,
    outcomes,
    people_now,
    person_named,
    reasons,
    rows_of,
)
from yishang_crm.core.clock import standing_at
from yishang_crm.core.db import db
from yishang_crm.core.sealed import Sealed
from yishang_crm.people import actions, queries
from yishang_crm.people.bringing import read_cell
from yishang_crm.people.importing.beside import plain_fields
from yishang_crm.people.importing.whose import holder, is_clear, whose
from yishang_crm.people.models import ContactKind, ContactLabel, ContactState
from yishang_crm.people.words import cell_text, in_chinese

FIRM = "深圳市望岳精密科技有限公司"
HEADS = "姓名,单位,手机,微信号,曾用名,邮箱,秘书电话,秘书姓名,会内职务,备注"
ROW = (
    f"余秉衡,{FIRM},19900000417,yubh_1965,余小衡,yu@example.cn/heng@example.cn,19900000888,王芳,副会长,常回乡"
)


@pytest.fixture(autouse=True)
def _a_day(indoors):
    with standing_at(dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)):
        yield


def one_row(actor, row=ROW, heads=HEADS):
    return brought(actor, f"{heads}\n{row}".encode())


def written(actor, row=ROW, heads=HEADS):
    batch = one_row(actor, row, heads)
    actions.write_batch(actor, batch)
    db.session.expire_all()
    return batch


def contacts_of(actor, name="余秉衡"):
    found = queries.person_parts(actor, person_named(actor, name)).contacts
    return sorted((one.kind.value, one.label.value, one.holder, one.value.mark("")) for one in found)


def marked(*wanted):
    return sorted((kind, label, who, Sealed(value).mark("")) for kind, label, who, value in wanted)


ALL = (
    ("mobile", "self", "", "+8619900000417"),
    ("email", "self", "", "yu@example.cn"),
    ("email", "self", "", "heng@example.cn"),
    ("wechat", "self", "", "yubh_1965"),
    ("mobile", "secretary", "王芳", "+8619900000888"),
)


def problems(actor, batch):
    return [in_chinese(one) for one in rows_of(actor, batch)[0].problems]


def test_somebody_new_comes_in_with_all_of_it(cast):
    batch = written(cast.tongcheng)
    person = person_named(cast.tongcheng, "余秉衡")
    assert contacts_of(cast.tongcheng) == marked(*ALL)
    assert (person.former_names, person.note) == ("余小衡", "会内职务：副会长\n常回乡")
    assert problems(cast.tongcheng, batch) == []
    assert outcomes(cast.tongcheng, one_row(cast.tongcheng)) == ["unchanged"]


def test_to_somebody_known_it_is_added_and_nothing_is_taken_away(cast):
    person = somebody(cast.tongcheng, former_names="余大衡", note="会内职务：副会长", title="")
    actions.add_contact(cast.tongcheng, person, typed="old_wechat", kind=ContactKind.WECHAT)
    actions.add_contact(cast.tongcheng, person, typed="19900000999", label=ContactLabel.DRIVER, holder="老陈")
    lying = everything()
    batch = one_row(cast.tongcheng)
    changes = rows_of(cast.tongcheng, batch)[0].changes
    assert {name: change for name, change in changes.items() if name != "source"} == {
        "email": ["", "yu@example.cn"],
        "more_emails": ["", ["heng@example.cn"]],
        "wechat": ["", "yubh_1965"],
        "phones_of_others": ["", ["+8619900000888"]],
        "former_name": ["余大衡", "余大衡、余小衡"],
        "note": ["", "常回乡"],
    }
    assert actions.write_batch(cast.tongcheng, batch)["update"] == 1
    db.session.expire_all()
    person = person_named(cast.tongcheng, "余秉衡")
    assert (person.former_names, person.note) == ("余大衡、余小衡", "会内职务：副会长\n常回乡")
    assert contacts_of(cast.tongcheng) == marked(
        *ALL, ("wechat", "self", "", "old_wechat"), ("mobile", "driver", "老陈", "+8619900000999")
    )
    assert outcomes(cast.tongcheng, one_row(cast.tongcheng)) == ["unchanged"]
    assert actions.undo_batch(cast.tongcheng, batch) == {"undone": 1, "kept": 0}
    db.session.expire_all()
    assert everything() == lying


def test_a_number_whose_owner_was_corrected_since_stays_when_the_import_is_undone(cast):
    somebody(cast.tongcheng, title="")
    batch = written(cast.tongcheng)
    contact = next(
        one
        for one in queries.person_parts(cast.tongcheng, person_named(cast.tongcheng, "余秉衡")).contacts
        if one.label == ContactLabel.SECRETARY
    )
    actions.mark_contact(cast.tongcheng, contact, state=ContactState.WRONG)
    actions.undo_batch(cast.tongcheng, batch)
    db.session.expire_all()
    assert [label for _kind, label, _who, _mark in contacts_of(cast.tongcheng)] == ["secretary", "self"]


@pytest.mark.parametrize(
    ("heads", "row", "numbers"),
    [
        ("姓名,单位,手机", f"余秉衡,{FIRM},19900000417/秘书王芳19900000888", [("self", ""), ("secretary", "王芳")]),
        ("姓名,单位,手机", f"余秉衡,{FIRM},19900000417 秘书19900000888", [("self", ""), ("secretary", "")]),
        ("姓名,单位,手机", f"余秉衡,{FIRM},19900000888(夫人) 19900000417", [("self", ""), ("spouse", "")]),
        ("姓名,单位,手机", f"余秉衡,{FIRM},19900000417 19900000888秘书王芳", [("self", ""), ("secretary", "王芳")]),
        ("姓名,单位,电话,助理", f"余秉衡,{FIRM},19900000417,小陈 19900000888", [("self", ""), ("secretary", "小陈")]),
        ("姓名,单位,秘书电话", f"余秉衡,{FIRM},19900000888", [("secretary", "")]),
        ("姓名,单位,手机,司机电话", f"余秉衡,{FIRM},19900000417,19900000888", [("self", ""), ("driver", "")]),
        ("姓名,单位,手机,办公电话", f"余秉衡,{FIRM},19900000417,0556-5550123", [("self", ""), ("office", "")]),
        ("姓名,单位,手机,办公电话", f"余秉衡,{FIRM},19900000417,19900000888", [("self", ""), ("self", "")]),
        ("姓名,单位,联系人电话", f"余秉衡,{FIRM},19900000417", [("self", "")]),
    ],
    ids=["in the cell", "behind a space", "in brackets", "at the end", "a named assistant", "the only column", "beside one's own", "a desk", "a mobile at the desk", "one's own"],
)  # fmt: skip
def test_whose_number_it_is_is_kept_with_it(cast, heads, row, numbers):
    written(cast.tongcheng, row, heads)
    found = queries.person_parts(cast.tongcheng, person_named(cast.tongcheng, "余秉衡")).contacts
    assert [(one.label.value, one.holder) for one in found] == numbers


def test_one_secretary_of_two_makes_nobody_the_same(cast):
    heads = "姓名,单位,手机"
    rows = f"余秉衡,{FIRM},秘书19900000888\n江望之,东莞市皖江新材料有限公司,秘书19900000888"
    batch = written(cast.tongcheng, rows, heads)
    assert outcomes(cast.tongcheng, batch) == ["create", "create"]
    assert people_now(cast.tongcheng) == ["余秉衡", "江望之"]
    # Nor is a number that answers for somebody of another county a reason to ask that county.
    assert outcomes(cast.huaining, one_row(cast.huaining, "程守默,,19900000888", heads)) == ["create"]


def test_wechat_by_the_same_number_is_kept_as_it_is_typed(cast):
    written(cast.tongcheng, f"余秉衡,{FIRM},19900000417,同手机", "姓名,单位,手机,微信号")
    assert contacts_of(cast.tongcheng) == marked(ALL[0], ("wechat", "self", "", "19900000417"))


def test_a_year_of_birth_alone_is_kept_and_never_makes_a_date_poorer(cast):
    heads, row = "姓名,单位,手机,出生", f"余秉衡,{FIRM},19900000417,1965"
    batch = written(cast.tongcheng, row, heads)
    person = person_named(cast.tongcheng, "余秉衡")
    assert (person.birth_year, person.birth_month) == (1965, None)
    assert problems(cast.tongcheng, batch) == ["出生只有年份（1965），缺少月份"]
    actions.edit_person(cast.tongcheng, person, version=person.version, birth_month=8, birth_day=3)
    assert outcomes(cast.tongcheng, one_row(cast.tongcheng, row, heads)) == ["unchanged"]
    other = one_row(cast.tongcheng, row.replace("1965", "1966"), heads)
    assert outcomes(cast.tongcheng, other) == ["unchanged"]
    assert reasons(rows_of(cast.tongcheng, other)[0]) == "文件只写了生年1966，与库中的不同，没有改。"


def test_an_address_that_is_somebody_elses_is_left_out_alone(cast):
    somebody(cast.tongcheng, "江望之", phone="19900000001", email="heng@example.cn", organization="")
    batch = written(cast.tongcheng)
    assert contacts_of(cast.tongcheng) == marked(*(one for one in ALL if one[3] != "heng@example.cn"))
    assert reasons(rows_of(cast.tongcheng, batch)[0]) == "邮箱已记在“江望之”名下，没有再记。"


def test_what_is_not_kept_is_named_on_the_row(cast):
    heads = "姓名,单位,职务,单位2,手机,地址,身份证号,推荐人,紧急联系人电话"
    row = (
        f"余秉衡,{FIRM},董事长,桐城市望岳机械有限公司,19900000417/李总19900000888,"
        "深圳南山科技园1号,340822196508030011,程守默,19900000555"
    )
    batch = one_row(cast.tongcheng, row, heads)
    told = problems(cast.tongcheng, batch)
    assert "另有任职“桐城市望岳机械有限公司”没有导入，请在其页面补上。" in told
    assert "地址没有导入，需要的请写进备注。" in told
    assert "身份证件没有导入，需要的请在其页面登记。" in told
    assert "他人的一栏（推荐人、经办人等）没有导入。" in told
    assert "号码旁写着“李总”，记作本人的号码，请核对。" in told
    assert "340822196508030011" not in str(rows_of(cast.tongcheng, batch)[0].fields)


def test_a_cell_of_phones_reads_back_as_it_stands(cast):
    batch = one_row(cast.tongcheng, f"余秉衡,{FIRM},19900000417/秘书王芳19900000888", "姓名,单位,手机")
    row = rows_of(cast.tongcheng, batch)[0]
    text = cell_text(row.fields, "phones")
    assert text == "+8619900000417、+8619900000888秘书王芳"
    read = read_cell("phones", text.replace("王芳", "李梅"), queries.gazetteer())
    actions.mend_cell(
        cast.tongcheng, batch, row, field="phones", value=read.value, beside=read.beside, version=1
    )
    again = rows_of(cast.tongcheng, batch)[0].fields
    assert (again["phones"], again["phones_of_others"]) == (
        ["+8619900000417"],
        {"+8619900000888": "秘书李梅"},
    )


def test_the_command_line_tells_the_fields_it_promised(cast):
    batch = one_row(cast.tongcheng, f"{ROW},农历1965年腊月初十", f"{HEADS},出生")
    fields = plain_fields(rows_of(cast.tongcheng, batch)[0].fields)
    assert (fields["birth"], fields["phones"], "wechat" in fields) == (
        "1965-12-10",
        ["+8619900000417"],
        False,
    )


@pytest.mark.parametrize(
    ("label", "phone", "found"),
    [
        ("秘书", "+8619900000888", ("secretary", "", False)),
        ("王秘书", "+8619900000888", ("secretary", "王秘书", False)),
        ("夫人李梅", "+8619900000888", ("spouse", "李梅", False)),
        ("司机电话", "+8619900000888", ("driver", "", False)),
        ("办", "+865565550123", ("office", "", True)),
        ("办", "+8619900000888", ("self", "", True)),
        ("手机", "+8619900000888", ("self", "", True)),
        ("香港", "+85251230000", ("self", "", True)),
        ("李总", "+8619900000888", ("self", "", False)),
        ("", "+8619900000888", ("self", "", True)),
    ],
)
def test_words_beside_a_number_say_whose_it_is(label, phone, found):
    assert (whose(label, phone), holder(label), is_clear(label)) == found
