"""An import is taken back: every row as it was, but for what was edited since, which is listed (S31)."""

import contextlib
import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.followup.arranged import log
from tests.people.arranged import somebody
from tests.people.imports.arranged import (
    CHENG,
    HEADS,
    JIANG,
    YU,
    brought,
    csv,
    entries,
    everything,
    many,
    move,
    people_now,
    person_named,
    rows_of,
)
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now, standing_at
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.people import actions, jobs, queries, uses
from yishang_crm.people.actions.imports import undoing
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import Readers
from yishang_crm.people.models import ContactState, Person
from yishang_crm.people.models.brought import BatchState
from yishang_crm.people.queries import imports as kept
from yishang_crm.people.queries import undo
from yishang_crm.people.words import in_chinese

pytestmark = pytest.mark.usefixtures("indoors")


def written(actor, *rows):
    batch = brought(actor, csv(*rows))
    actions.write_batch(actor, batch)
    db.session.expire_all()
    return batch


def left(actor, batch):
    return {row.row: [in_chinese(one) for one in row.left] for row in rows_of(actor, batch) if row.left}


def test_creations_and_updates_are_taken_back_to_the_byte(cast):
    somebody(cast.tongcheng, title="董事", residence="上海", native_place="", source="")
    before = everything()
    batch = written(
        cast.tongcheng, (*YU[:3], "19900000417/19900000888", "yu@example.cn", *YU[5:]), JIANG, CHENG
    )
    assert everything() != before
    assert actions.undo_batch(cast.tongcheng, batch) == {"undone": 3, "kept": 0}
    assert everything() == before
    assert batch.state == BatchState.UNDONE
    assert list(kept.images(cast.tongcheng, batch)) == []


def test_a_field_edited_since_is_left_and_listed_and_the_others_go_back(cast):
    somebody(cast.tongcheng, title="总经理", residence="上海", native_place="")
    batch = written(cast.tongcheng, YU)
    person = person_named(cast.tongcheng, "余秉衡")
    actions.edit_person(cast.tongcheng, person, version=person.version, residence="北京")
    actions.undo_batch(cast.tongcheng, batch)
    db.session.expire_all()
    person = person_named(cast.tongcheng, "余秉衡")
    assert (person.residence, person.native_place) == ("北京", "")
    assert left(cast.tongcheng, batch) == {2: ["导入以后改过，留着：常驻"]}


def test_a_number_that_was_marked_since_stays(cast):
    somebody(cast.tongcheng, title="总经理", residence="深圳")
    batch = written(cast.tongcheng, (*YU[:3], "19900000417/19900000888", *YU[4:]))
    person = person_named(cast.tongcheng, "余秉衡")
    contact = queries.person_parts(cast.tongcheng, person).contacts[1]
    actions.mark_contact(cast.tongcheng, contact, state=ContactState.WRONG)
    actions.undo_batch(cast.tongcheng, batch)
    assert len(queries.person_parts(cast.tongcheng, person).contacts) == 2
    assert left(cast.tongcheng, batch) == {2: ["导入以后改过，留着：联系方式"]}


def test_somebody_the_file_brought_and_a_colleague_edited_stays(cast):
    batch = written(cast.tongcheng, YU, JIANG)
    actions.confirm(cast.tongcheng, person_named(cast.tongcheng, "余秉衡"))
    assert actions.undo_batch(cast.tongcheng, batch) == {"undone": 1, "kept": 1}
    assert people_now(cast.tongcheng) == ["余秉衡"]
    assert left(cast.tongcheng, batch) == {2: ["导入以后有人改过，留着"]}


def test_who_got_a_contact_log_meanwhile_stays_and_is_listed(cast):
    batch = written(cast.tongcheng, YU, JIANG)
    log(cast.tongcheng, person_named(cast.tongcheng, "江望之"), text="谈新厂选址")
    told = undo.preview(cast.tongcheng, batch)
    assert (told.taken_off, told.put_back, told.kept) == (1, 0, 1)
    actions.undo_batch(cast.tongcheng, batch)
    assert people_now(cast.tongcheng) == ["江望之"]
    assert left(cast.tongcheng, batch) == {3: ["已有联络记录或待办，留着"]}


def test_who_was_invited_meanwhile_stays(cast):
    from tests.conference.arranged import a_guest, an_edition

    batch = written(cast.tongcheng, JIANG)
    a_guest(cast.tongcheng, an_edition(cast.organizer), person_named(cast.tongcheng, "江望之"))
    actions.undo_batch(cast.tongcheng, batch)
    assert people_now(cast.tongcheng) == ["江望之"]
    assert "在大会名单上，留着" in left(cast.tongcheng, batch)[2]


def test_who_was_tagged_or_frozen_on_a_list_meanwhile_stays(cast):
    batch = written(cast.tongcheng, YU, JIANG)
    tag = actions.add_tag(cast.tongcheng, name="常客")
    yu = person_named(cast.tongcheng, "余秉衡")
    actions.set_cell_tags(cast.tongcheng, yu, tag_ids=[tag.id], was=[])
    actions.freeze(cast.tongcheng, name="报签", why="试", readers=Readers.OWN, filters=Filters(q="江望之"))
    actions.undo_batch(cast.tongcheng, batch)
    assert people_now(cast.tongcheng) == ["余秉衡", "江望之"]
    assert left(cast.tongcheng, batch) == {2: ["有人打过标签，留着"], 3: ["在留存的快照里，留着"]}


def test_the_clock_that_the_night_starts_goes_with_the_person(cast):
    from yishang_crm.followup import jobs as followup

    batch = written(cast.tongcheng, JIANG)
    followup.begin_clocks()
    assert actions.undo_batch(cast.tongcheng, batch) == {"undone": 1, "kept": 0}
    assert people_now(cast.tongcheng) == []


def test_a_key_that_no_room_told_of_keeps_the_person_all_the_same(cast, monkeypatch):
    batch = written(cast.tongcheng, YU, JIANG)
    log(cast.tongcheng, person_named(cast.tongcheng, "江望之"), text="谈新厂选址")
    monkeypatch.setattr(uses, "_uses", [])
    assert actions.undo_batch(cast.tongcheng, batch) == {"undone": 1, "kept": 1}
    assert left(cast.tongcheng, batch) == {3: ["正有别的记录指着他，留着"]}


def test_somebody_out_of_scope_meanwhile_is_neither_touched_nor_named(cast):
    batch = written(cast.tongcheng, JIANG)
    move(person_named(cast.tongcheng, "江望之"), cast.huaining.unit_id)
    assert undo.preview(cast.tongcheng, batch).listed[0][0] is None
    actions.undo_batch(cast.tongcheng, batch)
    assert people_now(cast.huaining) == ["江望之"]
    assert left(cast.tongcheng, batch) == {2: ["此人已不在您负责的范围内，没有动"]}


def test_a_firm_that_others_work_for_meanwhile_stays(cast):
    batch = written(cast.tongcheng, JIANG)
    somebody(cast.huaining, "操守一", phone="19900000888", organization=JIANG[1])
    actions.undo_batch(cast.tongcheng, batch)
    assert [
        row.organization.name
        for row in queries.page_of_organizations(cast.bureau, queries.BodyFilters(q="皖江"))
    ] == [JIANG[1]]


def test_the_number_of_somebody_taken_off_is_nobody_elses(cast):
    batch = written(cast.tongcheng, JIANG)
    number = person_named(cast.tongcheng, "江望之").id
    actions.undo_batch(cast.tongcheng, batch)
    assert somebody(cast.tongcheng).id > number


def test_an_undo_cut_off_goes_on_to_the_same_end(cast, monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 5)
    before = everything()
    batch = written(cast.tongcheng, *many(22))
    portions = iter([None, None])
    put_back = undoing._undo

    def some(*args):
        next(portions)
        put_back(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(undoing, "_undo", some)
        with pytest.raises(StopIteration):
            actions.undo_batch(cast.tongcheng, batch)
    assert (batch.state, len(people_now(cast.tongcheng))) == (BatchState.UNDOING, 12)
    assert kept.progress(cast.tongcheng, batch) == (10, 22)
    actions.undo_batch(cast.tongcheng, batch)
    assert everything() == before


def test_it_is_one_bulk_action_in_the_trail(cast):
    somebody(cast.tongcheng, title="总经理", residence="上海")
    batch = written(cast.tongcheng, YU, JIANG)
    actions.undo_batch(cast.tongcheng, batch)
    verbs = ("people.undo_import.opened", "people.undo_import", "people.put_back")
    assert [len(entries(verb)) for verb in verbs] == [1, 1, 1]
    assert entries("people.undo_import")[0].about == f"import_batch:{batch.id}"


def test_images_are_encrypted_and_open_only_inside_a_deed(cast):
    somebody(cast.tongcheng, title="总经理", residence="上海")
    batch = written(cast.tongcheng, YU)
    image = next(image for image in kept.images(cast.tongcheng, batch) if image.before)
    assert "上海" not in str(image.before)
    raw = (
        db.session.connection()
        .exec_driver_sql(
            "SELECT before FROM import_image WHERE before IS NOT NULL",
            execution_options={"scope": "house: a test looks"},
        )
        .scalar()
    )
    assert "上海".encode() not in bytes(raw)
    assert json.dumps("上海").encode() not in bytes(raw)


def test_after_thirty_days_it_cannot_be_undone_and_the_images_are_gone(cast):
    batch = written(cast.tongcheng, YU)
    with standing_at(now() + dt.timedelta(days=31)):
        with pytest.raises(NotPossible, match="30天"):
            actions.undo_batch(cast.tongcheng, batch)
        assert jobs.forget_imports()["images"] == 1
    db.session.expire_all()
    batch = queries.batch(cast.tongcheng, batch.id)
    assert list(kept.images(HOUSE, batch)) == []
    assert (batch.undo_until(), rows_of(cast.tongcheng, batch)[0].row) == (None, 2)


def test_an_undone_batch_is_not_undone_again(cast):
    batch = written(cast.tongcheng, YU)
    actions.undo_batch(cast.tongcheng, batch)
    with pytest.raises(NotPossible, match="已经撤销过"):
        actions.undo_batch(cast.tongcheng, batch)


PLACES = st.sampled_from(["", "深圳", "上海", "东莞"])
TITLES = st.sampled_from(["", "董事长", "总经理"])
PHONES = st.sampled_from(["19900000417", "19900000417/19900000888", "19900000417、19900000889"])
ROWS = st.lists(st.tuples(st.integers(0, 5), TITLES, PLACES, st.booleans()), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=ROWS, file=ROWS, edited=st.sets(st.integers(0, 5)))
def test_whatever_was_there_and_whatever_was_brought_comes_back_but_for_later_edits(cast, held, file, edited):
    """Some are known, some are not; some of both are edited after the import."""
    with taken_back():
        for number, title, place, _more in {row[0]: row for row in held}.values():
            somebody(cast.tongcheng, f"江{'衡岳望清岚秉'[number]}", phone=f"1990000100{number}", title=title or "经理",
                     residence=place, native_place="")  # fmt: skip
        before = everything()
        content = "\n".join(",".join(row) for row in (HEADS, *(_row(*one) for one in file))).encode()
        batch = brought(cast.tongcheng, content)
        actions.write_batch(cast.tongcheng, batch)
        db.session.expire_all()
        touched = [f"江{'衡岳望清岚秉'[number]}" for number in sorted(edited)]
        for name in [name for name in touched if name in people_now(cast.tongcheng)]:
            person = person_named(cast.tongcheng, name)
            actions.edit_person(
                cast.tongcheng, person, version=person.version, industry="新材料", note="改过"
            )
        actions.undo_batch(cast.tongcheng, batch)
        db.session.expire_all()
        after = everything()
        untouched = _without(before, touched), _without(after, touched)
        assert untouched[0] == untouched[1]
        for name in touched:
            # Somebody who was there keeps the edit and gets everything else back; somebody new and edited stays.
            rows = [row for row in after["person"] if row[1] == name]
            assert [row for row in before["person"] if row[1] == name] == [] or len(rows) == 1
            assert all("新材料" in row for row in rows)


@contextlib.contextmanager
def taken_back():
    """Whatever an example writes is gone before the next."""
    nested = db.sessionmaker.kw["bind"].begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        db.session.expunge_all()
        nested.rollback()


def _row(number, title, place, more):
    name = f"江{'衡岳望清岚秉'[number]}"
    phone = f"1990000100{number}" + (f"/1990000200{number}" if more else "")
    return (name, "深圳市望岳精密科技有限公司", title, phone, "", "桐城市" if more else "", place)


def _without(lying, names):
    gone = {row[0] for row in lying["person"] if row[1] in names}
    people = {row[0] for row in lying["person"]} - gone
    by_person = {"contact_point": 1, "position": 1, "stewardship": 1, "person": 0}
    return {table: [row for row in lying[table] if row[at] in people] for table, at in by_person.items()}


def test_every_key_into_people_and_firms_has_somebody_who_tells_of_it(app):
    """A table of an upper room that points at a person is named by a use, so that an undo knows of it."""
    from sqlmodel import SQLModel

    told = {table for use in uses.uses() for table in use.tables}
    pointing = {
        table.name
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in ("person", "organization")
    }
    own = {"contact_point", "position", "stewardship", "organization"}
    assert pointing - own - told == set()
    assert Person.__tablename__ not in told
