"""The desk's search: by any habit, at most eight, the whole edition and nothing beyond it."""

import pytest

from tests.cast import Cast
from tests.people.arranged import somebody
from tests.reception.arranged import a_guest, an_edition
from yishang_crm.conference.models import Approval, Edition, Reply
from yishang_crm.core.actor import HOUSE
from yishang_crm.reception import queries

pytestmark = pytest.mark.usefixtures("indoors")


@pytest.fixture
def edition(indoors) -> Edition:
    return an_edition()


def found(cast: Cast, edition: Edition, text: str) -> list[str]:
    return [hit.name for hit in queries.hits(cast.desk, edition, text)]


@pytest.mark.parametrize("text", ["余秉衡", "余 秉 衡", "ybh", "yubingheng", "0417", "望岳", "餘秉衡"])
def test_a_guest_is_found_by_any_habit(cast, edition, text):
    a_guest(edition, phone="19900000417")
    a_guest(edition, "汪砚舟", phone="19900000999", unit="340822")

    assert "余秉衡" in found(cast, edition, text)


def test_guests_of_every_unit_are_found_and_nobody_else(cast, edition):
    a_guest(edition, "余秉衡", unit="340881", phone="19900000001")
    a_guest(edition, "余明远", unit="340822", phone="19900000002")
    a_guest(an_edition("2025", 4), "余去年", unit="340822", phone="19900000003")
    somebody(HOUSE, "余不请", unit_id=1, phone="19900000004")

    assert sorted(found(cast, edition, "余")) == ["余明远", "余秉衡"]


def test_at_most_eight(cast, edition):
    for number in range(12):
        a_guest(edition, f"余{'甲乙丙丁戊己庚辛壬癸子丑'[number]}山", phone=f"199000001{number:02d}")

    assert len(found(cast, edition, "余")) == 8


def test_a_delegate_and_a_companion_lead_to_their_party(cast, edition):
    a_guest(
        edition, reply=Reply.DELEGATED, delegate_name="江南秋", companions=1, companion_names="司机方师傅"
    )

    assert found(cast, edition, "江南秋") == ["余秉衡", "余秉衡"]
    assert [hit.is_companion for hit in queries.hits(cast.desk, edition, "方师傅")] == [False, True]


def test_who_was_rejected_is_not_on_the_list(cast, edition):
    a_guest(edition, approval=Approval.REJECTED)

    assert found(cast, edition, "余秉衡") == []


@pytest.mark.parametrize("text", ["", "   ", "%", "_", '"', "* NEAR(", "\x00", "' OR 1=1", "甲" * 20])
def test_odd_words_find_nobody(cast, edition, text):
    a_guest(edition)

    assert found(cast, edition, text) == []


@pytest.mark.parametrize("login", ["tongcheng", "leader", "admin", "ambassador"])
def test_others_find_nobody_here(cast, edition, login):
    a_guest(edition)

    assert queries.hits(getattr(cast, login), edition, "余秉衡") == []


@pytest.mark.parametrize("guests", [1, 3])
def test_searching_costs_the_same_for_one_and_three(cast, edition, guests, count_queries):
    for number in range(guests):
        a_guest(edition, f"余{'甲乙丙'[number]}", phone=f"1990000020{number}")

    with count_queries() as counted:
        assert len(queries.hits(cast.desk, edition, "余")) == guests
    assert counted.n == 2
