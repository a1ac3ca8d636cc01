"""How do we reach somebody: the shortest ways, through people whom the actor may see, with the last contact on each step."""

import itertools

import pytest

from tests.cast import signed_in
from tests.followup.arranged import log, share_with
from tests.people.arranged import somebody
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.people import actions, queries
from yishang_crm.people.acquaintance import Bond
from yishang_crm.people.models import PersonState
from yishang_crm.people.models.dictionary import Dictionary
from yishang_crm.people.queries import reach

NAMES = "甲乙丙丁戊己庚辛"


@pytest.fixture
def line(cast, indoors):
    """甲 – 乙 – 丙 – 丁: schoolmates, each with the next; nobody else knows anybody."""
    actions.seed_dictionary(HOUSE)
    people = [
        somebody(cast.tongcheng, f"江望{name}", phone=f"1990000000{n}", organization="")
        for n, name in enumerate(NAMES[:4])
    ]
    for one, other in itertools.pairwise(people):
        relate(cast.tongcheng, one, other)
    return people


def relate(actor, one, other, name="同学"):
    word = next(each for each in queries.words_of(Dictionary.RELATION) if each.name == name)
    return actions.relate(actor, one, other, word=word)


def between(actor, start, target):
    return [
        [one.name[-1] for one in chain.people] for chain in queries.ways_between(actor, start, target).chains
    ]


def ways(actor, target):
    return [
        (chain.colleague.name, *[one.name[-1] for one in chain.people])
        for chain in queries.ways_to(actor, target).chains
    ]


def test_up_to_three_steps_and_no_further(cast, line):
    a, b, c, d = line
    assert between(cast.tongcheng, a, b) == [["甲", "乙"]]
    assert between(cast.tongcheng, a, c) == [["甲", "乙", "丙"]]
    assert between(cast.tongcheng, a, d) == [["甲", "乙", "丙", "丁"]]
    assert between(cast.tongcheng, d, a) == [["丁", "丙", "乙", "甲"]]
    e = somebody(cast.tongcheng, "江望戊", phone="19900000009", organization="")
    relate(cast.tongcheng, d, e)
    assert between(cast.tongcheng, a, e) == []


def test_ties_stand_in_the_direction_of_the_way(cast, line):
    a, b, *_ = line
    relate(cast.tongcheng, a, b, name="老师")  # 乙 is 甲's teacher
    forth = queries.ways_between(cast.tongcheng, a, b).chains[0].ties[0]
    assert (forth.a, forth.b) == (a.id, b.id)
    c = somebody(cast.tongcheng, "江望己", phone="19900000008", organization="")
    relate(cast.tongcheng, c, a, name="老师")
    (back,) = queries.ways_between(cast.tongcheng, a, c).chains[0].ties
    assert (back.label, back.back) == ("学生", "老师")


def test_nobody_out_of_scope_stands_in_a_chain(cast, line):
    a, _b, _c, _ = line
    hidden = somebody(cast.huaining, "操望舒", phone="19900000007", organization="")
    relate(cast.bureau, a, hidden)
    relate(cast.bureau, hidden, line[3])
    assert between(cast.bureau, a, line[3])[0] == ["甲", "舒", "丁"]
    assert between(cast.tongcheng, a, line[3]) == [["甲", "乙", "丙", "丁"]]


def test_our_own_colleague_comes_first_then_through_others(cast, line):
    _, _b, c, _ = line
    assert ways(cast.tongcheng, c) == [("汪澄", "丙"), ("汪澄", "乙", "丙"), ("汪澄", "丁", "丙")]
    assert ways(cast.tongcheng2, c)[0] == ("汪澄", "丙")


def test_the_dead_and_who_wants_peace_are_not_asked(cast, line):
    a, b, c, _ = line
    actions.forbid_contact(cast.tongcheng, b, reason="本人要求")
    assert between(cast.tongcheng, a, c) == []
    actions.reach_again(cast.tongcheng, b, reason="本人同意")
    actions.edit_person(cast.tongcheng, b, version=b.version, state=PersonState.DECEASED)
    assert between(cast.tongcheng, a, c) == []


def test_colleagues_of_one_firm_know_each_other_and_former_ones_less(cast, indoors):
    firm = {"organization": "东莞合安模具有限公司"}
    a, b, _c = (
        somebody(cast.tongcheng, f"江望{name}", phone=f"1990000000{n}", **firm)
        for n, name in enumerate("甲乙丙")
    )
    actions.end_post(cast.tongcheng, b, queries.person_parts(cast.tongcheng, b).posts[0][0], on=today())
    chains = {
        chain.people[0].name[-1]: chain.ties[0]
        for chain in queries.ways_to(cast.tongcheng, a).chains
        if chain.ties
    }
    assert {name: (tie.bond, tie.label) for name, tie in chains.items()} == {
        "丙": (Bond.TOGETHER, "东莞合安模具"), "乙": (Bond.ONCE_TOGETHER, "东莞合安模具"),
    }  # fmt: skip
    assert ways(cast.tongcheng, a) == [("汪澄", "甲"), ("汪澄", "丙", "甲"), ("汪澄", "乙", "甲")]


def test_thousands_are_no_acquaintances_but_officers_of_an_edition_are(cast, indoors, monkeypatch):
    monkeypatch.setattr(reach, "ACQUAINTED", 3)
    chamber = actions.add_organization(cast.bureau, name="东莞市安庆商会")
    people = [
        somebody(cast.tongcheng, f"江望{name}", phone=f"1990000000{n}", organization="")
        for n, name in enumerate(NAMES[:5])
    ]
    for person in people[:3]:
        actions.add_officer(cast.tongcheng, chamber, person, title="会员")
    assert between(cast.tongcheng, people[0], people[1]) == [["甲", "乙"], ["甲", "丙", "乙"]]
    for person in people[3:]:
        actions.add_officer(cast.tongcheng, chamber, person, title="会员")
    assert between(cast.tongcheng, people[0], people[1]) == []
    actions.begin_edition(cast.tongcheng, chamber, number=2, since=today())
    for person in people[:2]:
        actions.add_officer(cast.tongcheng, chamber, person, title="副会长")
    assert between(cast.tongcheng, people[0], people[1]) == [["甲", "乙"]]
    assert between(cast.tongcheng, people[0], people[2]) == []


def test_each_step_tells_the_last_contact(cast, line):
    _, b, c, _ = line
    log(cast.tongcheng, b, text="谈二期")
    log(cast.tongcheng, c, text="先前")
    told = queries.ways_to(cast.tongcheng, c)
    user = cast.tongcheng.id
    assert told.contacts.of_colleagues == {(user, c.id): today(), (user, b.id): today()}
    assert told.contacts.of_people == {}
    share_with(cast.tongcheng, c, "340822")
    there = queries.ways_to(cast.huaining, c)
    assert [chain.colleague.name for chain in there.chains] == ["汪澄"]
    assert there.contacts.of_colleagues == {}


def test_two_who_sat_at_one_table_were_in_touch(cast, line):
    a, b, c, _ = line
    log(cast.tongcheng, b, a, text="一起吃饭")
    log(cast.tongcheng, c, text="电话")
    told = queries.ways_between(cast.tongcheng, a, c).contacts
    assert told.of_people == {(a.id, b.id): today()}


# The page


@pytest.fixture
def ids(app, cast):
    with app.app_context(), writing():
        actions.seed_dictionary(HOUSE)
        people = [
            somebody(cast.tongcheng, f"江望{name}", phone=f"1990000000{n}", organization="")
            for n, name in enumerate("甲乙丙")
        ]
        for one, other in itertools.pairwise(people):
            relate(cast.tongcheng, one, other)
        hidden = somebody(cast.huaining, "操望舒", phone="19900000009", organization="")
        relate(cast.bureau, people[0], hidden)
        log(cast.tongcheng, people[2], text="电话")
        db.session.commit()
        return [one.id for one in people] + [hidden.id]


def test_the_page_draws_the_ways(client, ids):
    signed_in(client, "tongcheng")
    page = client.get(f"/people/{ids[2]}/reach").text
    assert page.index("负责联系") < page.index("江望乙")
    assert "没有联系记录" in page
    assert "有联系" in page
    assert "操望舒" not in page
    assert page.count('<ol class="chain">') == 2


def test_another_start_is_named_or_chosen(client, ids):
    signed_in(client, "tongcheng")
    address = f"/people/{ids[2]}/reach"
    found = client.get(f"{address}?who=江望甲").text
    assert found.count('<ol class="chain">') == 1
    assert "从江望甲出发" in found
    several = client.get(f"{address}?who=江望").text
    assert f"{address}?start={ids[0]}" in several
    assert "没有找到" in client.get(f"{address}?who=操望舒").text
    assert client.get(f"{address}?start={ids[3]}").status_code == 404
    assert client.get(f"{address}?start={ids[0]}").status_code == 200


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 200), ("huaining", 404), ("desk", 403), (None, 302)]
)
def test_ways_are_seen_by_whom_the_person_is(client, ids, login, status):
    if login:
        signed_in(client, login)
    assert client.get(f"/people/{ids[2]}/reach").status_code == status


@pytest.mark.parametrize("rows", [1, 3])
def test_ways_cost_the_same_however_many(app, client, cast, ids, count_queries, rows):
    with app.app_context(), writing():
        target = queries.person(cast.tongcheng, ids[2])
        for n in range(rows + 2):
            relate(
                cast.tongcheng,
                target,
                somebody(cast.tongcheng, f"查望{NAMES[n]}", phone=f"1990000001{n}", organization=""),
            )
        db.session.commit()
    signed_in(client, "tongcheng")
    address = f"/people/{ids[2]}/reach"
    client.get(address)
    with count_queries() as counted:
        assert client.get(address).status_code == 200
    assert counted.n == 14, counted.statements
