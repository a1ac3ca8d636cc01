"""Bulk acts: said before they are done, done within one's scope, taken back for thirty days."""

import re

import pytest

from tests.cast import Cast, signed_in, unit_id
from tests.people.arranged import somebody
from yishang_crm.accounts import queries as accounts
from yishang_crm.core import undo
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Refused, Stale
from yishang_crm.people import actions, queries
from yishang_crm.people.acts import Selection
from yishang_crm.people.fields import FACTS
from yishang_crm.people.filters import Filters
from yishang_crm.people.lists import plans
from yishang_crm.people.models import PersonState, Tier

ALL = Selection(filters=Filters())


@pytest.fixture
def people(app, cast: Cast):
    """Three of Tongcheng (A, A, B), one of Huaining (A)."""
    with app.app_context(), writing():
        tags = actions.add_tag(cast.tongcheng, name="桐商")
        persons = [
            somebody(cast.tongcheng, "江一", phone="19900000001"),
            somebody(cast.tongcheng2, "江二", phone="19900000002"),
            somebody(cast.tongcheng, "江三", phone="19900000003", tier=Tier.B),
            somebody(cast.huaining, "江远", phone="19900000004"),
        ]
        db.session.commit()
        return [person.id for person in persons], tags.id


@pytest.fixture
def inside(app, people):
    with app.app_context(), writing():
        yield people


def tiers(actor) -> dict[str, str]:
    db.session.expire_all()
    return {person.name: person.tier.value for person in queries.page_of_people(actor, Filters())}


def to_c(actor, selection, *, expected):
    return actions.edit_many(
        actor, selection, fact=FACTS["tier"], value=Tier.C, said="C 一般", expected=expected
    )


def last_act(actor):
    return undo.recent_acts(actor)[0]


def test_a_field_of_many_is_changed_and_put_back(inside, cast):
    assert to_c(cast.tongcheng, ALL, expected=3) == 3
    assert tiers(cast.bureau) == {"江一": "C", "江二": "C", "江三": "C", "江远": "A"}
    what = undo.undo(cast.tongcheng, last_act(cast.tongcheng))
    assert (what.restored, what.left) == (3, [])
    assert tiers(cast.bureau) == {"江一": "A", "江二": "A", "江三": "B", "江远": "A"}


def test_the_plan_counts_in_scope_and_says_whom_it_leaves_out(inside, cast):
    ids, _ = inside
    plan = plans.plan_edit(cast.tongcheng, Selection(ids=tuple(ids)), fact=FACTS["tier"], value=Tier.A)
    assert (plan.chosen, plan.doing) == (3, 1)
    assert dict(plan.left_out) == {"已经是这个值": 2, "不在您负责的范围内": 1}


def test_ids_of_another_unit_are_not_touched(inside, cast):
    """S3: whatever ids are sent."""
    ids, _ = inside
    with pytest.raises(NotPossible):
        to_c(cast.tongcheng, Selection(ids=(ids[3],)), expected=1)
    assert to_c(cast.tongcheng, Selection(ids=tuple(ids)), expected=3) == 3
    assert tiers(cast.bureau)["江远"] == "A"


def test_an_act_on_the_very_list_it_empties_misses_nobody(inside, cast, monkeypatch):
    monkeypatch.setattr("yishang_crm.people.actions.acts.CHUNK", 1)
    assert to_c(cast.bureau, Selection(filters=Filters(tier="A")), expected=3) == 3
    assert tiers(cast.bureau) == {"江一": "C", "江二": "C", "江三": "B", "江远": "C"}


def test_what_was_edited_since_stays_and_is_listed_by_its_person(inside, cast):
    ids, _ = inside
    to_c(cast.tongcheng, ALL, expected=3)
    person = queries.person_to_change(cast.tongcheng, ids[0])
    actions.edit_person(cast.tongcheng, person, version=person.version, tier=Tier.B)
    what = undo.undo(cast.tongcheng, last_act(cast.tongcheng))
    assert what.left == [{"row": f"person:{ids[0]}", "why": "edited", "fields": ["tier"]}]
    assert tiers(cast.tongcheng) == {"江一": "B", "江二": "A", "江三": "B"}


def test_a_form_that_was_open_meanwhile_is_stale(inside, cast):
    """S35: a bulk edit and its undo both raise the version."""
    ids, _ = inside
    seen = queries.person(cast.tongcheng, ids[0]).version
    to_c(cast.tongcheng, ALL, expected=3)
    for _turn in ("after the edit", "after the undo"):
        person = queries.person_to_change(cast.tongcheng, ids[0])
        with pytest.raises(Stale):
            actions.edit_person(cast.tongcheng, person, version=seen, residence="上海")
        seen = person.version
        if last_act(cast.tongcheng).undone_at is None:
            undo.undo(cast.tongcheng, last_act(cast.tongcheng))


def test_a_list_that_changed_since_it_was_said_is_said_again(inside, cast):
    with pytest.raises(NotPossible, match="现在是3人，您看到的是2人"):
        to_c(cast.tongcheng, ALL, expected=2)
    assert undo.recent_acts(cast.tongcheng) == []


def test_tags_are_put_on_and_taken_off_and_both_undone(inside, cast):
    ids, tag_id = inside
    tag = queries.tag(cast.tongcheng, tag_id)
    tagged = Filters(tag=tag_id)
    actions.tag_many(cast.tongcheng, Selection(ids=tuple(ids[:1])), tag=tag, expected=1)
    assert actions.tag_many(cast.tongcheng, ALL, tag=tag, expected=2) == 2
    assert queries.count_up_to(cast.tongcheng, tagged) == 3
    actions.untag_many(cast.tongcheng, ALL, tag=tag, expected=3)
    assert queries.count_up_to(cast.tongcheng, tagged) == 0
    off, on, _first = undo.recent_acts(cast.tongcheng)
    undo.undo(cast.tongcheng, off)
    assert queries.count_up_to(cast.tongcheng, tagged) == 3
    undo.undo(cast.tongcheng, on)
    assert queries.count_up_to(cast.tongcheng, tagged) == 1


def test_people_are_given_to_a_colleague_and_the_search_knows(inside, cast):
    ids, _ = inside
    colleague = accounts.user(cast.tongcheng, cast.tongcheng2.id)
    plan = plans.plan_owner(cast.tongcheng, Selection(ids=tuple(ids)), user=colleague)
    assert (plan.doing, dict(plan.left_out)) == (2, {"已经由这位同事联系": 1, "不在您负责的范围内": 1})
    actions.assign_owner(cast.tongcheng, ALL, user=colleague, expected=2)
    assert queries.count_up_to(cast.tongcheng2, Filters(owner="me")) == 3
    undo.undo(cast.tongcheng, last_act(cast.tongcheng))
    assert queries.count_up_to(cast.tongcheng2, Filters(owner="me")) == 1


def test_a_colleague_gets_only_whom_the_unit_keeps(inside, cast):
    ids, _ = inside
    colleague = accounts.user(cast.bureau, cast.huaining.id)
    plan = plans.plan_owner(cast.bureau, Selection(ids=tuple(ids)), user=colleague)
    assert (plan.doing, dict(plan.left_out)) == (0, {"不由这位同事的单位负责": 3, "已经由这位同事联系": 1})


def test_the_bureau_makes_another_unit_answerable_and_nobody_loses_sight(inside, cast):
    huaining = accounts.unit(unit_id("340822"))
    assert actions.assign_unit(cast.bureau, ALL, unit=huaining, expected=3) == 3
    assert queries.count_up_to(cast.huaining, Filters()) == 4
    assert queries.count_up_to(cast.huaining, Filters(q="jiang")) == 4
    assert queries.count_up_to(cast.tongcheng, Filters()) == 3
    person = queries.listed(cast.bureau, Filters(q="江一")).people[0]
    answerable = [
        unit.code
        for steward, unit, _ in queries.person_parts(cast.bureau, person).stewards
        if steward.answerable
    ]
    assert answerable == ["340822"]
    undo.undo(cast.bureau, last_act(cast.bureau))
    assert queries.count_up_to(cast.huaining, Filters()) == 1
    assert queries.count_up_to(cast.huaining, Filters(q="jiang")) == 1
    with pytest.raises(NotPossible):
        actions.assign_unit(cast.tongcheng, ALL, unit=huaining, expected=3)


def test_who_may_only_look_does_nothing(inside, cast):
    _, tag_id = inside
    tag = queries.tag(cast.tongcheng, tag_id)
    with pytest.raises(Refused):
        to_c(cast.leader, ALL, expected=4)
    with pytest.raises(Refused):
        actions.tag_many(cast.leader, ALL, tag=tag, expected=4)


def test_more_than_is_done_at_once_is_refused_with_a_sentence(inside, cast, monkeypatch):
    monkeypatch.setattr("yishang_crm.people.lists.plans.MOST_AT_ONCE", 2)
    with pytest.raises(NotPossible, match="再加条件"):
        plans.plan_edit(cast.tongcheng, ALL, fact=FACTS["tier"], value=Tier.C)


def test_an_act_and_its_undo_are_in_the_trail(inside, cast):
    from tests.core.test_audit import entries, newest

    before = newest()
    to_c(cast.tongcheng, ALL, expected=3)
    undo.undo(cast.tongcheng, last_act(cast.tongcheng))
    told = entries(since=before)
    assert {"people.edit_many", "people.edit_many.chunk", "core.undo.undo"} <= {entry.verb for entry in told}
    assert {entry.actor for entry in told} == {cast.tongcheng.key}


# The pages, without script


def test_the_whole_way_from_the_list_to_the_undo(client, people, app, cast):
    ids, tag_id = people
    signed_in(client, "tongcheng")
    page = client.get(f"/people/acts/tag?id={ids[0]}&id={ids[1]}&id={ids[3]}").text
    assert "已选2人" in page
    said = client.get(f"/people/acts/tag?id={ids[0]}&id={ids[1]}&id={ids[3]}&one={tag_id}").text
    assert "给2人打上标签“桐商”" in said
    assert "另有1人不动：不在您负责的范围内" in said
    form = {"id": [str(ids[0]), str(ids[1]), str(ids[3])], "one": str(tag_id), "expected": "2"}
    answer = client.post("/people/acts/tag", data=form, follow_redirects=True)
    assert "已给2人打上标签“桐商”" in answer.text
    undoing = re.search(r'action="(/acts/\d+/undoing)"', answer.text)[1]
    assert "给2人打上标签“桐商”" in client.get("/acts").text
    assert "已撤销：还原2处" in client.post(undoing, follow_redirects=True).text
    assert client.post(undoing).status_code == 409


def test_all_that_match_are_taken_from_the_address(client, people):
    signed_in(client, "tongcheng")
    said = client.get("/people/acts/edit?matching=1&tier=A&field=state&value=retired").text
    assert "已选2人" in said
    assert "把2人的“状态”改为“退休”" in said
    form = {"matching": "1", "tier": "A", "field": "state", "value": "retired", "expected": "2"}
    answer = client.post("/people/acts/edit", data=form)
    assert (answer.status_code, answer.location) == (303, "/people?tier=A")
    assert "退休" in client.get("/people/acts/edit?matching=1&field=state").text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [("tier", "Z", "不在可选的值里"), ("tier", "", "请选一个值"), ("residence", "长" * 61, "最多写60个字")],
)
def test_a_wrong_value_is_told_and_nothing_is_done(client, people, field, value, sentence):
    signed_in(client, "tongcheng")
    assert sentence in client.get(f"/people/acts/edit?matching=1&field={field}&value={value}").text
    form = {"matching": "1", "field": field, "value": value, "expected": "3"}
    assert client.post("/people/acts/edit", data=form).status_code == 422


@pytest.mark.parametrize("act", ["tag", "untag", "edit", "owner", "unit"])
@pytest.mark.parametrize(("login", "status"), [("bureau", 200), ("leader", 403), ("desk", 403), (None, 302)])
def test_the_pages_of_acts_are_open_to_who_may(client, people, act, login, status):
    if login:
        signed_in(client, login)
    assert client.get(f"/people/acts/{act}?id={people[0][0]}").status_code == status


def test_a_tag_or_colleague_of_another_unit_cannot_be_given(client, people, cast):
    ids, tag_id = people
    signed_in(client, "huaining")
    form = {"id": str(ids[3]), "one": str(tag_id), "expected": "1"}
    assert client.post("/people/acts/tag", data=form).status_code == 422
    form = {"id": str(ids[3]), "one": str(cast.tongcheng.id), "expected": "1"}
    assert client.post("/people/acts/owner", data=form).status_code == 422
    assert "桐商" not in client.get(f"/people/acts/tag?id={ids[3]}").text


def test_five_thousand_ids_are_read_up_to_a_bound(client, people):
    signed_in(client, "tongcheng")
    query = "&".join(f"id={number}" for number in range(1, 5001))
    assert client.get(f"/people/acts/tag?{query}").status_code == 200


def test_the_bar_offers_what_is_registered_and_may_be_done(client, people):
    signed_in(client, "tongcheng")
    page = client.get("/people").text
    for act in ("tag", "untag", "edit", "owner"):
        assert f'formaction="/people/acts/{act}"' in page
    signed_in(client, "leader")
    assert "formaction" not in client.get("/people").text


def test_the_act_of_another_is_not_found(client, people, app, cast):
    with app.app_context(), writing():
        to_c(cast.tongcheng, ALL, expected=3)
        act = last_act(cast.tongcheng).id
    for login in ("tongcheng2", "bureau", "huaining"):
        signed_in(client, login)
        assert client.get(f"/acts/{act}").status_code == 404
        assert client.post(f"/acts/{act}/undoing").status_code == 404


def test_the_deceased_are_set_for_many(client, people, app, cast):
    signed_in(client, "tongcheng")
    form = {"id": str(people[0][0]), "field": "state", "value": "deceased", "expected": "1"}
    assert client.post("/people/acts/edit", data=form).status_code == 303
    with app.app_context():
        assert queries.person(cast.tongcheng, people[0][0]).state == PersonState.DECEASED
