"""Whatever somebody types into an address, a query or a form, the answer is a sentence and never a fault (S14)."""

import functools
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from werkzeug.routing import Rule

from tests.cast import USERS
from tests.house.pages import raw_address
from tests.house.planted import plant, rules, undone, visitor
from yishang_crm.core.asked import FARTHEST_PAGE, Asked, Said, page_number
from yishang_crm.core.digits import LARGEST, number_in

LONG = "长" * 5000
ODD = [
    "-1",
    "0",
    str(10**20),
    str(LARGEST + 1),
    "abc",
    "a\x00b",
    "\x00",
    "²",
    "１２",
    "% _ \\",
    '" * NEAR( - AND',
    LONG,
]
# Tried in each field alone; the rest in all fields at once, which is quicker.
WORST = [str(10**20), "²", "a\x00b", LONG]
LOGINS = [login for login, *_ in USERS]


def one_who_may(app: Flask, cast, rule: Rule) -> str:
    """Somebody whom the door lets in, preferably one who has most rows; anybody for an open door."""
    permission = getattr(app.view_functions[rule.endpoint], "permission", None)
    first = ["tongcheng", "organizer", "bureau", "ambassador", *LOGINS]
    return next(login for login in first if permission is None or getattr(cast, login).may(permission))


@pytest.fixture
def world(app, cast):
    return plant(app, cast)


@pytest.fixture
def heard(app, monkeypatch) -> set[str]:
    """The names that pages look for in their queries and forms, as they look for them."""
    names: set[str] = set()

    class Listening(Said):
        def get(self, key, *rest, **options):
            names.add(key)
            return super().get(key, *rest, **options)

        def getlist(self, key, *rest, **options):
            names.add(key)
            return super().getlist(key, *rest, **options)

        def __contains__(self, key):
            names.add(key)
            return super().__contains__(key)

    class ListeningRequest(Asked):
        parameter_storage_class = Listening

    monkeypatch.setattr(app, "request_class", ListeningRequest)
    return names


def tried_out(app: Flask, client, address: str, sent: dict[str, str]):
    """The answer to a form that afterwards was never sent; who was signed in still is."""
    kept = client.get_cookie("yishang")
    with undone(app):
        answer = client.post(address, data=sent)
    if kept:
        client.set_cookie("yishang", kept.value)
    return answer


def ids_in_paths(app: Flask, world) -> Iterator[tuple[Rule, str, str, str]]:
    for rule in rules(app, "GET", "POST"):
        if rule.endpoint == "static":
            continue
        for name in sorted(rule.arguments):
            for odd in ODD if rule.rule.startswith("/people") else WORST:
                spoiled = {key: quote(str(world.values[key])) for key in rule.arguments} | {name: quote(odd)}
                yield rule, name, odd, raw_address(rule, spoiled)


@pytest.mark.parametrize("who", ["permitted", "stranger"])
def test_no_id_in_an_address_breaks_a_page(app, cast, world, who):
    clients, wrong, tried = functools.cache(lambda login: visitor(app, login)), [], 0
    for rule, name, odd, address in ids_in_paths(app, world):
        client = clients(one_who_may(app, cast, rule) if who == "permitted" else "stranger")
        for method in sorted(rule.methods & {"GET", "POST"}):
            with undone(app):
                answer = client.open(address, method=method)
            tried += 1
            is_number = rule._converters[name].regex == "[0-9]{1,10}"
            if answer.status_code >= 500 or (is_number and answer.status_code not in (302, 404, 405)):
                wrong.append((method, rule.rule, odd[:12], answer.status_code))
    assert (wrong, tried > 500) == ([], True)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_query_breaks_a_page(app, cast, world, heard):
    clients, wrong, asked_for = functools.cache(lambda login: visitor(app, login)), [], set()
    for rule in rules(app, "GET"):
        if rule.endpoint == "static":
            continue
        client, address = clients(one_who_may(app, cast, rule)), world.address(app, rule)
        heard.clear()
        client.get(address)
        client.get(f"{address}?page=1&line=x&q=x&before=1")
        names = sorted(heard - {"csrf_token"})
        asked_for |= set(names)
        queries = [dict.fromkeys(names, odd) for odd in ODD if names]
        queries += [{name: odd} for name in names for odd in WORST] if len(names) > 1 else []
        for query in queries:
            answer = client.get(f"{address}?{urlencode(query)}")
            if answer.status_code >= 500:
                wrong.append((rule.rule, {name: value[:12] for name, value in query.items()}))
    assert wrong == [], wrong[:20]
    assert {"unit", "page", "after", "before", "person", "q", "sort", "id", "line", "introducer"} <= asked_for


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("who", ["permitted", "stranger"])
def test_no_form_breaks_a_page(app, cast, world, heard, who):
    clients, wrong, asked_for = functools.cache(lambda login: visitor(app, login)), [], set()
    for rule in rules(app, "POST"):
        if who == "stranger" and not getattr(app.view_functions[rule.endpoint], "open", False):
            continue  # shown to the sign-in before anything is read
        login, address = (
            one_who_may(app, cast, rule) if who == "permitted" else "stranger",
            world.address(app, rule),
        )
        heard.clear()
        unfolding = {"reply": "accepted", "take": "1", "act": "approve", "id": "1"}
        tried_out(app, clients(login), address, unfolding)
        names = sorted(heard - {"csrf_token"})
        asked_for |= set(names)
        forms = [dict.fromkeys(names, odd) for odd in ODD]
        forms += [{name: odd} for name in names for odd in WORST] if len(names) > 1 else []
        for sent in forms:
            answer = tried_out(app, clients(login), address, sent)
            if answer.status_code >= 500:
                wrong.append((rule.rule, {name: value[:12] for name, value in sent.items()}))
    assert wrong == [], wrong[:20]
    assert (
        who == "stranger"
        or {"version", "unit_id", "person_id", "id", "expected", "reason", "name"} <= asked_for
    )


def test_five_thousand_ticked_rows_are_read(app, cast, world):
    """More than SQLite once took in one statement, and many times what a page shows."""
    many = [str(number) for number in range(1, 5001)] + [str(10**20), "²", "-1"]
    client = visitor(app, "organizer")
    for address, more in {
        "/conferences/2026/guests/selection": {"act": "letters"},
        "/conferences/2026/approval": {"act": "approve"},
        "/conferences/2026/nominations": {"unit_id": "1", "category": "native"},
        "/outbox/releases": {"expected": "1"},
    }.items():
        with undone(app):
            answer = client.post(address, data={"id": many, **more})
        assert answer.status_code in (303, 409, 422), (address, answer.status_code)
    assert client.get("/outbox/selection", query_string={"id": many[:2000]}).status_code in (200, 303)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("417", 417), (" 417 ", 417), ("0", 0), (str(LARGEST), LARGEST), (str(LARGEST + 1), None), ("-1", None),
     ("²", None), ("１２", None), ("1" * 5000, None), ("", None), (None, None), ("4.0", None)],
)  # fmt: skip
def test_a_number_is_read_or_it_is_none(typed, read):
    assert number_in(typed) == read


@pytest.mark.parametrize(
    ("said", "number"),
    [("3", 3), ("0", 1), ("-3", 1), ("x", 1), (str(10**20), 1), ("999999999", FARTHEST_PAGE)],
)
def test_a_page_is_one_that_a_list_may_have(said, number):
    assert page_number({"page": said}) == number


def test_a_nul_stands_as_a_sign_that_can_be_stored():
    request = Asked.from_values("/?q=a%00b", method="POST", data={"na\x00me": "\x00程"})
    assert (request.args["q"], request.form["na\ufffdme"]) == ("a\ufffdb", "\ufffd程")
