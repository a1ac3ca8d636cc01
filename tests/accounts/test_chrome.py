import re

import pytest

from tests.cast import signed_in

RAILS = {
    "bureau": ["/today", "/people", "/log", "/conferences", "/projects", "/network", "/insight"],
    "tongcheng": ["/today", "/people", "/log", "/conferences", "/projects", "/network", "/insight"],
    "leader": ["/today", "/people", "/conferences", "/projects", "/network", "/insight"],
    "desk": ["/conferences"],
    "admin": ["/admin"],
    "security": ["/admin"],
    "auditor": ["/admin"],
    "ambassador": ["/portal"],
}


@pytest.mark.parametrize("login", RAILS)
def test_the_rail_shows_what_the_reader_may_see(app, login):
    page = signed_in(app.test_client(), login).get("/account").text
    rail = page[page.index('<nav class="rail"') : page.index("</nav>")]
    places = re.findall(r'<a href="([^"]+)"', rail)
    assert places == RAILS[login]


def test_the_place_one_is_at_is_marked(client):
    page = signed_in(client, "admin").get("/admin/users/new").text
    assert '<a href="/admin" aria-current="page">' in page


def test_the_reader_is_named_by_nothing_that_tells(app):
    ids = {
        re.search(r'data-reader="([0-9a-f]{12})"', signed_in(app.test_client(), login).get("/account").text)[
            1
        ]
        for login in ("bureau", "admin")
    }
    assert len(ids) == 2


@pytest.mark.parametrize("address", ["/login", "/password", "/password/asked"])
def test_the_door_is_drawn_for_strangers_in_their_language(client, address):
    page = client.get(address, headers={"Accept-Language": "zh-TW"})
    assert (page.status_code, '<html lang="zh-Hant"' in page.text) == (200, True)


def test_settings_lead_to_the_own_account(client):
    assert signed_in(client, "bureau").get("/settings").location == "/account"
