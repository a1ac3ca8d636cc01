"""The portal on a phone: in by a personal link and a code, one's own people only, and a refusal that can be read."""

import re
import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitors import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AMBASSADOR = "程守默"
NEWCOMER, WISH = "吴桂芳", "想在老家办一间制衣厂，问能不能租厂房"
REASON = "标准厂房今年租满了，明年三月有新的，到时先联系您。"
DAY = 24 * 3600


def test_an_ambassador_on_the_phone(browser, house, pictures):
    liaison = Visitor(browser, house, DESKTOP).sign_in("tongcheng")
    appointment, entrusted = appointment_of(liaison)
    link = issue_link(liaison)
    phone = Visitor(browser, house, PHONE)
    come_in(phone, link, liaison, appointment, pictures)
    stays_signed_in(browser, house, phone)
    person = sees_own_people_only(phone, liaison, entrusted)
    log_a_contact(phone, liaison, person, pictures)
    nominate(phone, person)
    introduce(phone, pictures)
    refuse(liaison, pictures)
    read_the_reason(phone, pictures)
    for visitor in (liaison, phone):
        visitor.leave()


def appointment_of(liaison: Visitor) -> tuple[str, set[str]]:
    """The page of the ambassador's appointment, and who is entrusted to them."""
    page = liaison.go("/network")
    page.click(f"table.ledger a.name:has-text('{AMBASSADOR}')")
    expect(page.locator("h1")).to_contain_text(AMBASSADOR)
    names = page.locator("#entrustings tr td:first-child").all_inner_texts()
    assert names
    return page.url.removeprefix(liaison.house.base), {name.strip() for name in names}


def issue_link(liaison: Visitor) -> str:
    page = liaison.page
    page.click("#portal button.seal:has-text('发个人链接')")
    expect(page.locator("h1")).to_have_text("个人链接")
    return page.locator("[data-portal-link]").input_value()


def come_in(phone: Visitor, link: str, liaison: Visitor, appointment: str, pictures: Any) -> None:
    """The link alone opens nothing; the code, told on the telephone, does."""
    page = phone.go(link)
    expect(page.locator("h1")).to_have_text("请输入验证码")
    pictures(page, "25-enter-phone")
    phone.go("/portal")
    expect(page.locator("[name=password]")).to_be_visible()
    liaison.go(appointment)
    liaison.page.click("#portal button:has-text('报一个验证码')")
    code = liaison.page.locator("[data-portal-code]").inner_text()
    phone.go(link)
    page.fill("[name=code]", code)
    page.click("button:has-text('进入')")
    expect(page.locator("h1")).to_contain_text("程会长")
    pictures(page, "17-portal-phone")


def stays_signed_in(browser: Any, house: Any, phone: Visitor) -> None:
    """The cookie outlives ninety days (the house ends the sign-in), and a browser that was closed comes back with it."""
    (cookie,) = [one for one in phone.context.cookies() if one["name"].startswith("yishang")]
    assert 89.9 < (cookie["expires"] - time.time()) / DAY < 92
    again = Visitor(browser, house, PHONE, storage_state=phone.context.storage_state())
    expect(again.go("/portal").locator("h1")).to_contain_text("程会长")
    again.leave()


def sees_own_people_only(phone: Visitor, liaison: Visitor, entrusted: set[str]) -> str:
    """Whoever is entrusted or was introduced, without a number of theirs; nobody else has a page here."""
    page = phone.go("/portal")
    links = page.locator("a[href^='/portal/people/']")
    assert {name.strip() for name in links.all_inner_texts()} == entrusted
    assert not re.search(r"199[\d*]{4,}", page.locator("main").inner_text())
    own = {str(link.get_attribute("href")) for link in links.all()}
    liaison.go("/people")
    others = [
        f"/portal{link.get_attribute('href')}" for link in liaison.page.locator("table.ledger a.name").all()
    ]
    other = next(address for address in others if address not in own)
    assert phone.context.request.get(phone.house.base + other).status == 404
    return min(own, key=lambda address: int(address.rpartition("/")[2]))


def log_a_contact(phone: Visitor, liaison: Visitor, person: str, pictures: Any) -> None:
    page = phone.go(person)
    page.check("input[name=channel][value=wechat]", force=True)
    page.fill("[name=text]", "下月想回来看地")
    pictures(page, "26-entrusted-phone")
    page.click("button:has-text('记下')")
    expect(page.locator(".lead").first).to_contain_text("下月想回来看地")
    record = liaison.go(person.removeprefix("/portal"))
    expect(record.locator(".time").first).to_contain_text("下月想回来看地")


def nominate(phone: Visitor, person: str) -> None:
    page = phone.go("/portal")
    page.click("text=提名来宾参会")
    page.select_option("[name=person_id]", person.rpartition("/")[2])
    name = str(page.locator("[name=person_id] option:checked").inner_text()).split(" ")[0]
    page.fill("[name=reason]", "想在老家扩产")
    page.click("button:has-text('提名')")
    expect(page.locator(".lead", has_text=name)).to_contain_text("待审")


def introduce(phone: Visitor, pictures: Any) -> None:
    page = phone.go("/portal")
    page.click("text=引荐一位朋友或一个项目")
    page.fill("[name=name]", NEWCOMER)
    page.fill("[name=organization]", "东莞市潜兴制衣有限公司 总经理")
    page.fill("[name=phone]", "199-0000-7701")
    page.fill("[name=what]", WISH)
    pictures(page, "27-introduce-phone")
    page.click("button:has-text('发出引荐')")
    expect(lead_of(page)).to_contain_text("收到")


def refuse(liaison: Visitor, pictures: Any) -> None:
    page = liaison.go("/network")
    page.click(f"a:has-text('{NEWCOMER}')")
    expect(page.locator("h1")).to_have_text(NEWCOMER)
    pictures(page, "28-introduction")
    page.fill("#refuse [name=reason]", REASON)
    page.click("button:has-text('不采纳，回复引荐人')")
    expect(page.locator(".flash")).to_contain_text("没有采纳")


def read_the_reason(phone: Visitor, pictures: Any) -> None:
    page = phone.go("/portal")
    expect(lead_of(page)).to_contain_text(f"没有采纳：{REASON}")
    lead_of(page).scroll_into_view_if_needed()
    pictures(page, "29-refused-phone")


def lead_of(page: Page) -> Any:
    return page.locator(".lead", has_text=NEWCOMER)
