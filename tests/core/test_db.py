"""The pitfalls of SQLModel and of the two databases, each as it was once measured."""

import datetime as dt
import enum
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import g
from pydantic import ValidationError
from sqlmodel import SQLModel, select

from tests.cast import signed_in, unit_id
from tests.core.hall import Hall, HallState
from tests.core.test_bulk import hall, opened
from yishang_crm.accounts.models import Unit, UnitKind, User
from yishang_crm.core import db as ground
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import WroteWhileReading, unscoped_for
from yishang_crm.core.web import needs, two_step

# Values


@pytest.mark.parametrize(
    "wrong",
    [{"name": "厅" * 11}, {"taken": "many"}, {"state": "asleep"}, {"places": "x"}, {"opened_at": "soon"}],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_row_refuses_a_wrong_value_when_it_is_made_and_when_it_is_set(wrong):
    with pytest.raises(ValidationError):
        Hall(**({"name": "会堂"} | wrong))
    row = Hall(name="会堂")
    ((name, value),) = wrong.items()
    with pytest.raises(ValidationError):
        setattr(row, name, value)


def test_a_refused_value_does_not_stand_in_the_error():
    with pytest.raises(ValidationError) as refusal:
        Hall(name="19900000417的厅堂名字太长")
    assert "19900000417" not in str(refusal.value)


def test_a_failed_statement_does_not_tell_what_it_carried(indoors):
    with pytest.raises(sa.exc.DBAPIError) as fault:
        db.session.execute(sa.text("INSERT INTO nowhere (phone) VALUES (:phone)"), {"phone": "19900000417"})
    assert "19900000417" not in str(fault.value)


def test_every_table_stands_on_the_common_base(app):
    loose = [
        mapper.class_
        for mapper in SQLModel._sa_registry.mappers
        if not issubclass(mapper.class_, ground.Table)
    ]
    assert loose == []


def test_a_choice_is_stored_by_its_value_as_plain_text(own_house):
    hall_id = opened(own_house, state=HallState.TAKEN)
    with own_house.app.app_context():
        raw = sa.text("SELECT state FROM hall_of_the_tests").execution_options(scope="house: a test looks")
        assert db.session.execute(raw).scalars().all() == ["taken"]
        (column,) = [
            each for each in sa.inspect(db.engine).get_columns("hall_of_the_tests") if each["name"] == "state"
        ]
        assert isinstance(column["type"], sa.String)
        assert not isinstance(column["type"], sa.Enum)
    assert hall(own_house, hall_id).state is HallState.TAKEN


def test_every_enum_of_the_tables_is_stored_so(app):
    for table in SQLModel.metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.Enum):
                assert not column.type.native_enum, column
                assert issubclass(column.type.enum_class, enum.StrEnum), column
                assert column.type.enums == [item.value for item in column.type.enum_class], column


def test_a_moment_comes_back_aware_and_in_utc(own_house):
    moment = dt.datetime(2026, 9, 24, 16, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    hall_id = opened(own_house, opened_at=moment)
    found = hall(own_house, hall_id).opened_at
    assert (found, found.tzinfo) == (moment, dt.UTC)


def test_a_naive_moment_is_refused(own_house):
    with pytest.raises((sa.exc.StatementError, ValueError)):
        opened(own_house, opened_at=dt.datetime(2026, 9, 24, 16, 30))  # noqa: DTZ001 - that is the point


@pytest.mark.usefixtures("indoors")
def test_a_row_of_a_missing_parent_is_refused(cast):
    @action(Permission.HOUSEKEEPING)
    def orphan(actor):
        db.session.add(User(login="orphan", name="孤", role="desk", unit_id=987_654))
        db.session.flush()

    with pytest.raises(sa.exc.IntegrityError):
        orphan(HOUSE)


# Transactions


@action(Permission.HOUSEKEEPING)
def count_up(actor, hall_id):
    row = db.session.scalars(
        unscoped_for("a test counts", select(Hall).where(Hall.id == hall_id).with_for_update())
    ).one()
    row.taken += 1


def test_of_many_who_read_first_and_then_write_nobody_fails(own_house):
    """With a plain BEGIN 34 of 60 failed here, whatever the busy timeout."""
    hall_id = opened(own_house)
    together = threading.Barrier(4)

    def work(_):
        together.wait()
        for _ in range(15):
            with own_house.app.app_context(), writing():
                count_up(HOUSE, hall_id)
                db.session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert hall(own_house, hall_id).taken == 60


def test_sixty_posts_from_four_threads_all_succeed(own_house):
    """The same through pages: read who it is, read the row, write it, one commit."""
    client = signed_in(own_house.app.test_client(), "tongcheng")
    cookie, together = client.get_cookie("yishang").value, threading.Barrier(4)

    def knock(thread):
        mine = own_house.app.test_client()
        mine.set_cookie("yishang", cookie)
        together.wait()
        return [mine.post("/theme", data={"theme": ("dark", "light")[n % 2]}).status_code for n in range(15)]

    with ThreadPoolExecutor(4) as pool:
        statuses = [status for many in pool.map(knock, range(4)) for status in many]
    assert statuses == [303] * 60


@pytest.mark.parametrize(("fails", "status", "name"), [(True, 500, "桐城"), (False, 200, "改")])
def test_a_raise_forgets_the_work_and_a_return_keeps_it(app, client, monkeypatch, fails, status, name):
    @action(Permission.OWN_ACCOUNT)
    def rename(actor, row):
        row.short_name = "改"

    def work():
        rename(g.actor, db.session.get(Unit, unit_id("340881")))
        if fails:
            raise ZeroDivisionError
        return "done"

    monkeypatch.setitem(app.view_functions, "accounts.theme", needs(Permission.OWN_ACCOUNT)(work))
    assert signed_in(client, "tongcheng").post("/theme").status_code == status
    with app.app_context():
        assert db.session.get(Unit, unit_id("340881")).short_name == name


def test_a_view_of_two_steps_reads_before_it_writes(app, client, monkeypatch):
    seen = []

    @needs(Permission.OWN_ACCOUNT)
    @two_step
    def work():
        seen.append(ground.is_writing())
        ground.begin_writing()
        seen.append(ground.is_writing())
        return "done"

    monkeypatch.setitem(app.view_functions, "accounts.theme", work)
    assert signed_in(client, "tongcheng").post("/theme").status_code == 200
    assert (seen, ground.is_writing()) == ([False, True], False)


def test_what_begins_by_reading_ends_that_before_it_writes(own_house):
    """Otherwise the write would wait for a lock that its own reading transaction can never get."""
    with own_house.app.app_context():
        db.session.scalar(sa.select(sa.func.count()).select_from(Unit))
        assert db.session.in_transaction()
        with writing():
            assert not db.session.in_transaction()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE unit SET short_name = 'x'", "DELETE FROM unit", "INSERT INTO attempts (key, count) VALUES ('x', 1)",
        "  \n insert into attempts (key, count) values ('x', 1)", "WITH gone AS (SELECT 1) DELETE FROM unit",
    ],
)  # fmt: skip
def test_outside_of_writing_no_statement_writes(app, statement):
    with app.app_context(), pytest.raises(WroteWhileReading):
        db.session.execute(sa.text(statement))


def test_the_file_is_in_wal_with_foreign_keys_and_full_synchronous(own_house):
    with own_house.app.app_context():
        if not ground.is_sqlite():
            pytest.skip("SQLite alone has these")
        asked = ("journal_mode", "foreign_keys", "synchronous")
        said = [db.session.connection().exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
    assert said == ["wal", 1, 2]


def test_readers_go_on_while_somebody_writes(own_house):
    hall_id = opened(own_house)
    with own_house.app.app_context(), writing():
        count_up(HOUSE, hall_id)
        db.session.flush()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(lambda: hall(own_house, hall_id).taken).result(timeout=5) == 0
        db.session.commit()
    assert hall(own_house, hall_id).taken == 1


def test_each_context_has_a_session_of_its_own(app):
    with app.app_context():
        first = db.session
        with app.app_context():
            assert db.session is not first


def test_kinds_and_moments_of_the_cast_are_what_they_were(app, indoors):
    unit = db.session.get(Unit, unit_id("bureau"))
    assert unit.kind is UnitKind.BUREAU
    assert unit.confirmed_at <= now()


# What was deleted


def test_what_was_deleted_is_neither_in_the_file_nor_in_its_journal(tmp_path):
    path = tmp_path / "house.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    ground.prepare_engine(engine)
    mode = ground.set_mode(writes=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE page (said TEXT)")
        connection.exec_driver_sql("INSERT INTO page VALUES (?)", ("戴玉屏" * 9000,))
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM page")
    ground.reset_mode(mode)
    journal = tmp_path / "house.db-wal"
    assert "戴玉屏".encode() in path.read_bytes() + journal.read_bytes()
    ground.fold_journal(engine)
    assert ("戴玉屏".encode() in path.read_bytes(), journal.read_bytes()) == (False, b"")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 8000
    engine.dispose()
