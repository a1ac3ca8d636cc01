"""Letters of a round: each person gets one with the link to their own page, held until an organizer lets it go."""

import datetime as dt
import re

import pytest

from tests.cast import signed_in, unit_id
from tests.outbox.arranged import every_message
from tests.outbox.servers import MailServer
from tests.people.arranged import somebody
from tests.people.rounds.arranged import a_round, an_entry
from yishang_crm.accounts import actors
from yishang_crm.core.clock import standing_at
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.outbox import actions as outbox
from yishang_crm.outbox import registry
from yishang_crm.outbox.delivery import deliver_due
from yishang_crm.outbox.models import State
from yishang_crm.outbox.queries import Filter
from yishang_crm.outbox.transport import Smtp
from yishang_crm.people import actions as people
from yishang_crm.people import queries as reading
from yishang_crm.people.models import ContactState, PersonState
from yishang_crm.people.rounds import actions, queries

SENDER = "安庆市投资促进中心 <office@yishang.example>"


def with_mail(actor, name="余秉衡", number=17, **details):
    """Somebody with a phone and a mail address."""
    person = somebody(actor, name, phone=f"199000004{number}", **details)
    people.add_contact(actor, person, typed=f"guest{number}@mail.example")
    return person


def written_to(written) -> list[str]:
    return [message.recipient_name for message in written]


def names_at(actor, begun, state) -> list[str]:
    """The worklist that a figure leads to."""
    return [line.card.person.name for line in queries.worklist(actor, begun, queries.Asked(state=state))]


@pytest.mark.usefixtures("indoors")
def test_everyone_with_an_address_gets_one_letter_held_in_the_outbox(cast):
    person = with_mail(cast.tongcheng)
    somebody(cast.tongcheng, "汪砚舟", phone="19900000418")
    begun = a_round(cast.tongcheng)
    assert queries.reach(cast.tongcheng, begun) == queries.Reach(ready=1, written=0, no_mail=1)
    assert names_at(cast.tongcheng, begun, "ready") == ["余秉衡"]
    assert names_at(cast.tongcheng, begun, "no_mail") == ["汪砚舟"]
    written, refused = actions.write_letters(cast.tongcheng, begun)
    assert names_at(cast.tongcheng, begun, "written") == ["余秉衡"]
    assert (written_to(written), refused) == (["余秉衡"], [])
    (message,) = every_message()
    entry = an_entry(cast.tongcheng, begun, person)
    assert (message.key, message.state, message.unit_id, message.person_id, message.language) == (
        f"confirmation:{entry.key}", State.HELD, unit_id("340881"), person.id, "zh_Hans",
    )  # fmt: skip
    assert message.body_text.startswith("尊敬的余秉衡先生：")
    for body in (message.body_text, message.body_html):
        assert "[[confirmation_url]]" in body
        assert "/portal/details/" not in body
    assert queries.reach(cast.tongcheng, begun) == queries.Reach(ready=0, written=1, no_mail=1)
    assert actions.write_letters(cast.tongcheng, begun) == ([], [])


@pytest.mark.usefixtures("indoors")
def test_whom_nobody_can_address_waits_with_a_reason_and_holds_up_nobody(cast, monkeypatch):
    monkeypatch.setattr(queries.letters, "AT_ONCE", 1)
    monkeypatch.setattr(actions, "LETTERS_AT_ONCE", 1)
    with_mail(cast.tongcheng, "潘甲", 21, gender=None)
    for number, name in ((22, "潘乙"), (23, "潘丙")):
        with_mail(cast.tongcheng, name, number)
    begun = a_round(cast.tongcheng)
    for name in ("潘乙", "潘丙"):
        written, ((one, why),) = actions.write_letters(cast.tongcheng, begun)
        assert (written_to(written), one.name, "性别" in str(why)) == ([name], "潘甲", True)
    assert written_to(actions.write_letters(cast.tongcheng, begun)[0]) == []


@pytest.mark.usefixtures("indoors")
def test_those_who_answered_are_dead_or_want_to_be_left_alone_get_none(cast):
    names = ("潘甲", "潘乙", "潘丙", "潘丁", "潘戊", "潘己")
    confirmed, answered, dead, quiet, missed, bounced = (
        with_mail(cast.tongcheng, name, number) for number, name in enumerate(names, 21)
    )
    begun = a_round(cast.tongcheng)
    people.confirm(cast.tongcheng, confirmed)
    own = queries.own(an_entry(cast.tongcheng, begun, answered).id)
    actions.propose(
        actors.of_person(answered.id, name=answered.name, language="zh_Hans"),
        own,
        values={"residence": "苏州"},
    )
    people.edit_person(cast.tongcheng, dead, version=1, state=PersonState.DECEASED)
    people.forbid_contact(cast.tongcheng, quiet, reason="本人要求")
    actions.miss_entry(cast.tongcheng, an_entry(cast.tongcheng, begun, missed), missed)
    (mail,) = [one for one in reading.person_parts(cast.tongcheng, bounced).contacts if not one.is_phone]
    people.mark_contact(cast.tongcheng, mail, state=ContactState.BOUNCED)
    db.session.flush()
    assert written_to(actions.write_letters(cast.tongcheng, begun)[0]) == ["潘戊"]  # tried in vain by phone


@pytest.mark.usefixtures("indoors")
def test_a_county_writes_to_its_own_people_of_a_round_of_the_bureau(cast):
    with_mail(cast.tongcheng, "余秉衡", 17)
    with_mail(cast.huaining, "汪砚舟", 18)
    begun = a_round(cast.bureau)
    assert written_to(actions.write_letters(cast.huaining, begun)[0]) == ["汪砚舟"]
    assert written_to(actions.write_letters(cast.bureau, begun)[0]) == ["余秉衡"]


@pytest.mark.usefixtures("indoors")
@pytest.mark.parametrize(
    ("details", "opening", "subject"),
    [
        ({"name": "程澄", "residence": "香港"}, "尊敬的程澄先生：", "請您核對家鄉留存的資料"),
        (
            {"name": "Michael Wang", "romanized_name": "Michael Wang", "residence": "华盛顿"},
            "Dear Mr. Michael Wang,",
            "Please check the details we keep of you",
        ),
    ],
)
def test_each_is_written_to_in_their_language(cast, details, opening, subject):
    with_mail(cast.tongcheng, **details)
    (message,), _refused = actions.write_letters(cast.tongcheng, a_round(cast.tongcheng))
    assert (message.body_text.split("\n")[0], message.subject) == (opening, subject)


@pytest.mark.usefixtures("indoors")
def test_a_round_that_is_over_writes_to_nobody(cast):
    with_mail(cast.tongcheng)
    begun = a_round(cast.tongcheng)
    with (
        standing_at(dt.datetime.now(dt.UTC) + dt.timedelta(days=40)),
        pytest.raises(NotPossible, match="已经结束"),
    ):
        actions.write_letters(cast.tongcheng, begun)


def test_released_it_leaves_over_smtp_and_its_link_opens_the_persons_own_page(app, client, cast):
    with app.app_context(), writing():
        with_mail(cast.tongcheng)
        begun = a_round(cast.tongcheng)
        actions.write_letters(cast.tongcheng, begun)
        with MailServer() as server:
            assert deliver_due(Smtp(server.url, sender=SENDER)).as_dict()["sent"] == 0
            let_go(cast)
            assert deliver_due(Smtp(server.url, sender=SENDER)).as_dict()["sent"] == 1
            (letter,) = server.letters
    assert "guest17@mail.example" in str(letter["To"])
    text = letter.get_body(("plain",)).get_content()
    (link,) = re.findall(r"http://127\.0\.0\.1:5000(/portal/details/\S+)", text)
    assert "余秉衡，您好" in client.get(link).text


def let_go(cast):
    outbox.release(cast.organizer, Filter(purpose=queries.CONFIRMATION), expected=1)


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [("confirmed", "资料已经核对过"), ("over", "已经结束"), ("quiet", "不再联系")],
)
def test_a_letter_that_is_not_wanted_any_more_does_not_leave(app, cast, happens, sentence):
    with app.app_context(), writing():
        person = with_mail(cast.tongcheng)
        begun = a_round(cast.tongcheng)
        actions.write_letters(cast.tongcheng, begun)
        let_go(cast)
        if happens == "confirmed":
            people.confirm(cast.tongcheng, person)
        elif happens == "over":
            actions.close_round(cast.tongcheng, begun)
        else:
            people.forbid_contact(cast.tongcheng, person, reason="本人要求")
        with MailServer() as server:
            deliver_due(Smtp(server.url, sender=SENDER))
            assert server.letters == []
        (message,) = every_message()
        assert message.state is State.CANCELLED
        assert sentence in message.last_error


@pytest.mark.usefixtures("indoors")
def test_two_who_become_one_get_one_letter(cast):
    two = [with_mail(cast.tongcheng, "戴玉屏", number) for number in (11, 12)]
    begun = a_round(cast.tongcheng)
    actions.write_letters(cast.tongcheng, begun)
    row = people.merge_people(cast.tongcheng, two)
    states = [(message.about, message.state) for message in every_message()]
    about = an_entry(cast.tongcheng, begun, two[1]).key
    assert sorted(states) == [(about, State.CANCELLED), (about, State.HELD)]
    assert people.undo_merge(cast.tongcheng, row) == []
    assert [message.state for message in every_message()] == [State.HELD, State.HELD]
    assert len({message.about for message in every_message()}) == 2


# By page


@pytest.fixture
def begun(app, cast):
    with app.app_context(), writing():
        person = with_mail(cast.tongcheng)
        found = a_round(cast.tongcheng)
        entry = an_entry(cast.tongcheng, found, person)
        db.session.commit()
        return found.id, entry.id, person.id


@pytest.mark.parametrize(
    ("login", "status", "posted"),
    [
        ("tongcheng", 200, 303),
        ("leader", 403, 403),
        ("huaining", 404, 404),
        ("desk", 403, 403),
        (None, 302, 302),
    ],
)
def test_letters_are_written_by_whom_the_round_concerns(client, begun, login, status, posted):
    if login:
        signed_in(client, login)
    address = f"/people/rounds/{begun[0]}/letters"
    assert (client.get(address).status_code, client.post(address).status_code) == (status, posted)


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 302), ("leader", 302), ("huaining", 404), ("desk", 403)]
)
def test_the_outbox_leads_to_the_person_a_letter_is_for(app, client, begun, login, status):
    with app.test_request_context():
        address = registry.link_of(f"round_entry:{begun[1]}")
    signed_in(client, login)
    answer = client.get(address)
    assert answer.status_code == status
    assert status != 302 or answer.location == f"/people/{begun[2]}"


def test_a_letter_is_looked_at_before_it_is_written_and_told_on_the_worklist(client, begun):
    signed_in(client, "tongcheng")
    before = client.get(f"/people/rounds/{begun[0]}/letters").text
    assert ("尊敬的余秉衡先生" in before, "本人核对链接" in before, "[[" in before) == (True, True, False)
    assert "信待放行" not in client.get(f"/people/rounds/{begun[0]}").text
    after = client.post(f"/people/rounds/{begun[0]}/letters", follow_redirects=True).text
    assert "写好1封" in after
    assert "信待放行" in client.get(f"/people/rounds/{begun[0]}").text


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_of_letters_costs_the_same_however_many_there_are(app, client, cast, count_queries, many):
    with app.app_context(), writing():
        for number in range(many):
            with_mail(cast.tongcheng, f"潘{'甲乙丙'[number]}", 21 + number, gender=None)
        found = a_round(cast.tongcheng)
        db.session.commit()
        round_id = found.id
    signed_in(client, "tongcheng")
    client.get(f"/people/rounds/{round_id}/letters")
    with count_queries() as counted:
        assert client.get(f"/people/rounds/{round_id}/letters").text.count("去补") == many
    assert counted.n == 9, counted.statements
