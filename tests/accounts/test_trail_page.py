import re

import pytest

from tests.accounts.arranged import arranging, now_of, user
from tests.cast import signed_in
from yishang_crm.accounts import actions, queries
from yishang_crm.accounts.queries import trail
from yishang_crm.core import deeds
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.audit import leave_entry, seal_pending
from yishang_crm.core.deed import Deed, doing


@pytest.fixture
def auditor(client):
    return signed_in(client, "auditor")


def rows(page: str) -> list[str]:
    body = page[page.index("<tbody>") : page.index("</tbody>")] if "<tbody>" in page else ""
    return [
        re.sub(r"<[^>]+>", "", row).strip()
        for row in re.findall(r'<tr data-id="\d+">(.*?)</tr>', body, re.DOTALL)
    ]


def test_the_audit_administrator_alone_reads_the_trail(app):
    assert signed_in(app.test_client(), "auditor").get("/admin/audit").status_code == 200
    others = ["tongcheng", "bureau", "leader", "admin", "security", "partner"]
    assert {signed_in(app.test_client(), login).get("/admin/audit").status_code for login in others} == {403}
    assert app.test_client().get("/admin/audit").location == "/login?next=/admin/audit"


def test_nobody_else_finds_an_entry_by_any_way(app, cast):
    with app.app_context():
        for actor in (cast.bureau, cast.admin, cast.security, cast.tongcheng):
            assert trail.entries(actor, trail.Filters()) == ([], False)


def test_it_tells_who_did_what_to_which_field_and_no_value(app, auditor):
    with arranging(app):
        row = user("tongcheng")
        actions.edit_user(HOUSE, row, version=1, name="汪改名", role=row.role, unit=queries.unit(row.unit_id),
                          phone="+8619900000417")  # fmt: skip
    page = auditor.get("/admin/audit?verb=accounts.edit_user").text
    (told,) = rows(page)
    assert all(
        word in told
        for word in (
            "宜商通",
            "修改账号",
            f"user_account:{now_of(app, 'tongcheng').id}",
            "name、phone、version",
        )
    )
    assert ("汪改名" in page, "0417" in page) == (False, False)


def test_the_newest_stand_first(auditor):
    numbers = [
        int(number) for number in re.findall(r'<tr data-id="(\d+)">', auditor.get("/admin/audit").text)
    ]
    assert numbers == sorted(numbers, reverse=True)


def test_the_address_is_the_view(app, auditor):
    signed_in(app.test_client(), "tongcheng")
    key = f"user:{now_of(app, 'auditor').id}"
    about = f"user_account:{now_of(app, 'tongcheng').id}"
    assert len(rows(auditor.get(f"/admin/audit?verb=accounts.sign_in&about={about}").text)) == 1
    assert len(rows(auditor.get("/admin/audit?verb=accounts.sign_in").text)) == 2
    assert rows(auditor.get(f"/admin/audit?who={key}").text) == []
    assert rows(auditor.get("/admin/audit?verb=%25").text) == []
    assert rows(auditor.get("/admin/audit?first_day=2999-01-01").text) == []
    assert rows(auditor.get("/admin/audit?last_day=1999-01-01").text) == []
    assert len(rows(auditor.get("/admin/audit?first_day=nonsense&verb=accounts.sign_in").text)) == 2
    assert len(rows(auditor.get("/admin/audit?about=user_account&verb=accounts.sign_in").text)) == 2
    assert rows(auditor.get("/admin/audit?about=user&verb=accounts.sign_in").text) == []


def left(app, *verbs: str) -> None:
    """Entries of the house under these verbs, the last one the newest."""
    with arranging(app), doing(Deed(HOUSE, "tests.arrange")):
        for verb in verbs:
            leave_entry(Deed(HOUSE, verb))


def deeds_on(page: str) -> list[tuple[str, str]]:
    """(raw verb, what is read) of each row."""
    return re.findall(r'<a href="/admin/audit\?verb=[^"]*" title="([^"]*)">([^<]*)</a>', page)


def test_a_deed_is_read_by_its_name_and_keeps_its_verb(app, auditor):
    left(app, "people.stewards.ask", "people.exports.take", "people.merge_people", "core.trail.refused")
    assert deeds_on(auditor.get("/admin/audit").text)[:4] == [
        ("core.trail.refused", "越权操作被拒绝"),
        ("people.merge_people", "合并重复的人"),
        ("people.exports.take", "取走导出文件"),
        ("people.stewards.ask", "申请一起联系"),
    ]


def test_the_steps_of_a_bulk_deed_are_read_with_it(app, auditor):
    left(app, "people.import.opened", "people.import.chunk", "people.import")
    assert deeds_on(auditor.get("/admin/audit?verb=people.import").text) == [
        ("people.import", "写入名册"),
        ("people.import.chunk", "写入名册：一批"),
        ("people.import.opened", "写入名册：开始"),
    ]


def test_an_entry_of_an_earlier_version_is_shown_under_the_name_it_has(app, auditor):
    left(app, "people.ask", "people._begin.chunk", "refused")
    names = [
        ("refused", "refused"),
        ("people._begin.chunk", "people._begin.chunk"),
        ("people.ask", "people.ask"),
    ]
    assert deeds_on(auditor.get("/admin/audit").text)[:3] == names
    assert deeds_on(auditor.get("/admin/audit?verb=people.ask").text) == [("people.ask", "people.ask")]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("申请一起联系", ["people.stewards.ask"]),
        (" 一起 ", ["people.stewards.ask"]),
        ("申请导出", ["people.exports.ask"]),
        ("写入名册", ["people.import.chunk"]),
        ("：一批", ["people.import.chunk"]),
        ("people", ["people.import.chunk", "people.exports.ask", "people.stewards.ask", "people.ask"]),
        ("people.stewards", ["people.stewards.ask"]),
        ("people.ask", ["people.ask"]),
        ("没有这样的事", []),
        ("%", []),
    ],
)
def test_what_was_done_is_found_by_name_and_by_the_beginning_of_the_verb(app, auditor, typed, found):
    left(app, "people.ask", "people.stewards.ask", "people.exports.ask", "people.import.chunk")
    page = auditor.get("/admin/audit", query_string={"verb": typed}).text
    assert [verb for verb, _ in deeds_on(page)] == found


def test_a_whole_verb_finds_that_deed_and_none_that_begins_like_it(app, auditor):
    left(app, "accounts.end_own_sign_in", "accounts.end_own_sign_ins")
    page = auditor.get("/admin/audit?verb=accounts.end_own_sign_in").text
    assert deeds_on(page) == [("accounts.end_own_sign_in", "退出自己的一处登录")]
    assert len(deeds_on(auditor.get("/admin/audit?verb=accounts.end_own_sign").text)) == 2


def test_a_reader_of_english_finds_it_in_english(app, auditor):
    left(app, "accounts.verify_trail")
    with arranging(app):
        actions.choose_language(HOUSE, user("auditor"), language="en")
    assert deeds_on(auditor.get("/admin/audit?verb=VERIFY+audit").text) == [
        ("accounts.verify_trail", "Verify audit chain")
    ]
    assert deeds_on(auditor.get("/admin/audit?verb=核对审计链").text) == []


def test_the_names_are_offered_until_one_is_typed(auditor):
    page = auditor.get("/admin/audit").text
    offered = re.findall(r'<option value="([^"]+)">', page[page.index('<datalist id="deeds">') :])
    assert offered == deeds.said()
    assert re.search(r'<input [^>]*list="deeds"[^>]*name="verb"', page)
    assert "<datalist" not in auditor.get("/admin/audit?verb=accounts").text


def test_it_pages_by_id_without_gap_or_double(app, auditor, count_queries):
    with arranging(app):
        for _ in range(120):
            actions.choose_theme(HOUSE, user("tongcheng"), theme="")
    seen, address, counts = [], "/admin/audit?verb=accounts.choose_theme", []
    while address:
        with count_queries() as counted:
            page = auditor.get(address).text
        counts.append(counted.n)
        seen += [int(number) for number in re.findall(r'<tr data-id="(\d+)">', page)]
        older = re.search(r'href="([^"]*)" rel="next"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert (len(seen), len(set(seen)), seen) == (120, 120, sorted(seen, reverse=True))
    assert set(counts) == {6}


def test_the_chain_is_walked_on_demand_and_that_is_recorded(app, auditor, settings):
    assert "还没有核对过" in auditor.get("/admin/audit").text
    with arranging(app):
        seal_pending(settings.chain_key)
    assert auditor.post("/admin/audit/verification").status_code == 303
    assert "核对完整" in auditor.get("/admin/audit").text


def test_a_fault_stays_on_the_page_until_the_next_walk(app, auditor):
    with arranging(app):
        actions.verify_trail(HOUSE, faults=["link 3 (entry 3) was altered", "link 9 is missing (next is 10)"])
    assert "核对，有2处不对" in auditor.get("/admin/audit").text


@pytest.mark.parametrize("login", ["tongcheng", "admin", "security"])
def test_nobody_else_has_it_walked(app, login):
    assert signed_in(app.test_client(), login).post("/admin/audit/verification").status_code == 403
