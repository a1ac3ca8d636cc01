"""What several stories do alike: an edition that is on today, and the letter that came."""

import datetime as dt
import re
import time
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.served import Served
from tests.browser.visitors import Visitor

ANQING = ZoneInfo("Asia/Shanghai")


def open_an_edition(organizer: Visitor, slug: str, *, number: int, name: str) -> str:
    """An edition of today that takes replies until tonight; returns its address."""
    today = dt.datetime.now(ANQING).date()
    facts = {
        "number": str(number), "slug": slug, "name": name, "name_en": "China Yishang Conference",
        "starts_at": f"{today}T09:00", "ends_at": f"{today}T17:00",
        "venue": "安庆市会议中心", "reply_until": f"{today}", "letter_year": str(today.year), "seats": "800",
        "office_phone": "199-0000-0556", "max_companions": "3",
    }  # fmt: skip
    page = organizer.go("/conferences/new")
    for field, value in facts.items():
        if page.locator(f"[name={field}]").count():
            page.fill(f"[name={field}]", value)
    page.click("main form button.seal")
    expect(page.locator("h1")).to_have_text(name)
    return f"/conferences/{slug}"


def letter_to(house: Served, address: str, *, after: int = 0) -> EmailMessage:
    """The letter that the real mail server took for this address, past the first `after`; a run of the delivery hurries it."""
    house.run("deliver", "--once")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for letter in house.mail.letters[after:]:
            if address in str(letter["To"]):
                return letter
        time.sleep(0.2)  # a thread of this process takes it; nothing tells when
    raise AssertionError(f"no letter to {address}")


def link_and_code(letter: EmailMessage) -> tuple[str, str]:
    """The reply link and the six digits, as the plain text says them."""
    plain = letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    link = re.search(r"http://127\.0\.0\.1:\d+/r/[\w-]+", plain)
    code = re.search(r"\b(\d{3}) ?(\d{3})\b", plain)
    assert link
    assert code
    return link.group(), "".join(code.groups())
