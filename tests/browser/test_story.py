"""From a county's workbook to a handshake, and a follow-up next week: as people do it, in Chromium."""

import datetime as dt
import json
import re
import time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.served import Served
from tests.browser.visitors import DESKTOP, PHONE, Visitor
from tests.conftest import SAMPLES

pytestmark = pytest.mark.browser

WORKBOOK = SAMPLES / "怀宁县籍在外企业家信息表.xlsx"
ANQING = ZoneInfo("Asia/Shanghai")


def test_from_a_workbook_to_a_handshake(browser, house, pictures):
    guest = json.loads(WORKBOOK.with_name(f"{WORKBOOK.name}.truth.json").read_text())[0]
    liaison = Visitor(browser, house, DESKTOP).sign_in("huaining")
    person = bring_the_workbook(liaison, guest, pictures)
    log_a_call(liaison, guest, person, pictures)
    give_an_address(liaison, person)

    organizer = Visitor(browser, house, DESKTOP).sign_in("organizer")
    slug = open_an_edition(organizer)
    nominate(liaison, person, slug)
    approve_and_write(organizer, slug, guest, pictures)
    mail = release(organizer, guest, pictures)

    phone = Visitor(browser, house, PHONE)
    answer(phone, mail, guest, pictures)
    arrive(browser, house, slug, guest, pictures)
    follow_up(organizer, liaison, slug, guest, pictures)
    for visitor in (liaison, organizer, phone):
        visitor.leave()


def bring_the_workbook(liaison: Visitor, guest: dict[str, Any], pictures: Any) -> str:
    page = liaison.go("/people/import")
    page.set_input_files("input[type=file]", str(WORKBOOK))
    pictures(page, "01-import")
    page.click("form[enctype] button.seal")
    expect(page.locator("h1")).to_have_text("核对名册")
    expect(page.locator("table.ledger")).to_contain_text(guest["name"])
    pictures(page, "02-check")
    page.click(".acts .btn.seal")
    expect(page.locator("h1")).to_have_text("回单")
    pictures(page, "03-receipt")
    liaison.go(f"/people?q={guest['name']}")
    pictures(page, "04-people")
    row = page.locator("table.ledger tbody tr", has_text=guest["organization"].replace("市", "")[:6])
    address = row.locator("a.name").first.get_attribute("href")
    assert address
    return address


def log_a_call(liaison: Visitor, guest: dict[str, Any], person: str, pictures: Any) -> None:
    page = liaison.go(person)
    expect(page.locator("h1").first).to_contain_text(guest["name"])
    page.wait_for_timeout(500)
    pictures(page, "05-person")
    page.keyboard.press("l")
    line = page.locator("[data-log-line]:visible")
    line.fill("电话 谈新厂选址，想看两块地 下周三再联系")
    expect(page.locator(".got:visible")).to_contain_text("电话")
    pictures(page, "06-log")
    line.press("Enter")
    page.wait_for_timeout(800)
    liaison.go(f"/people?q={guest['name']}")
    page = liaison.go(person)
    expect(page.locator(".time").first).to_contain_text("谈新厂选址")
    liaison.go("/today")
    pictures(page, "07-today")


def give_an_address(liaison: Visitor, person: str) -> None:
    page = liaison.go(person)
    page.click("#contacts details summary:has-text('加一个')")
    page.fill("#contacts [name=typed]", "guest@mail.example")
    page.click("#contacts form:has([name=typed]) button")
    expect(page.locator("#contacts")).to_contain_text("g***@mail.example")


def open_an_edition(organizer: Visitor) -> str:
    now = dt.datetime.now(ANQING)
    page = organizer.go("/conferences/new")
    begun = now.replace(hour=0, minute=1)
    facts = {
        "number": "6", "slug": "story", "name": "第六届中国宜商大会", "name_en": "China Yishang Conference",
        "starts_at": begun.strftime("%Y-%m-%dT%H:%M"), "ends_at": (now + dt.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M"),
        "venue": "安庆市会议中心", "reply_until": now.date().isoformat(), "letter_year": str(now.year), "seats": "800",
        "office_phone": "199-0000-0556", "max_companions": "3",
    }  # fmt: skip
    for name, value in facts.items():
        if page.locator(f"[name={name}]").count():
            page.fill(f"[name={name}]", value)
    page.click("main form button.seal")
    expect(page.locator("h1")).to_have_text("第六届中国宜商大会")
    return "story"


def nominate(liaison: Visitor, person: str, slug: str) -> None:
    page = liaison.go(f"/conferences{person}/nomination")
    form = page.locator(f"form:has(input[name=edition][value={slug}])")
    form.locator("[name=reason]").fill("有意回乡投资")
    form.locator("button.seal").click()
    expect(page.locator(".flash")).to_contain_text("已提名")


def approve_and_write(organizer: Visitor, slug: str, guest: dict[str, Any], pictures: Any) -> None:
    page = organizer.go(f"/conferences/{slug}/approval")
    page.click("[data-all]")
    page.click("#bulk button[value=approve]")
    expect(page.locator(".flash")).to_be_visible()
    organizer.go(f"/conferences/{slug}/letters")
    page.click("button:has-text('制函')")
    page.click("button:has-text('交发件箱')")
    expect(page.locator("table.ledger").first).to_contain_text(guest["name"])
    organizer.go("/conferences")
    page.click("table.ledger a.name >> nth=1")
    pictures(page, "08-board")
    organizer.go(f"/conferences/{slug}/guests")
    page.click(f"a.name:has-text('{guest['name']}')")
    page.wait_for_timeout(600)
    pictures(page, "09-guest")


def release(organizer: Visitor, guest: dict[str, Any], pictures: Any) -> Any:
    page = organizer.go(f"/outbox?state=held&q={guest['name']}")
    page.wait_for_timeout(300)
    pictures(page, "10-outbox")
    page.click(f".mail:has-text('{guest['name']}') a >> nth=0")
    pictures(page, "11-letter")
    page.click("button:has-text('放行这一封')")
    expect(page.locator(".flash")).to_be_visible()
    house, deadline = organizer.house, time.monotonic() + 60
    house.run("deliver", "--once")
    while time.monotonic() < deadline:
        found = [letter for letter in house.mail.letters if "guest@mail.example" in str(letter["To"])]
        if found:
            return found[0]
        time.sleep(0.5)
    raise AssertionError("the letter did not arrive")


def answer(phone: Visitor, mail: Any, guest: dict[str, Any], pictures: Any) -> None:
    plain = mail.get_body(("plain",)).get_content()
    assert guest["name"] in plain
    (paper,) = mail.iter_attachments()
    assert paper.get_content_type() == "application/pdf"
    link = re.search(r"http://127\.0\.0\.1:\d+/r/[\w-]+", plain)
    code = re.search(r"\b(\d{3}) ?(\d{3})\b", plain)
    assert link
    assert code
    page = phone.go("/r")
    page.fill("[name=code]", "".join(code.groups()))
    page.locator("input:visible").nth(1).fill(guest["phones"][0][-4:])
    page.locator("form button.p, form .b.p").first.click()
    expect(page.locator(".dear")).to_contain_text(guest["name"])
    page = phone.go(link.group())
    expect(page.locator(".dear")).to_contain_text(guest["name"])
    pictures(page, "12-reply-phone")
    page.click("button[value=accepted]")
    expect(page.locator(".said")).to_contain_text("参加")
    page.check("input[name=travel][value=train]", force=True)
    page.fill("[name=travel_number]", "G7754")
    page.check("input[name=nights][value='1']", force=True)
    page.wait_for_timeout(1200)
    pictures(page, "13-reply-journey-phone")
    page.click("form .b.p")
    expect(page.locator(".pass h1")).to_have_text(guest["name"])
    pictures(page, "14-pass-phone")


def arrive(browser: Browser, house: Served, slug: str, guest: dict[str, Any], pictures: Any) -> None:
    desk = Visitor(browser, house, PHONE).sign_in("desk")
    page = desk.go(f"/conferences/{slug}/desk")
    page.fill("[data-code]", guest["name"])
    page.locator("[data-hits] button", has_text=guest["name"]).first.click()
    expect(page.locator(".res")).to_contain_text(guest["name"])
    pictures(page, "15-desk-phone")
    desk.leave()


def follow_up(organizer: Visitor, liaison: Visitor, slug: str, guest: dict[str, Any], pictures: Any) -> None:
    page = organizer.go(f"/conferences/{slug}/facts")
    page.fill("[name=ends_at]", dt.datetime.now(ANQING).replace(hour=0, minute=2).strftime("%Y-%m-%dT%H:%M"))
    page.click("main form button.seal")
    organizer.go(f"/conferences/{slug}/board")
    organizer.page.on("dialog", lambda dialog: dialog.accept())
    page.locator("form[action$='/closing'] button").click()
    expect(page.locator(".flash")).to_contain_text("已结束")
    page.locator("form[action$='/follow-up'] button").click()
    expect(page.locator(".flash")).to_contain_text("已给到会的1位各布置一件回访")
    liaison.go("/tasks?whose=unit")
    expect(liaison.page.locator("main table").first).to_contain_text(guest["name"])
    pictures(liaison.page, "16-follow-up")


def test_pictures_of_the_portal_and_the_figures(browser, house, pictures):
    ambassador = Visitor(browser, house, PHONE).sign_in("ambassador")
    page = ambassador.go("/portal")
    expect(page.locator("h1")).to_contain_text("程")
    pictures(page, "17-portal-phone")
    ambassador.leave()
    leader = Visitor(browser, house, DESKTOP).sign_in("leader")
    page = leader.go("/insight")
    page.wait_for_timeout(800)
    pictures(page, "18-insight")
    leader.leave()
