"""A partner proposes, a unit answers; nothing enters the record before that, and nobody sees more than their own."""

import datetime as dt

import pytest
import time_machine

from tests.cast import Cast, unit_id
from tests.network.arranged import Partner, partner, proposed
from tests.people.arranged import somebody
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.followup import queries as followup
from yishang_crm.network import actions, queries
from yishang_crm.network.models import IntroductionState
from yishang_crm.people import queries as people
from yishang_crm.people.queries import Filters

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def ambassador(cast: Cast) -> Partner:
    return partner(cast.tongcheng, "ambassador", "程守默", phone="19900000101")


@pytest.fixture
def other(cast: Cast) -> Partner:
    return partner(cast.huaining, "partner", "琚成林", phone="19900000102")


def names(actor):
    return [charge.person.name for charge in queries.charges(actor)]


def test_a_proposal_goes_to_the_unit_that_keeps_touch_and_is_not_yet_a_person(ambassador, cast):
    proposed(ambassador.actor)
    (waiting,) = queries.waiting(cast.tongcheng)
    assert (waiting.introduction.name, waiting.unit) == ("章大枫", "桐城")
    assert [
        task.what for task in queries.tasks_out_of(cast.tongcheng, f"introduction:{waiting.introduction.id}")
    ] == ["回复程守默的引荐：章大枫"]
    assert list(queries.waiting(cast.huaining)) == []
    assert people.page_of_people(cast.bureau, Filters(q="章大枫")) == []


def test_sent_twice_it_is_one(ambassador, cast):
    first = proposed(ambassador.actor, client_id="ab12")
    assert proposed(ambassador.actor, name="别人", client_id="ab12").id == first.id
    assert len(queries.waiting(cast.bureau)) == 1


def test_the_same_form_number_of_two_partners_is_two(ambassador, other):
    assert proposed(ambassador.actor, client_id="ab12").id != proposed(other.actor, client_id="ab12").id


def test_accepted_they_are_a_person_entrusted_to_the_partner(ambassador, other, cast):
    introduction = proposed(ambassador.actor, city="东莞")
    person = actions.accept_introduction(
        cast.tongcheng, introduction, details={"organization": "东莞大枫轴承有限公司", "title": "董事长"}
    )
    assert (person.name, person.residence, person.source) == ("章大枫", "东莞", "程守默引荐")
    assert introduction.state == IntroductionState.ACCEPTED
    assert introduction.decided_by == "汪澄"
    assert names(ambassador.actor) == ["章大枫"]
    assert names(other.actor) == []
    assert [str(contact.value) for contact in people.person_parts(cast.tongcheng, person).contacts] == [
        "199****0555"
    ]
    assert queries.tasks_out_of(cast.tongcheng, f"introduction:{introduction.id}") == []


def test_accepted_for_somebody_known_no_second_record_is_made(ambassador, cast):
    somebody(cast.tongcheng, "章大枫", phone="19900000555")
    introduction = proposed(ambassador.actor)
    with pytest.raises(NotPossible, match="章大枫"):
        actions.accept_introduction(cast.tongcheng, introduction)
    db.session.rollback()


def test_linked_to_somebody_known(ambassador, cast):
    known = somebody(cast.tongcheng, "章大枫", phone="19900000555")
    introduction = proposed(ambassador.actor)
    assert actions.accept_introduction(cast.tongcheng, introduction, person=known).id == known.id
    assert names(ambassador.actor) == ["章大枫"]


def test_a_phone_kept_elsewhere_names_only_the_unit(ambassador, cast):
    somebody(cast.huaining, "秘密人", phone="19900000555")
    introduction = proposed(ambassador.actor)
    with pytest.raises(NotPossible) as refusal:
        actions.accept_introduction(cast.tongcheng, introduction)
    assert "怀宁" in str(refusal.value)
    assert "秘密人" not in str(refusal.value)


def test_refused_with_a_reason_that_the_partner_reads(ambassador, cast):
    introduction = proposed(ambassador.actor)
    actions.refuse_introduction(cast.tongcheng, introduction, reason="已有怀宁县在谈，不重复接洽。")
    (own,) = queries.own_introductions(ambassador.actor)
    assert (own.introduction.state, own.introduction.reason) == (
        IntroductionState.REFUSED,
        "已有怀宁县在谈，不重复接洽。",
    )
    assert names(ambassador.actor) == []


def test_a_refusal_needs_a_reason(ambassador, cast):
    introduction = proposed(ambassador.actor)
    with pytest.raises(NotPossible, match="理由"):
        actions.refuse_introduction(cast.tongcheng, introduction, reason="  ")


def test_it_is_answered_once(ambassador, cast):
    introduction = proposed(ambassador.actor)
    actions.accept_introduction(cast.tongcheng, introduction)
    with pytest.raises(NotPossible, match="汪澄"):
        actions.refuse_introduction(cast.bureau, introduction, reason="晚了")
    with pytest.raises(NotPossible, match="汪澄"):
        actions.accept_introduction(cast.bureau, introduction)


def test_who_may_only_look_answers_nothing_and_a_partner_neither(ambassador, cast):
    introduction = proposed(ambassador.actor)
    for actor in (cast.leader, ambassador.actor, cast.admin, cast.stranger):
        with pytest.raises(Refused):
            actions.refuse_introduction(actor, introduction, reason="不行")


def test_a_foreign_county_does_not_find_it(ambassador, cast):
    introduction = proposed(ambassador.actor)
    assert queries.introduction(cast.huaining, introduction.id) is None
    assert queries.introduction(cast.tongcheng, introduction.id) is introduction
    assert queries.introduction(cast.leader, introduction.id) is introduction


def test_nobody_floods_the_desk(ambassador, monkeypatch):
    monkeypatch.setattr("yishang_crm.network.actions.introductions.MOST_WAITING", 2)
    for one in range(2):
        proposed(ambassador.actor, name=f"章{one}")
    with pytest.raises(NotPossible, match="2条"):
        proposed(ambassador.actor, name="章三")


def test_after_a_day_it_is_late(ambassador):
    introduction = proposed(ambassador.actor)
    at = introduction.proposed_at
    assert not introduction.is_late(at + dt.timedelta(hours=23))
    assert introduction.is_late(at + dt.timedelta(hours=25))


def test_an_account_that_is_nobodys_proposes_nothing(cast):
    with pytest.raises(NotPossible, match="对上"):
        proposed(cast.chamber)


def test_entrusted_people_come_and_go(ambassador, other, cast):
    person = somebody(cast.tongcheng, "汪砚舟", phone="19900000201")
    row = actions.entrust(cast.tongcheng, person, partner=ambassador.person)
    assert names(ambassador.actor) == ["汪砚舟"]
    with pytest.raises(NotPossible, match="早已"):
        actions.entrust(cast.bureau, person, partner=ambassador.person)
    actions.end_entrusting(cast.tongcheng, row, reason="换人联系")
    assert names(ambassador.actor) == []
    actions.entrust(cast.tongcheng, person, partner=ambassador.person)
    assert names(ambassador.actor) == ["汪砚舟"]
    assert names(other.actor) == []


def test_nobody_is_entrusted_to_themselves(ambassador, cast):
    with pytest.raises(NotPossible, match="他自己"):
        actions.entrust(cast.tongcheng, ambassador.person, partner=ambassador.person)


def test_the_last_talk_is_told_by_its_day(ambassador, cast):
    from yishang_crm.core.clock import today
    from yishang_crm.followup import actions as contacts
    from yishang_crm.followup.models import Channel

    person = somebody(cast.tongcheng, "汪砚舟", phone="19900000201")
    actions.entrust(cast.tongcheng, person, partner=ambassador.person)
    (before,) = queries.charges(ambassador.actor)
    contacts.log_as_partner(ambassador.actor, person, channel=Channel.CALL, text="问了新厂")
    (after,) = queries.charges(ambassador.actor)
    assert (before.last_on, after.last_on) == (None, today())
    assert [entry.interaction.text for entry in followup.timeline(cast.tongcheng, person.id).entries] == [
        "问了新厂"
    ]


def test_a_bureau_without_appointment_or_steward_still_gets_it(cast):
    from tests.network.arranged import tie
    from yishang_crm.accounts import actors
    from yishang_crm.core.actor import HOUSE

    person = somebody(cast.tongcheng, "石礼安", phone="19900000103")
    tie(HOUSE, "chamber", person, "")
    proposed(actors.of_login("chamber"))
    assert [row.introduction.unit_id for row in queries.waiting(cast.tongcheng)] == [unit_id("340881")]


@time_machine.travel("2026-09-08 09:00+08:00", tick=False)
def test_the_end_of_the_last_appointment_closes_everything(cast):
    ambassador = partner(cast.tongcheng, "ambassador", "程守默", phone="19900000101")
    person = somebody(cast.tongcheng, "汪砚舟", phone="19900000201")
    actions.entrust(cast.tongcheng, person, partner=ambassador.person)
    actions.end_appointment(cast.tongcheng, ambassador.appointment, reason="本人请辞")
    assert names(ambassador.actor) == []
    assert queries.own_appointment(ambassador.actor) is None
