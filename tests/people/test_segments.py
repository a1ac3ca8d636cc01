"""Segments combine saved filters; snapshots freeze a list and tell who came and went, each within one's scope."""

import re

import pytest

from tests.cast import Cast, signed_in
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.people import actions, queries
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists.models import Readers
from yishang_crm.people.models import Gender, Tier

DETAILS = {
    "甲": ("tongcheng", Tier.A, "深圳", Gender.MALE), "乙": ("tongcheng", Tier.B, "深圳", Gender.FEMALE),
    "丙": ("tongcheng", Tier.B, "上海", None), "丁": ("tongcheng", Tier.C, "上海", Gender.MALE),
    "戊": ("huaining", Tier.A, "深圳", Gender.MALE),
}  # fmt: skip


@pytest.fixture
def inside(app, cast: Cast):
    with app.app_context(), writing():
        for name, (login, tier, city, gender) in DETAILS.items():
            somebody(getattr(cast, login), name, phone="", tier=tier, residence=city, gender=gender)
        db.session.flush()
        yield


@pytest.fixture
def people(app, cast: Cast):
    with app.app_context(), writing():
        for name, (login, tier, city, gender) in DETAILS.items():
            somebody(getattr(cast, login), name, phone="", tier=tier, residence=city, gender=gender)
        db.session.commit()


def leaf(turned=False, **said):
    return {"not": turned, "filters": said}


def group(*leaves, join="and", turned=False):
    return {"join": join, "not": turned, "parts": list(leaves)}


def tree(*groups, join="and"):
    return {"join": join, "parts": list(groups)}


def who(actor, wanted) -> set[str]:
    segment = actions.add_segment(actor, name="人群", readers=Readers.OWN, tree=wanted)
    db.session.flush()
    found = Filters(segment=segment.id)
    names = {person.name for person in queries.page_of_people(actor, found)}
    assert queries.count_up_to(actor, found) == len(names) == queries.count_of_tree(actor, wanted, most=100)
    return names


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (tree(group(leaf(tier="A"))), {"甲"}),
        (tree(group(leaf(tier="A"), leaf(residence="上海"), join="or")), {"甲", "丙", "丁"}),
        (tree(group(leaf(tier="B"), leaf(residence="上海"))), {"丙"}),
        (tree(group(leaf(True, tier="B"))), {"甲", "丁"}),
        (tree(group(leaf(True, gender="male"))), {"乙", "丙"}),  # unknown is not male
        (tree(group(leaf(tier="A"), leaf(tier="B"), join="or", turned=True)), {"丁"}),
        (tree(group(leaf(tier="B")), group(leaf(True, residence="上海"))), {"乙"}),
        (tree(group(leaf(tier="A")), group(leaf(tier="C")), join="or"), {"甲", "丁"}),
        (tree(group(leaf(tier="B", residence="上海"))), {"丙"}),
        (tree(group(leaf(q="甲"), leaf(q="丁"), join="or")), {"甲", "丁"}),
    ],
)  # fmt: skip
def test_a_tree_finds_whom_it_says(inside, cast, wanted, names):
    assert who(cast.tongcheng, wanted) == names


def test_the_bureau_sees_more_through_the_same_tree(inside, cast):
    assert who(cast.bureau, tree(group(leaf(tier="A")))) == {"甲", "戊"}


def test_a_leaf_may_be_a_saved_view_and_follows_it(inside, cast):
    view = actions.save_view(cast.tongcheng, name="A", readers=Readers.OWN, filters=Filters(tier="A"))
    db.session.flush()
    wanted = tree(group({"not": False, "view": view.id}))
    assert who(cast.tongcheng, wanted) == {"甲"}
    actions.keep_view(cast.tongcheng, view, filters=Filters(tier="C"), version=1)
    assert who(cast.tongcheng, wanted) == {"丁"}
    actions.remove_view(cast.tongcheng, view)
    db.session.flush()
    assert who(cast.tongcheng, wanted) == set()
    assert who(cast.tongcheng, tree(group({"not": True, "view": view.id}))) == set()


def test_a_segment_within_a_segment_finds_nobody_and_never_turns_in_circles(inside, cast):
    assert who(cast.tongcheng, tree(group(leaf(segment="1")))) == set()


def test_an_empty_tree_is_refused_and_one_changed_elsewhere_is_stale(inside, cast):
    with pytest.raises(NotPossible):
        actions.add_segment(cast.tongcheng, name="空", readers=Readers.OWN, tree=tree(group()))
    wanted = tree(group(leaf(tier="A")))
    segment = actions.add_segment(cast.tongcheng, name="人群", readers=Readers.OWN, tree=wanted)
    actions.edit_segment(cast.tongcheng, segment, name="二", readers=Readers.OWN, tree=wanted, version=1)
    with pytest.raises(Stale):
        actions.edit_segment(cast.tongcheng, segment, name="三", readers=Readers.OWN, tree=wanted, version=1)
    with pytest.raises(NotPossible, match="只有本人能改"):
        actions.remove_segment(cast.tongcheng2, segment)


# Snapshots


def frozen(actor, name: str, **said):
    return actions.freeze(actor, name=name, why="报签", readers=Readers.UNIT, filters=Filters(**said))


def names_of(found) -> set[str]:
    return {person.name for person in found.people}


def test_a_snapshot_holds_who_was_there_whatever_changes_after(inside, cast):
    snapshot = frozen(cast.tongcheng, "A级", tier="A")
    person = queries.listed(cast.tongcheng, Filters(q="甲")).people[0]
    actions.edit_person(cast.tongcheng, person, version=person.version, tier=Tier.C)
    assert (snapshot.people, snapshot.user_name, snapshot.why) == (1, "汪澄", "报签")
    assert names_of(queries.seen_of(cast.tongcheng, snapshot)) == {"甲"}
    assert {p.name for p in queries.page_of_people(cast.tongcheng, Filters(snapshot=snapshot.id))} == {"甲"}


def test_my_own_people_are_those_of_who_froze_them(inside, cast):
    snapshot = frozen(cast.tongcheng, "我的", owner="me")
    assert snapshot.filters == {"owner": str(cast.tongcheng.id)}


def test_who_came_and_who_went_between_two(inside, cast):
    older, newer = frozen(cast.tongcheng, "旧", tier="A,B"), frozen(cast.tongcheng, "新", tier="B,C")
    assert names_of(queries.came(cast.tongcheng, since=older, until=newer)) == {"丁"}
    assert names_of(queries.came(cast.tongcheng, since=newer, until=older)) == {"甲"}


def test_of_who_is_out_of_scope_only_the_number_is_told(inside, cast):
    snapshot = actions.freeze(
        cast.bureau, name="全市A级", why="报签", readers=Readers.ALL, filters=Filters(tier="A")
    )
    found = queries.seen_of(cast.tongcheng, snapshot)
    assert (names_of(found), found.seen, found.hidden) == ({"甲"}, 1, 1)
    none = actions.freeze(cast.bureau, name="无", why="报签", readers=Readers.ALL, filters=Filters(tier="C"))
    gone = queries.came(cast.tongcheng, since=none, until=snapshot)
    assert (names_of(gone), gone.hidden) == ({"甲"}, 1)


def test_nobody_or_nothing_said_is_not_frozen(inside, cast):
    with pytest.raises(NotPossible, match="没有人"):
        frozen(cast.tongcheng, "空", residence="火星")
    with pytest.raises(NotPossible, match="为什么"):
        actions.freeze(cast.tongcheng, name="x", why=" ", readers=Readers.OWN, filters=Filters())
    assert queries.snapshots(cast.tongcheng) == []


# The pages


def test_a_segment_is_made_by_a_form_without_script(client, people):
    signed_in(client, "tongcheng")
    page = client.get("/people/segments/new?tier=A").text
    what = re.search(r'value="(filters:[^"]+)" selected', page)[1].replace("&amp;", "&")
    form = {
        "name": "A级或在上海的", "readers": "unit", "join": "or", "g0-join": "and", "g0-0-what": what,
        "g1-join": "and", "g1-0-what": "filters:residence=上海", "g1-1-not": "on", "g1-1-what": "filters:tier=C",
    }  # fmt: skip
    looked = client.post("/people/segments", data=form | {"more": "1"})
    assert (looked.status_code, "现在2人" in looked.text) == (200, True)
    saved = client.post("/people/segments", data=form)
    assert saved.status_code == 303
    shown = client.get(saved.location).text
    assert "现在2人" in shown
    segment_id = saved.location.rsplit("/", 1)[1]
    assert client.get(f"/people?segment={segment_id}").text.count('<tr data-id="') == 2
    assert f'href="/people?segment={segment_id}">2</a>' in client.get("/people/segments").text


def test_a_snapshot_is_frozen_compared_and_used_as_a_condition(client, people):
    signed_in(client, "tongcheng")
    addresses = []
    for name, query in (("旧", "tier=A,B"), ("新", "tier=B,C")):
        assert "为什么留存" in client.get(f"/people/snapshots/new?{query}").text
        form = {"name": name, "why": "报签", "readers": "own", "filters": query}
        answer = client.post("/people/snapshots", data=form)
        assert answer.status_code == 303, answer.text
        addresses.append(answer.location)
    ids = [address.rsplit("/", 1)[1] for address in addresses]
    page = client.get(f"{addresses[1]}/changes?since={ids[0]}").text
    came, went = page.split("离开的")
    assert ("丁" in came, "甲" in went, "乙" in page) == (True, True, False)
    assert client.get(f"/people?snapshot={ids[0]}").text.count('<tr data-id="') == 3
    assert client.get(f"{addresses[1]}/changes?since=99999").status_code == 303


def test_anothers_segment_or_snapshot_finds_nobody(app, client, cast, people):
    """S4: neither the page nor the condition of an address tells of it."""
    with app.app_context(), writing():
        wanted = tree(group(leaf(tier="A")))
        segment = actions.add_segment(cast.bureau, name="市局私用", readers=Readers.OWN, tree=wanted).id
        snapshot = actions.freeze(
            cast.bureau, name="市局私存", why="x", readers=Readers.OWN, filters=Filters(tier="A")
        ).id
        db.session.commit()
    for login in ("tongcheng", "leader"):
        signed_in(client, login)
        assert client.get(f"/people/segments/{segment}").status_code == 404
        assert client.get(f"/people/snapshots/{snapshot}").status_code == 404
        for query in (f"segment={segment}", f"snapshot={snapshot}"):
            page = client.get(f"/people?{query}").text
            assert "市局私" not in page
            assert 'data-id="' not in page


def test_a_list_of_a_segment_or_snapshot_costs_no_more_than_eight_statements(
    app, client, cast, people, count_queries
):
    with app.app_context(), writing():
        view = actions.save_view(cast.tongcheng, name="A", readers=Readers.OWN, filters=Filters(tier="A"))
        db.session.flush()
        both = tree(group({"not": False, "view": view.id}, leaf(tier="B"), join="or"))
        segment = actions.add_segment(cast.tongcheng, name="人群", readers=Readers.OWN, tree=both).id
        snapshot = frozen(cast.tongcheng, "旧", tier="A").id
        db.session.commit()
        view_id = view.id
    signed_in(client, "tongcheng")
    for query, cost in (
        (f"segment={segment}", 8),
        (f"snapshot={snapshot}", 7),
        (f"view={view_id}&tier=A", 7),
    ):
        with count_queries() as counted:
            assert client.get(f"/people?{query}").status_code == 200
        assert counted.n == cost, (query, counted.statements)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_of_them_cost_the_same_however_many(app, client, cast, people, count_queries, rows):
    with app.app_context(), writing():
        for number in range(rows):
            actions.add_segment(
                cast.tongcheng, name=f"{number}", readers=Readers.OWN, tree=tree(group(leaf(tier="A")))
            )
            frozen(cast.tongcheng, f"{number}", tier="A")
        db.session.commit()
    signed_in(client, "tongcheng")
    costs = {}
    for address in ("/people/segments", "/people/snapshots", "/people/views", "/people/tags"):
        with count_queries() as counted:
            assert client.get(address).status_code == 200
        costs[address] = counted.n
    assert costs == {
        "/people/segments": 4,
        "/people/snapshots": 3,
        "/people/views": 3,
        "/people/tags": 4,
    }
