"""A letter that came back: the address of that person is marked, and whoever answers for them looks for another."""

import pytest

from tests.cast import signed_in, unit_id
from tests.people.arranged import somebody
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.clock import now, today
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import Sealed
from yishang_crm.followup import queries as tasks
from yishang_crm.followup.queries import TaskFilters
from yishang_crm.outbox import actions as outbox
from yishang_crm.outbox import door
from yishang_crm.outbox.door import Addressee, Letter
from yishang_crm.outbox.models import State
from yishang_crm.people import actions, queries
from yishang_crm.people.models import ContactLabel, ContactState

MAIL, OFFICE = "yu@example.cn", "office@example.cn"


@action(Permission.HOUSEKEEPING)
def written(_actor, person, *, address=MAIL, purpose="invitation"):
    letter = Letter(purpose=purpose, about=f"person:{person.id}", subject="邀请函", body_text="您好。")
    recipient = Addressee(person.name, Sealed(address), person_id=person.id)
    return door.post(HOUSE, recipient, letter, hold=True, unit_id=unit_id("340881"))


@action(Permission.HOUSEKEEPING)
def left(_actor, message):
    """It was let go and the mail server took it."""
    message.release(at=now(), by="house:0")
    message.begin(at=now())
    message.arrive(at=now())


def sent(person, **how):
    message = written(HOUSE, person, **how)
    left(HOUSE, message)
    assert message.state == State.SENT
    return message


def standing(actor, person):
    return {str(one.value): one.state for one in queries.person_parts(actor, person).contacts}


def tasks_of(actor):
    rows = tasks.page_of_tasks(actor, TaskFilters(), today=today())
    return [(row.task.what, row.task.user_id) for row in rows]


@pytest.fixture
def person(cast, indoors):
    person = somebody(cast.tongcheng, email=MAIL)
    actions.add_contact(cast.tongcheng, person, typed=OFFICE, label=ContactLabel.OFFICE)
    return person


def test_a_returned_letter_marks_the_address_and_is_somebodys_task(cast, person):
    outbox.record_bounce(cast.organizer, sent(person), detail="550 没有这个邮箱")
    assert standing(cast.tongcheng, person) == {
        "199****0417": ContactState.OK, "y***@example.cn": ContactState.BOUNCED, "o***@example.cn": ContactState.OK,
    }  # fmt: skip
    assert tasks_of(cast.tongcheng) == [("余秉衡的邮箱退信，找到新邮箱", cast.tongcheng.id)]
    assert tasks_of(cast.huaining) == []


def test_letters_that_wait_for_it_go_where_the_mail_goes_now(cast, person):
    came_back, waiting = sent(person), written(HOUSE, person, purpose="reminder")
    outbox.record_bounce(cast.organizer, came_back, detail="550")
    assert (waiting.state, waiting.address) == (State.HELD, Sealed(OFFICE))


def test_two_letters_that_come_back_are_one_task(cast, person):
    for message in (sent(person), sent(person, purpose="reminder")):
        outbox.record_bounce(cast.organizer, message, detail="550")
    assert len(tasks_of(cast.tongcheng)) == 1


def test_only_that_address_of_that_person_is_marked(cast, person):
    other = somebody(cast.tongcheng, "汪砚舟", phone="19900000418")
    shared = actions.add_contact(cast.tongcheng, other, typed=MAIL, label=ContactLabel.OFFICE)
    outbox.record_bounce(cast.organizer, sent(person), detail="550")
    assert shared.state == ContactState.OK


@pytest.mark.parametrize("address", ["gone@example.cn", "GONE@example.cn"])
def test_an_address_that_is_nobodys_marks_none(cast, person, address):
    outbox.record_bounce(cast.organizer, sent(person, address=address), detail="550")
    assert set(standing(cast.tongcheng, person).values()) == {ContactState.OK}
    assert tasks_of(cast.tongcheng) == []


def test_an_address_written_otherwise_is_the_same(cast, person):
    outbox.record_bounce(cast.organizer, sent(person, address="Yu@Example.CN"), detail="550")
    assert standing(cast.tongcheng, person)["y***@example.cn"] == ContactState.BOUNCED


def test_who_opted_out_meanwhile_stays_so(cast, person):
    message = sent(person)
    mail = next(
        one for one in queries.person_parts(cast.tongcheng, person).contacts if str(one.value)[0] == "y"
    )
    actions.mark_contact(cast.tongcheng, mail, state=ContactState.OPTED_OUT)
    outbox.record_bounce(cast.organizer, message, detail="550")
    assert mail.state == ContactState.OPTED_OUT
    assert tasks_of(cast.tongcheng) == []


def test_what_was_not_sent_cannot_come_back(cast, person):
    with pytest.raises(NotPossible, match="还没有放行"):
        outbox.record_bounce(cast.organizer, written(HOUSE, person), detail="550")
    assert set(standing(cast.tongcheng, person).values()) == {ContactState.OK}


# By page


@pytest.fixture
def message_id(app, cast):
    """Of a letter that was sent."""
    with app.app_context(), writing():
        message = sent(somebody(cast.tongcheng, email=MAIL))
        db.session.commit()
        return message.id


@pytest.mark.parametrize(
    ("login", "status"),
    [("organizer", 303), ("leader", 403), ("tongcheng", 403), ("huaining", 403), (None, 302)],
)
def test_who_lets_letters_go_says_that_one_came_back(app, client, cast, message_id, login, status):
    if login:
        signed_in(client, login)
    assert client.post(f"/outbox/{message_id}/return").status_code == status
    signed_in(client, "tongcheng")
    assert ("余秉衡的邮箱退信，找到新邮箱" in client.get("/tasks").text) == (status == 303)


def test_only_a_letter_that_was_sent_has_the_button_and_it_goes_once(client, message_id):
    signed_in(client, "organizer")
    assert "退信了" in client.get(f"/outbox/{message_id}").text
    client.post(f"/outbox/{message_id}/return")
    assert "退信了" not in client.get(f"/outbox/{message_id}").text
    assert client.post(f"/outbox/{message_id}/return").status_code == 409
    assert client.post("/outbox/987654321/return").status_code == 404


def test_who_may_only_look_has_no_button(client, message_id):
    signed_in(client, "tongcheng")
    page = client.get(f"/outbox/{message_id}")
    assert page.status_code == 200
    assert "退信了" not in page.text
