"""A round puts each person on their owner's worklist, agrees with the records, and asks nobody who should be left alone."""

import datetime as dt

import pytest

from tests.cast import unit_id
from tests.people.arranged import somebody
from tests.people.rounds.arranged import a_round, an_entry
from yishang_crm.core.clock import standing_at, today
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.people import actions as people
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import PersonState
from yishang_crm.people.rounds import actions, queries
from yishang_crm.people.rounds.queries import Asked, worklists

pytestmark = pytest.mark.usefixtures("indoors")


def names(actor, begun, **asked) -> list[str]:
    return [line.card.person.name for line in queries.worklist(actor, begun, Asked(**asked))]


def test_everyone_of_the_list_stands_on_the_worklist_of_their_unit(cast):
    somebody(cast.tongcheng, "余秉衡")
    somebody(cast.huaining, "汪砚舟", phone="19900000418")
    begun = a_round(cast.bureau)
    assert begun.people == 2
    assert names(cast.tongcheng, begun) == ["余秉衡"]
    assert names(cast.bureau, begun) == ["余秉衡", "汪砚舟"]
    assert [(row.unit, row.total, row.waiting) for row in queries.progress(cast.bureau, begun)] == [
        ("桐城", 1, 1), ("怀宁", 1, 1),
    ]  # fmt: skip


def test_a_county_asks_only_about_those_it_answers_for(cast):
    theirs = somebody(cast.huaining, "汪砚舟", phone="19900000418")
    from yishang_crm.accounts import queries as units

    people.share(cast.huaining, theirs, units.unit(unit_id("340881")))
    somebody(cast.tongcheng, "余秉衡")
    assert names(cast.tongcheng, a_round(cast.tongcheng)) == ["余秉衡"]


def test_the_dead_and_those_left_alone_are_not_asked_about(cast):
    somebody(cast.tongcheng, "余秉衡")
    gone = somebody(cast.tongcheng, "查静安", phone="19900000419")
    people.edit_person(cast.tongcheng, gone, version=1, state=PersonState.DECEASED)
    quiet = somebody(cast.tongcheng, "戴玉屏", phone="19900000420")
    people.forbid_contact(cast.tongcheng, quiet, reason="本人要求")
    assert names(cast.tongcheng, a_round(cast.tongcheng)) == ["余秉衡"]


def test_a_record_confirmed_anywhere_counts_and_the_figures_agree_with_their_lists(cast):
    one, two, three = (
        somebody(cast.tongcheng, f"潘{c}", phone=f"199000004{n}")
        for n, c in ((21, "甲"), (22, "乙"), (23, "丙"))
    )
    begun = a_round(cast.tongcheng)
    people.confirm(cast.tongcheng, one)
    actions.miss_entry(cast.tongcheng, an_entry(cast.tongcheng, begun, two), two)
    db.session.flush()
    (row,) = queries.progress(cast.tongcheng, begun)
    assert (row.total, row.confirmed, row.unreachable, row.waiting) == (3, 1, 1, 1)
    for state, count in (("confirmed", 1), ("unreachable", 1), ("waiting", 1), ("all", 3)):
        asked = Asked(state=state, unit_id=row.unit_id)
        assert queries.count_of(cast.tongcheng, begun, asked) == count
        assert len(queries.worklist(cast.tongcheng, begun, asked)) == count
    assert names(cast.tongcheng, begun) == [three.name]


def test_one_who_was_missed_and_then_confirmed_is_confirmed(cast):
    person = somebody(cast.tongcheng)
    begun = a_round(cast.tongcheng)
    entry = an_entry(cast.tongcheng, begun, person)
    actions.miss_entry(cast.tongcheng, entry, person)
    people.confirm(cast.tongcheng, person)
    (row,) = queries.progress(cast.tongcheng, begun)
    assert (row.confirmed, row.unreachable) == (1, 0)


def test_what_was_confirmed_before_the_round_is_asked_again(cast):
    person = somebody(cast.tongcheng)
    with standing_at(dt.datetime.now(dt.UTC) - dt.timedelta(days=400)):
        people.confirm(cast.tongcheng, person)
    assert names(cast.tongcheng, a_round(cast.tongcheng)) == [person.name]


@pytest.mark.parametrize(
    ("days", "filters", "sentence"),
    [(-1, {}, "截止日已经过去"), (7, {"q": "葛无此"}, "没有可以核对的人")],
)
def test_a_round_that_makes_no_sense_is_refused_with_a_sentence(cast, days, filters, sentence):
    somebody(cast.tongcheng)
    with pytest.raises(NotPossible, match=sentence):
        actions.begin_round(
            cast.tongcheng,
            name="x",
            due_on=today() + dt.timedelta(days=days),
            filters=Filters(**filters),
            query={},
        )


def test_only_who_began_it_ends_it(cast):
    somebody(cast.tongcheng)
    begun = a_round(cast.bureau)
    with pytest.raises(NotPossible, match="只有发起的单位"):
        actions.close_round(cast.tongcheng, begun)
    actions.close_round(cast.bureau, begun)
    with pytest.raises(NotPossible, match="已经结束"):
        actions.close_round(cast.bureau, begun)


def test_a_round_that_was_cut_off_goes_on_where_it_stopped(cast, monkeypatch):
    """The same as if it had not been (S31): nobody twice, nobody left out."""
    monkeypatch.setattr(worklists, "AT_ONCE", 2)
    for number in range(5):
        somebody(cast.tongcheng, f"潘{'甲乙丙丁戊'[number]}", phone=f"1990000043{number}")
    portions, cut = queries.portions, iter([1, 0])

    def interrupted(*given, **named):
        for portion in portions(*given, **named):
            yield portion
            if next(cut) == 0:
                raise KeyboardInterrupt

    monkeypatch.setattr(queries, "portions", interrupted)
    with pytest.raises(KeyboardInterrupt):
        a_round(cast.tongcheng)
    monkeypatch.setattr(queries, "portions", portions)
    db.session.rollback()
    (begun,) = queries.rounds(cast.tongcheng)
    assert (begun.is_filled, queries.put_so_far(begun)) == (False, 4)
    actions.fill_round(cast.tongcheng, begun, filters=Filters())
    assert (begun.people, sorted(names(cast.tongcheng, begun))) == (5, sorted(f"潘{c}" for c in "甲乙丙丁戊"))
    with pytest.raises(NotPossible, match="已经分好"):
        actions.fill_round(cast.tongcheng, begun, filters=Filters())
