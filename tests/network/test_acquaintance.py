"""Introductions and entrustings stand among the ties of people, for those who may read them."""

import pytest

from tests.network.arranged import partner
from tests.people.arranged import somebody
from yishang_crm.network import actions, queries
from yishang_crm.people import queries as people
from yishang_crm.people.acquaintance import Bond

pytestmark = pytest.mark.usefixtures("indoors")


def test_an_open_entrusting_ties_two(cast):
    person = somebody(cast.tongcheng, organization="")
    ambassador = partner(
        cast.tongcheng, "ambassador", "程守默", phone="19900000612", email="cheng@example.cn"
    )
    row = actions.entrust(cast.tongcheng, person, partner=ambassador.person)
    (tie,) = queries.ties(cast.tongcheng, [person.id])
    assert (tie.a, tie.b, tie.bond) == (ambassador.person.id, person.id, Bond.ENTRUSTED)
    assert [(tie.b, other.name) for tie, other in people.circle_of(cast.tongcheng, person).told] == [
        (ambassador.person.id, "程守默")
    ]
    through = [chain.people[0].name for chain in people.ways_to(cast.tongcheng, person).chains]
    assert "程守默" in through
    assert list(queries.ties(cast.huaining, [person.id])) == []
    actions.end_entrusting(cast.tongcheng, row, reason="收回")
    assert list(queries.ties(cast.tongcheng, [person.id])) == []
