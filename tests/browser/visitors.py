"""One browser of one person: what they open, and what went wrong meanwhile."""

import re
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.browser.served import PASSWORD, Served

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


class Visitor:
    """A context of its own; script errors and breaches of the content policy are kept and end the test in `leave`."""

    def __init__(self, browser: Browser, house: Served, size: dict[str, int], **options: Any) -> None:
        self.context = browser.new_context(viewport=size, locale="zh-CN", has_touch=size is PHONE, **options)
        self.page: Page = self.context.new_page()
        self.house = house
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.faults.append(message.text)

    def sign_in(self, login: str) -> "Visitor":
        self.go("/login")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        expect(self.page).not_to_have_url(re.compile("/login"))
        self.page.wait_for_url(lambda address: "/login" not in address)
        expect(self.page.locator("#main")).to_be_visible()
        return self

    def go(self, address: str) -> Page:
        """Open an address, and wait for the parts that a page asks for after it stands."""
        self.page.goto(address if address.startswith("http") else self.house.base + address)
        self.settled()
        return self.page

    def settled(self) -> None:
        expect(self.page.locator("[hx-trigger=load]")).to_have_count(0)

    def leave(self) -> None:
        assert self.faults == []
        self.context.close()
