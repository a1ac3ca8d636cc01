"""In by a personal link and six digits: opening changes nothing, a code opens once, and guessing is stopped."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa
import time_machine

from tests.cast import signed_in
from tests.network.arranged import arranging
from yishang_crm.accounts import actions as accounts
from yishang_crm.accounts import queries as users
from yishang_crm.accounts.models import SignIn
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.network import actions, links, queries
from yishang_crm.outbox import registry
from yishang_crm.outbox.models import Message


@pytest.fixture
def address(app, world, cast):
    """The personal link of the ambassador, as a path."""
    with arranging(app):
        appointment = queries.appointment(cast.tongcheng, world.mine.appointment)
        link = actions.issue_link(cast.tongcheng, appointment, user=users.user_by_login("ambassador"))
        return links.address_of(link).partition("5000")[2]


def told(app, cast, login="ambassador"):
    """A code told on the phone."""
    with arranging(app):
        link = queries.link_of(cast.tongcheng, users.user_by_login(login))
        return actions.give_code(cast.tongcheng, link)


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def sign_ins(app):
    with app.app_context():
        counting = sa.select(sa.func.count()).select_from(SignIn)
        return db.session.scalar(unscoped_for("test", counting))


def test_opening_asks_for_the_code_and_changes_nothing(client, app, address, count_queries):
    with count_queries() as counted:
        page = client.get(address)
    assert page.status_code == 200
    assert "程守默" not in page.text
    assert sign_ins(app) == 0
    assert [statement for statement in counted.statements if not statement.startswith("SELECT")] == []
    assert client.get("/portal").status_code == 302


def test_a_told_code_opens_for_ninety_days(client, app, address, cast):
    code = told(app, cast)
    answer = client.post(address, data={"code": f"{code[:3]} {code[3:]}"})
    assert answer.headers["Location"] == "/portal"
    assert "程会长" in client.get("/portal").text
    assert client.get(address).headers["Location"] == "/portal"
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=89), tick=False):
        assert client.get("/portal").status_code == 200
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=91), tick=False):
        assert client.get("/portal").status_code == 302


def test_a_code_opens_once(client, app, address, cast):
    code = told(app, cast)
    assert client.post(address, data={"code": code}).status_code == 303
    assert app.test_client().post(address, data={"code": code}).status_code == 422


def test_a_code_is_over_after_half_an_hour_and_by_the_next(client, app, address, cast):
    first = told(app, cast)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31), tick=False):
        assert client.post(address, data={"code": first}).status_code == 422
    second = told(app, cast)
    assert client.post(address, data={"code": first}).status_code == 422
    assert client.post(address, data={"code": second}).status_code == 303


def test_without_a_code_asked_for_nothing_opens(client, app, address, cast):
    with app.app_context():
        never_given = links.code_of(queries.link_of(cast.tongcheng, users.user_by_login("ambassador")))
    assert client.post(address, data={"code": never_given}).status_code == 422


def test_five_wrong_codes_close_the_door_from_whatever_address(app, address, cast):
    code = told(app, cast)
    for one in range(5):
        answer = app.test_client().post(
            address, data={"code": wrong(code)}, headers={"X-Forwarded-For": f"203.0.113.{one}"}
        )
        assert answer.status_code == 422
    assert app.test_client().post(address, data={"code": code}).status_code == 429
    assert sign_ins(app) == 0


def test_the_code_by_mail_goes_to_the_own_address_and_rests_nowhere(client, app, address, cast):
    assert client.post(f"{address}/code").status_code == 303
    with app.app_context():
        (letter,) = db.session.scalars(unscoped_for("test", sa.select(Message))).all()
        assert str(letter.address) == "a***@example.com"
        assert re.search(r"\d{6}", letter.body_text) is None
        values = registry.filler_of(letter.about)(registry.id_of(letter.about))
    assert client.post(address, data={"code": values["portal_code"]}).status_code == 303


def test_a_link_floods_nobodys_mailbox(client, address):
    assert [client.post(f"{address}/code").status_code for _time in range(4)] == [303, 303, 303, 429]


def test_a_token_changed_by_a_letter_opens_nothing(client, address):
    last = "0" if address[-1] != "0" else "1"
    for token in (address[:-1] + last, "/portal/enter/1", "/portal/enter/99999-abc", "/portal/enter/一-二"):
        assert client.get(token).status_code == 404
        assert client.post(token, data={"code": "123456"}).status_code == 404


def test_another_ones_code_does_not_fit(client, app, address, world, cast):
    with arranging(app):
        appointment = queries.appointment(cast.huaining, world.theirs.appointment)
        link = actions.issue_link(cast.huaining, appointment, user=users.user_by_login("partner"))
        code = actions.give_code(cast.huaining, link)
    assert client.post(address, data={"code": code}).status_code == 422


def test_withdrawn_it_opens_nothing_and_whoever_was_in_is_out(client, app, address, world, cast):
    client.post(address, data={"code": told(app, cast)})
    staff = signed_in(app.test_client(), "tongcheng")
    assert staff.post(f"/network/{world.mine.appointment}/link/withdrawal").status_code == 303
    assert client.get("/portal").status_code == 302
    assert client.get(address).status_code == 404
    assert staff.post(f"/network/{world.mine.appointment}/link/code").status_code == 409
    fresh = staff.post(f"/network/{world.mine.appointment}/link").text
    assert address not in fresh
    assert "/portal/enter/" in fresh


def test_a_disabled_account_opens_nothing(client, app, address, cast):
    code = told(app, cast)
    with arranging(app):
        accounts.disable_user(cast.admin, users.user_by_login("ambassador"))
    assert client.get(address).status_code == 404
    assert client.post(address, data={"code": code}).status_code == 404


def test_a_one_time_password_is_void_once_the_link_was_used(client, app, address, cast):
    with arranging(app):
        user = users.user_by_login("ambassador")
        from yishang_crm.accounts import passwords

        accounts.give_password(cast.admin, user, password_hash=passwords.hashed("abcd-efgh-jkmn"))
    client.post(address, data={"code": told(app, cast)})
    assert client.get("/portal").status_code == 200
    other = app.test_client()
    assert other.post("/login", data={"login": "ambassador", "password": "abcd-efgh-jkmn"}).status_code == 422


def test_another_unit_hands_out_no_codes(app, address, world, cast):
    """Whoever gives codes could come in as the partner."""
    from yishang_crm.core.errors import NotPossible

    with arranging(app):
        link = queries.link_of(cast.tongcheng, users.user_by_login("ambassador"))
        with pytest.raises(NotPossible, match="别的单位"):
            actions.give_code(cast.huaining, link)
