"""What rounds ask of an owner, and what people said of their own record, stand on /today and in the morning's letter."""

import datetime as dt
import re

import pytest

from tests.cast import Cast, signed_in
from tests.outbox.arranged import every_message
from tests.people.arranged import somebody
from tests.people.rounds.arranged import a_round, an_entry
from yishang_crm.accounts import actors
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.followup import actions as followup
from yishang_crm.followup import queries
from yishang_crm.people import actions as people
from yishang_crm.people.rounds import actions
from yishang_crm.people.rounds import queries as rounds
from yishang_crm.people.rounds.queries import Asked


@pytest.fixture
def asked_of(app, cast: Cast) -> dict[str, int]:
    """A round over four of a liaison's and one of a colleague's: one confirmed, one tried in vain, one with a proposal."""
    with app.app_context(), writing():
        kept = [somebody(cast.tongcheng, f"潘{c}", phone=f"1990000078{n}") for n, c in enumerate("甲乙丙丁")]
        somebody(cast.tongcheng2, "潘戊", phone="19900000785")
        somebody(cast.huaining, "潘己", phone="19900000786")
        begun = a_round(cast.bureau)
        # A round that is over asks nothing more.
        actions.close_round(cast.bureau, a_round(cast.bureau, q="潘甲"))
        people.confirm(cast.tongcheng, kept[0])
        actions.miss_entry(cast.tongcheng, an_entry(cast.tongcheng, begun, kept[1]), kept[1])
        own = rounds.own(an_entry(cast.tongcheng, begun, kept[2]).id)
        said = actors.of_person(kept[2].id, name="潘丙", language="zh_Hans")
        actions.propose(said, own, values={"residence": "惠州"})
        db.session.commit()
        return {"round": begun.id, "due_on": begun.due_on}


def section(page: str) -> str:
    found = re.search(r'<section class="sec" id="to-check">.*?</section>', page, re.DOTALL)
    return found.group(0) if found else ""


def test_each_owner_sees_how_many_of_their_people_wait_and_comes_to_just_these(app, client, cast, asked_of):
    said = section(signed_in(client, "tongcheng").get("/today").text)
    address = f"/people/rounds/{asked_of['round']}?whose=mine"
    assert said.count(f'href="{address}"') == 2
    assert ("还有2人没有核对" in said, "1处等处理" in said) == (True, True)
    listed = client.get(address).text
    assert [name in listed for name in ("潘甲", "潘乙", "潘丙", "潘丁", "潘戊", "潘己")] == [
        False, False, True, True, False, False,
    ]  # fmt: skip
    with app.app_context():
        (share,) = rounds.shares(cast.tongcheng)
        begun = rounds.confirmation_round(cast.tongcheng, share.round_id)
        assert share.waiting == rounds.count_of(cast.tongcheng, begun, Asked(mine=True)) == 2
        assert (
            rounds.proposals_to_decide(cast.tongcheng) == len(rounds.waiting_proposals(cast.tongcheng)) == 1
        )
    assert "惠州" in client.get("/people/proposals").text


@pytest.mark.parametrize(
    ("login", "waiting", "proposals"),
    [
        ("tongcheng2", "还有1人", True),
        ("huaining", "还有1人", False),
        ("leader", "", False),
        ("bureau", "", True),
    ],
)
def test_others_see_their_own_share_and_who_only_looks_is_asked_nothing(
    client, asked_of, login, waiting, proposals
):
    said = section(signed_in(client, login).get("/today").text)
    assert (waiting in said if waiting else "还有" not in said, "1处等处理" in said) == (True, proposals)


def test_a_stranger_is_shown_the_door(client, asked_of):
    assert client.get("/today").status_code == 302


def test_an_owner_who_is_done_reads_nothing_of_it(app, client, cast, asked_of):
    signed_in(client, "huaining")
    assert "今天没有到期的事" not in client.get("/today").text
    with app.app_context(), writing():
        begun = rounds.confirmation_round(cast.huaining, asked_of["round"])
        (line,) = rounds.worklist(cast.huaining, begun, Asked(mine=True))
        people.confirm(cast.huaining, line.card.person)
        db.session.commit()
    assert section(client.get("/today").text) == ""


@pytest.mark.parametrize("more", [0, 2])
def test_it_costs_two_statements_however_many_rounds(app, cast, asked_of, count_queries, more):
    with app.app_context(), writing():
        for _ in range(more):
            a_round(cast.bureau)
        db.session.commit()
    with app.app_context(), count_queries() as counted:
        morning = queries.today(cast.tongcheng, day=today())
    assert (len(morning.shares), counted.n) == (1 + more, 7), counted.statements


def test_the_mornings_letter_says_the_same(app, cast, asked_of):
    from yishang_crm.accounts import queries as users

    with app.app_context(), writing():
        user = users.user_by_login("tongcheng")
        user.email = "liaison@example.cn"
        day = asked_of["due_on"] + dt.timedelta(days=3)
        assert followup.send_digest(cast.tongcheng, user, day=day, address="https://crm.example.cn/today")
        (message,) = [one for one in every_message() if one.purpose == "digest"]
        assert message.subject == "今日：有资料等您核对"
        lines = message.body_text.splitlines()
        at = lines.index("核对资料")
        assert lines[at + 1 : at + 3] == [
            "- 秋季核对：还有2人没有核对（过期3天）",
            "- 本人提出的修改1处等处理",
        ]
        db.session.rollback()
