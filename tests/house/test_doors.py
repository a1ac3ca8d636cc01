"""Every door says who may come in, and lets in exactly those: the matrix of addresses and roles (S1, S2)."""

import dataclasses
import json

import pytest
from click.testing import CliRunner

from tests.cast import USERS, Cast
from tests.house.pages import said_by
from tests.house.planted import (
    FIRM,
    NAME,
    OF_A_UNIT,
    figure,
    plant,
    rules,
    undone,
    unknown_address,
    visitor,
)
from yishang_crm.accounts.models import Role
from yishang_crm.accounts.roles import TERMS
from yishang_crm.core.actor import Permission
from yishang_crm.people.models import Person

LOGINS = [login for login, *_ in USERS] + ["stranger"]
# Whoever knocks: nothing here may be added without thinking who else reads it.
NOBODY = "葛无此"
OPEN = {
    "accounts.front", "accounts.language", "accounts.login", "accounts.login_post", "accounts.login_code",
    "accounts.login_code_post", "accounts.password", "accounts.password_post", "accounts.password_asked",
    "accounts.new_password", "accounts.new_password_post",
    "guest.code", "guest.code_post", "guest.reply", "guest.reply_post", "guest.answers", "guest.calendar_entry",
    "guest.delegate", "guest.letter", "guest.mistake", "guest.mistake_post", "guest.notice", "guest.entry_pass",
    "guest.pass_picture",
    "partner.enter", "partner.come_in", "partner.ask_for_code",
    "own.details", "own.confirm", "own.propose",
    "health.alive", "health.ready", "health.metrics",
    "static",
}  # fmt: skip


# Let in, and shown out again: the deed itself ends the sign-in.
SHOWN_OUT = {"accounts.logout", "accounts.own_sign_ins_end"}
# Let in, but there is nothing without a person, a record of one's own, or the sight of everything.
NOTHING_HERE = {
    "network.new", "outbox.mailbox", "partner.details", "partner.propose", "partner.nominate",
    "partner.confirm_details",
}  # fmt: skip
# Open to two kinds of readers, so the view asks once more: who may read a conference, or stands at its desk.
ASKS_AGAIN = {"conference.index"}
# Keeps a desk's name in the browser, whichever edition; no row is looked for.
NO_ROW = {"reception.name_desk"}


def permission_of(app, endpoint: str) -> Permission | None:
    return getattr(app.view_functions[endpoint], "permission", None)


def test_every_door_names_a_permission_or_is_open(app):
    undecided = {
        rule.endpoint
        for rule in rules(app, "GET", "POST")
        if not isinstance(permission_of(app, rule.endpoint), Permission)
        and not getattr(app.view_functions[rule.endpoint], "open", False)
    }
    assert undecided == {"static"}


def test_the_open_doors_are_these(app):
    doors = {rule.endpoint for rule in rules(app, "GET", "POST")}
    assert {endpoint for endpoint in doors if permission_of(app, endpoint) is None} == OPEN


def test_a_page_without_a_decision_lets_nobody_in(app, monkeypatch):
    monkeypatch.setitem(app.view_functions, "accounts.account", lambda: "in")
    assert {login: visitor(app, login).get("/account").status_code for login in ("bureau", "admin", "stranger")} == {
        "bureau": 403, "admin": 403, "stranger": 302,
    }  # fmt: skip


def test_nothing_is_changed_by_other_methods_than_post(app):
    assert {method for rule in app.url_map.iter_rules() for method in rule.methods} <= {
        "GET",
        "HEAD",
        "OPTIONS",
        "POST",
    }


def test_addresses_of_deeds_are_nouns_and_no_address_has_a_tail(app):
    assert [
        rule.rule for rule in app.url_map.iter_rules() if rule.rule != "/" and rule.rule.endswith("/")
    ] == []


# The matrix


@pytest.mark.parametrize("login", LOGINS)
def test_each_role_is_let_in_where_its_permissions_say_and_nowhere_else(app, cast: Cast, login):
    actor, client = getattr(cast, login), visitor(app, login)
    wrong = []
    for rule in rules(app, "GET", "POST"):
        for method in sorted(rule.methods & {"GET", "POST"}):
            with undone(app):
                cookie = client.get_cookie("yishang")
                answer = client.open(unknown_address(app, rule), method=method)
                if cookie:
                    client.set_cookie("yishang", cookie.value)
            expected = _expected(app, actor, rule)
            if not expected(answer):
                wrong.append((method, rule.rule, answer.status_code, answer.location))
    assert wrong == [], wrong


def _expected(app, actor, rule):
    """What the permission says: the door, 403, or let in; and what is unknown is not found."""
    permission = permission_of(app, rule.endpoint)
    if permission is None:
        return lambda answer: (
            (answer.status_code not in (403, 405) and answer.status_code < 500) or _is_not_ready(rule, answer)
        )
    if actor.kind == "anybody":
        return lambda answer: answer.status_code == 302 and answer.location.startswith("/login")
    if not actor.may(permission):
        return lambda answer: answer.status_code == 403
    if rule.arguments and rule.endpoint not in NO_ROW:
        return lambda answer: answer.status_code == 404
    let_in = {200, 204, 303, 400, 409, 422} | ({404} if rule.endpoint in NOTHING_HERE else set())
    if rule.endpoint in ASKS_AGAIN and not may_any(
        actor, Permission.CONFERENCE_READ, Permission.RECEPTION_CHECK_IN
    ):
        let_in = {403}
    return lambda answer: (
        answer.status_code in let_in
        and (rule.endpoint in SHOWN_OUT or not (answer.location or "").startswith("/login"))
    )  # fmt: skip


def may_any(actor, *permissions: Permission) -> bool:
    return any(actor.may(permission) for permission in permissions)


def _is_not_ready(rule, answer) -> bool:
    # The tests' database is made without migrations; `tests/core/test_health.py` asks one that has them.
    return rule.endpoint == "health.ready" and answer.status_code == 503


def test_every_role_is_in_the_cast():
    assert {role for _, _, role, _ in USERS} == set(Role) - {Role.GROUP}
    assert TERMS[Role.GROUP].may == TERMS[Role.COUNTY].may


# Another unit's rows


def test_another_units_rows_are_not_found_and_not_named(app, cast):
    world, client, wrong = plant(app, cast), visitor(app, "huaining"), []
    before = figure(app)
    for rule in rules(app, "GET", "POST"):
        permission = permission_of(app, rule.endpoint)
        if not OF_A_UNIT & rule.arguments or permission is None or not cast.huaining.may(permission):
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = client.open(world.address(app, rule), method=method)
            if answer.status_code != 404 or NAME in answer.text or FIRM in answer.text:
                wrong.append((method, rule.rule, answer.status_code))
    assert wrong == [], wrong
    assert _differences(before, figure(app)) == []


def test_the_unit_itself_finds_each_of_them(app, cast):
    """Without this the test above could pass for the wrong reason."""
    world, client, missed = plant(app, cast), visitor(app, "tongcheng"), []
    for rule in rules(app, "GET"):
        permission = permission_of(app, rule.endpoint)
        if OF_A_UNIT & rule.arguments and permission and cast.tongcheng.may(permission):
            answer = client.get(world.address(app, rule), follow_redirects=True)
            if answer.status_code != 200:
                missed.append((rule.rule, answer.status_code))
    assert missed == []


def test_no_list_of_another_unit_names_them(app, cast):
    """Asked for by name, the list echoes what was typed and says no more than of a name that nobody has."""
    world, client, leaking = plant(app, cast), visitor(app, "huaining"), []
    for rule in rules(app, "GET"):
        permission = permission_of(app, rule.endpoint)
        if (
            permission is None
            or not cast.huaining.may(permission)
            or rule.arguments - {"slug", "organization_id"}
        ):
            continue
        address = world.address(app, rule)
        unit = f"unit={world.values['unit_id']}"
        plain = (
            "",
            "q=daiyuping",
            "q=dyp",
            "q=0611",
            "unit=all&whose=all&all=1",
            unit,
            "line=daiyuping 电话",
        )
        asked = [f"{address}?{query}" for query in plain]
        leaking += [one for one in asked if NAME in said_by(client.get(one, follow_redirects=True))]
        for word in ("q", "line", "name"):
            said, echoed = (
                said_by(client.get(f"{address}?{word}={name}")).count(name) for name in (NAME, NOBODY)
            )
            leaking += [f"{address}?{word}={NAME}"] if said != echoed else []
    assert leaking == [], leaking


@pytest.mark.parametrize(
    "login", ["ambassador", "partner", "chamber", "admin", "security", "auditor", "desk"]
)
def test_who_sees_no_business_finds_no_row_of_it(app, cast, login):
    world, client, actor = plant(app, cast), visitor(app, login), getattr(cast, login)
    own = {"partner.person", "partner.log"} if login == "ambassador" else set()  # entrusted to them
    for rule in rules(app, "GET", "POST"):
        permission = permission_of(app, rule.endpoint)
        if not OF_A_UNIT & rule.arguments or permission is None or rule.endpoint in own:
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            answer = client.open(world.address(app, rule), method=method)
            assert answer.status_code == (404 if actor.may(permission) else 403), rule.rule
            assert NAME not in answer.text


# Write, then refuse (S2)


@pytest.mark.parametrize("login", LOGINS)
def test_a_refused_deed_changes_nothing(app, cast, login):
    world, client, actor = plant(app, cast), visitor(app, login), getattr(cast, login)
    before, refused = figure(app), 0
    for rule in rules(app, "POST"):
        permission = permission_of(app, rule.endpoint)
        if permission is None or actor.may(permission):
            continue
        answer = client.post(world.address(app, rule), data=_whatever(world))
        assert answer.status_code in (302, 403), rule.rule
        refused += 1
    assert refused > 10
    assert _differences(before, figure(app)) == []


def test_a_change_would_be_seen(app, cast):
    """The figure above is worth something: one letter of one row moves it."""
    world = plant(app, cast)
    before = figure(app)
    client = visitor(app, "tongcheng")
    between = _differences(before, figure(app))
    client.post(f"/people/{world.values['person_id']}/silence", data={"reason": "本人要求"})
    assert (between, "person" in _differences(before, figure(app))) == (["sign_in"], True)


def _whatever(world) -> dict[str, str]:
    """Every column of a person, and what else a form may carry."""
    columns = dict.fromkeys(Person.model_fields, "1")
    return columns | {
        "version": "1",
        "reason": "x",
        "name": "某某",
        "note": "x",
        "text": "x",
        "ids": str(world.values["guest_id"]),
    }


def _differences(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


# What the command line tells


def test_routes_are_told_as_json(app, tmp_path, monkeypatch):
    from yishang_crm import cli

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YISHANG_INSTANCE", str(tmp_path / "instance"))
    said = json.loads(CliRunner().invoke(cli.main, ["routes", "--json"], catch_exceptions=False).output)
    assert {tuple(sorted(row)) for row in said} == {("address", "endpoint", "methods", "open", "permission")}
    assert {(row["address"], *row["methods"]) for row in said} == {
        (rule.rule, *sorted(rule.methods - {"HEAD", "OPTIONS"})) for rule in app.url_map.iter_rules()
    }
    assert {row["endpoint"] for row in said if row["open"]} == OPEN
    assert all(row["open"] is (row["permission"] is None) for row in said)
    assert {row["permission"] for row in said} - {None} <= {str(permission) for permission in Permission}


# Permissions


def test_permissions_have_different_words():
    assert len({permission.value for permission in Permission}) == len(Permission.__members__)


def test_the_cast_has_an_actor_for_each_login():
    assert {field.name for field in dataclasses.fields(Cast)} == set(LOGINS)
