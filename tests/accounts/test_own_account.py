import re

import pyotp
import pytest
import sqlalchemy as sa
import time_machine

from tests.accounts.arranged import (
    GOOD,
    SECRET,
    arranging,
    code_now,
    enter,
    now_of,
    open_sign_ins,
    user,
    with_code,
)
from tests.cast import PASSWORD, Cast, signed_in
from yishang_crm.accounts import codes, queries
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for

PAGES = ["/account", "/account/password", "/account/totp"]


@pytest.mark.parametrize("address", PAGES)
def test_everybody_has_an_account_and_strangers_none(app, address):
    for login in ("tongcheng", "leader", "auditor", "partner"):
        assert signed_in(app.test_client(), login).get(address).status_code == 200
    assert app.test_client().get(address).location.startswith("/login")


def test_the_page_shows_whose_it_is(client):
    page = signed_in(client, "tongcheng").get("/account").text
    assert "汪澄 · 县区联络员 · 桐城市投资促进中心" in page
    assert 'aria-current="page"' not in page


def test_a_new_password_ends_every_other_sign_in(app, client):
    elsewhere = signed_in(app.test_client(), "tongcheng")
    signed_in(client, "tongcheng")
    own = {"old": PASSWORD, "new": GOOD, "again": GOOD}
    assert client.post("/account/password", data=own).location == "/account"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").location.startswith("/login")
    assert enter(app.test_client(), "tongcheng", GOOD).status_code == 303


@pytest.mark.parametrize(
    ("own", "wrong"),
    [
        ({"old": "不是这个密码啊", "new": GOOD, "again": GOOD}, "old"),
        ({"old": PASSWORD, "new": GOOD, "again": GOOD + "?"}, "again"),
        ({"old": PASSWORD, "new": "1234567890", "again": "1234567890"}, "new"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "new"),
        ({"old": PASSWORD, "new": "x" * 201 + GOOD, "again": "x" * 201 + GOOD}, "new"),
        ({}, "old"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(app, client, own, wrong):
    signed_in(client, "tongcheng")
    answer = client.post("/account/password", data=own)
    assert (answer.status_code, f'id="{wrong}-wrong"' in answer.text) == (422, True)
    assert enter(app.test_client(), "tongcheng").status_code == 303


def test_a_stolen_browser_gets_five_tries_at_the_password(client):
    signed_in(client, "tongcheng")
    own = {"old": "不是这个密码啊", "new": GOOD, "again": GOOD}
    assert [client.post("/account/password", data=own).status_code for _ in range(6)] == [422] * 5 + [429]


def test_posting_other_fields_with_the_password_changes_nothing_else(app, client):
    before = now_of(app, "tongcheng").model_dump()
    signed_in(client, "tongcheng")
    rest = {"role": "admin", "unit_id": "1", "login": "root", "name": "x", "sees_all": "1", "totp_secret": "A",
            "disabled_at": "2020-01-01", "person_id": "1", "version": "9", "must_change_password": "1"}  # fmt: skip
    client.post("/account/password", data=rest | {"old": PASSWORD, "new": GOOD, "again": GOOD})
    client.post("/theme", data=rest | {"theme": "dark"})
    client.post("/language", data=rest | {"language": "en"})
    after = now_of(app, "tongcheng").model_dump()
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"password_hash", "password_changed_at", "theme", "language"}


def test_language_and_theme_are_remembered(app, client):
    signed_in(client, "tongcheng")
    client.post("/theme", data={"theme": "dark"})
    client.post("/language", data={"language": "zh-Hant"})
    page = client.get("/account").text
    assert '<html lang="zh-Hant" data-theme="dark">' in page
    client.post("/theme", data={"theme": "sepia"})
    client.post("/language", data={"language": "xx"})
    assert (now_of(app, "tongcheng").theme, now_of(app, "tongcheng").language) == ("dark", "zh_Hant")


def test_one_sign_in_is_ended_and_the_others_stay(app, client):
    elsewhere = signed_in(app.test_client(), "tongcheng")
    signed_in(client, "tongcheng")
    ended = re.search(r"/account/sign-ins/(\d+)/end", client.get("/account").text)[0]
    assert client.post(ended).status_code == 303
    assert elsewhere.get("/account").location.startswith("/login")
    assert client.get("/account").status_code == 200


def test_everywhere_means_here_too(app, client):
    elsewhere = signed_in(app.test_client(), "tongcheng")
    signed_in(client, "tongcheng")
    assert client.post("/account/sign-ins/end").location == "/login"
    assert [each.get("/account").status_code for each in (client, elsewhere)] == [302, 302]
    assert open_sign_ins(app, "tongcheng") == 0


def test_the_sign_in_of_somebody_else_is_not_found(app, client, cast: Cast):
    signed_in(app.test_client(), "huaining")
    with app.app_context():
        (foreign,) = queries.own_sign_ins(cast.huaining)
    signed_in(client, "tongcheng")
    assert client.post(f"/account/sign-ins/{foreign.id}/end").status_code == 404
    signed_in(app.test_client(), "security").post(f"/account/sign-ins/{foreign.id}/end")
    assert open_sign_ins(app, "huaining") == 1


def test_the_page_costs_the_same_for_one_and_three_sign_ins(app, client, count_queries):
    signed_in(client, "tongcheng")
    client.get("/account")
    with count_queries() as one:
        client.get("/account")
    for _ in range(2):
        signed_in(app.test_client(), "tongcheng")
    with count_queries() as three:
        client.get("/account")
    assert (one.n, three.n) == (3, 3)


# Codes


def offered(page: str) -> tuple[str, str]:
    """The offer and the secret a person would type, from the set-up page."""
    offer = re.search(r'name="offer"[^>]*value="([^"]*)"', page)[1]
    return offer, re.search(r'<b class="nw">([A-Z2-7 ]+)</b>', page)[1].replace(" ", "")


def test_codes_are_set_up_with_the_code_and_the_password(app, client):
    elsewhere = signed_in(app.test_client(), "tongcheng")
    signed_in(client, "tongcheng")
    page = client.get("/account/totp").text
    assert "<svg" in page
    assert "style=" not in page
    offer, secret = offered(page)
    code = pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // codes.PERIOD)
    answer = client.post("/account/totp", data={"offer": offer, "code": code, "password": PASSWORD})
    assert answer.location == "/account"
    assert now_of(app, "tongcheng").has_code
    assert elsewhere.get("/account").location.startswith("/login")
    assert enter(app.test_client(), "tongcheng").location == "/login/code"


def test_looking_at_the_set_up_changes_nothing(app, client):
    signed_in(client, "tongcheng")
    first, second = (offered(client.get("/account/totp").text)[1] for _ in range(2))
    assert first != second
    assert now_of(app, "tongcheng").totp_secret is None


def test_a_wrong_code_or_password_keeps_the_offer(app, client):
    signed_in(client, "tongcheng")
    offer, secret = offered(client.get("/account/totp").text)
    code = pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // codes.PERIOD)
    wrong_password = client.post(
        "/account/totp", data={"offer": offer, "code": code, "password": "不对不对不对"}
    )
    wrong_code = client.post("/account/totp", data={"offer": offer, "code": "000000", "password": PASSWORD})
    for answer in (wrong_password, wrong_code):
        assert (answer.status_code, offered(answer.text)) == (422, (offer, secret))
    assert not now_of(app, "tongcheng").has_code


def test_an_offer_is_for_one_user_and_twenty_minutes(app, client):
    other = signed_in(app.test_client(), "huaining")
    foreign, secret = offered(other.get("/account/totp").text)
    signed_in(client, "tongcheng")
    code = pyotp.TOTP(secret).generate_otp(int(now().timestamp()) // codes.PERIOD)
    for offer in (foreign, "", "x", "AAAA", foreign[:-4] + "AAAA"):
        answer = client.post("/account/totp", data={"offer": offer, "code": code, "password": PASSWORD})
        assert answer.location == "/account/totp"
    assert not now_of(app, "tongcheng").has_code
    with time_machine.travel(now(), tick=False) as clock, app.app_context():
        offer = codes.offer("ABCD", user_id=1, at=now())
        clock.shift(1199)
        assert codes.taken_up(offer, user_id=1, at=now()) == "ABCD"
        clock.shift(2)
        assert codes.taken_up(offer, user_id=1, at=now()) is None


def test_codes_are_dropped_with_the_password_only(app, client):
    with arranging(app):
        with_code("tongcheng")
    enter(client, "tongcheng")
    client.post("/login/code", data={"code": code_now()})
    assert client.post("/account/totp/removal", data={"password": "不对不对不对"}).status_code == 422
    assert now_of(app, "tongcheng").has_code
    assert client.post("/account/totp/removal", data={"password": PASSWORD}).location == "/account"
    assert not now_of(app, "tongcheng").has_code


def test_a_role_that_must_use_codes_cannot_drop_them(app, client, settings, monkeypatch):
    with arranging(app):
        with_code("admin")
    monkeypatch.setattr(settings, "totp_roles", "admin")
    enter(client, "admin")
    client.post("/login/code", data={"code": code_now()})
    assert client.post("/account/totp/removal", data={"password": PASSWORD}).status_code == 409
    assert now_of(app, "admin").has_code


def test_the_secret_rests_encrypted(app):
    with arranging(app):
        with_code("tongcheng")
    with app.app_context():
        wanted = sa.text("SELECT totp_secret FROM user_account WHERE login = 'tongcheng'")
        stored = bytes(db.session.scalar(unscoped_for("test", wanted)))
        assert SECRET.encode() not in stored
        assert str(user("tongcheng").totp_secret) == "J****"
