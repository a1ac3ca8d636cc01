"""Every form of every page that somebody may open, as it stands in the planted world."""

from collections.abc import Iterator

from flask import Flask

from tests.cast import USERS, Cast
from tests.house.pages import Form, Read, endpoint_of, is_page, walk
from tests.house.planted import Planted, rules, visitor

LOGINS = [login for login, *_ in USERS]


def starts(app: Flask, world: Planted, login: str, cast: Cast) -> list[str]:
    """The planted addresses of pages that a login may open."""
    actor = getattr(cast, login)
    found = []
    for rule in rules(app, "GET"):
        permission = getattr(app.view_functions[rule.endpoint], "permission", None)
        if rule.endpoint != "static" and (permission is None or actor.may(permission)):
            found.append(world.address(app, rule))
    return found


def pages_of(app: Flask, world: Planted, login: str, cast: Cast) -> Iterator[tuple[str, str]]:
    """(address, HTML) of every page that a login finds."""
    for address, answer in walk(visitor(app, login), starts(app, world, login, cast)):
        if is_page(answer):
            yield address, answer.text


def forms_of(
    app: Flask, world: Planted, cast: Cast, logins: list[str] = LOGINS
) -> dict[str, list[tuple[str, Form]]]:
    """By endpoint: who sees it, and the form. One of each endpoint and login."""
    found: dict[str, list[tuple[str, Form]]] = {}
    for login in logins:
        seen = set()
        for address, text in pages_of(app, world, login, cast):
            for form in Read(text).forms:
                action = form.action or address
                endpoint = endpoint_of(app, action, "POST") if form.method == "post" else ""
                if endpoint and endpoint not in seen:
                    seen.add(endpoint)
                    form.action = action
                    found.setdefault(endpoint, []).append((login, form))
    return found
