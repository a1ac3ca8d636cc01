"""The queue, the merge screen, a merge and its undo, as the four visitors; the hint while somebody is entered."""

import re

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from tests.people.duplicates.arranged import FIRM, scan, the_pair, twice
from tests.people.test_pages import CORPUS, ENTERED
from yishang_crm.accounts import queries as accounts
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions, queries


@pytest.fixture
def pair(app, cast):
    """Two of Tongcheng's, found by the scan: ids of both and of the pair."""
    with app.app_context(), writing():
        one, two = twice(cast.tongcheng)
        scan()
        db.session.commit()
        return one.id, two.id, the_pair(one, two).id


@pytest.fixture
def across(app, cast):
    """One of Tongcheng's and one of Huaining's, whom Tongcheng sees, too."""
    with app.app_context(), writing():
        one, two = twice(cast.tongcheng, cast.huaining)
        actions.share(cast.huaining, two, accounts.unit_by_code("340881"))
        scan()
        db.session.commit()
        return one.id, two.id, the_pair(one, two).id


def screen(client, *ids):
    return client.get("/people/merging", query_string={"id": list(ids)})


def filled_in(page: str) -> dict:
    """What the form of the merge screen holds, as a browser without script would send it."""
    form = page.split('id="merge"')[1].split("</form>", maxsplit=1)[0]
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in said:
            sent.setdefault(said["name"], []).append(said.get("value", "y"))
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        sent[name] = [chosen.group(1) if chosen else ""]
    sent["note"] = [text.strip() for text in re.findall(r"<textarea[^>]*>(.*?)</textarea>", form, re.DOTALL)]
    return sent


@pytest.mark.parametrize(
    ("login", "status", "rows"), [("tongcheng", 200, 1), ("leader", 200, 1), ("huaining", 200, 0), ("desk", 403, 0), (None, 302, 0)]
)  # fmt: skip
def test_the_queue_is_seen_by_whom_it_concerns(client, pair, login, status, rows):
    if login:
        signed_in(client, login)
    answer = client.get("/people/duplicates")
    assert (answer.status_code, answer.text.count('<tr data-id="')) == (status, rows)
    assert ("胡明远" in answer.text) == bool(rows)
    assert ("不是同一人</button>" in answer.text) == (login == "tongcheng")


def test_the_queue_says_why_and_its_counts_agree_with_its_lists(client, pair):
    signed_in(client, "tongcheng")
    page = client.get("/people/duplicates").text
    assert [
        word for word in ("同音", "单位相近", "同籍贯") if f'<span class="tok">{word}</span>' in page
    ] == ["同音", "单位相近", "同籍贯"]
    assert "199****0811" in page
    assert "19900000811" not in page
    for address, rows in (("?reason=sound", 1), ("?reason=same_mobile", 0), ("?span=within", 1), ("?span=across", 0),
                          ("?sure=1", 0), ("?state=family", 0), ("?state=nonsense&reason=x&span=y&page=0", 1)):  # fmt: skip
        listed = client.get(f"/people/duplicates{address}").text
        on = re.search(r'class="chip on"[^>]*>[^<]*<b>(\d+)</b>', listed)
        assert (listed.count('<tr data-id="'), int(on.group(1))) == (rows, rows), address


def test_what_is_said_of_a_pair_is_kept_and_can_be_taken_back(app, client, cast, pair):
    *_both, pair_id = pair
    signed_in(client, "tongcheng")
    said = client.post(f"/people/duplicates/{pair_id}/decision?reason=sound",
                       data={"state": "not_same", "version": "1"})  # fmt: skip
    assert (said.status_code, said.location) == (303, "/people/duplicates?reason=sound")
    listed = client.get("/people/duplicates?state=not_same").text
    assert "汪澄" in listed
    late = client.post(f"/people/duplicates/{pair_id}/decision", data={"state": "family", "version": "1"})
    assert late.status_code == 409
    again = client.post(f"/people/duplicates/{pair_id}/decision", data={"state": "waiting", "version": "2"})
    assert again.status_code == 303
    assert client.get("/people/duplicates").text.count('<tr data-id="') == 1
    assert client.post(f"/people/duplicates/{pair_id}/decision", data={"state": "merged"}).status_code == 422
    for login, status in (("huaining", 404), ("leader", 403)):
        client.post("/logout")
        signed_in(client, login)
        assert (
            client.post(f"/people/duplicates/{pair_id}/decision", data={"state": "later"}).status_code
            == status
        )


def test_the_merge_screen_puts_what_differs_first_and_preselects_with_a_reason(client, pair):
    one, two, _pair_id = pair
    signed_in(client, "tongcheng")
    page = screen(client, one, two).text
    assert page.index("不一致") < page.index("随人一起搬的") < page.index("相同")
    assert "较新" in page
    assert 'value="胡鸣远"' in page
    assert filled_in(page)["take-name"] == [str(two)]
    assert "199****0811" in page
    assert "19900000811" not in page


@pytest.mark.parametrize(
    ("login", "status"), [("huaining", 404), ("leader", 403), ("desk", 403), (None, 302)]
)
def test_nobody_else_opens_the_merge_screen(client, pair, login, status):
    if login:
        signed_in(client, login)
    answer = screen(client, *pair[:2])
    assert answer.status_code == status
    assert "胡明远" not in answer.text
    assert client.post("/people/merging", data={"id": list(pair[:2])}).status_code == status


@pytest.mark.parametrize("ids", [("1",), tuple("12345"), ("x", "y"), ("99999999999999999999", "1")])
def test_strange_numbers_are_answered(client, pair, ids):
    signed_in(client, "tongcheng")
    assert screen(client, *ids).status_code in (303, 404, 422)


def test_without_script_a_mark_takes_the_whole_field_and_what_is_typed_wins(app, client, cast, pair):
    one, two, _pair_id = pair
    signed_in(client, "tongcheng")
    sent = filled_in(screen(client, one, two).text)
    answer = client.post("/people/merging", data=sent | {"take-name": [str(one)], "residence": ["惠州"]})
    assert (answer.status_code, answer.location) == (303, f"/people/{two}")
    with app.app_context():
        person = queries.person(cast.tongcheng, two)
        assert (person.name, person.residence) == ("胡明远", "惠州")
        assert len(queries.person_parts(cast.tongcheng, person).contacts) == 2


def test_after_a_merge_the_old_address_leads_on_for_those_who_may_see_it(client, pair):
    one, two, _pair_id = pair
    signed_in(client, "tongcheng")
    client.post("/people/merging", data=filled_in(screen(client, one, two).text))
    for tail in ("", "/panel", "/edit"):
        led = client.get(f"/people/{one}{tail}")
        assert (led.status_code, led.location) == (302, f"/people/{two}{tail}")
    assert "合并而来" in client.get(f"/people/{two}").text
    client.post("/logout")
    signed_in(client, "huaining")
    gone = client.get(f"/people/{one}")
    assert (gone.status_code, gone.location) == (404, None)
    assert str(two) not in gone.headers.get("Location", "")


def test_a_merge_is_shown_and_undone(app, client, cast, pair):
    one, two, _pair_id = pair
    signed_in(client, "tongcheng")
    client.post("/people/merging", data=filled_in(screen(client, one, two).text))
    listed = client.get("/people/merges").text
    address = re.search(r'href="(/people/merges/\d+)"', listed).group(1)
    shown = client.get(address).text
    assert "联系方式" in shown
    assert f'href="/people/{one}"' in shown
    client.post("/logout")
    for login, status in (("huaining", 404), ("leader", 403)):
        signed_in(client, login)
        assert client.post(f"{address}/revocation").status_code == status
        client.post("/logout")
    signed_in(client, "tongcheng")
    assert client.post(f"{address}/revocation").status_code == 303
    assert client.get(f"/people/{one}").status_code == 200
    assert "已撤销" in client.get(address).text
    assert client.post(f"{address}/revocation").status_code == 409
    with app.app_context():
        assert queries.person(cast.tongcheng, one).name == "胡明远"


def test_an_edit_in_between_is_shown_and_nothing_typed_is_lost(app, client, cast, pair):
    one, two, _pair_id = pair
    signed_in(client, "tongcheng")
    sent = filled_in(screen(client, one, two).text)
    with app.app_context(), writing():
        person = queries.person(cast.tongcheng2, one)
        actions.edit_person(cast.tongcheng2, person, version=person.version, industry="五金")
        db.session.commit()
    answer = client.post("/people/merging", data=sent | {"residence": ["惠州"]})
    assert answer.status_code == 409
    assert "胡明远的资料有人改过" in answer.text
    assert "五金" in answer.text
    assert 'value="惠州"' in answer.text
    with app.app_context():
        assert queries.person(cast.tongcheng, one).industry == "五金"
    again = client.post("/people/merging", data=filled_in(answer.text))
    assert again.status_code == 303
    with app.app_context():
        assert queries.person(cast.tongcheng, two).residence == "惠州"


def test_a_wrong_field_is_marked_and_nothing_is_merged(app, client, cast, pair):
    one, two, _pair_id = pair
    signed_in(client, "tongcheng")
    sent = filled_in(screen(client, one, two).text)
    answer = client.post("/people/merging", data=sent | {"birth_month": ["13"]})
    assert answer.status_code == 422
    assert "月份是1到12" in answer.text
    with app.app_context():
        assert queries.person(cast.tongcheng, one) is not None


def test_a_county_asks_and_the_bureau_sees_it(client, across):
    one, two, _pair_id = across
    signed_in(client, "tongcheng")
    page = screen(client, one, two).text
    assert "请市局合并" in page
    assert 'form="merge"' not in page
    assert client.post("/people/merging", data=filled_in(page)).status_code == 409
    assert client.post("/people/merging/request", data={"id": [one, two], "reason": ""}).status_code == 303
    assert (
        client.post("/people/merging/request", data={"id": [one, two], "reason": "微信名片一样"}).status_code
        == 303
    )
    client.post("/logout")
    signed_in(client, "bureau")
    asked = client.get("/people/duplicates?state=asked").text
    assert "微信名片一样" in asked
    assert "桐城" in asked
    done = client.post("/people/merging", data=filled_in(screen(client, one, two).text) | {"queue": ["1"]})
    assert (done.status_code, done.location) == (303, "/people/duplicates")


def test_who_works_through_the_queue_comes_to_the_next_pair(app, client, cast, pair):
    one, two, _pair_id = pair
    with app.app_context(), writing():
        others = [
            somebody(cast.tongcheng, "江望之", phone=f"1990000070{n}", organization=FIRM) for n in (1, 2)
        ]
        scan()
        db.session.commit()
        ids = [person.id for person in others]
    signed_in(client, "tongcheng")
    done = client.post("/people/merging", data=filled_in(screen(client, *ids).text) | {"queue": ["1"]})
    assert done.location == f"/people/merging?id={one}&id={two}&queue=1"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_costs_the_same_however_long(app, client, cast, count_queries, rows):
    with app.app_context(), writing():
        for n in range(rows):
            for copy in range(2):
                name = ("江望之", "汪砚舟", "查静安")[n]
                somebody(
                    cast.tongcheng,
                    name,
                    phone=f"199000007{n}{copy}",
                    organization=f"{FIRM[:3]}{name}有限公司",
                )
        scan()
        db.session.commit()
    signed_in(client, "tongcheng")
    client.get("/people/duplicates")
    with count_queries() as counted:
        assert client.get("/people/duplicates").text.count('<tr data-id="') == rows
    assert counted.n == 8, counted.statements


@pytest.mark.parametrize("text", CORPUS)
def test_what_people_type_is_shown_inert(app, client, cast, text):
    with app.app_context(), writing():
        one, two = (somebody(cast.tongcheng, f"某{text}"[:60], phone=f"1990000070{n}", organization=FIRM, note=text + str(n),
                             residence=f"{n}{text}"[:60]) for n in (1, 2))  # fmt: skip
        scan()
        db.session.commit()
        ids = one.id, two.id
    signed_in(client, "tongcheng")
    for page in (client.get("/people/duplicates"), screen(client, *ids)):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "某49" not in page.text


# The hint


def test_somebody_alike_stops_the_form_once_and_can_be_overridden(app, client, cast, pair):
    signed_in(client, "tongcheng")
    form = ENTERED | {"name": "胡明苑", "organization": "振业五金", "phone": "199 0000 0811"}
    stopped = client.post("/people", data=form)
    assert stopped.status_code == 409
    assert "还没有记下" in stopped.text
    assert "胡明远" in stopped.text
    assert "19900000811" not in stopped.text.replace("199 0000 0811", "")
    fresh = ENTERED | {"name": "胡明远", "organization": FIRM, "phone": "19900000812"}
    assert client.post("/people", data=fresh).status_code == 409
    assert client.post("/people", data=fresh | {"anyway": "1"}).status_code == 303


def test_the_hint_comes_while_typing_and_writes_nothing(client, pair):
    signed_in(client, "tongcheng")
    said = {"name": "胡明苑", "organization": "望岳精密"}
    hint = client.post("/people/likeness", data=said, headers={"HX-Request": "true"})
    assert hint.status_code == 200
    assert hint.text.lstrip().startswith('<div id="alike"')
    assert "同音同单位" in hint.text or "单位相近" in hint.text
    only_name = client.post("/people/likeness", data={"name": "胡明远"}, headers={"HX-Request": "true"}).text
    assert "只是同名" in only_name
    assert (
        "conflict"
        not in client.post("/people/likeness", data={"name": "查无此"}, headers={"HX-Request": "true"}).text
    )


def test_another_unit_is_told_only_that_somebody_is_and_whom_to_ask(client, pair):
    signed_in(client, "huaining")
    said = {"name": "胡鸣远", "organization": "望岳精密", "native_place": "桐城市", "residence": "深圳"}
    hint = client.post("/people/likeness", data=said, headers={"HX-Request": "true"}).text
    assert "由桐城市投资促进中心联系" in hint
    assert not [
        word
        for word in ("胡", "望岳", "199", "/people/1", "同音", "同名")
        if word in hint.split("hx-swap")[1]
    ]
    weak = client.post("/people/likeness", data={"name": "胡鸣远"}, headers={"HX-Request": "true"}).text
    assert "conflict" not in weak


def test_rows_of_a_file_are_asked_by_the_same_rules(app, cast, pair):
    from yishang_crm.people.duplicates.entering import of_row

    rows = [
        of_row({"name": "胡明苑", "organization": FIRM, "native_place": "桐城市"}),
        of_row({"name": "查无此", "organization": "别处"}),
        of_row({"name": "余小山", "phones": ["+8619900000119"]}),
    ]
    with app.app_context():
        found = queries.alike_many(cast.tongcheng, rows)
        assert [[hit.person.id for hit in one.hits] for one in found] == [[pair[0], pair[1]], [], [pair[1]]]
        hidden = queries.alike_many(cast.huaining, rows)
        assert [one.hits for one in hidden] == [(), (), ()]
