"""One unit asks another: it learns nothing of the person until it is granted; answerability is passed on, not copied."""

import pytest

from tests.cast import unit_id
from tests.people.arranged import somebody
from yishang_crm.accounts import queries as units
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.people import actions as people
from yishang_crm.people import queries as reading
from yishang_crm.people.stewards import actions, queries
from yishang_crm.people.stewards.models import RequestState

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def theirs(indoors, cast):
    return somebody(cast.huaining, "余秉衡")


def asked(cast, **said):
    return actions.ask(
        cast.tongcheng, **{"name": "老余", "phone": "199 0000 0417", "reason": "他在桐城也有厂"} | said
    )


def kept(cast, person) -> list[tuple[str, str, bool]]:
    stewards = reading.person_parts(cast.bureau, person).stewards
    return [(unit.short_name, one.kind.value, one.answerable) for one, unit, _name in stewards]


def test_until_it_is_granted_the_asking_unit_reads_only_its_own_words(cast, theirs):
    request = asked(cast)
    (row,) = queries.requests(cast.tongcheng, waiting=True)
    assert (row.title, row.person, row.of_unit) == ("老余", None, "怀宁")
    assert reading.person(cast.tongcheng, theirs.id) is None
    (mine,) = queries.requests(cast.huaining, waiting=True)
    assert (mine.title, mine.request.id) == ("余秉衡", request.id)


def test_granted_both_units_work_with_the_person_and_one_answers(cast, theirs):
    actions.grant(cast.huaining, asked(cast), version=1)
    assert reading.person(cast.tongcheng, theirs.id).name == "余秉衡"
    assert kept(cast, theirs) == [("怀宁", "steward", True), ("桐城", "shared", False)]
    assert [p.name for p in reading.page_of_people(cast.tongcheng, reading.Filters(q="余秉衡"))] == ["余秉衡"]


def test_refused_with_a_reason_that_the_asking_unit_reads(cast, theirs):
    request = asked(cast)
    with pytest.raises(NotPossible, match="理由"):
        actions.refuse(cast.huaining, request, version=1, answer="")
    actions.refuse(cast.huaining, request, version=1, answer="正在谈项目")
    (row,) = queries.requests(cast.tongcheng, waiting=False)
    assert (row.request.state, row.request.answer) == (RequestState.REFUSED, "正在谈项目")
    assert reading.person(cast.tongcheng, theirs.id) is None


def test_a_request_is_answered_once(cast, theirs):
    request = asked(cast)
    actions.grant(cast.bureau, request, version=1)
    with pytest.raises(Stale):
        actions.refuse(cast.huaining, request, version=1, answer="晚了")
    with pytest.raises(NotPossible, match="已经办结"):
        actions.refuse(cast.huaining, request, version=2, answer="晚了")


def test_the_asking_unit_cannot_grant_itself(cast, theirs):
    with pytest.raises(NotPossible, match="由现在负责此人的单位或市局答复"):
        actions.grant(cast.tongcheng, asked(cast), version=1)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [({"phone": "19900000999"}, "没有这个号码"), ({"phone": "12"}, "没有认出来"), ({"reason": ""}, "理由")],
)
def test_what_cannot_be_asked_is_said(cast, theirs, said, sentence):
    with pytest.raises(NotPossible, match=sentence):
        asked(cast, **said)


def test_nobody_is_asked_twice_or_for_what_one_has(cast, theirs):
    asked(cast)
    with pytest.raises(NotPossible, match="已经申请过"):
        asked(cast)
    with pytest.raises(NotPossible, match="本单位已经在联系"):
        actions.ask(cast.huaining, name="余", phone="19900000417", reason="x")


def test_a_withdrawn_request_may_be_asked_again(cast, theirs):
    actions.withdraw(cast.tongcheng, asked(cast), version=1)
    assert asked(cast).state == RequestState.WAITING


def test_a_transfer_passes_on_who_answers_and_the_former_unit_still_sees(cast, theirs):
    actions.grant(cast.huaining, asked(cast), version=1)
    request = actions.ask_for_transfer(cast.tongcheng, theirs, reason="总部迁到桐城")
    actions.grant(cast.huaining, request, version=1)
    assert kept(cast, theirs) == [("桐城", "steward", True), ("怀宁", "steward", False)]
    actions.end_sharing(cast.huaining, theirs, queries.stewardship_of(theirs.id, unit_id("340822")))
    assert kept(cast, theirs) == [("桐城", "steward", True)]
    assert reading.person(cast.huaining, theirs.id) is None


def test_the_bureau_passes_on_directly_and_a_county_only_its_own(cast, theirs):
    tongcheng = units.unit(unit_id("340881"))
    people.share(cast.huaining, theirs, tongcheng)
    with pytest.raises(NotPossible, match="只有负责联系"):
        actions.transfer(cast.tongcheng, theirs, tongcheng, reason="x", seen=unit_id("340822"))
    with pytest.raises(NotPossible, match="刚换过负责单位"):
        actions.transfer(cast.bureau, theirs, tongcheng, reason="分工调整", seen=tongcheng.id)
    actions.transfer(cast.bureau, theirs, tongcheng, reason="分工调整", seen=unit_id("340822"))
    assert kept(cast, theirs) == [("桐城", "steward", True), ("怀宁", "steward", False)]


def test_the_answerable_unit_is_not_taken_away(cast, theirs):
    with pytest.raises(NotPossible, match="移交"):
        actions.end_sharing(cast.bureau, theirs, queries.stewardship_of(theirs.id, unit_id("340822")))


def test_sharing_with_a_unit_that_sees_the_person_says_so(cast, theirs):
    with pytest.raises(NotPossible, match="已经能看到"):
        people.share(cast.huaining, theirs, units.unit(unit_id("340822")))
