"""Signing in: locks, limits on guessing by account and by the real client address, one answer for whoever is not there (S8)."""

import datetime as dt
import ipaddress
import re

import pytest
import time_machine
from sqlmodel import select

from tests.accounts.arranged import GOOD, arranging, code_now, enter, open_sign_ins, user, with_code
from tests.cast import PASSWORD, signed_in
from yishang_crm.accounts import actions, passwords, tries
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.db import db
from yishang_crm.core.limits import Attempts
from yishang_crm.core.scope import unscoped_for

MORNING = dt.datetime(2026, 9, 21, 1, 0, tzinfo=dt.UTC)
REFUSED = "账号或密码不对。"


def test_the_door_opens_to_the_right_password(client):
    answer = enter(client, "tongcheng")
    assert (answer.status_code, answer.location) == (303, "/today")


def test_the_door_leads_on_to_the_page_that_was_wanted(client):
    assert client.get("/account?x=1").location == "/login?next=/account?x%3D1"
    answer = client.post("/login?next=/account", data={"login": "tongcheng", "password": PASSWORD})
    assert answer.location == "/account"


OUTSIDE = [
    "//evil.example", "/\\evil.example", "\\/evil.example", "https:evil.example", "https://evil.example",
    "/%2f%2fevil.example", "%2f%2fevil.example", "/%2fevil.example", "javascript:alert(1)", "/\tevil", "/\n/evil.example",
    "/ok\r\nSet-Cookie: a=b", "http://127.0.0.1@evil.example/", "//127.0.0.1@evil.example", "/ /evil", "evil.example", "", "///",
]  # fmt: skip


@pytest.mark.parametrize("address", OUTSIDE)
def test_no_next_leads_out_of_the_house(client, address):
    answer = client.post("/login", data={"login": "tongcheng", "password": PASSWORD, "next": address})
    assert (answer.status_code, answer.location) == (303, "/today")


@pytest.mark.parametrize("address", [address for address in OUTSIDE if "\n" not in address])
def test_no_page_one_came_from_leads_out_of_the_house(client, address):
    answer = client.post("/language", data={"language": "en", "next": address}, headers={"Referer": address})
    assert answer.location == "/"


def test_a_page_of_ours_is_returned_to(client):
    answer = client.post(
        "/language", data={"language": "en"}, headers={"Referer": "http://localhost/login?next=/people"}
    )
    assert answer.location == "/login?next=/people"


def test_after_five_failures_the_account_is_locked_for_half_an_hour(client):
    with time_machine.travel(MORNING, tick=False) as clock:
        assert [enter(client, "tongcheng", "错了错了错了").status_code for _ in range(5)] == [422] * 5
        locked = enter(client, "tongcheng")
        assert (locked.status_code, locked.headers["Retry-After"]) == (429, "1801")
        clock.shift(dt.timedelta(minutes=29))
        assert enter(client, "tongcheng").status_code == 429
        clock.shift(dt.timedelta(minutes=2))
        assert enter(client, "tongcheng").status_code == 303


def test_each_failure_says_how_many_are_left(client):
    left = [f"再错{n}次" in enter(client, "tongcheng", "错了错了错了").text for n in (4, 3, 2, 1, 0)]
    assert left == [True] * 5


def test_a_success_forgets_the_failures(client):
    for _ in range(4):
        enter(client, "tongcheng", "错了错了错了")
    signed_in(client, "tongcheng")
    client.post("/logout")
    assert [enter(client, "tongcheng", "错了错了错了").status_code for _ in range(5)] == [422] * 5


def test_nobody_locks_the_desk_from_outside(app, client):
    desk, outside = client, app.test_client()
    signed_in(desk, "desk")
    desk.post("/logout")
    assert [enter(outside, "desk", "猜一猜猜一猜").status_code for _ in range(6)] == [422] * 5 + [429]
    assert enter(outside, "desk").status_code == 429
    assert enter(desk, "desk").status_code == 303


def test_a_browser_the_account_knows_has_no_more_tries_than_others(client):
    signed_in(client, "desk")
    client.post("/logout")
    assert [enter(client, "desk", "猜一猜猜一猜").status_code for _ in range(6)] == [422] * 5 + [429]


def test_a_forged_mark_of_a_known_browser_is_worth_nothing(client):
    client.set_cookie("yishang_known", "eyJpZCI6IngiLCJhY2NvdW50cyI6W119.aaaa.bbbb", path="/login")
    assert [enter(client, "desk", "猜一猜猜一猜").status_code for _ in range(6)] == [422] * 5 + [429]


def test_one_address_may_try_fifty_accounts_and_no_more(client):
    answers = [enter(client, f"nobody{n}", "猜一猜猜一猜").status_code for n in range(51)]
    assert answers == [422] * 50 + [429]
    assert enter(client, "tongcheng").status_code == 429


def test_right_sign_ins_do_not_use_up_an_address(app, client):
    for n in range(49):
        enter(client, f"nobody{n}", "猜一猜猜一猜")
    assert [enter(app.test_client(), "tongcheng").status_code for _ in range(3)] == [303] * 3


def test_a_forged_forwarded_address_changes_nothing(client):
    answers = [
        enter(client, f"nobody{n}", "猜一猜猜一猜", headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code
        for n in range(51)
    ]
    assert answers[-1] == 429


def test_what_our_own_proxy_wrote_counts_and_what_stood_before_it_does_not(
    app, client, settings, monkeypatch
):
    monkeypatch.setitem(settings.__dict__, "proxies", [ipaddress.ip_network("127.0.0.0/8")])
    for n in range(50):
        enter(
            client, f"nobody{n}", "猜一猜猜一猜", headers={"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7"}
        )
    locked = enter(client, "tongcheng", headers={"X-Forwarded-For": "198.51.100.7"})
    elsewhere = enter(client, "tongcheng", headers={"X-Forwarded-For": "198.51.100.8"})
    assert (locked.status_code, elsewhere.status_code) == (429, 303)


def test_a_hundred_tries_at_once_are_still_five(app):
    with app.app_context():
        lefts = []
        for _ in range(8):
            try:
                lefts.append(tries.take("login:somebody", tries.BY_ACCOUNT))
            except tries.TooMany:
                lefts.append("locked")
        row = db.session.scalars(select(Attempts).where(Attempts.key == "login:somebody")).one()
    assert (lefts, row.count) == ([4, 3, 2, 1, 0, "locked", "locked", "locked"], 8)


def test_unknown_disabled_and_wrong_are_answered_alike(app, client):
    with arranging(app):
        actions.disable_user(HOUSE, user("huaining"))
    answers = [enter(app.test_client(), *pair) for pair in (
        ("tongcheng", "错了错了错了"), ("nosuchuser", "错了错了错了"), ("huaining", PASSWORD),
    )]  # fmt: skip
    texts = {
        answer.text.replace(login, "…")
        for answer, login in zip(answers, ("tongcheng", "nosuchuser", "huaining"), strict=True)
    }
    without_tokens = {re.sub(r'name="csrf_token" value="[^"]*"', "", text) for text in texts}
    assert ({answer.status_code for answer in answers}, len(without_tokens)) == ({422}, 1)


def test_an_unknown_account_takes_as_long_as_a_wrong_password(app, monkeypatch):
    checked = []
    real = passwords._hashers[0]

    class Counting:
        def verify(self, password, password_hash):
            checked.append(password_hash[:9])
            return real.verify(password, password_hash)

        def hash(self, password):
            return real.hash(password)

    passwords.use_hasher(Counting())
    try:
        for login in ("tongcheng", "nosuchuser"):
            enter(app.test_client(), login, "错了错了错了")
    finally:
        passwords.use_hasher(real)
    assert checked == ["$argon2id"] * 2


def test_as_many_statements_for_an_unknown_account(app, client, count_queries):
    enter(client, "warm", "错了错了错了")
    with count_queries() as known:
        enter(client, "tongcheng", "错了错了错了")
    with count_queries() as unknown:
        enter(client, "nosuchuser", "错了错了错了")
    assert known.n == unknown.n


def test_a_failed_sign_in_leaves_a_trace_without_what_was_typed(app, client):
    enter(client, "tongcheng", "secret-typed-here")
    enter(client, "password-in-the-wrong-field", "x")
    with app.app_context():
        wanted = (
            select(AuditEntry).where(AuditEntry.verb == "accounts.refuse_sign_in").order_by(AuditEntry.id)
        )
        rows = db.session.scalars(unscoped_for("test", wanted)).all()
        told = [(row.about, row.note) for row in rows]
        assert told == [
            (f"user_account:{user('tongcheng').id}", {"address": "127.0.0.1"}),
            ("", {"address": "127.0.0.1"}),
        ]


def test_a_session_planted_beforehand_is_not_the_one_that_is_signed_in(client):
    client.get("/login")
    client.post("/language", data={"language": "en"})
    with client.session_transaction() as before:
        before["planted"] = "by a stranger"
    signed_in(client, "tongcheng")
    with client.session_transaction() as after:
        assert "planted" not in after
        assert after["language"] == "en"


def test_an_old_cookie_is_worth_nothing_after_signing_out(app, client):
    signed_in(client, "tongcheng")
    stolen = client.get_cookie("yishang").value
    client.post("/logout")
    thief = app.test_client()
    thief.set_cookie("yishang", stolen)
    assert thief.get("/account").location.startswith("/login")
    assert open_sign_ins(app, "tongcheng") == 0


def test_the_cookies_are_closed_to_scripts_and_other_sites(client):
    cookies = enter(client, "tongcheng").headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"yishang", "yishang_known"}
    assert all("HttpOnly" in cookie and "SameSite=" in cookie for cookie in cookies)


def test_behind_https_the_cookies_are_secure(app, client, settings, monkeypatch):
    monkeypatch.setattr(settings, "public_url", "https://crm.example.gov.cn")
    monkeypatch.setitem(app.config, "SESSION_COOKIE_SECURE", True)
    cookies = enter(client, "tongcheng", base_url="https://localhost").headers.getlist("Set-Cookie")
    assert all("; Secure" in cookie for cookie in cookies)


STAYS = [
    ("tongcheng", dt.timedelta(minutes=30), dt.timedelta(hours=12)),
    ("admin", dt.timedelta(minutes=30), dt.timedelta(hours=12)),
    ("desk", dt.timedelta(hours=12), dt.timedelta(hours=18)),
    ("ambassador", dt.timedelta(days=90), dt.timedelta(days=90)),
]


@pytest.mark.parametrize(("login", "idle", "absolute"), STAYS)
def test_idle_too_long_ends_a_sign_in(client, login, idle, absolute):
    with time_machine.travel(MORNING, tick=False) as clock:
        signed_in(client, login)
        clock.shift(min(idle, absolute) - dt.timedelta(seconds=5))
        assert client.get("/account").status_code == 200
        clock.shift(idle + dt.timedelta(seconds=5))
        assert client.get("/account").location.startswith("/login")


@pytest.mark.parametrize(("login", "idle", "absolute"), STAYS)
def test_however_busy_a_sign_in_ends_at_last(client, login, idle, absolute):
    with time_machine.travel(MORNING, tick=False) as clock:
        signed_in(client, login)
        steps = 10 if idle == absolute else int(absolute / idle) * 2
        for _ in range(steps - 1):
            clock.shift(absolute / steps)
            assert client.get("/account").status_code == 200
        clock.shift(absolute / steps + dt.timedelta(seconds=1))
        assert client.get("/account").location.startswith("/login")


def test_a_page_costs_one_query_for_knowing_who_reads(client, count_queries):
    signed_in(client, "leader")
    client.get("/account/password")
    with count_queries() as counted:
        client.get("/account/password")
    assert counted.n == 1


def test_the_front_leads_everybody_home(app):
    homes = {
        login: signed_in(app.test_client(), login).get("/").location
        for login in ("bureau", "admin", "desk", "partner")
    }
    assert homes == {"bureau": "/today", "admin": "/admin", "desk": "/conferences", "partner": "/portal"}
    assert app.test_client().get("/").location == "/login"


def test_every_post_asks_for_its_token(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert enter(client, "tongcheng").status_code == 400
    assert client.post("/password", data={"login": "tongcheng"}).status_code == 400
    assert client.post("/language", data={"language": "en"}).status_code == 400
    token = client.get("/login").text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post("/login", data={"login": "tongcheng", "password": PASSWORD, "csrf_token": token})
    assert answer.status_code == 303
    for address in ("/logout", "/theme", "/account/password", "/account/totp", "/account/sign-ins/end"):
        assert client.post(address).status_code == 400
    assert open_sign_ins(app, "tongcheng") == 1


# With a code


def test_a_code_is_asked_after_the_password_and_before_anything_else(app, client):
    with arranging(app):
        with_code("security")
    answer = enter(client, "security")
    assert (answer.status_code, answer.location) == (303, "/login/code")
    assert client.get("/account").location.startswith("/login")
    answer = client.post("/login/code", data={"code": code_now(), "next": "/admin/security"})
    assert (answer.status_code, answer.location) == (303, "/admin/security")
    assert client.get("/admin/security").status_code == 200


def test_a_code_opens_once(app, client):
    with arranging(app):
        with_code("security")
    with time_machine.travel(MORNING, tick=False):
        code = code_now()
        enter(client, "security")
        assert client.post("/login/code", data={"code": code}).status_code == 303
        other = app.test_client()
        enter(other, "security")
        assert other.post("/login/code", data={"code": code}).status_code == 422


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_a_clock_may_be_half_a_minute_off(app, client, steps, status):
    with arranging(app):
        with_code("security")
    with time_machine.travel(MORNING, tick=False):
        enter(client, "security")
        assert client.post("/login/code", data={"code": code_now(steps=steps)}).status_code == status


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "000000\x00", "-12345", "1234567"])
def test_what_is_no_code_is_refused(app, client, code):
    with arranging(app):
        with_code("security")
    enter(client, "security")
    assert client.post("/login/code", data={"code": code}).status_code == 422


def test_codes_cannot_be_guessed(app, client):
    with arranging(app):
        with_code("security")
    with time_machine.travel(MORNING, tick=False):
        enter(client, "security")
        wrong = f"{(int(code_now()) + 500_000) % 1_000_000:06}"
        answers = [client.post("/login/code", data={"code": wrong}).status_code for _ in range(6)]
        again = app.test_client()
        enter(again, "security")
        answers.append(again.post("/login/code", data={"code": code_now()}).status_code)
    assert answers == [422] * 5 + [429] * 2


def test_the_code_must_follow_within_five_minutes(app, client):
    with arranging(app):
        with_code("security")
    with time_machine.travel(MORNING, tick=False) as clock:
        enter(client, "security")
        clock.shift(dt.timedelta(minutes=5, seconds=1))
        assert client.post("/login/code", data={"code": code_now()}).location == "/login"


def test_a_new_password_voids_a_half_done_sign_in(app, client):
    with arranging(app):
        with_code("security")
    enter(client, "security")
    with arranging(app):
        actions.give_administrator_password(HOUSE, user("security"), password_hash=passwords.hashed(GOOD))
    assert client.post("/login/code", data={"code": code_now()}).location == "/login"


def test_a_stranger_cannot_begin_with_the_code(client):
    assert client.post("/login/code", data={"code": "123456"}).location == "/login"


# Duties


def test_a_role_that_must_use_codes_sets_them_up_first(app, client, settings, monkeypatch):
    monkeypatch.setattr(settings, "totp_roles", "admin, security")
    signed_in(client, "admin")
    wanted = ["/admin", "/admin/users", "/people", "/nowhere", "/account", "/account/password"]
    assert {client.get(address).location for address in wanted} == {"/account/totp"}
    assert client.post("/admin/units", data={"code": "x"}).location == "/account/totp"
    assert client.get("/account/totp").status_code == 200
    assert client.post("/logout").status_code == 303


def test_a_one_time_password_is_changed_before_anything_else(app, client):
    with arranging(app):
        actions.give_password(HOUSE, user("huaining"), password_hash=passwords.hashed(GOOD))
    enter(client, "huaining", GOOD)
    assert client.get("/account").location == "/account/password"
    page = client.get("/account/password")
    assert "请先换成自己的密码" in page.text
    own = {"old": GOOD, "new": "独秀峰下读书声-十月", "again": "独秀峰下读书声-十月"}
    assert client.post("/account/password", data=own).location == "/"
    assert client.get("/account").status_code == 200


def test_a_one_time_password_lapses_after_three_days(app, client):
    with time_machine.travel(MORNING, tick=False) as clock:
        with arranging(app):
            actions.give_password(HOUSE, user("huaining"), password_hash=passwords.hashed(GOOD))
        clock.shift(dt.timedelta(hours=72, seconds=1))
        assert enter(client, "huaining", GOOD).status_code == 422


def test_where_rotation_is_asked_an_old_password_is_changed_first(client, settings, monkeypatch):
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=91), tick=False):
        signed_in(client, "tongcheng")
        assert client.get("/account").status_code == 200
        monkeypatch.setattr(settings, "password_max_age_days", 90)
        assert client.get("/account").location == "/account/password"
