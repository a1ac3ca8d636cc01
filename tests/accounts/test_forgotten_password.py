"""A forgotten password: the same answer for accounts that exist and those that do not, few tries, one use (S7, S8)."""

import datetime as dt
import re

import pytest
import time_machine
from sqlmodel import select

from tests.accounts.arranged import GOOD, arranging, enter, open_sign_ins, user
from tests.cast import signed_in
from yishang_crm.accounts import actions as accounts
from yishang_crm.accounts import jobs, links
from yishang_crm.accounts import queries as users
from yishang_crm.accounts.models import PasswordReset, Role
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db, writing
from yishang_crm.core.deed import Deed, doing
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.outbox import registry
from yishang_crm.outbox.models import Message, State

MORNING = dt.datetime(2026, 9, 21, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def with_mail(app):
    """汪澄 has an address."""
    with arranging(app), doing(Deed(HOUSE, "test.arrange")):
        user("tongcheng").email = Sealed("wangcheng@anqing.example")
        db.session.flush()


def letters(app) -> list[Message]:
    with arranging(app):
        jobs.answer_password_requests()
        return list(
            db.session.scalars(
                unscoped_for("test", select(Message).where(Message.purpose == "password"))
            ).all()
        )


def link_in(app, letter: Message) -> str:
    """The path the letter leads to, as the outbox fills it in when the letter leaves."""
    with app.app_context():
        filler = registry.filler_of(letter.about)
        return filler(registry.id_of(letter.about))["password_url"]


def path_of(app, letter: Message) -> str:
    return "/password/" + link_in(app, letter).rpartition("/")[2]


def ask(client, login="tongcheng", **options):
    return client.post("/password", data={"login": login}, **options)


def test_a_letter_with_a_link_is_written(app, client, with_mail):
    assert ask(client).location == "/password/asked"
    (letter,) = letters(app)
    assert (letter.recipient_name, letter.state, letter.is_sensitive) == ("汪澄", State.QUEUED, True)
    assert "[[password_url]]" in letter.body_text


def test_the_link_stands_nowhere_in_the_database(app, client, with_mail):
    ask(client)
    (letter,) = letters(app)
    token = path_of(app, letter).rpartition("/")[2]
    with app.app_context():
        reset = db.session.scalars(unscoped_for("test", select(PasswordReset))).one()
        stored = f"{letter.model_dump()} {reset.model_dump()}"
    assert token.partition("-")[2] not in stored


def test_the_answer_is_the_same_for_everybody(app, client, with_mail):
    answers = [
        ask(app.test_client(), login) for login in ("tongcheng", "huaining", "nosuchuser", "TONGCHENG")
    ]
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, "/password/asked")}
    assert len(letters(app)) == 2  # two were asked for by the one who has an address


def test_asking_costs_the_same_for_everybody(app, client, with_mail, count_queries):
    ask(client, "warm")
    counts = []
    for login in ("tongcheng", "nosuchuser"):
        with count_queries() as counted:
            ask(client, login)
        counts.append(counted.n)
    assert counts[0] == counts[1]


def test_the_link_sets_a_new_password_once_and_ends_every_sign_in(app, client, with_mail):
    signed_in(client, "tongcheng")
    stranger = app.test_client()
    ask(stranger)
    path = path_of(app, *letters(app))
    assert stranger.get(path).status_code == 200
    new = {"new": GOOD, "again": GOOD}
    assert stranger.post(path, data=new).location == "/login"
    assert client.get("/account").location.startswith("/login")
    assert open_sign_ins(app, "tongcheng") == 0
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, data=new).status_code == 404
    assert (enter(stranger, "tongcheng").status_code, enter(stranger, "tongcheng", GOOD).status_code) == (
        422,
        303,
    )


@pytest.mark.parametrize("change", ["role", "unit", "email", "disabled"])
def test_a_change_of_the_account_closes_the_link(app, cast, client, with_mail, change):
    """S7: what was sent before must not open what was changed since, not even after it is changed back."""
    ask(client)
    path = path_of(app, *letters(app))
    with app.app_context(), writing():
        user = users.user(cast.admin, cast.tongcheng.id)
        if change == "disabled":
            accounts.disable_user(cast.admin, user)
            accounts.enable_user(cast.admin, user)
        else:
            unit = users.unit_by_code("340822" if change == "unit" else "340881")
            role = Role.GROUP if change == "role" else Role.COUNTY
            email = "else@anqing.example" if change == "email" else None
            accounts.edit_user(
                cast.admin, user, version=user.version, name=user.name, role=role, unit=unit, email=email
            )
        db.session.commit()
    assert client.get(path).status_code == 404
    assert client.post(path, data={"new": GOOD, "again": GOOD}).status_code == 404


def test_looking_at_the_link_changes_nothing(app, client, with_mail):
    ask(client)
    path = path_of(app, *letters(app))
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    assert [client.head(path).status_code for _ in range(3)] == [200] * 3


def test_the_link_opens_for_half_an_hour(app, client, with_mail):
    with time_machine.travel(MORNING, tick=False) as clock:
        ask(client)
        path = path_of(app, *letters(app))
        clock.shift(dt.timedelta(minutes=29, seconds=59))
        assert client.get(path).status_code == 200
        clock.shift(dt.timedelta(seconds=1))
        assert client.get(path).status_code == 404
        assert client.post(path, data={"new": GOOD, "again": GOOD}).status_code == 404


def test_a_second_letter_closes_the_first_link(app, client, with_mail):
    ask(client)
    (first,) = letters(app)
    path = path_of(app, first)
    ask(client)
    letters(app)
    assert client.get(path).status_code == 404
    with app.app_context(), pytest.raises(NotPossible):
        registry.filler_of(first.about)(registry.id_of(first.about))


@pytest.mark.parametrize("change", [lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"), lambda t: t.partition("-")[0],
    lambda t: "9" * 30 + t, lambda t: "²" + t, lambda t: t + "0", lambda t: "x"])  # fmt: skip
def test_a_changed_link_opens_nothing(app, client, with_mail, change):
    ask(client)
    token = path_of(app, *letters(app)).rpartition("/")[2]
    assert client.get(f"/password/{change(token)}").status_code == 404


def test_the_link_is_never_built_on_what_the_caller_says(app, client, with_mail, settings, monkeypatch):
    monkeypatch.setattr(settings, "public_url", "https://crm.example.gov.cn")
    ask(client, headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"})
    (letter,) = letters(app)
    assert link_in(app, letter).startswith("https://crm.example.gov.cn/password/")


def test_three_letters_an_hour_for_an_account_known_or_not(app, client):
    for login in ("tongcheng", "nosuchuser"):
        assert [ask(app.test_client(), login).status_code for _ in range(4)] == [303, 303, 303, 429]


def test_twenty_letters_an_hour_from_an_address(client):
    answers = [
        ask(client, f"nobody{n}", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code
        for n in range(21)
    ]
    assert answers == [303] * 20 + [429]


def test_a_weak_password_is_refused_with_what_to_do(app, client, with_mail):
    ask(client)
    path = path_of(app, *letters(app))
    told = {}
    for password in ("短", "1234567890", "tongcheng-2026-x", "我是汪澄呀我是汪澄"):
        answer = client.post(path, data={"new": password, "again": password})
        told[password] = (answer.status_code, re.search(r'id="new-wrong">([^<]*)', answer.text)[1][:8])
    assert told == {
        "短": (422, "密码至少要10个"),
        "1234567890": (422, "这个密码太常见，"),
        "tongcheng-2026-x": (422, "密码里不要含有账"),
        "我是汪澄呀我是汪澄": (422, "密码至少要10个"),
    }


def test_what_was_typed_as_an_account_is_not_kept(app, client):
    ask(client, "my-password-by-mistake")
    letters(app)
    with app.app_context():
        assert db.session.scalars(unscoped_for("test", select(PasswordReset.login))).all() == [""]


def test_a_token_belongs_to_its_row(app, client, with_mail):
    ask(client)
    letters(app)
    with app.app_context():
        reset = db.session.scalars(unscoped_for("test", select(PasswordReset))).one()
        token = links.token_of(reset)
        assert links.reset_behind(token).id == reset.id
        assert links.reset_behind(token.replace(str(reset.id), str(reset.id + 1), 1)) is None
