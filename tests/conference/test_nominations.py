"""Nominating: several units, one owner; quotas; who may not be invited."""

import pytest

from tests.cast import Cast, unit_id
from tests.conference.arranged import a_guest, a_person, an_edition
from yishang_crm.accounts import queries as accounts
from yishang_crm.conference import actions, queries
from yishang_crm.conference.models import Approval, Category
from yishang_crm.conference.queries import Filters
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.people import actions as people
from yishang_crm.people.models import PersonState, Tier

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def edition(cast: Cast):
    return an_edition(cast.organizer)


def quota(cast: Cast, edition, *, granted: int, code: str = "340881", category: Category = Category.NATIVE):
    return actions.set_quota(
        cast.organizer, edition, accounts.unit_by_code(code), category=category, granted=granted
    )


def used(edition, code: str = "340881", category: Category = Category.NATIVE) -> int:
    found = queries.quota_to_change(edition.id, unit_id=unit_id(code), category=category)
    assert found.used == queries.standing(edition.id, unit_id=unit_id(code), category=category)
    return found.used


def test_a_unit_nominates_and_owns_its_guest(cast: Cast, edition):
    guest = actions.nominate(
        cast.tongcheng,
        edition,
        a_person(cast.tongcheng, tier=Tier.A),
        category=Category.CHAMBER,
        reason="会长",
    )
    assert (guest.unit_id, guest.level, guest.approval) == (cast.tongcheng.unit_id, "A", Approval.SUBMITTED)
    ((nomination, unit),) = queries.nominations(cast.tongcheng, guest)
    assert (nomination.user_name, nomination.reason, unit.short_name) == ("汪澄", "会长", "桐城")


def test_a_second_unit_adds_its_voice_and_the_owner_stays(cast: Cast, edition):
    person = a_person(cast.tongcheng)
    first = a_guest(cast.tongcheng, edition, person)
    people.share(cast.tongcheng, person, accounts.unit_by_code("340822"))
    second = actions.nominate(cast.huaining, edition, person, reason="我们也熟")
    assert (second.id, second.unit_id) == (first.id, cast.tongcheng.unit_id)
    assert [unit.short_name for _n, unit in queries.nominations(cast.huaining, second)] == ["桐城", "怀宁"]
    assert queries.guest(cast.huaining, first.id) is not None


def test_nobody_is_nominated_twice_by_one_unit(cast: Cast, edition):
    person = a_person(cast.tongcheng)
    a_guest(cast.tongcheng, edition, person)
    with pytest.raises(NotPossible, match="不用再提名"):
        actions.nominate(cast.tongcheng2, edition, person)


def test_the_dead_and_those_who_asked_to_be_left_alone_are_not_nominated(cast: Cast, edition):
    dead, alone = a_person(cast.tongcheng, state=PersonState.DECEASED), a_person(cast.tongcheng)
    people.forbid_contact(cast.tongcheng, alone, reason="本人要求")
    for person in (dead, alone):
        with pytest.raises(NotPossible):
            actions.nominate(cast.tongcheng, edition, person)
    assert queries.count_guests(cast.organizer, edition, Filters()) == 0


def test_a_unit_speaks_for_itself_only(cast: Cast, edition):
    with pytest.raises(NotPossible, match="本单位"):
        actions.nominate(cast.tongcheng, edition, a_person(cast.tongcheng), unit_id=unit_id("340822"))
    guest = actions.nominate(cast.bureau, edition, a_person(cast.bureau), unit_id=unit_id("340822"))
    assert guest.unit_id == unit_id("340822")


def test_a_quota_is_used_up_and_given_back(cast: Cast, edition):
    quota(cast, edition, granted=2)
    first, second = (a_guest(cast.tongcheng, edition) for _ in range(2))
    with pytest.raises(NotPossible, match="名额已经用完"):
        a_guest(cast.tongcheng, edition)
    a_guest(cast.tongcheng, edition, category=Category.CHAMBER)
    assert used(edition) == 2
    actions.withdraw(cast.tongcheng, first, note="重复")
    actions.reject(cast.organizer, second, note="不合适")
    assert used(edition) == 0


def test_a_quota_granted_later_counts_those_who_stand_already(cast: Cast, edition):
    for _ in range(3):
        a_guest(cast.tongcheng, edition)
    with pytest.raises(NotPossible, match="3人"):
        quota(cast, edition, granted=2)
    assert quota(cast, edition, granted=4).used == 3


def test_many_are_nominated_and_the_rest_are_named_with_the_reason(cast: Cast, edition):
    quota(cast, edition, granted=2)
    dead = a_person(cast.tongcheng, "已故者", state=PersonState.DECEASED)
    chosen = [a_person(cast.tongcheng), dead, a_person(cast.tongcheng), a_person(cast.tongcheng, "名额外")]
    done, refused = actions.nominate_many(cast.tongcheng, edition, chosen, reason="名单")
    assert [guest.person_id for guest in done] == [chosen[0].id, chosen[2].id]
    assert [(person.name, str(why)) for person, why in refused] == [
        ("已故者", "已故者已经去世，不能邀请。"),
        ("名额外", "“宜商代表”的2个名额已经用完，请找会务组调整，或先撤回一位。"),
    ]
    assert used(edition) == 2


def test_a_partner_s_nominee_belongs_to_the_keeping_unit(cast: Cast, edition):
    person = a_person(cast.tongcheng)
    guest = actions.nominate_as_partner(
        cast.ambassador, edition, person, unit_id=cast.tongcheng.unit_id, reason="老同学"
    )
    assert (guest.unit_id, guest.nominated_by) == (cast.tongcheng.unit_id, "程守默")


def test_who_only_looks_nominates_nobody(cast: Cast, edition):
    with pytest.raises(Refused):
        actions.nominate(cast.leader, edition, a_person(cast.tongcheng))


def test_a_withdrawn_guest_is_nominated_again_on_the_same_row(cast: Cast, edition):
    quota(cast, edition, granted=1)
    person = a_person(cast.tongcheng)
    guest = a_guest(cast.tongcheng, edition, person)
    actions.withdraw(cast.tongcheng, guest, note="先不请")
    again = a_guest(cast.tongcheng, edition, person)
    assert (again.id, again.approval) == (guest.id, Approval.SUBMITTED)
    assert used(edition) == 1


def test_an_edition_that_is_over_takes_no_nominations(cast: Cast, edition):
    edition.closed_at = edition.ends_at
    with pytest.raises(NotPossible, match="已经结束"):
        a_guest(cast.tongcheng, edition, a_person(cast.tongcheng))
