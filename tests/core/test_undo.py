"""What was done to many at once can be taken back: rows put back as they were, save what was edited since."""

import contextlib
import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlmodel import select

from tests.core.hall import Hall, HallState
from tests.core.test_audit import entries, newest
from yishang_crm.core import undo
from yishang_crm.core.actor import Permission
from yishang_crm.core.audit import action
from yishang_crm.core.bulk import bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.core.known import Forgetting
from yishang_crm.core.scope import Unrecorded, Unscoped, unscoped_for
from yishang_crm.core.undo import Act, Image
from yishang_crm.core.undo import rules as known_rules

MAY = Permission.PEOPLE_WRITE
HIDDEN = "他处"


@pytest.fixture
def house(own_house):
    """Halls of which the actor may change all but those called 他处."""
    known = dict(known_rules._rules)
    followed: list[int] = []
    undo.may_be_undone(
        Hall,
        seen=lambda _actor, rows: {row["id"] for row in rows if row["name"] != HIDDEN},
        follow=lambda rows: followed.extend(row["id"] for row in rows),
    )
    own_house.followed = followed
    with own_house.app.app_context(), writing():
        yield own_house
    known_rules._rules.clear()
    known_rules._rules.update(known)


@pytest.fixture
def mei(house):
    from yishang_crm.accounts import actors

    return actors.of_login("tongcheng")


def halls(mei, *names: str) -> list[int]:
    with bulk(mei, MAY, "core.open") as work:
        return work.insert(Hall, [{"name": name, "opened_at": now()} for name in names])


def renamed(mei, ids: list[int], name: str) -> Act:
    with undo.taking_notes(mei, MAY, "core.rename", sentence="改名为%(name)s", name=name) as notes:
        notes.update(Hall, [{"id": one, "name": name, "state": HallState.TAKEN} for one in ids])
    return undo.recent_acts(mei)[0]


def standing() -> dict[int, Hall]:
    wanted = select(Hall).order_by(Hall.id).execution_options(populate_existing=True)
    return {hall.id: hall for hall in db.session.scalars(unscoped_for("a test looks", wanted))}


def rows(table: type) -> list[Any]:
    return list(db.session.scalars(unscoped_for("a test looks", select(table))).all())


@action(MAY)
def paint(actor, hall_id: int, **values: Any) -> None:
    hall = db.session.scalars(unscoped_for("a test looks", select(Hall).where(Hall.id == hall_id))).one()
    for name, value in values.items():
        setattr(hall, name, value)


def test_updated_rows_become_what_they_were(mei, house):
    ids = halls(mei, "一厅", "二厅")
    before = {hall_id: hall.model_dump() for hall_id, hall in standing().items()}
    act = renamed(mei, ids, "新厅")
    assert {hall.name for hall in standing().values()} == {"新厅"}
    what = undo.undo(mei, act)
    assert (what.restored, what.left) == (2, [])
    assert {hall_id: hall.model_dump() for hall_id, hall in standing().items()} == before
    assert sorted(house.followed) == ids


def test_what_was_inserted_goes_and_what_was_deleted_comes_back_with_its_id(mei):
    (kept,) = halls(mei, "旧厅")
    before = standing()[kept].model_dump()
    with undo.taking_notes(mei, MAY, "core.change", sentence="换厅") as notes:
        notes.delete(Hall, [kept])
        (fresh,) = notes.insert(Hall, [{"name": "新厅"}])
    assert set(standing()) == {fresh}
    assert undo.undo(mei, undo.recent_acts(mei)[0]).restored == 2
    assert {hall_id: hall.model_dump() for hall_id, hall in standing().items()} == {kept: before}


def test_a_field_that_was_edited_since_is_left_and_listed_the_others_go_back(mei):
    first, second = halls(mei, "一厅", "二厅")
    act = renamed(mei, [first, second], "新厅")
    paint(mei, first, name="别名")
    what = undo.undo(mei, act)
    assert what.left == [{"row": f"hall_of_the_tests:{first}", "why": "edited", "fields": ["name"]}]
    assert [(hall.name, hall.state) for hall in standing().values()] == [
        ("别名", HallState.WAITING),
        ("二厅", HallState.WAITING),
    ]
    db.session.expire_all()
    assert undo.own_act(mei, act.id).left == what.left


def test_what_is_gone_or_out_of_sight_is_left_and_listed(mei):
    gone, hidden, here = halls(mei, "一厅", "二厅", "三厅")
    act = renamed(mei, [gone, hidden, here], "新厅")
    with bulk(mei, MAY, "core.close") as work:
        work.delete(Hall, [gone])
    paint(mei, hidden, name=HIDDEN)
    what = undo.undo(mei, act)
    assert {(left["row"], left["why"]) for left in what.left} == {
        (f"hall_of_the_tests:{gone}", "gone"),
        (f"hall_of_the_tests:{hidden}", "hidden"),
    }
    assert (standing()[here].name, what.restored) == ("三厅", 1)


def test_a_row_whose_place_was_taken_meanwhile_does_not_come_back(mei):
    (old,) = halls(mei, "旧厅")
    with undo.taking_notes(mei, MAY, "core.close", sentence="关厅") as notes:
        notes.delete(Hall, [old])
    with bulk(mei, MAY, "core.open") as work:
        work.insert(Hall, [{"id": old, "name": "占了"}])
    what = undo.undo(mei, undo.recent_acts(mei)[0])
    assert standing()[old].name == "占了"
    assert (what.restored, what.left) == (0, [{"row": f"hall_of_the_tests:{old}", "why": "needed"}])


def test_an_act_that_was_cut_off_can_be_undone_and_an_undo_that_was_cut_off_goes_on(mei):
    ids = halls(mei, *(f"{n}厅" for n in range(4)))
    with (
        contextlib.suppress(ZeroDivisionError),
        undo.taking_notes(mei, MAY, "core.rename", sentence="改名") as notes,
    ):
        notes.update(Hall, [{"id": one, "name": "新厅"} for one in ids[:2]])
        notes.chunk_done()
        raise ZeroDivisionError
    db.session.rollback()
    act = undo.recent_acts(mei)[0]
    assert act.rows == 2
    paint(mei, ids[0], name="0厅")  # as a first undo had left it when the power went
    assert undo.undo(mei, act).restored == 2
    assert [hall.name for hall in standing().values()] == ["0厅", "1厅", "2厅", "3厅"]


def test_what_stands_so_already_is_no_change(mei):
    ids = halls(mei, "一厅")
    act = renamed(mei, ids, "新厅")
    again = renamed(mei, ids, "新厅")
    assert (act.rows, again.rows) == (1, 0)


def test_nothing_is_undone_twice_or_after_thirty_days_and_then_nothing_is_kept(mei):
    ids = halls(mei, "一厅", "二厅")
    with time_machine.travel(now() - dt.timedelta(days=31), tick=False):
        old = renamed(mei, ids[:1], "旧名")
    fresh = renamed(mei, ids[1:], "新名")
    undo.undo(mei, fresh)
    db.session.expire_all()
    with pytest.raises(NotPossible, match="已经撤销过"):
        undo.undo(mei, undo.own_act(mei, fresh.id))
    with pytest.raises(NotPossible, match="已超过30天"):
        undo.undo(mei, undo.own_act(mei, old.id))
    assert undo.forget_old() == 1
    assert {image.act_id for image in rows(Image)} == {fresh.id}
    assert undo.forget_old() == 0
    assert {act.id for act in rows(Act)} == {old.id, fresh.id}


def test_the_images_rest_encrypted(mei):
    (hall_id,) = halls(mei, "白鹿厅")
    renamed(mei, [hall_id], "新厅")
    raw = db.session.execute(
        unscoped_for("a test looks", sa.text("SELECT image FROM act_image"))
    ).scalar_one()
    assert "白鹿".encode() not in bytes(raw)
    assert "\\u767d" not in bytes(raw).decode("latin-1")


def test_rows_that_are_erased_take_their_images_along(mei):
    ids = halls(mei, "一厅", "二厅")
    renamed(mei, ids, "新厅")
    erasing(mei, Forgetting(ids[0], now(), words=["白鹿"]), f"{Hall.__tablename__}:{ids[0]}")
    assert [image.row_id for image in rows(Image)] == ids[1:]


def test_what_an_act_says_loses_the_words_of_who_is_erased(mei):
    renamed(mei, halls(mei, "一厅"), "白鹿老师的厅")
    renamed(mei, halls(mei, "二厅"), "新厅")
    forgetting = Forgetting(0, now(), words=["白鹿"])
    erasing(mei, forgetting, "hall:0")
    newest, first = undo.recent_acts(mei)
    assert (first.said["name"], newest.said["name"]) == ("某某老师的厅", "新厅")
    assert {row for row in forgetting.rows if row.startswith("act:")} == {f"act:{first.id}"}


@action(MAY)
def erasing(_actor, forgetting, *known_as):
    undo.forget_rows(forgetting, known_as)


def test_an_act_is_ones_own_and_needs_its_permission(mei, house):
    from yishang_crm.accounts import actors

    act = renamed(mei, halls(mei, "一厅"), "新厅")
    colleague, auditor = actors.of_login("tongcheng2"), actors.of_login("auditor")
    assert undo.own_act(colleague, act.id) is None
    with pytest.raises(Refused):
        undo.undo(auditor, act)
    with pytest.raises(Refused), undo.taking_notes(auditor, MAY, "core.x", sentence="x"):
        pass


def test_both_tables_are_guarded(mei):
    with pytest.raises(Unscoped):
        db.session.scalars(select(Image)).all()
    with pytest.raises(Unscoped):
        db.session.scalars(select(Act)).all()
    with pytest.raises(Unrecorded):
        db.session.execute(sa.insert(Act), [{"verb": "x"}])


def test_an_undo_leaves_its_own_entries(mei):
    act = renamed(mei, halls(mei, "一厅"), "新厅")
    before = newest()
    undo.undo(mei, act)
    told = entries(since=before)
    assert [entry.verb for entry in told] == [
        "core.undo.undo.opened",
        "core.undo.undo.chunk",
        "core.undo.undo.chunk",
        "core.undo.undo",
    ]
    assert {entry.about for entry in told} == {f"act:{act.id}"}


def test_a_table_whose_room_said_nothing_takes_no_notes(mei):
    with (
        pytest.raises(LookupError),
        undo.taking_notes(mei, MAY, "core.x", sentence="x") as notes,
    ):
        notes.insert(
            Act, [{"verb": "x", "sentence": "x", "permission": "x", "actor": "x", "actor_name": "x"}]
        )
