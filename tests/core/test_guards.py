"""Rules 1 and 2: nothing is read without saying for whom, nothing changed outside an action."""

import pytest
import sqlalchemy as sa
from sqlmodel import select

from tests.cast import Cast
from yishang_crm.accounts import queries
from yishang_crm.accounts.models import SignIn, Unit, User
from yishang_crm.core.db import db, reset_mode, set_mode
from yishang_crm.core.scope import Unrecorded, Unscoped, WroteWhileReading

pytestmark = pytest.mark.usefixtures("indoors")

UNSCOPED_READS = {
    "a bare select": lambda: db.session.scalars(select(User)).all(),
    "get by id": lambda: db.session.get(User, 1),
    "single columns": lambda: db.session.execute(select(User.name)).all(),
    "a count": lambda: db.session.scalar(select(sa.func.count()).select_from(User)),
    "reached by a join": lambda: db.session.scalars(select(Unit).join(User, User.unit_id == Unit.id)).all(),
    "an exists inside": lambda: db.session.scalars(select(Unit).where(sa.exists().where(User.unit_id == Unit.id))).all(),
    "with_only_columns": lambda: db.session.execute(select(Unit).with_only_columns(User.name)).all(),
    "the bare table": lambda: db.session.execute(sa.select(User.__table__)).all(),
    "the session's connection": lambda: db.session.connection().execute(sa.select(User.__table__)).all(),
    "text": lambda: db.session.execute(sa.text("SELECT name FROM user_account")).all(),
    "driver sql": lambda: db.session.connection().exec_driver_sql('SELECT name FROM "user_account"').all(),
    "a subquery": lambda: db.session.execute(sa.select(sa.select(User.id).subquery().c.id)).all(),
}  # fmt: skip


@pytest.mark.parametrize("way", UNSCOPED_READS)
def test_a_guarded_table_is_not_read_without_an_actor(way):
    with pytest.raises(Unscoped):
        UNSCOPED_READS[way]()


HIDDEN = {
    "a quote in a comment": "SELECT /* ' */ name FROM user_account /* ' */",
    "a quote in a comment to the end of the line": "SELECT name -- '\nFROM user_account -- '\n",
    "a quote in a quoted name": "SELECT name AS \"it's\", '' FROM user_account",
    "a quote in a name between graves": "SELECT name AS `it's`, '' FROM user_account",
    "a quote in a name between brackets": "SELECT name AS [it's], '' FROM user_account",
    "a quote behind a backslash": "SELECT E'\\'' , name FROM user_account WHERE name = ''",
    "a quote between dollars": "SELECT $$ ' $$, name FROM user_account WHERE name <> $$ ' $$",
    "comments within comments": "SELECT /* /* */ ' */ name FROM user_account /* ' */",
}


@pytest.mark.parametrize("way", HIDDEN)
def test_no_quote_hides_the_name_of_a_table(way):
    """The databases differ in how they quote; what the guard cannot be sure of it looks at whole."""
    with pytest.raises(Unscoped):
        db.session.connection().exec_driver_sql(HIDDEN[way])


def test_the_name_of_a_table_in_a_value_is_no_table():
    said = db.session.connection().exec_driver_sql("SELECT 'user_account' || ' it''s ' AS \"said\"")
    assert said.scalar() == "user_account it's "


UNRECORDED_WRITES = {
    "a Core insert": lambda: db.session.execute(sa.insert(SignIn).values(user_id=1, secret_hash="x")),
    "an ORM insert": lambda: (db.session.add(SignIn(user_id=1, secret_hash="x")), db.session.flush()),
    "a bulk update": lambda: db.session.execute(sa.update(User).values(name="某某")),
    "a bulk delete": lambda: db.session.execute(sa.delete(User)),
    "a Core update of the table": lambda: db.session.execute(User.__table__.update().values(name="某某")),
    "text": lambda: db.session.execute(sa.text("UPDATE user_account SET name = 'x'")),
    "driver sql": lambda: db.session.connection().exec_driver_sql("DELETE FROM user_account"),
}


@pytest.mark.parametrize("way", UNRECORDED_WRITES)
def test_a_guarded_table_is_not_written_outside_an_action(way):
    with pytest.raises(Unrecorded):
        UNRECORDED_WRITES[way]()


def test_a_stray_assignment_is_refused(cast: Cast):
    user = queries.user(cast.admin, cast.tongcheng.id)
    user.name = "改了"
    with pytest.raises(Unrecorded):
        db.session.flush()


def test_a_page_that_only_reads_cannot_write_even_unguarded_rows():
    token = set_mode(writes=False)
    try:
        with pytest.raises(WroteWhileReading):
            db.session.execute(sa.update(Unit).values(short_name="x"))
    finally:
        reset_mode(token)


def test_a_scoped_query_reads_what_its_actor_may_see(cast: Cast):
    assert {user.login for user in queries.users(cast.tongcheng)} == {"tongcheng", "tongcheng2"}
    assert queries.user(cast.huaining, cast.tongcheng.id) is None
