"""Relations are named from both sides, by those who may see both; the picture and its table say the same."""

import re

import pytest
from sqlmodel import select

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions, queries
from yishang_crm.people.models.dictionary import Dictionary


def word(name):
    return next(one for one in queries.words_of(Dictionary.RELATION) if one.name == name)


@pytest.fixture
def three(cast, indoors):
    """Two people of Tongcheng, one of Huaining; the shipped words."""
    actions.seed_dictionary(HOUSE)
    return (
        somebody(cast.tongcheng, "余秉衡", phone="19900000001"),
        somebody(cast.tongcheng, "潘岳霖", phone="19900000002", organization=""),
        somebody(cast.huaining, "操望舒", phone="19900000003", organization=""),
    )


def said(actor, person):
    return [(one.other.name, one.said) for one in queries.relations_of(actor, person)]


def test_a_relation_reads_from_both_sides(cast, three):
    pupil, teacher, _ = three
    actions.relate(cast.tongcheng, pupil, teacher, word=word("老师"))
    assert (said(cast.tongcheng, pupil), said(cast.tongcheng, teacher)) == (
        [("潘岳霖", "老师")],
        [("余秉衡", "学生")],
    )


def test_told_from_the_other_side_it_is_the_same(cast, three):
    pupil, teacher, _ = three
    actions.relate(cast.tongcheng, teacher, pupil, word=word("老师"), backwards=True)
    assert said(cast.tongcheng, pupil) == [("潘岳霖", "老师")]
    with pytest.raises(NotPossible, match="已经记过"):
        actions.relate(cast.tongcheng, pupil, teacher, word=word("老师"))


def test_what_both_are_to_each_other_is_one_row(cast, three):
    one, other, _ = three
    actions.relate(cast.tongcheng, other, one, word=word("同学"))
    assert said(cast.tongcheng, one) == [("潘岳霖", "同学")]
    assert said(cast.tongcheng, other) == [("余秉衡", "同学")]
    with pytest.raises(NotPossible, match="已经记过"):
        actions.relate(cast.tongcheng, one, other, word=word("同学"))
    with pytest.raises(NotPossible, match="自己"):
        actions.relate(cast.tongcheng, one, one, word=word("同学"))


def test_nobody_out_of_scope_is_named(cast, three):
    ours, _, theirs = three
    actions.relate(cast.bureau, ours, theirs, word=word("同学"))
    assert said(cast.bureau, ours) == [("操望舒", "同学")]
    assert said(cast.tongcheng, ours) == []
    assert said(cast.huaining, theirs) == []
    assert queries.circle_of(cast.tongcheng, ours).related == []


def test_an_ended_relation_is_gone_from_both_pages_and_stays_in_the_trail(cast, three):
    one, other, _ = three
    relation = actions.relate(cast.tongcheng, one, other, word=word("战友"))
    actions.end_relation(cast.tongcheng, relation)
    assert said(cast.tongcheng, one) == said(cast.tongcheng, other) == []
    with pytest.raises(NotPossible, match="汪澄"):
        relation.end(at=relation.ended_at, by="查静")
    actions.relate(cast.tongcheng, one, other, word=word("战友"))
    verbs = db.session.scalars(
        unscoped_for("a test looks", select(AuditEntry.verb).order_by(AuditEntry.id))
    ).all()
    assert [verb for verb in verbs if "relat" in verb] == [
        "people.relate",
        "people.end_relation",
        "people.relate",
    ]


def test_who_only_reads_relates_nobody(cast, three):
    with pytest.raises(Refused):
        actions.relate(cast.leader, three[0], three[1], word=word("同学"))


def test_a_closed_word_is_not_offered(cast, three):
    actions.close_word(cast.bureau, word("战友"))
    closed = next(one for one in queries.all_words() if one.name == "战友")
    with pytest.raises(NotPossible, match="已经停用"):
        actions.relate(cast.tongcheng, three[0], three[1], word=closed)


# Pages


@pytest.fixture
def ids(app, cast):
    with app.app_context(), writing():
        actions.seed_dictionary(HOUSE)
        me = somebody(cast.tongcheng, "余秉衡", phone="19900000001")
        friend = somebody(
            cast.tongcheng, "潘岳霖", phone="19900000002", organization="深圳市桐城商会", title="会长"
        )
        actions.add_post(cast.tongcheng, me, organization="深圳市桐城商会", title="副会长")
        hidden = somebody(cast.huaining, "操望舒", phone="19900000003")
        relation = actions.relate(cast.tongcheng, me, friend, word=word("老师"), note="桐城中学82届")
        actions.relate(cast.bureau, me, hidden, word=word("同学"))
        post = queries.person_parts(cast.tongcheng, me).posts[0][0]
        actions.end_post(cast.tongcheng, me, post, on=today())
        db.session.commit()
        return {
            "me": me.id, "friend": friend.id, "hidden": hidden.id, "relation": relation.id,
            "classmate": word("同学").id, "teacher": word("老师").id, "chamber": queries.organization_named("深圳市桐城商会").id,
        }  # fmt: skip


def nodes(page):
    drawing = page[page.index('<svg class="graph') : page.index("</svg>", page.index('<svg class="graph'))]
    return set(re.findall(r"<title>([^<]*)</title>", drawing))


def test_the_picture_and_its_table_hold_the_same(client, ids):
    signed_in(client, "tongcheng")
    page = client.get(f"/people/{ids['me']}/circle").text
    assert nodes(page) == {"余秉衡", "潘岳霖", "深圳桐城商会", "深圳望岳精密科技"} or nodes(page) == {
        "余秉衡", "潘岳霖", "深圳市桐城商会", "深圳望岳精密科技",
    }  # fmt: skip
    table = page[page.index("<tbody>") :]
    assert [name in table for name in sorted(nodes(page) - {"余秉衡"})] == [True] * 3
    assert "操望舒" not in page
    assert "桐城中学82届" in table
    assert 'class="past"' in page
    assert "style=" not in page
    assert f'href="/people/{ids["friend"]}/circle"' in page
    assert f'href="/organizations/{ids["chamber"]}/circle"' in page


def test_a_node_leads_to_the_picture_around_it(client, ids):
    signed_in(client, "tongcheng")
    assert "学生" in client.get(f"/people/{ids['friend']}/circle").text
    around = client.get(f"/organizations/{ids['chamber']}/circle").text
    assert nodes(around) >= {"余秉衡", "潘岳霖"}
    signed_in(client, "huaining")
    around = client.get(f"/organizations/{ids['chamber']}/circle").text
    assert "余秉衡" not in around
    assert client.get(f"/people/{ids['me']}/circle").status_code == 404


def test_relations_are_added_and_taken_off_by_the_page(client, ids):
    signed_in(client, "tongcheng")
    address = f"/people/{ids['friend']}/relations"
    nobody = client.post(address, data={"who": "操望舒", "word": f"{ids['classmate']}.to"})
    assert nobody.status_code == 422
    assert "没有找到" in nobody.text
    assert client.post(address, data={"who": "余秉衡", "word": "999.to"}).status_code == 422
    assert client.post(address, data={"who": "余秉衡", "word": f"{ids['classmate']}.to"}).status_code == 303
    page = client.get(f"/people/{ids['me']}/circle").text
    assert page.count("潘岳霖") > 2
    assert "同学" in page
    ending = f"/people/{ids['me']}/relations/{ids['relation']}/ending"
    assert client.post(f"/people/{ids['hidden']}/relations/{ids['relation']}/ending").status_code == 404
    assert client.post(ending).status_code == 303
    assert client.post(ending).status_code == 404
    signed_in(client, "huaining")
    assert (
        client.post(
            f"/people/{ids['hidden']}/relations",
            data={"who": "", "person_id": ids["me"], "word": f"{ids['classmate']}.to"},
        ).status_code
        == 422
    )


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("leader", 200), ("huaining", 404), ("desk", 403), (None, 302)]
)
def test_a_circle_is_seen_by_whom_the_person_is(client, ids, login, status):
    if login:
        signed_in(client, login)
    answer = client.get(f"/people/{ids['me']}/circle")
    assert answer.status_code == status
    assert ("加一条关系" in answer.text) == (login == "tongcheng")


@pytest.mark.parametrize("rows", [1, 3])
def test_a_circle_costs_the_same_however_many(app, client, cast, ids, count_queries, rows):
    with app.app_context(), writing():
        me = queries.person(cast.tongcheng, ids["me"])
        for n in range(rows):
            other = somebody(cast.tongcheng, f"江望{'之一二'[n]}", phone=f"1990000001{n}", organization="")
            actions.relate(cast.tongcheng, me, other, word=word("同学"))
        db.session.commit()
    signed_in(client, "tongcheng")
    address = f"/people/{ids['me']}/circle"
    client.get(address)
    with count_queries() as counted:
        assert client.get(address).status_code == 200
    assert counted.n == 9, counted.statements
