import re

import pytest

from tests.accounts.arranged import arranging, enter, now_of, open_sign_ins, with_code
from tests.cast import signed_in

PAGES = ["/admin/security", "/admin/security/codes", "/admin/security/roles"]


@pytest.fixture
def security(client):
    return signed_in(client, "security")


@pytest.mark.parametrize("page", PAGES)
def test_the_security_administrator_alone_sees_them(app, page):
    assert signed_in(app.test_client(), "security").get(page).status_code == 200
    others = ["tongcheng", "bureau", "leader", "admin", "auditor", "partner"]
    assert {signed_in(app.test_client(), login).get(page).status_code for login in others} == {403}
    assert app.test_client().get(page).location.startswith("/login")


def test_what_is_locked_is_listed_and_released(app, security):
    theirs = app.test_client()
    for _ in range(6):
        enter(theirs, "tongcheng", "错了错了错了")
    page = security.get("/admin/security").text
    assert re.search(r'data-id="login:tongcheng"><td><b>tongcheng</b></td>', page)
    assert security.post("/admin/security/releases", data={"key": "login:tongcheng"}).status_code == 303
    assert enter(theirs, "tongcheng").status_code == 303
    assert 'data-id="login:tongcheng"' not in security.get("/admin/security").text


def test_releasing_one_account_releases_no_other(app, security):
    for login in ("tongcheng", "tongcheng2"):
        for _ in range(5):
            enter(app.test_client(), login, "错了错了错了")
    security.post("/admin/security/releases", data={"key": "login:tongcheng"})
    security.post("/admin/security/releases", data={"key": "login:%"})
    assert enter(app.test_client(), "tongcheng2").status_code == 429


def test_a_locked_address_is_released(app, security):
    for n in range(51):
        enter(app.test_client(), f"nobody{n}", "错了错了错了")
    security.post("/admin/security/releases", data={"key": "address:127.0.0.1"})
    assert enter(app.test_client(), "tongcheng").status_code == 303


def test_anybodys_sign_in_is_ended(app, security):
    theirs = signed_in(app.test_client(), "tongcheng")
    page = security.get("/admin/security").text
    assert ("汪澄" in page, page.count("/admin/security/sign-ins/")) == (True, 1)
    end = re.search(r"/admin/security/sign-ins/\d+/end", page)[0]
    assert security.post(end).status_code == 303
    assert theirs.get("/account").location.startswith("/login")


def test_the_page_costs_the_same_for_one_and_three_sign_ins(app, security, count_queries):
    counts = []
    for _ in range(2):
        with count_queries() as counted:
            security.get("/admin/security")
        counts.append(counted.n)
        for _ in range(3):
            signed_in(app.test_client(), "tongcheng")
    assert counts == [3, 3]


def test_lost_phones_are_helped_and_every_sign_in_ends(app, security):
    theirs = signed_in(app.test_client(), "tongcheng")
    with arranging(app):
        with_code("tongcheng")
    address = f"/admin/security/users/{now_of(app, 'tongcheng').id}/code-reset"
    assert address in security.get("/admin/security/codes").text
    assert security.post(address).status_code == 303
    assert (now_of(app, "tongcheng").has_code, open_sign_ins(app, "tongcheng")) == (False, 0)
    assert theirs.get("/account").location.startswith("/login")
    assert security.post(address).status_code == 409


def test_passwords_of_administrators_and_of_no_others(app, security):
    given = security.post(f"/admin/security/users/{now_of(app, 'auditor').id}/password")
    password = re.search(r"data-one-time-password>([^<]+)<", given.text)[1]
    assert enter(app.test_client(), "auditor", password).status_code == 303
    refused = [
        security.post(f"/admin/security/users/{now_of(app, login).id}/password").status_code
        for login in ("tongcheng", "security")
    ]
    assert refused == [409, 409]


def test_the_table_of_roles_says_what_each_may(security):
    page = security.get("/admin/security/roles").text
    row = re.search(r'<tr data-id="admin:security">(.*?)</tr>', page, re.DOTALL)[1]
    assert [("✓" in cell) for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)] == [False, True] + [
        False
    ] * 10


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>', "{{7*7}}"])
def test_what_a_stranger_sends_is_shown_inert(app, security, text):
    for _ in range(5):
        enter(app.test_client(), text, "x", headers={"User-Agent": text})
    signed_in(app.test_client(), "tongcheng")
    theirs = app.test_client()
    theirs.post(
        "/login", data={"login": "huaining", "password": "江水东流去也-2026"}, headers={"User-Agent": text}
    )
    page = security.get("/admin/security").text
    assert ("<script>alert" in page, "<img src=x>" in page) == (False, False)
