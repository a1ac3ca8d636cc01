"""axe finds nothing on any page of any role, light and dark, and no page scrolls sideways."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editions import letter_to, link_and_code
from tests.browser.visitors import DESKTOP, PHONE, Visitor
from tests.browser.walk import Plan, pages_of
from tests.conftest import SAMPLES
from yishang_crm.accounts.models import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
# One login of each role that the demo world has; the investment groups see what a county sees.
LOGINS = {
    "admin": Role.ADMIN, "security": Role.SECURITY, "auditor": Role.AUDITOR, "leader": Role.LEADER,
    "bureau": Role.BUREAU, "organizer": Role.ORGANIZER, "tongcheng": Role.COUNTY, "desk": Role.DESK,
    "ambassador": Role.AMBASSADOR, "partner": Role.PARTNER, "chamber": Role.CHAMBER,
}  # fmt: skip
# What has no page of its own to look at.
NO_PAGE = {
    "accounts.settings", "conference.front", "conference.guest_by_number", "rounds.show_entry",  # lead on to another
    "conference.index", "accounts.admin", "people_acts.unit",  # ask once more who comes: tried with those who may
    "outbox.mailbox", "outbox.mailbox_letter", "outbox.mailbox_paper",  # only where there is no mail server
    "outbox.selection",  # the answer to a selection, asked with its ids
    "reception.guests", "followup.chips", "people.verbs",  # fragments
    "people_acts.merge",  # leads on to another
    "acts.show",  # only who did something to many: tried with those who have
    "returns.blank",  # a workbook
    "people_import.progress",  # only while a roster is being written
    "files.photo",  # a picture
}  # fmt: skip
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}


@pytest.fixture(scope="module")
def plan(house) -> Plan:
    return Plan(house)


@pytest.fixture(scope="module")
def arranged(browser, house) -> dict[str, list[str]]:
    """What the demo world has not got: letters of every county, rosters brought and not written yet, others written.

    Returns where each login begins beside the addresses without a number: of a kind of row the pages see only one.
    """
    farther: dict[str, list[str]] = {}
    organizer = Visitor(browser, house, DESKTOP).sign_in("organizer")
    page = organizer.go("/conferences")
    organizer.go(f"{page.locator('table.ledger a.name').first.get_attribute('href')}/../letters")
    page.click("button:has-text('交发件箱')")
    expect(page.locator(".flash")).to_be_visible()
    organizer.leave()
    for login in ("tongcheng", "bureau", "organizer"):
        house.run("import", "people", str(SAMPLES / "手机通讯录.vcf"), "--as", login)
        bringer = Visitor(browser, house, DESKTOP).sign_in(login)
        chamber = first_link(bringer, "/organizations/chambers")
        written = first_link(bringer, "/people/import", "tr:has-text('已写入')")
        erasure = first_link(bringer, "/people/rights", "tr:has-text('删除')")
        farther[login] = [f"{chamber}/editions/new", f"{chamber}/officers/new", f"{written}/undo"]
        farther[login] += [
            f"{erasure}/erasure",
            taken_out(bringer),
            done_to_many(bringer, tag=f"{login}请来座谈"),
        ]
        page = bringer.go("/people/import")
        page.set_input_files("input[type=file]", str(SAMPLES / "怀宁县籍在外企业家信息表.xlsx"))
        page.click("form[enctype] button.seal")
        expect(page.locator("h1")).to_have_text("核对名册")
        farther[login].append(page.url.removeprefix(house.base))
        bringer.leave()
    return farther


def first_link(visitor: Visitor, address: str, within: str = "table.ledger") -> str:
    return str(visitor.go(address).locator(f"{within} a.name").first.get_attribute("href"))


def done_to_many(visitor: Visitor, *, tag: str) -> str:
    """Two people who got a new tag at once."""
    page = visitor.go("/people/tags")
    page.fill("main form [name=name]", tag)
    page.click("main form:has([name=name]) button.seal")
    number = page.locator(f"tr:has-text({tag!r})").last.get_attribute("data-id")
    people = visitor.go("/people").locator("tr[data-id]")
    one, two = (people.nth(place).get_attribute("data-id") for place in (0, 1))
    page = visitor.go(f"/people/acts/tag?id={one}&id={two}&one={number}")
    page.click("main form[method=post] button.seal")
    return first_link(visitor, "/acts")


def of_rows(visitor: Visitor) -> list[str]:
    """Pages of a row that no link leads to without a choice: a cell of the list, a snapshot beside another."""
    row = visitor.go("/people").locator("tr[data-id]").first.get_attribute("data-id")
    cell = f"/people/{row}/cells/tier"
    return [cell, f"{cell}/shown", "/people/snapshots/1/changes?since=1"]


def taken_out(visitor: Visitor) -> str:
    """A list that was exported."""
    page = visitor.go("/people/exports/new?tier=A")
    page.fill("[name=purpose]", "座谈会签到")
    page.fill("[name=receiver]", "会务组")
    page.fill("[name=reason]", "核对到会人数")
    page.click("main form button.seal")
    expect(page.locator("h1")).not_to_have_text("导出名单")
    return str(page.url.removeprefix(visitor.house.base))


@pytest.mark.parametrize("login", LOGINS)
def test_every_page_of_every_role(browser, house, plan, arranged, login):
    visitor = watched(browser, house, DESKTOP).sign_in(login)
    doors = plan.doors(LOGINS[login])
    starts = [visitor.page.url.removeprefix(house.base), *(one for one in doors.values() if "<" not in one)]
    if "people.index" in doors:
        starts += of_rows(visitor)
    pages = pages_of(visitor, plan, [*arranged.get(login, []), *starts], only=set(doors))
    assert set(doors) - set(pages) - NO_PAGE == set()
    wrong = [fault for address in pages.values() for fault in faults_of(visitor, address)]
    visitor.leave()
    assert wrong == [], "\n".join(wrong)


def watched(browser: Any, house: Any, size: dict[str, int]) -> Visitor:
    visitor = Visitor(browser, house, size)
    visitor.context.add_init_script(path=AXE)
    return visitor


def faults_of(visitor: Visitor, address: str) -> list[str]:
    """What is wrong with a page in the light, in the dark, and on a phone."""
    page = visitor.page
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(DESKTOP)
    visitor.go(address)
    said = [f"{address}: {one}" for one in violations(page, RULES)]
    said += [f"{address}: {size['width']} px" for size in (DESKTOP, PHONE) if scrolls_sideways(page, size)]
    page.emulate_media(color_scheme="dark")
    return said + [f"{address} dark: {one}" for one in violations(page, COLORS)]


def violations(page: Page, rules: dict[str, Any]) -> list[str]:
    found = page.evaluate(
        "rules => axe.run(document, Object.assign({resultTypes: ['violations']}, rules))", rules
    )
    return [
        f"{one['id']} {node['target']} {' '.join(node['failureSummary'].split())[:200]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def scrolls_sideways(page: Page, size: dict[str, int]) -> bool:
    page.set_viewport_size(size)
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


STRANGERS_PAGES = ("/login", "/password", "/password/asked", "/r", "/portal/enter/nothing", "/nothing")


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_pages_of_strangers(browser, house, language):
    visitor = watched(browser, house, DESKTOP)
    speak(visitor, "/login", language)
    wrong = [fault for address in STRANGERS_PAGES for fault in faults_of(visitor, address)]
    visitor.leave()
    assert wrong == [], "\n".join(wrong)


@pytest.fixture(scope="module")
def invitation(browser, house, arranged) -> str:
    """The reply link of a guest whose letter was released and came."""
    before = len(house.mail.letters)
    organizer = Visitor(browser, house, DESKTOP).sign_in("organizer")
    page = organizer.go("/outbox?state=held&q=邀请函")
    page.locator(".mail a").first.click()
    page.click("button:has-text('放行这一封')")
    expect(page.locator(".flash")).to_be_visible()
    organizer.leave()
    return link_and_code(letter_to(house, "@mail.example", after=before))[0]


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_pages_of_a_guest(browser, house, invitation, language):
    """Before and after the answer; every language sees the first question again by `change`."""
    visitor = watched(browser, house, DESKTOP)
    speak(visitor, invitation, language)
    pages = [
        invitation,
        *(f"{invitation}{rest}" for rest in ("?change=1", "/delegate", "/notice", "/mistake", "/letter")),
    ]
    wrong = [fault for address in pages for fault in faults_of(visitor, address)]
    visitor.go(f"{invitation}?change=1")
    visitor.page.click("button[value=accepted]")
    expect(visitor.page.locator(".said")).to_be_visible()
    wrong += [fault for rest in ("", "/pass") for fault in faults_of(visitor, f"{invitation}{rest}")]
    visitor.leave()
    assert wrong == [], "\n".join(wrong)


def speak(visitor: Visitor, address: str, language: str) -> None:
    page = visitor.go(address)
    page.click(f"button[name=language][value={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)
