"""The page of the list: what it costs, how large it is, and its form of conditions."""

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions

FILTERED = (
    "", "?q=jiang", "?tier=A", "?owner=me", "?state=active", "?gender=male", "?has=phone", "?confirmed=never", "?silent=no",
    "?source=x", "?due=overdue", "?quiet=6", "?sort=strokes", "?sort=name", "?sort=tier", "?tag=1", "?unit=2", "?batch=1",
    "?q=jiang&tier=A&unit=2", "?place=桐城市&residence=深圳,东莞",
)  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3])
def test_no_condition_costs_more_than_eight_statements(app, client, cast, count_queries, rows):
    with app.app_context(), writing():
        for number in range(rows):
            somebody(cast.tongcheng, f"江望{'之一二'[number]}", phone=f"1990000000{number}")
        db.session.commit()
    signed_in(client, "tongcheng")
    costs = {}
    for address in FILTERED:
        with count_queries() as counted:
            assert client.get(f"/people{address}").status_code == 200
        costs[address] = counted.n
    wanted = dict.fromkeys(FILTERED, 7)
    wanted["?q=jiang"] = 8
    empty = {"?source=x", "?tag=1", "?batch=1", "?due=overdue"}  # nobody: no post, tag or clock is looked for
    assert {a: n for a, n in costs.items() if a not in empty} == {
        a: n for a, n in wanted.items() if a not in empty
    }
    assert all(costs[address] <= 8 for address in empty)


def test_fifty_rows_are_less_than_sixty_kilobytes(app, client, cast):
    with app.app_context(), writing():
        tags = [actions.add_tag(cast.tongcheng, name=f"标签{number}") for number in range(3)]
        for number in range(60):
            person = somebody(
                cast.tongcheng, f"欧阳望{'之一二三四'[number % 5]}", phone=f"199000001{number:02d}"
            )
            actions.set_cell_tags(cast.tongcheng, person, tag_ids=[tag.id for tag in tags], was=[])
        db.session.commit()
    signed_in(client, "tongcheng")
    page = client.get("/people")
    assert page.text.count("data-id=") == 50
    assert len(page.data) < 60_000


def test_a_page_beyond_the_last_and_a_wrong_one_answer(client, cast):
    signed_in(client, "tongcheng")
    for page in ("9", "100000000000", "-3", "x"):
        assert client.get(f"/people?page={page}").status_code == 200


def test_the_conditions_are_a_form_without_script(app, client, cast):
    with app.app_context(), writing():
        actions.add_tag(cast.huaining, name="怀商专用")
        db.session.commit()
    signed_in(client, "tongcheng")
    page = client.get("/people/conditions?tier=A,C&confirmed=2026-01-01").text
    assert page.count("checked") == 2
    assert 'value="2026-01-01"' in page
    assert "怀商专用" not in page
    assert 'id="c-unit"' not in page  # a county keeps one list: its own
