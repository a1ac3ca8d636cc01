"""No mouse: sign in, find, log, invite, release, reply, check in, by keys alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editions import letter_to, link_and_code, open_an_edition
from tests.browser.served import PASSWORD, Served
from tests.browser.visitors import DESKTOP, PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NAME, MAIL, TAIL = "万俟文竹", "wenzhu@mail.example", "7702"
ROSTER = f"姓名,性别,手机,邮箱,单位,职务,籍贯\n{NAME},女,1990000{TAIL},{MAIL},苏州岳安传动科技有限公司,董事长,桐城市\n"
MOST_STOPS = 120


def test_each_job_by_keys_alone(browser, house, tmp_path):
    roster = tmp_path / "名册.csv"
    roster.write_text(ROSTER, encoding="utf-8")
    house.run("import", "people", str(roster), "--as", "organizer")
    arranging = Visitor(browser, house, DESKTOP).sign_in("organizer")
    edition = open_an_edition(arranging, "keys", number=7, name="第七届中国宜商大会")
    arranging.leave()

    staff = Visitor(browser, house, DESKTOP)
    sign_in(staff, "organizer")
    find(staff.page)
    log(staff.page)
    invite(staff, edition)
    release(staff)
    link, code = link_and_code(letter_to(house, MAIL))
    reply(Visitor(browser, house, PHONE), link)
    check_in(browser, house, edition, code)
    staff.leave()


def sign_in(visitor: Visitor, login: str) -> None:
    page = visitor.go("/login")
    keys = page.keyboard
    keys.type(login)  # the field has the focus
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page).not_to_have_url(re.compile("/login"))
    page.wait_for_load_state()  # a key pressed before the scripts are there is nobody's


def find(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("moqiwenzhu")
    expect(page.locator("#palette [data-row]").first).to_contain_text(NAME)
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_contain_text(NAME)
    page.wait_for_load_state()


def log(page: Page) -> None:
    page.keyboard.press("l")
    expect(page.locator("#log-dialog [data-log-line]")).to_be_focused()
    page.keyboard.type("电话 谈二期用地 下周三再联系")
    expect(page.locator("#log-dialog .got")).to_contain_text("电话")
    page.keyboard.press("Enter")
    expect(page.locator("#log-dialog")).to_be_hidden()
    expect(page.locator(".time").first).to_contain_text("谈二期用地")


def invite(staff: Visitor, edition: str) -> None:
    """From the person's page to the letter in the outbox."""
    page = staff.page
    staff.settled()
    press(page, "header a:has-text('邀请')")
    expect(page.locator("h1")).to_contain_text(NAME)
    stop_at(page, "form:has(input[name=edition][value=keys]) [name=reason]")
    page.keyboard.type("有意回乡投资")
    page.keyboard.press("Enter")
    expect(page.locator(".flash")).to_contain_text("已提名")
    staff.go(f"{edition}/approval")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk")).to_be_visible()
    press(page, "#bulk button[value=approve]")
    expect(page.locator(".flash")).to_be_visible()
    staff.go(f"{edition}/letters")
    press(page, "button:has-text('制函')")
    expect(page.locator("main")).to_contain_text("交发件箱")
    press(page, "button:has-text('交发件箱')")
    expect(page.locator("table.ledger").first).to_contain_text(NAME)


def release(staff: Visitor) -> None:
    page = staff.go("/outbox")
    page.keyboard.press("/")
    page.keyboard.type(NAME)
    page.keyboard.press("Enter")
    expect(page.locator("#letter")).to_contain_text(NAME)
    press(page, "button:has-text('放行这一封')")
    expect(page.locator(".flash")).to_be_visible()


def reply(guest: Visitor, link: str) -> None:
    page = guest.go(link)
    press(page, "button[value=accepted]")
    expect(page.locator(".said")).to_contain_text("参加")
    stop_at(page, "input[name=travel]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator("[data-part=travel] [data-saved]")).to_contain_text("已保存")
    stop_at(page, "[name=travel_number]")
    page.keyboard.type("G7754")
    press(page, "button:has-text('填好了')")
    expect(page.locator(".pass h1")).to_have_text(NAME)
    guest.leave()


def check_in(browser, house: Served, edition: str, code: str) -> None:
    """The six digits, and for who forgot them, the name: initials, Enter, Enter."""
    desk = Visitor(browser, house, DESKTOP)
    sign_in(desk, "desk")
    page = desk.go(f"{edition}/desk")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator(".res.go")).to_contain_text(NAME)
    page.keyboard.press("Escape")
    page.keyboard.type("mqwz")
    expect(page.locator("[data-hits] button").first).to_contain_text(NAME)
    page.keyboard.press("Enter")
    expect(page.locator("[data-hits] button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".res.stop")).to_contain_text("已经报到过")
    expect(page.locator("[data-count]")).to_have_text("1")
    desk.leave()


def press(page: Page, selector: str) -> None:
    """Go there by Tab and press Enter."""
    stop_at(page, selector)
    page.keyboard.press("Enter")


def stop_at(page: Page, selector: str) -> None:
    """Tab until this has the focus, and see that it shows it."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        if wanted.evaluate("element => element === document.activeElement"):
            assert wanted.evaluate("element => element.matches(':focus-visible')")
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {selector}")
