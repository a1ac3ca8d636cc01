"""Every kind of answer bears the headers that protect its reader, errors and files included."""

import re

import pytest

from tests.cast import signed_in
from tests.house.planted import plant, rules, visitor
from yishang_crm.core.web import CONTENT_POLICY

ALWAYS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}

# A word for each kind of answer, and how it comes about.
ANSWERS = {
    "200 a page": (lambda c: c.get("/login"), 200),
    "200 plain text": (lambda c: c.get("/healthz"), 200),
    "302 a stranger is shown the door": (lambda c: c.get("/people"), 302),
    "303 after a deed": (lambda c: signed_in(c, "tongcheng").post("/theme", data={"theme": "dark"}), 303),
    "400 no token": (lambda c: _with_tokens(c).post("/login", data={}), 400),
    "400 a foreign host": (lambda c: c.get("/login", headers={"Host": "evil.example"}), 400),
    "403 refused": (lambda c: signed_in(c, "tongcheng").get("/admin/users"), 403),
    "404 an address": (lambda c: c.get("/nowhere"), 404),
    "404 a row": (lambda c: signed_in(c, "tongcheng").get("/people/987654321"), 404),
    "405": (lambda c: c.post("/healthz"), 405),
    "413": (lambda c: _with_small_limit(c).post("/login", data={"login": "x" * 4000}), 413),
    "422 a wrong form": (lambda c: c.post("/login", data={}), 422),
    "429": (lambda c: [c.post("/login", data={"login": "leader", "password": "错"}) for _ in range(7)][-1], 429),
    "500": (lambda c: _broken(c).get("/login"), 500),
    "a fragment": (lambda c: signed_in(c, "tongcheng").get("/people", headers={"HX-Request": "true"}), 200),
    "an error as JSON": (lambda c: c.get("/nowhere", headers={"Accept": "application/json"}), 404),
    "an error as a fragment": (lambda c: c.get("/nowhere", headers={"HX-Request": "true"}), 404),
}  # fmt: skip


def _with_tokens(client):
    client.application.config["WTF_CSRF_ENABLED"] = True
    return client


def _with_small_limit(client):
    client.application.config["MAX_CONTENT_LENGTH"] = 1000
    return client


def _broken(client):
    from yishang_crm.core.web import open_to_all

    client.application.view_functions["accounts.login"] = open_to_all(lambda: 1 // 0)
    return client


@pytest.fixture(autouse=True)
def as_it_was(app):
    config, views = dict(app.config), dict(app.view_functions)
    yield
    app.config.update(config)
    app.view_functions.update(views)


@pytest.mark.parametrize("kind", ANSWERS)
def test_headers_of(kind, client):
    knock, status = ANSWERS[kind]
    answer = knock(client)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert re.fullmatch(r"[0-9a-f]{12}", answer.headers["X-Request-Id"])
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]
    assert "Server" not in answer.headers or "Werkzeug" not in answer.headers["Server"]


def test_headers_on_every_page(app, cast):
    world, bare = plant(app, cast), []
    for login in ("organizer", "ambassador", "admin", "stranger"):
        client = visitor(app, login)
        for rule in rules(app, "GET"):
            if rule.endpoint == "guest.letter":
                continue
            answer = client.get(world.address(app, rule))
            answer.close()
            policy = answer.headers.get("Content-Security-Policy", "")
            if (
                "unsafe" in policy
                or "default-src 'none'" not in policy
                or answer.headers["X-Content-Type-Options"] != "nosniff"
            ):
                bare.append(rule.rule)
            if rule.endpoint != "static" and answer.headers["Cache-Control"] != "no-store":
                bare.append((rule.rule, answer.headers["Cache-Control"]))
    assert bare == [], bare


def test_an_address_that_is_a_key_is_told_to_nobody(client):
    for address in ("/r", "/r/" + "A" * 22, "/password/1-" + "a" * 40, "/portal/enter/1-" + "a" * 40):
        assert client.get(address).headers["Referrer-Policy"] == "no-referrer"


def test_over_https_browsers_are_told_to_stay_there(client, settings, monkeypatch):
    assert "Strict-Transport-Security" not in client.get("/login").headers
    monkeypatch.setattr(settings, "public_url", "https://yishang.example.cn")
    assert client.get("/login").headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_the_policy_lets_nothing_inline_and_nothing_foreign_in():
    assert not re.search(r"unsafe|\*|https?:", CONTENT_POLICY)
    assert CONTENT_POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self';")


# Whose host it is, hazard S10


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:5000", "127.0.0.1.evil.example", "localhost@evil.example", "", "a b", "\u200b", "[::1"],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/login", "/people", "/", "/healthz", "/nowhere", "/static/mark.svg"])
def test_a_host_that_is_not_ours_is_refused_and_named_nowhere(client, host, address):
    answer = client.get(address, headers={"Host": host.encode().decode("latin-1")})
    assert answer.status_code == 400
    assert "evil" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("login", ["organizer", "ambassador", "stranger"])
def test_a_foreign_host_is_refused_on_every_page_and_for_every_deed(app, login):
    client = visitor(app, login)
    for rule in rules(app, "GET", "POST"):
        if not rule.arguments:
            for method in rule.methods & {"GET", "POST"}:
                assert (
                    client.open(rule.rule, method=method, headers={"Host": "evil.example"}).status_code == 400
                )


@pytest.mark.parametrize("host", ["localhost", "localhost:5000", "127.0.0.1:5000"])
def test_the_machine_itself_is_ours(client, host):
    assert client.get("/login", headers={"Host": host}).status_code == 200


def test_forwarded_hosts_are_not_believed(client):
    forged = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Server": "evil.example",
              "X-Forwarded-Prefix": "/evil", "X-Original-URL": "/evil"}  # fmt: skip
    answer = client.get("/people", headers=forged)
    assert (answer.status_code, answer.location) == (302, "/login?next=/people")
    assert "evil" not in client.get("/login", headers=forged).text
