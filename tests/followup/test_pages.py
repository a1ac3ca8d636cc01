"""The pages, each tried as one who may, one who may look only, one of another county, and a stranger."""

import contextlib
import datetime as dt
import json
import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.cast import Cast, signed_in
from tests.followup.arranged import TUESDAY, add_person, log, share_with
from yishang_crm.core.db import db, writing
from yishang_crm.followup import actions, queries
from yishang_crm.followup.models import Channel, Readers
from yishang_crm.followup.queries import TaskFilters
from yishang_crm.followup.views.person import clocks_of_page

TODAY = dt.date(2026, 9, 8)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def tuesday():
    with time_machine.travel(TUESDAY, tick=False) as clock:
        yield clock


@pytest.fixture
def arrange(app: Flask):
    """`with arrange(): …` and it stands in the database."""

    @contextlib.contextmanager
    def arranging() -> Iterator[None]:
        with app.app_context(), writing():
            yield
            db.session.commit()

    return arranging


@pytest.fixture
def jiang(arrange, cast: Cast) -> int:
    """One of Tongcheng's, called in June, with a promise for today."""
    with arrange():
        person = add_person(cast.tongcheng, "江望之", phone="19900000417", firm="东莞皖江新材料")
        log(cast.tongcheng, person, text="问了选址", at=dt.datetime(2026, 6, 23, 2, tzinfo=dt.UTC))
        actions.add_task(
            cast.tongcheng, what="发价目表", person_id=person.id, user_id=cast.tongcheng.id, due_on=TODAY
        )
        return person.id


def task_of(app: Flask, cast: Cast, *, done: bool = False):
    with app.app_context():
        (row,) = queries.page_of_tasks(cast.tongcheng, TaskFilters(done=done), today=TODAY)
        return row.task


def entries_of(app: Flask, cast: Cast, person_id: int) -> list[str]:
    with app.app_context():
        return [one.interaction.text for one in queries.timeline(cast.tongcheng, person_id).entries]


def hint(answer) -> dict:
    return json.loads(answer.headers["HX-Trigger"])


# Four visitors


@pytest.mark.parametrize(
    ("address", "may", "looks", "elsewhere"),
    [
        ("/today", 200, 200, 200),
        ("/today/owed", 200, 200, 200),
        ("/tasks", 200, 200, 200),
        ("/tasks/new", 200, 403, 200),
        ("/log", 200, 403, 200),
        ("/log/chips?line=江望之 电话", 200, 403, 200),
        ("/people/{id}/timeline", 200, 200, 404),
        ("/people/{id}/tasks/new", 200, 403, 404),
        ("/tasks/{task}/handover", 200, 403, 404),
    ],
)
def test_pages_open_to_whom_they_should(app, client, cast, jiang, address, may, looks, elsewhere):
    address = address.format(id=jiang, task=task_of(app, cast).id)
    assert client.get(address).status_code == 302
    for login, status in (
        ("tongcheng", may),
        ("leader", looks),
        ("huaining", elsewhere),
        ("ambassador", 403),
        ("admin", 403),
    ):
        visitor = signed_in(app.test_client(), login)
        answer = visitor.get(address)
        assert answer.status_code == status, login
        if login not in {"tongcheng", "leader"}:
            assert "皖江" not in answer.text, login


@pytest.mark.parametrize("deed", ["completion", "completion/end", "postponement", "handover"])
def test_deeds_on_a_promise_are_for_those_who_may(app, client, cast, jiang, deed):
    address = f"/tasks/{task_of(app, cast).id}/{deed}"
    assert client.post(address).status_code == 302
    for login, status in (("leader", 403), ("huaining", 404), ("ambassador", 403)):
        assert signed_in(app.test_client(), login).post(address, data={"to": "week"}).status_code == status, (
            login
        )


# Today


def test_today_shows_what_is_due_and_who_is_owed_a_call(app, client, cast, jiang):
    text = signed_in(client, "tongcheng").get("/today").text
    for said in (
        "九月八日 星期二",
        "丙午年七月廿七 · 白露次日",
        "发价目表",
        "今天",
        "超17天",
        "问了选址",
        "东莞皖江新材料 董事长",
    ):
        assert said in text, said


def test_an_empty_day_says_so_kindly(client, cast):
    text = signed_in(client, "tongcheng2").get("/today").text
    assert "今天没有到期的事" in text


def test_today_in_english(app, client, cast, jiang):
    signed_in(client, "tongcheng").post("/language", data={"language": "en"})
    assert client.get("/today").status_code == 200


def test_a_leader_sees_no_buttons_that_would_refuse(app, client, cast, jiang):
    text = signed_in(client, "leader").get("/today").text
    assert "completion" not in text
    assert 'id="say"' not in text


@pytest.mark.parametrize("rows", [1, 3])
def test_today_costs_the_same_however_much_is_due(app, client, cast, arrange, count_queries, rows):
    with arrange():
        for n in range(rows):
            person = add_person(
                cast.tongcheng, f"江望{'之一二'[n]}", phone=f"1990000041{n}", firm="东莞皖江新材料"
            )
            log(cast.tongcheng, person, at=dt.datetime(2026, 6, 23, 2, tzinfo=dt.UTC), next_on=TODAY)
    signed_in(client, "tongcheng")
    for address, cost in (("/today", 9), ("/tasks?when=due", 6), ("/today/owed", 5), ("/log", 4)):
        client.get(address)
        with count_queries() as counted:
            assert client.get(address).status_code == 200
        assert counted.n == cost, (address, counted.statements)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_timeline_costs_the_same_however_long(client, cast, arrange, count_queries, rows):
    with arrange():
        people = [add_person(cast.tongcheng, name) for name in ("江望之", "余秉衡")]
        for _ in range(rows):
            log(cast.tongcheng, *people, next_on=TODAY)
    signed_in(client, "tongcheng")
    with count_queries() as counted:
        client.get(f"/people/{people[0].id}/timeline", headers=HTMX)
    assert counted.n == 7, counted.statements


# The line


def test_one_line_becomes_an_entry_a_task_and_a_toast(app, client, cast, jiang):
    answer = signed_in(client, "tongcheng").post(
        "/log",
        data={
            "line": "江望之 微信 谈新厂选址 #化工新材料 下周三再联系",
            "client_id": "d1",
            "field_id": "say",
        },
        headers=HTMX,
    )
    assert answer.status_code == 200
    assert 'name="line" value=""' in answer.text
    said = hint(answer)
    assert said["toast"]["text"] == "已记下：江望之。9月16日 周三再联系。"
    assert "logged" in said
    assert entries_of(app, cast, jiang)[0] == "谈新厂选址"
    client.post(said["toast"]["undo"])
    assert entries_of(app, cast, jiang) == ["问了选址"]


def test_without_script_the_same_line_leads_to_the_list_of_own_entries(app, client, cast, jiang):
    answer = signed_in(client, "tongcheng").post(
        "/log", data={"line": "江望之 电话 谈新厂选址"}, follow_redirects=True
    )
    assert "已记下：江望之。" in answer.text
    assert "谈新厂选址" in answer.text
    assert "/withdrawal" in answer.text


def test_a_resent_line_is_logged_once(app, client, cast, jiang):
    signed_in(client, "tongcheng")
    for _ in range(2):
        client.post("/log", data={"line": "江望之 电话 谈新厂选址", "client_id": "d1"})
    assert entries_of(app, cast, jiang) == ["谈新厂选址", "问了选址"]


def test_on_a_persons_page_the_line_needs_no_name(app, client, cast, jiang):
    answer = signed_in(client, "tongcheng").post(
        "/log", data={"line": "电话 谈新厂选址", "person": str(jiang)}
    )
    assert answer.headers["Location"] == f"/people/{jiang}"
    assert entries_of(app, cast, jiang)[0] == "谈新厂选址"
    assert (
        signed_in(client, "huaining").post("/log", data={"line": "电话 谈", "person": str(jiang)}).status_code
        == 404
    )


def test_a_line_with_nobody_keeps_what_was_typed_and_says_why(app, client, cast, jiang):
    signed_in(client, "tongcheng")
    for headers in ({}, HTMX):
        answer = client.post("/log", data={"line": "谈新厂选址", "client_id": "d1"}, headers=headers)
        assert answer.status_code == 422
        assert 'value="谈新厂选址"' in answer.text
        assert 'value="d1"' in answer.text
        assert "没有认出是和谁联系" in answer.text
    assert entries_of(app, cast, jiang) == ["问了选址"]


def test_two_of_one_name_are_told_apart_without_script(app, client, cast, arrange):
    with arrange():
        one = add_person(cast.tongcheng, "余秉衡", phone="19900000418", firm="深圳望岳精密")
        other = add_person(cast.tongcheng, "余秉衡", phone="19900000226", firm="怀宁中学")
    answer = signed_in(client, "tongcheng").post("/log", data={"line": "余秉衡 电话 谈二期"})
    assert answer.status_code == 422
    assert "有同名的人" in answer.text
    assert f'type="radio" name="chosen-1" value="余秉衡={other.id}"' in answer.text
    assert "怀宁中学 尾号0226" in answer.text
    client.post("/log", data={"line": "余秉衡 电话 谈二期", "chosen-1": f"余秉衡={other.id}"})
    assert (entries_of(app, cast, one.id), entries_of(app, cast, other.id)) == ([], ["谈二期"])


def test_a_choice_made_is_not_asked_again(app, client, cast, arrange):
    with arrange():
        first = [add_person(cast.tongcheng, "余秉衡", phone=f"1990000041{n}") for n in range(2)][1]
        for n in range(2):
            add_person(cast.tongcheng, "储汉青", phone=f"1990000051{n}")
    chosen = f"余秉衡={first.id}"
    answer = signed_in(client, "tongcheng").post(
        "/log", data={"line": "余秉衡 储汉青 电话 谈", "chosen-1": chosen}, headers=HTMX
    )
    assert answer.status_code == 422
    assert f'<input type="hidden" name="chosen" value="{chosen}">' in answer.text
    assert answer.text.count("<fieldset") == 1


def test_an_id_that_was_not_offered_is_not_taken(app, client, cast, arrange, jiang):
    with arrange():
        foreign = add_person(cast.huaining, "余秉衡", phone="19900000226")
        add_person(cast.tongcheng, "余秉衡", phone="19900000418")
        add_person(cast.tongcheng, "余秉衡", phone="19900000419")
    answer = signed_in(client, "tongcheng").post(
        "/log", data={"line": "余秉衡 电话 谈", "chosen": f"余秉衡={foreign.id}"}
    )
    assert answer.status_code == 422
    assert f"余秉衡={foreign.id}" not in answer.text


def test_chips_tell_what_was_understood(client, cast, jiang):
    answer = signed_in(client, "tongcheng").get(
        "/log/chips", query_string={"line": "jwz 电话 谈新厂 #化工 下周三再联系 @查静"}, headers=HTMX
    )
    assert re.findall(r"<i>(\w+)</i>([^<]+)", answer.text) == [
        ("人", "江望之 · 东莞皖江新材料"), ("方式", "电话"), ("标签", "化工"), ("下次", "9月16日 周三 再联系"), ("同办", "查静"),
    ]  # fmt: skip


def test_chips_name_nobody_out_of_sight(client, cast, jiang):
    for line in ("江望之 电话", "jwz 电话", "0417 电话"):
        answer = signed_in(client, "huaining").get("/log/chips", query_string={"line": line}, headers=HTMX)
        assert "皖江" not in answer.text
        assert "<i>人</i>" not in answer.text


@pytest.mark.parametrize(
    ("line", "cost"),
    [("江望之 电话 谈", 5), ("江望之 余秉衡 储汉青 饭局 谈", 5), ("jwz 电话 谈", 6), ("明天 谈", 2)],
)
def test_chips_cost_a_bounded_number_of_statements(client, cast, jiang, count_queries, line, cost):
    signed_in(client, "tongcheng").get("/log/chips", query_string={"line": line})
    with count_queries() as counted:
        client.get("/log/chips", query_string={"line": line}, headers=HTMX)
    assert counted.n == cost, counted.statements


# Deeds on a row


def test_done_with_one_button_and_undone(app, client, cast, jiang):
    task = task_of(app, cast)
    answer = signed_in(client, "tongcheng").post(
        f"/tasks/{task.id}/completion", data={"back": "today", "version": "1"}, headers=HTMX
    )
    assert 'id="today"' in answer.text
    assert "发价目表" not in answer.text
    assert hint(answer)["toast"] == {
        "text": "办完了：发价目表。",
        "kind": "done",
        "undo": f"/tasks/{task.id}/completion/end",
    }
    client.post(hint(answer)["toast"]["undo"])
    assert task_of(app, cast).done_at is None


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ({"to": "tomorrow"}, dt.date(2026, 9, 9)),
        ({"to": "week"}, dt.date(2026, 9, 15)),
        ({"to": "day", "due_on": "2026-10-09"}, dt.date(2026, 10, 9)),
    ],
)
def test_put_off(app, client, cast, jiang, sent, due):
    task = task_of(app, cast)
    answer = signed_in(client, "tongcheng").post(
        f"/tasks/{task.id}/postponement", data=sent | {"version": "1"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/tasks")
    assert task_of(app, cast).due_on == due


def test_put_off_without_a_day_asks_for_one(app, client, cast, jiang):
    task = task_of(app, cast)
    assert signed_in(client, "tongcheng").post(f"/tasks/{task.id}/postponement", data={}).status_code == 422
    past = client.post(
        f"/tasks/{task.id}/postponement", data={"to": "day", "due_on": "2026-09-01", "version": "1"}
    )
    assert (past.status_code, "不能改到已经过去的日子" in past.text) == (409, True)


def test_a_way_back_leads_nowhere_else(app, client, cast, jiang):
    task = task_of(app, cast)
    answer = signed_in(client, "tongcheng").post(
        f"/tasks/{task.id}/completion", data={"next": "//evil.example", "version": "1"}
    )
    assert answer.headers["Location"] == "/tasks"


def test_handed_to_a_colleague(app, client, cast, jiang):
    task = task_of(app, cast)
    assert "查静" in signed_in(client, "tongcheng").get(f"/tasks/{task.id}/handover").text
    client.post(f"/tasks/{task.id}/handover", data={"user_id": cast.tongcheng2.id, "version": "1"})
    with app.app_context():
        assert queries.task(cast.tongcheng, task.id).user_id == cast.tongcheng2.id
    assert client.post(f"/tasks/{task.id}/handover", data={"user_id": cast.huaining.id}).status_code == 422


@pytest.mark.parametrize(
    ("deed", "sent"),
    [
        ("completion", {}),
        ("postponement", {"to": "week"}),
        ("postponement", {"to": "day", "due_on": "2026-10-09"}),
        ("handover", {}),
    ],
)
@pytest.mark.parametrize(
    "seen", [{}, {"version": "1"}, {"version": "x"}, {"version": "99999999999999999999"}]
)
def test_what_somebody_changed_meanwhile_is_looked_at_first(app, client, cast, jiang, deed, sent, seen):
    task = task_of(app, cast)
    signed_in(client, "tongcheng2").post(
        f"/tasks/{task.id}/postponement", data={"to": "tomorrow", "version": "1"}
    )
    sent = sent | seen | ({"user_id": cast.tongcheng2.id} if deed == "handover" else {})
    answer = signed_in(app.test_client(), "tongcheng").post(f"/tasks/{task.id}/{deed}", data=sent)
    stands = task_of(app, cast)
    assert (answer.status_code, "这件事刚刚有人动过" in answer.text) == (409, True)
    assert (stands.due_on, stands.done_at, stands.user_id) == (dt.date(2026, 9, 9), None, task.user_id)


def test_a_refusal_by_htmx_is_a_sentence_beside_the_page_which_stays(app, client, cast, jiang):
    task = task_of(app, cast)
    answer = signed_in(client, "tongcheng").post(
        f"/tasks/{task.id}/completion", data={"back": "today", "version": "7"}, headers=HTMX
    )
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (409, "none")
    assert hint(answer)["toast"] == {"text": "这件事刚刚有人动过，请看一眼现在的样子再办。", "kind": "late"}


def test_a_promise_is_made_on_a_persons_page(app, client, cast, arrange):
    with arrange():
        person = add_person(cast.tongcheng, "江望之")
    signed_in(client, "tongcheng")
    sent = {"what": "送请柬", "due_on": "2026-09-20", "user_id": cast.tongcheng.id}
    assert client.post(f"/people/{person.id}/tasks", data=sent | {"what": ""}).status_code == 422
    answer = client.post(f"/people/{person.id}/tasks", data=sent, follow_redirects=True)
    assert "已定下：送请柬。" in answer.text
    assert task_of(app, cast).person_id == person.id


# The person's page, and the column


def test_the_panel_shows_the_next_promise_and_the_months(client, cast, jiang):
    text = signed_in(client, "tongcheng").get(f"/people/{jiang}/timeline", headers=HTMX).text
    assert text.lstrip().startswith('<section class="door" id="panel-followup-timeline"')
    for said in ("发价目表", "2026年6月", "6月23日 10:00 汪澄", "桐城可见", "超17天"):
        assert said in text, said


def test_more_of_the_timeline_comes_as_rows_and_as_a_page(client, cast, arrange):
    with arrange():
        person = add_person(cast.tongcheng, "江望之")
        for n in range(25):
            log(cast.tongcheng, person, text=f"第{n}次")
    whole = signed_in(client, "tongcheng").get(f"/people/{person.id}/timeline").text
    more = re.search(r'href="(/people/\d+/timeline\?before=[\d-]+)"', whole)[1]
    rows = client.get(more, headers=HTMX).text
    assert rows.count("data-id=") == 5
    assert "<section" not in rows
    assert client.get(more).text.count("data-id=") == 5
    assert client.get(f"/people/{person.id}/timeline?before=nonsense").status_code == 200


def test_a_shared_person_shows_the_other_county_only_what_is_for_all(app, client, cast, arrange, jiang):
    with arrange():
        person = queries.people_in_question([jiang])[0]
        share_with(cast.tongcheng, person, "340822")
        log(cast.tongcheng, person, text="全市都可以看", channel=Channel.VISIT, readers=Readers.OFFICE)
    text = signed_in(client, "huaining").get(f"/people/{jiang}/timeline").text
    assert "全市都可以看" in text
    assert "问了选址" not in text
    assert "发价目表" not in text
    assert "电话" not in re.sub(r"<input[^>]+>|<dialog.*", "", text, flags=re.DOTALL)


def test_the_people_list_tells_when_each_is_due(client, cast, jiang):
    text = signed_in(client, "tongcheng").get("/people").text
    assert "下次联系" in text
    assert '<span class="st late">超17天</span>' in text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_column_costs_one_statement_a_page(app, cast, arrange, count_queries, rows):
    with arrange():
        people = [add_person(cast.tongcheng, f"江望{'之一二'[n]}") for n in range(rows)]
        actions.start_cadence(cast.tongcheng, people)
    with app.app_context(), count_queries() as counted:
        cells = clocks_of_page(cast.tongcheng, people)
    assert (counted.n, {cell.days_over for cell in cells.values()}) == (1, {-60})


def test_an_entry_is_shown_to_the_whole_city_by_its_author(app, client, cast, jiang):
    with app.app_context():
        (entry,) = queries.own_latest(cast.tongcheng)
    address = f"/log/{entry.interaction.id}/readers"
    assert (
        signed_in(app.test_client(), "tongcheng2").post(address, data={"readers": "office"}).status_code
        == 409
    )
    signed_in(client, "tongcheng").post(address, data={"readers": "office"})
    with app.app_context():
        assert queries.own_latest(cast.tongcheng)[0].interaction.readers is Readers.OFFICE
