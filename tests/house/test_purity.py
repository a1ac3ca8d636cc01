"""Opening a page changes nothing (S9), and no deed is done without the page's own token."""

import re

import pytest

from tests.house.planted import figure, plant, rules, visitor
from yishang_crm.core.db import db

# Opened by its own reader elsewhere: a letter is typeset anew each time, which is slow and tried in its room.
SLOW = {"guest.letter"}


@pytest.mark.parametrize("login", ["bureau", "organizer", "admin", "ambassador", "stranger"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_every_page_changes_nothing(app, cast, login, method):
    world, client, actor, broken = plant(app, cast), visitor(app, login), getattr(cast, login), []
    before, opened = figure(app, but=set()), 0
    for rule in rules(app, "GET"):
        if rule.endpoint in SLOW:
            continue
        answer = client.open(world.address(app, rule), method=method)
        answer.close()
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        opened += answer.status_code == 200
        if answer.status_code >= 500 and rule.endpoint != "health.ready":
            broken.append((rule.rule, answer.status_code))
        if permission and not actor.may(permission):
            assert answer.status_code in (302, 403)
    after = figure(app, but=set())
    assert broken == [], broken
    assert [name for name in before if before[name] != after[name]] == []
    assert opened > (40 if login in ("bureau", "organizer") else 8)


def test_a_page_that_tried_to_write_would_fail(app, client, monkeypatch):
    """What the test above stands on: a GET that writes is a fault, not a change."""
    from yishang_crm.core import limits
    from yishang_crm.core.web import open_to_all

    def writes():
        db.session.add(limits.Attempts(key="x"))
        db.session.flush()
        return "written"

    monkeypatch.setitem(app.view_functions, "accounts.login", open_to_all(writes))
    before = figure(app, but=set())
    assert client.get("/login").status_code == 500
    assert figure(app, but=set()) == before


@pytest.mark.parametrize(
    "login", ["organizer", "bureau", "admin", "security", "auditor", "ambassador", "stranger"]
)
def test_no_deed_is_done_without_the_token_of_its_page(app, cast, login, monkeypatch):
    world, client, actor = plant(app, cast), visitor(app, login), getattr(cast, login)
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    before, tried, let_through = figure(app, but=set()), 0, []
    for rule in rules(app, "POST"):
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if permission is not None and not actor.may(permission):
            continue
        for data in ({}, {"csrf_token": ""}, {"csrf_token": "forged"}):
            answer = client.post(world.address(app, rule), data=data)
            tried += 1
            if answer.status_code != 400:
                let_through.append((rule.rule, answer.status_code))
    after = figure(app, but=set())
    assert let_through == [], let_through
    assert [name for name in before if before[name] != after[name]] == []
    assert tried > 20


def test_every_deed_is_tried_by_somebody_above(app, cast):
    actors = [
        getattr(cast, login)
        for login in ("organizer", "bureau", "admin", "security", "auditor", "ambassador")
    ]
    untried = {
        rule.endpoint
        for rule in rules(app, "POST")
        if (permission := getattr(app.view_functions[rule.endpoint], "permission", None))
        and not any(actor.may(permission) for actor in actors)
    }
    assert untried == set()


def test_no_view_is_excused_from_the_token(app):
    csrf = app.extensions["csrf"]
    assert (csrf._exempt_views, csrf._exempt_blueprints) == (set(), set())


# Where a form comes from


def token_of(page: str) -> str:
    return re.search(r'name="csrf_token" (?:type="hidden" )?value="([^"]+)"', page)[1]


@pytest.mark.parametrize("address", ["/login", "/r"])
def test_over_https_a_form_needs_no_referrer_which_a_guests_page_never_sends(app, address, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = app.test_client()
    token = token_of(client.get(address, base_url="https://localhost").text)
    answer = client.post(address, base_url="https://localhost", data={"csrf_token": token})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 422),
        ({"Sec-Fetch-Site": "same-origin"}, 422), ({"Sec-Fetch-Site": "none"}, 422),
        ({"Sec-Fetch-Site": "same-site"}, 400), ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Origin": "https://localhost"}, 422), ({"Origin": "https://evil.example"}, 400), ({"Origin": "http://localhost.evil.example"}, 400),
        # WeChat's browser and pages with no-referrer say this of themselves.
        ({"Origin": "null"}, 422), ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 400),
    ],
)  # fmt: skip
def test_a_form_from_another_site_is_refused_even_with_a_token(app, headers, status, monkeypatch):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client = app.test_client()
    token = token_of(client.get("/login", base_url="https://localhost").text)
    answer = client.post("/login", base_url="https://localhost", data={"csrf_token": token}, headers=headers)
    assert answer.status_code == status
