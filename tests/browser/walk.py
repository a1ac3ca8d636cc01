"""Every page a role reaches: those with one address, and one of each kind that its links lead to."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import APIResponse
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from tests.browser.served import Served
from tests.browser.visitors import Visitor
from yishang_crm.accounts.models import Role
from yishang_crm.accounts.roles import TERMS

_LINK = re.compile(r'(?:href|hx-get|data-panel)="([^"#][^"]*)"')


class Plan:
    """The addresses of a served house, as its command line tells them."""

    def __init__(self, house: Served) -> None:
        self.rows = [row for row in json.loads(house.run("routes", "--json")) if "GET" in row["methods"]]
        rules = [Rule(row["address"], endpoint=row["endpoint"], methods=["GET"]) for row in self.rows]
        self.map: MapAdapter = Map(rules).bind("house")

    def endpoint(self, address: str) -> str | None:
        try:
            return str(self.map.match(urlsplit(address).path, method="GET")[0])
        except HTTPException:
            return None

    def doors(self, role: Role) -> dict[str, str]:
        """Endpoint and address of what a role may open; open doors are no role's."""
        may = {str(permission) for permission in TERMS[role].may}
        return {row["endpoint"]: row["address"] for row in self.rows if row["permission"] in may}


def pages_of(visitor: Visitor, plan: Plan, starts: list[str], *, only: set[str]) -> dict[str, str]:
    """The first address found of each endpoint in `only` that answers with a whole page."""
    found: dict[str, str] = {}
    todo, seen = list(starts), set(starts)
    while todo:
        address = todo.pop(0)
        endpoint = plan.endpoint(address)
        if endpoint is None or endpoint in found or endpoint not in only:
            continue
        answer = visitor.context.request.get(visitor.house.base + address, max_redirects=0)
        if not _is_page(answer):
            todo += [link for link in _moved(answer, address) if link not in seen]
            continue
        found[endpoint] = address
        for link in _links(answer.text(), address):
            if link not in seen:
                seen.add(link)
                todo.append(link)
    return found


def _is_page(answer: APIResponse) -> bool:
    return answer.status == 200 and "text/html" in answer.headers.get("content-type", "")


def _moved(answer: APIResponse, address: str) -> list[str]:
    return (
        list(_links(f'href="{answer.headers["location"]}"', address)) if "location" in answer.headers else []
    )


def _links(html: str, base: str) -> Iterator[str]:
    for link in _LINK.findall(html):
        parts = urlsplit(urljoin(f"http://house{base}", unescape(link)))
        if parts.scheme == "http" and (parts.netloc == "house" or parts.netloc.startswith("127.0.0.1")):
            yield parts.path + (f"?{parts.query}" if parts.query else "")
