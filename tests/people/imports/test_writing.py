"""Writing meets every row once more with what stands in the database now: nobody twice, nothing over a later edit."""

import pytest
import sqlalchemy as sa

from tests.people.arranged import somebody
from tests.people.imports.arranged import (
    CHENG,
    JIANG,
    YU,
    brought,
    csv,
    everything,
    many,
    move,
    outcomes,
    people_now,
    person_named,
    reasons,
    rows_of,
)
from yishang_crm.core.db import db, is_sqlite
from yishang_crm.core.errors import NotPossible, Refused, Stale
from yishang_crm.people import actions, queries
from yishang_crm.people.actions.imports import writing
from yishang_crm.people.models.brought import BatchState
from yishang_crm.people.queries import imports as kept

pytestmark = pytest.mark.usefixtures("indoors")


def test_two_batches_of_one_file_create_everybody_once(cast):
    first, second = (brought(cast.tongcheng, csv(YU, JIANG)) for _ in range(2))
    assert outcomes(cast.tongcheng, second) == ["create", "create"]
    assert actions.write_batch(cast.tongcheng, first)["create"] == 2
    counts = actions.write_batch(cast.tongcheng, second)
    assert (counts["create"], counts["unchanged"], sum(counts.values())) == (0, 2, 2)
    assert people_now(cast.tongcheng) == ["余秉衡", "江望之"]
    assert {reasons(row) for row in rows_of(cast.tongcheng, second)} == {"核对以后已经有了，没有再写。"}


def test_two_counties_with_one_row_create_one_person_and_tell_whom_to_ask(cast):
    ours, theirs = brought(cast.tongcheng, csv(YU)), brought(cast.huaining, csv(YU, CHENG))
    actions.write_batch(cast.tongcheng, ours)
    counts = actions.write_batch(cast.huaining, theirs)
    assert (counts["create"], counts["conflict"]) == (1, 1)
    assert people_now(cast.bureau) == ["余秉衡", "程守默"]
    assert "由桐城市投资促进中心联系" in reasons(rows_of(cast.huaining, theirs)[0])


def test_who_became_known_with_more_to_add_is_added_to(cast):
    batch = brought(cast.tongcheng, csv(YU))
    somebody(cast.tongcheng, native_place="", residence="", organization="", title="")
    counts = actions.write_batch(cast.tongcheng, batch)
    person = person_named(cast.tongcheng, "余秉衡")
    assert (counts["update"], person.native_place, person.residence) == (1, "桐城市", "深圳")


def test_what_differs_from_somebody_who_became_known_is_a_conflict_that_nobody_looked_at(cast):
    batch = brought(cast.tongcheng, csv(YU))
    somebody(cast.tongcheng, residence="东莞")
    counts = actions.write_batch(cast.tongcheng, batch)
    assert (counts["conflict"], counts["create"], counts["update"]) == (1, 0, 0)
    assert person_named(cast.tongcheng, "余秉衡").residence == "东莞"


def test_an_edit_between_check_and_write_is_not_written_over(cast):
    person = somebody(cast.tongcheng, title="总经理", residence="上海")
    batch = brought(cast.tongcheng, csv(YU))
    assert rows_of(cast.tongcheng, batch)[0].changes["city"] == ["上海", "深圳"]
    actions.edit_person(cast.tongcheng, person, version=person.version, residence="北京")
    counts = actions.write_batch(cast.tongcheng, batch)
    assert counts["conflict"] == 1
    assert person_named(cast.tongcheng, "余秉衡").residence == "北京"
    assert "别人改过" in reasons(rows_of(cast.tongcheng, batch)[0])


def test_an_update_raises_the_version_so_that_an_open_form_is_not_saved_over_it(cast):
    person = somebody(cast.tongcheng, title="总经理", residence="上海")
    version = person.version
    actions.write_batch(cast.tongcheng, brought(cast.tongcheng, csv(YU)))
    db.session.expire_all()
    again = person_named(cast.tongcheng, "余秉衡")
    assert again.residence == "深圳"
    with pytest.raises(Stale, match="别人已经改过"):
        actions.edit_person(cast.tongcheng, again, version=version, residence="上海")


def test_a_row_that_became_impossible_is_left_out_and_the_good_ones_are_kept(cast):
    """A phone that another county's person holds by now, beside one that is ours."""
    somebody(cast.tongcheng)
    wide = (*YU[:3], "19900000417/19900000888", *YU[4:])
    batch = brought(cast.tongcheng, csv(wide, JIANG))
    assert outcomes(cast.tongcheng, batch) == ["update", "create"]
    somebody(cast.huaining, "操守一", phone="19900000888", organization="")
    counts = actions.write_batch(cast.tongcheng, batch)
    assert (counts["conflict"], counts["create"], batch.state) == (1, 1, BatchState.DONE)
    assert people_now(cast.tongcheng) == ["余秉衡", "江望之"]
    assert "由怀宁县投资促进中心联系" in reasons(rows_of(cast.tongcheng, batch)[0])
    assert all(row.fields == {} and row.changes == {} for row in rows_of(cast.tongcheng, batch))


def test_somebody_who_left_our_scope_is_neither_changed_nor_made_again(cast):
    person = somebody(cast.tongcheng, title="总经理", residence="上海")
    batch = brought(cast.tongcheng, csv((YU[0], YU[1], YU[2], "", "", "", YU[6])))
    assert outcomes(cast.tongcheng, batch) == ["update"]
    move(person, cast.huaining.unit_id)
    counts = actions.write_batch(cast.tongcheng, batch)
    assert (counts["error"], counts["create"]) == (1, 0)
    assert "不在您负责的范围内" in reasons(rows_of(cast.tongcheng, batch)[0])


def test_a_row_that_the_database_itself_refuses_is_an_error_of_that_row_alone(cast):
    _refuse_in_the_database("江望之")
    batch = brought(cast.tongcheng, csv(YU, JIANG, CHENG))
    counts = actions.write_batch(cast.tongcheng, batch)
    assert (counts["create"], counts["error"], batch.state) == (2, 1, BatchState.DONE)
    assert people_now(cast.tongcheng) == ["余秉衡", "程守默"]
    assert [row.outcome.value for row in rows_of(cast.tongcheng, batch)] == ["create", "error", "create"]
    assert "请核对这一行的内容" in reasons(rows_of(cast.tongcheng, batch)[1])
    firms = [
        row.organization.name for row in queries.page_of_organizations(cast.bureau, queries.BodyFilters())
    ]
    assert firms == ["深圳市望岳精密科技有限公司", "上海市独秀电子有限公司"]


def _refuse_in_the_database(name):
    if is_sqlite():
        db.session.execute(sa.text(
            f"CREATE TRIGGER no_such BEFORE INSERT ON person WHEN NEW.name = '{name}' "
            "BEGIN SELECT RAISE(ABORT, 'no such person'); END"
        ).execution_options(scope="house: a test arranges"))  # fmt: skip
    else:
        db.session.execute(sa.text(f"ALTER TABLE person ADD CONSTRAINT no_such CHECK (name <> '{name}')"))


def test_long_names_of_firms_that_begin_alike_are_one_firm_and_no_fault(cast):
    firm = "东莞市" + "皖江" * 60
    rows = [
        (f"江{one}之", f"{firm}{one}", "经理", f"1990000002{n}", "", "", "") for n, one in enumerate("望清")
    ]
    counts = actions.write_batch(cast.tongcheng, brought(cast.tongcheng, csv(*rows)))
    assert counts["create"] == 2


def test_rows_of_one_file_that_mean_one_person_are_told_whatever_the_portions_are(cast, monkeypatch):
    """The portions of a write must not decide who is whom."""
    other = ("江清岚", "东莞市皖江新材料有限公司", "经理", "19900000001", "", "", "")
    same = ("江望之", "东莞市皖江新材料有限公司", "董事", "19900000001", "", "怀宁县", "东莞")
    more = (
        "余秉衡",
        "深圳市望岳精密科技有限公司",
        "总经理",
        "19900000417",
        "yu@example.cn",
        "桐城市",
        "深圳",
    )
    content = csv(YU, JIANG, other, same, more)
    first = brought(cast.tongcheng, content)
    assert outcomes(cast.tongcheng, first) == ["create", "create", "conflict", "unchanged", "conflict"]
    told = [reasons(row) for row in rows_of(cast.tongcheng, first)]
    assert told[2:] == ["手机与第3行相同，姓名不同。", "与第3行是同一人。", "与第2行是同一人。"]
    monkeypatch.setattr(writing, "CHUNK", 1)
    rows = rows_of(cast.tongcheng, first)
    actions.decide_row(cast.tongcheng, first, rows[2], take="separate")
    actions.decide_row(cast.tongcheng, first, rows[4], take="new")
    counts = actions.write_batch(cast.tongcheng, first)
    assert counts == {"create": 3, "update": 1, "unchanged": 1, "conflict": 0, "error": 0}
    numbers = {
        name: len(queries.person_parts(cast.tongcheng, person_named(cast.tongcheng, name)).contacts)
        for name in ("余秉衡", "江望之", "江清岚")
    }
    assert numbers == {"余秉衡": 2, "江望之": 2, "江清岚": 0}


def test_a_suspected_double_takes_the_files_number_when_that_is_decided(cast):
    somebody(cast.tongcheng, title="总经理", residence="深圳")
    batch = brought(cast.tongcheng, csv((*YU[:3], "19900000888", *YU[4:])))
    row = rows_of(cast.tongcheng, batch)[0]
    assert (row.outcome.value, row.doubt) == ("conflict", "suspect")
    actions.decide_row(cast.tongcheng, batch, row, take="new")
    assert actions.write_batch(cast.tongcheng, batch)["update"] == 1
    contacts = queries.person_parts(cast.tongcheng, person_named(cast.tongcheng, "余秉衡")).contacts
    assert [str(contact.value) for contact in contacts] == ["199****0417", "199****0888"]


def test_a_shared_mail_address_is_written_once_and_said(cast):
    rows = [(*YU[:4], "office@example.cn", *YU[5:]), (*CHENG[:4], "office@example.cn", *CHENG[5:])]
    batch = brought(cast.tongcheng, csv(*rows))
    assert outcomes(cast.tongcheng, batch) == ["create", "create"]
    assert reasons(rows_of(cast.tongcheng, batch)[1]) == "邮箱已记在“余秉衡”名下，没有再记。"
    actions.write_batch(cast.tongcheng, batch)
    assert len(queries.person_parts(cast.tongcheng, person_named(cast.tongcheng, "程守默")).contacts) == 1


def test_a_batch_cut_off_between_portions_goes_on_to_the_same_end(cast, monkeypatch):
    """The process dies after the third portion; another goes on. Nothing is lost, nothing doubled."""
    monkeypatch.setattr(writing, "CHUNK", 10)
    somebody(cast.tongcheng, "江衡衡", phone="19900001000", organization="", title="", residence="")
    content = csv(*many(60), YU)
    batch = brought(cast.tongcheng, content)
    with pytest.raises(KeyboardInterrupt):
        _write_portions(cast.tongcheng, batch, 3)
    assert batch.state == BatchState.WRITING
    counts = actions.write_batch(cast.tongcheng, batch)
    assert sum(counts.values()) == 61
    assert len(people_now(cast.tongcheng)) == 61
    assert len(set(everything()["contact_point"])) == 61


def _write_portions(actor, batch, count):
    left = [count]
    write = writing._Writer._write

    def some(self, waiting):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        write(self, waiting)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing._Writer, "_write", some)
        actions.write_batch(actor, batch)


def test_a_half_written_batch_can_be_closed_and_its_values_are_wiped(cast, monkeypatch):
    monkeypatch.setattr(writing, "CHUNK", 10)
    batch = brought(cast.tongcheng, csv(*many(30)))
    with pytest.raises(KeyboardInterrupt):
        _write_portions(cast.tongcheng, batch, 1)
    db.session.rollback()
    counts = actions.close_batch(cast.tongcheng, batch)
    assert (counts["create"], counts["error"], sum(counts.values())) == (10, 20, 30)
    assert (batch.state, kept.file_of(cast.tongcheng, batch)) == (BatchState.DONE, None)
    assert all(row.fields == {} for row in rows_of(cast.tongcheng, batch))
    assert "没有写完就关闭了" in reasons(rows_of(cast.tongcheng, batch)[-1])
    with pytest.raises(NotPossible):
        actions.write_batch(cast.tongcheng, batch)


def test_source_and_lawful_basis_stand_on_every_record(cast):
    from yishang_crm.people.bringing import About
    from yishang_crm.people.models import LawfulBasis

    somebody(cast.tongcheng, title="", residence="")
    about = About(source="上海安庆商会 2026版", lawful_basis=LawfulBasis.CONSENT)
    actions.write_batch(cast.tongcheng, brought(cast.tongcheng, csv(YU, JIANG), about=about))
    db.session.expire_all()
    new, old = person_named(cast.tongcheng, "江望之"), person_named(cast.tongcheng, "余秉衡")
    assert (new.source, new.lawful_basis) == ("上海安庆商会 2026版", LawfulBasis.CONSENT)
    assert old.source == "上海安庆商会 2026版"


def test_the_trail_of_an_update_stands_on_the_person_with_old_and_new(cast):
    from sqlmodel import select

    from tests.people.imports.arranged import entries
    from yishang_crm.core.audit import AuditValue
    from yishang_crm.core.scope import unscoped_for

    person = somebody(cast.tongcheng, title="总经理", residence="上海", source="旧册")
    actions.write_batch(cast.tongcheng, brought(cast.tongcheng, csv(YU)))
    entry = entries("people.update_from_file")[0]
    values = select(AuditValue).where(
        AuditValue.entry_id == entry.id, AuditValue.row == f"person:{person.id}"
    )
    told = db.session.scalars(unscoped_for("a test looks", values)).one()
    assert (entry.about, told.changes) == (f"person:{person.id}", {"residence": ["上海", "深圳"]})


def test_whose_file_changed_somebody_last_is_told_to_who_edits_them_meanwhile(cast):
    person = somebody(cast.tongcheng, title="总经理", residence="上海")
    batch = brought(cast.bureau, csv(YU))

    def edited_by_hand():
        db.session.expire_all()
        actions.edit_person(cast.tongcheng, person, version=person.version, note=f"{person.version}")
        return queries.last_saved(person)[0]

    assert edited_by_hand() == cast.tongcheng.name
    actions.write_batch(cast.bureau, batch)
    assert queries.last_saved(person)[0] == cast.bureau.name
    assert edited_by_hand() == cast.tongcheng.name
    actions.undo_batch(cast.bureau, batch)
    assert queries.last_saved(person)[0] == cast.bureau.name


def test_who_may_not_import_may_do_none_of_it(cast):
    batch = brought(cast.tongcheng, csv(YU))
    for deed in (actions.write_batch, actions.close_batch, actions.discard_batch, actions.undo_batch):
        with pytest.raises(Refused):
            deed(cast.leader, batch)
    assert people_now(cast.bureau) == []
