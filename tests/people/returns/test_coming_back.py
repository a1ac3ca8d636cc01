"""A sheet comes back: untouched it changes nothing and confirms everybody; corrected it updates exactly what was written."""

import contextlib
import shutil

import pytest

from tests.cast import signed_in, unit_id
from tests.people.arranged import somebody
from tests.people.imports.arranged import everything, move, people_now, person_named
from tests.people.returns.arranged import Paper, came_back, fetched, rows_by_name, through_libreoffice
from tests.people.rounds.arranged import a_round
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions as people
from yishang_crm.people import queries
from yishang_crm.people.importing.returned import ID_HEAD
from yishang_crm.people.models import BirthCalendar, Person
from yishang_crm.people.models.brought import ConflictRule
from yishang_crm.people.returns.tokens import token_of
from yishang_crm.people.rounds import actions as rounds
from yishang_crm.people.rounds import queries as rounds_reading
from yishang_crm.people.words import in_chinese

ODD = {
    "title": "董事长、深圳市安庆商会会长",
    "residence": "广东深圳南山",
    "native_place": "枞阳县",
    "native_town": "不在字典的镇",
    "industry": "=1+1",
    "organization": "望岳（中国） 投资 Co., Ltd. 总部",
}


@pytest.fixture
def three(app, cast):
    """Three people of Tongcheng, one of them told in odd ways, and one of Huaining; a round over all of them."""
    with app.app_context(), writing():
        somebody(cast.tongcheng, "余秉衡", email="yu@example.cn", industry="电子")
        somebody(cast.tongcheng, "汪砚舟", phone="+852 9123 4567", gender=None, **ODD)
        hidden = somebody(cast.tongcheng, "潘甲", phone="", organization="")
        hidden.birth_year, hidden.birth_month, hidden.birth_day = 1965, 8, 15
        hidden.birth_calendar = BirthCalendar.LUNAR
        somebody(cast.huaining, "查静安", phone="19900000431")
        begun = a_round(cast.bureau)
        db.session.commit()
        return begun.id


@pytest.fixture
def paper(client, three) -> Paper:
    signed_in(client, "tongcheng")
    return fetched(client, three)


@contextlib.contextmanager
def brought_back(app, actor, content):
    with app.app_context(), writing():
        yield came_back(app, actor, content)


def outcomes(actor, batch) -> dict[str, str]:
    return {name: row.outcome.value for name, row in rows_by_name(actor, batch).items()}


def why(actor, batch, name: str) -> str:
    row = rows_by_name(actor, batch)[name]
    return " ".join(in_chinese(one) for one in (*row.problems, *row.reasons))


def progress_of(actor, round_id: int) -> dict[str, tuple[int, int]]:
    found = rounds_reading.confirmation_round(actor, round_id)
    return {row.unit: (row.confirmed, row.total) for row in rounds_reading.progress(actor, found)}


def phones_of(actor, name: str) -> list[str]:
    parts = queries.person_parts(actor, person_named(actor, name))
    return [str(one.value) for one in parts.contacts]


# Untouched


def test_a_sheet_that_comes_back_as_it_went_changes_nothing_and_confirms_everybody(app, cast, three, paper):
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        assert set(outcomes(cast.tongcheng, batch).values()) == {"unchanged"}
        before = _but_confirmed(everything())
        assert progress_of(cast.bureau, three) == {"桐城": (0, 3), "怀宁": (0, 1)}
        assert people.write_batch(cast.tongcheng, batch) == {
            "create": 0, "update": 0, "unchanged": 3, "conflict": 0, "error": 0,
        }  # fmt: skip
        db.session.expire_all()
        assert progress_of(cast.bureau, three) == {"桐城": (3, 3), "怀宁": (0, 1)}
        assert person_named(cast.tongcheng, "余秉衡").confirmed_by == "汪澄"
        assert _but_confirmed(everything()) == before


def _but_confirmed(lying):
    from yishang_crm.people.models import Person

    names = [one.name for one in Person.__table__.columns if one.name != "version"]
    left = [at for at, name in enumerate(names) if name not in ("confirmed_at", "confirmed_by")]
    return lying | {"person": [tuple(row[at] for at in left) for row in lying["person"]]}


@pytest.mark.skipif(shutil.which("soffice") is None, reason="no LibreOffice on this machine")
def test_another_program_keeps_the_hidden_column_the_phones_and_the_ids(app, cast, three, paper, tmp_path):
    again = Paper(through_libreoffice(paper.content, tmp_path))
    assert {name: again.said(name) for name in again.names} == {
        name: paper.said(name) for name in paper.names
    }
    letter = again.cell("余秉衡", ID_HEAD).column_letter
    assert again.page.column_dimensions[letter].hidden is True
    assert again.cell("余秉衡", "手机（电话）").value == "19900000417"
    assert again.cell("汪砚舟", "手机（电话）").value == "+85291234567"
    with brought_back(app, cast.tongcheng, again.content) as batch:
        assert set(outcomes(cast.tongcheng, batch).values()) == {"unchanged"}


def test_what_was_edited_in_the_house_meanwhile_is_not_written_over_by_what_nobody_touched(
    app, cast, three, paper
):
    with app.app_context(), writing():
        person = person_named(cast.tongcheng, "余秉衡")
        people.edit_person(cast.tongcheng, person, version=person.version, residence="东莞", name="余秉蘅")
        db.session.commit()
    paper.write("余秉衡", 主要产业="光电")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        row = rows_by_name(cast.tongcheng, batch)["余秉蘅"]
        assert (row.outcome.value, row.changes) == ("update", {"industry": ["电子", "光电"]})


# Corrected


def test_a_changed_name_or_phone_is_an_update_of_that_person(app, cast, three, paper):
    paper.write("汪砚舟", 手机="19900000888")
    paper.write("余秉衡", 职务="总经理", 姓名="余秉蘅")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        assert outcomes(cast.tongcheng, batch) == {
            "余秉蘅": "update",
            "汪砚舟": "update",
            "潘甲": "unchanged",
        }
        people.write_batch(cast.tongcheng, batch)
        db.session.expire_all()
        assert people_now(cast.tongcheng) == ["余秉蘅", "汪砚舟", "潘甲"]
        assert phones_of(cast.tongcheng, "汪砚舟") == ["+852 ****4567", "199****0888"]
        assert progress_of(cast.bureau, three)["桐城"] == (3, 3)


def test_a_row_written_by_hand_is_a_new_person(app, cast, three, paper):
    paper.add(
        姓名="程守默", 工作单位="上海市独秀电子有限公司", 职务="董事长", **{"手机（电话）": "19900000777"}
    )
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        assert outcomes(cast.tongcheng, batch)["程守默"] == "create"
        counts = people.write_batch(cast.tongcheng, batch)
        assert (counts["create"], counts["unchanged"]) == (1, 3)


def test_what_came_back_can_be_taken_back_confirmations_too(app, cast, three, paper):
    with app.app_context(), writing():
        people.confirm(cast.tongcheng, person_named(cast.tongcheng, "余秉衡"))
        db.session.commit()
        before = everything()
    paper.write("汪砚舟", 手机="19900000888", 常驻城市="香港")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        people.write_batch(cast.tongcheng, batch)
        db.session.expire_all()
        assert everything() != before
        assert people.undo_batch(cast.tongcheng, batch) == {"undone": 3, "kept": 0}
        db.session.expire_all()
        assert everything() == before


def test_whoever_was_written_over_by_somebody_else_is_asked_about(app, cast, three, paper):
    paper.write("余秉衡", 手机="19900000778", 姓名="石礼安")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        assert outcomes(cast.tongcheng, batch)["石礼安"] == "conflict"
        assert "识别码是“余秉衡”的" in why(cast.tongcheng, batch, "石礼安")
        people.decide_row(
            cast.tongcheng, batch, rows_by_name(cast.tongcheng, batch)["石礼安"], take="separate"
        )
        people.write_batch(cast.tongcheng, batch)
        db.session.expire_all()
        assert {"石礼安", "余秉衡"} <= set(people_now(cast.tongcheng))
        assert progress_of(cast.bureau, three)["桐城"] == (2, 3)


def test_a_number_that_somebody_else_holds_is_a_conflict(app, cast, three, paper):
    paper.write("汪砚舟", 手机="19900000417")
    paper.write("潘甲", 手机="19900000431")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        assert outcomes(cast.tongcheng, batch) == {
            "余秉衡": "unchanged",
            "汪砚舟": "conflict",
            "潘甲": "conflict",
        }
        assert "分属库中几个人" in why(cast.tongcheng, batch, "汪砚舟")


def test_a_decision_for_what_stands_confirms_nobody(app, cast, three, paper):
    paper.write("汪砚舟", 手机="19900000417")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        people.decide_row(cast.tongcheng, batch, rows_by_name(cast.tongcheng, batch)["汪砚舟"], take="ours")
        people.write_batch(cast.tongcheng, batch)
        db.session.expire_all()
        assert progress_of(cast.bureau, three)["桐城"] == (2, 3)


def test_a_cell_mended_on_the_page_counts_as_written(app, cast, three, paper):
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        row = rows_by_name(cast.tongcheng, batch)["余秉衡"]
        people.mend_cell(cast.tongcheng, batch, row, field="city", value="东莞", version=row.version)
        assert (row.outcome.value, row.changes) == ("update", {"city": ["深圳", "东莞"]})


def test_another_rule_is_met_with_the_same_ids(app, cast, three, paper):
    paper.write("余秉衡", 常驻城市="东莞", 姓名="余秉蘅")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        db.session.flush()
        people.set_rule(cast.tongcheng, batch, rule=ConflictRule.FILL)
        row = rows_by_name(cast.tongcheng, batch)["余秉蘅"]
        assert (row.outcome.value, set(row.changes)) == ("update", {"name"})


# Ids


def test_a_row_copied_in_excel_is_somebody_new_and_not_the_one_it_was_copied_from(app, cast, three, paper):
    mark = paper.cell("余秉衡", ID_HEAD).value
    paper.add(**{"姓名": "程守默", ID_HEAD: mark, "手机（电话）": "19900000777"})
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        said = outcomes(cast.tongcheng, batch)
        assert (said["余秉衡"], said["程守默"]) == ("unchanged", "create")
        assert "和第4行相同" in why(cast.tongcheng, batch, "程守默")


def test_rows_that_were_sorted_keep_their_ids(app, cast, three, paper):
    """People sort what they select, from 姓名 to the last column: the id stands within it."""
    names = list(paper.heads)
    assert names.index("姓名") + 1 == names.index(ID_HEAD)
    assert names.index(ID_HEAD) < len(names) - 1


@pytest.mark.parametrize("forged", ["ys1-" + "0" * 32, "ys99999999999-1", "1", "ys-", "ys１-0", "识别码"])
def test_an_id_that_is_not_ours_proves_nothing(app, cast, three, paper, forged):
    paper.write("余秉衡", 宜商通识别码=forged)
    paper.write(
        "汪砚舟", 宜商通识别码=forged + "x", 手机="19900000790", 工作单位="无人知晓公司", 姓名="石礼安"
    )
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        said = outcomes(cast.tongcheng, batch)
        assert said["余秉衡"] in ("unchanged", "update")
        assert (
            rows_by_name(cast.tongcheng, batch)["余秉衡"].person_id
            == person_named(cast.tongcheng, "余秉衡").id
        )
        assert said["石礼安"] == "conflict"
        assert "识别码对不上" in why(cast.tongcheng, batch, "石礼安")
        people.write_batch(cast.tongcheng, batch)
        db.session.expire_all()
        assert "石礼安" not in people_now(cast.tongcheng)


def test_a_row_that_claims_to_be_somebody_is_added_only_on_a_persons_word(app, cast, three, paper):
    paper.write("汪砚舟", 宜商通识别码="ys1-0", 手机="19900000790", 工作单位="无人知晓公司", 姓名="石礼安")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        people.decide_row(
            cast.tongcheng, batch, rows_by_name(cast.tongcheng, batch)["石礼安"], take="separate"
        )
        counts = people.write_batch(cast.tongcheng, batch)
        assert counts["create"] == 1


def test_a_row_cannot_be_pointed_at_somebody_of_another_unit(app, client, cast, three, paper):
    signed_in(client, "bureau")
    theirs = fetched(client, three, unit=unit_id_of(app, "340822"))
    foreign = theirs.cell("查静安", ID_HEAD).value
    paper.write("余秉衡", 宜商通识别码=foreign)
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        assert outcomes(cast.tongcheng, batch)["余秉衡"] == "conflict"
        told = why(cast.tongcheng, batch, "余秉衡")
        assert ("不在您的名单上" in told, "查静安" in told, "怀宁" in told) == (True, False, False)
        row = rows_by_name(cast.tongcheng, batch)["余秉衡"]
        assert row.person_id is None
        people.write_batch(cast.tongcheng, batch)
        assert progress_of(cast.bureau, three)["怀宁"] == (0, 1)


def unit_id_of(app, code: str) -> int:
    with app.app_context():
        return unit_id(code)


def test_who_has_gone_to_another_unit_is_left_to_it(app, cast, three, paper):
    with app.app_context(), writing():
        move(person_named(cast.tongcheng, "余秉衡"), unit_id("340822"))
        db.session.commit()
    paper.write("余秉衡", 职务="总经理")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        assert outcomes(cast.tongcheng, batch)["余秉衡"] == "conflict"


def test_a_row_of_somebody_merged_into_another_is_met_by_its_number(app, cast, three, paper):
    with app.app_context(), writing():
        one, other = (person_named(cast.tongcheng, name) for name in ("余秉衡", "汪砚舟"))
        people.merge_people(cast.tongcheng, [one, other])
        db.session.commit()
        survivor = queries.visible_to(cast.tongcheng).where(Person.name != "潘甲")
        kept_id = db.session.scalars(survivor).one().id
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        rows = rows_by_name(cast.tongcheng, batch)
        assert {row.person_id for name, row in rows.items() if name != "潘甲"} == {kept_id}
        assert "create" not in outcomes(cast.tongcheng, batch).values()


def test_a_sheet_of_a_round_that_is_over_writes_only_what_somebody_decides_and_confirms_nobody(
    app, cast, three, paper
):
    with app.app_context(), writing():
        rounds.close_round(cast.bureau, rounds_reading.confirmation_round(cast.bureau, three))
        db.session.commit()
    paper.write("余秉衡", 职务="总经理")
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        assert outcomes(cast.tongcheng, batch) == {
            "余秉衡": "conflict",
            "汪砚舟": "unchanged",
            "潘甲": "unchanged",
        }
        assert "已经结束的核对" in why(cast.tongcheng, batch, "余秉衡")
        people.decide_row(cast.tongcheng, batch, rows_by_name(cast.tongcheng, batch)["余秉衡"], take="new")
        assert people.write_batch(cast.tongcheng, batch)["update"] == 1
        db.session.expire_all()
        assert progress_of(cast.bureau, three)["桐城"] == (0, 3)


def test_a_row_that_was_emptied_is_nobody(app, cast, three, paper):
    row = paper.row_of("潘甲")
    for head, column in paper.heads.items():
        if head not in (ID_HEAD, "序号"):
            paper.page.cell(row, column).value = None
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        assert len(outcomes(cast.tongcheng, batch)) == 2


def test_the_bureau_brings_back_a_countys_sheet(app, cast, three, paper):
    paper.write("余秉衡", 常驻城市="东莞")
    with brought_back(app, cast.bureau, paper.content) as batch:
        people.write_batch(cast.bureau, batch)
        db.session.expire_all()
        assert progress_of(cast.bureau, three)["桐城"] == (3, 3)


def test_a_writing_that_was_cut_off_goes_on_and_confirms_the_rest(app, cast, three, paper, monkeypatch):
    from yishang_crm.people.actions.imports import writing as writes

    monkeypatch.setattr(writes, "CHUNK", 1)
    with brought_back(app, cast.tongcheng, paper.content) as batch:
        real, left = writes._Writer._write, iter([1, 0])

        def cut(writer, waiting):
            if next(left, 1) == 0:
                raise KeyboardInterrupt
            real(writer, waiting)

        monkeypatch.setattr(writes._Writer, "_write", cut)
        with pytest.raises(KeyboardInterrupt):
            people.write_batch(cast.tongcheng, batch)
        monkeypatch.setattr(writes._Writer, "_write", real)
        db.session.rollback()
        people.write_batch(cast.tongcheng, queries.batch(cast.tongcheng, batch.id))
        db.session.expire_all()
        assert progress_of(cast.bureau, three)["桐城"] == (3, 3)


def test_an_id_says_nothing_but_its_number_and_differs_from_a_personal_link(app, cast, three):
    from yishang_crm.people.rounds import links

    with app.app_context(), writing():
        entry = next(iter(rounds_reading.entries_of([person_named(cast.tongcheng, "余秉衡").id])))
        assert token_of(entry.id) != token_of(entry.id + 1)
        assert token_of(entry.id).partition("-")[2] != links.token_of(entry).partition("-")[2]
