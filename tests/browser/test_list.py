"""The list by keyboard alone, in Chromium: move, select, tag, edit a cell, open beside the list, find."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitors import DESKTOP, PHONE, Visitor

pytestmark = pytest.mark.browser


def test_the_list_by_keyboard_alone(browser, house):
    liaison = Visitor(browser, house, DESKTOP).sign_in("bureau")
    page = liaison.go("/people/tags")
    page.fill("#name", "键盘")
    page.press("#name", "Enter")
    expect(page.locator(".ledger")).to_contain_text("键盘")
    liaison.go("/people?tier=A&sort=strokes")
    expect(page.locator("#views-bar")).to_contain_text("全部")  # with its counts, after the list
    for key in ("j", "x", "j", "j", "Shift+X"):
        page.keyboard.press(key)
    expect(page.locator("[data-picked]")).to_have_text("3")
    page.keyboard.press("a")
    page.wait_for_url("**/people/acts/tag?**")
    page.select_option("#one", label="键盘")
    page.press("#one", "Enter")
    page.get_by_role("button", name="看看会怎样").press("Enter")
    expect(page.locator(".note.info")).to_contain_text("给3人打上标签“键盘”")
    page.get_by_role("button", name=re.compile("办，共3人")).press("Enter")
    expect(page.locator(".flash")).to_contain_text("已给3人打上标签“键盘”")
    page.get_by_role("button", name="撤销").press("Enter")
    expect(page.locator(".flash")).to_contain_text("已撤销：还原3处")
    liaison.leave()


def test_a_cell_is_edited_and_the_record_opened_without_losing_the_list(browser, house):
    liaison = Visitor(browser, house, DESKTOP).sign_in("bureau")
    page = liaison.go("/people?tier=C&sort=strokes")
    page.keyboard.press("j")
    for key in ("ArrowRight", "ArrowRight", "e"):
        page.keyboard.press(key)
    field = page.locator("td.editing [name=value]")
    expect(field).to_be_focused()
    field.fill("宿迁")
    page.keyboard.press("Enter")
    row = page.locator("tr.on")
    expect(row.locator("[data-cell=residence]")).to_have_text("宿迁")
    page.keyboard.press("e")
    expect(page.locator("td.editing [name=value]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("td.editing")).to_have_count(0)
    page.keyboard.press("o")
    expect(page.locator("#panel h1")).to_be_visible()
    assert "tier=C" in page.url
    shown = page.locator("#panel h1").inner_text()
    page.keyboard.press("j")
    expect(page.locator("#panel h1")).not_to_have_text(shown)
    page.keyboard.press("Escape")
    expect(page.locator("#panel h1")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    liaison.leave()


def test_the_palette_by_keyboard(browser, house):
    liaison = Visitor(browser, house, DESKTOP).sign_in("bureau")
    page = liaison.go("/people?tier=A")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette .rows")).to_contain_text("存为视图")
    page.fill("#find-q", "@wang")
    expect(page.locator("#palette .rows")).not_to_contain_text("存为视图")
    expect(page.locator("#palette [data-verbs]").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator("#palette .rows")).to_contain_text("记一笔")
    page.fill("#find-q", ">近期")
    expect(page.locator("#palette .rows")).to_contain_text("我的近期操作")
    page.keyboard.press("Enter")
    page.wait_for_url("**/acts")
    liaison.leave()


def test_on_a_phone_a_name_opens_the_whole_page(browser, house):
    liaison = Visitor(browser, house, PHONE).sign_in("bureau")
    page = liaison.go("/people")
    page.locator("tbody a.name").first.click()
    page.wait_for_url(re.compile(r"/people/\d+$"))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    liaison.leave()
