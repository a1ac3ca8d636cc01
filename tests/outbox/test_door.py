"""The door: what it takes, what it refuses, and that nobody is written to twice."""

from threading import Barrier, Thread

import pytest

from tests.outbox.arranged import OwnHouse, a_message, every_message, letter, posted, somebody
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.scope import Unrecorded
from yishang_crm.core.sealed import Sealed
from yishang_crm.outbox import actions, door
from yishang_crm.outbox.models import State

pytestmark = pytest.mark.usefixtures("indoors")


def test_a_letter_is_posted_only_inside_a_deed():
    with pytest.raises(Unrecorded):
        door.post(HOUSE, somebody(), letter(), hold=True, unit_id=None)


def test_a_held_letter_waits_and_a_straight_one_is_queued():
    held, straight = a_message(1, hold=True), a_message(2)
    assert (held.state, held.released_at, held.released_by) == (State.HELD, None, "")
    assert (straight.state, straight.released_by) == (State.QUEUED, "house:0")
    assert held.key == "invitation:visit:1"
    assert held.message_id.startswith("<")
    assert held.message_id != straight.message_id


@action(Permission.HOUSEKEEPING)
def invited_beyond_the_quota(actor):
    door.post(actor, somebody(), letter(), hold=True, unit_id=None)
    raise NotPossible("名额满了。")


def test_a_rolled_back_deed_leaves_no_letter():
    with pytest.raises(NotPossible), db.session.begin_nested():
        invited_beyond_the_quota(HOUSE)
    assert every_message() == []


REFUSED = {
    "there is no address": (somebody(address=None), letter(), "没有给汪砚舟写信：没有可用的邮箱。"),
    "the recipient does not accept it": (somebody(refusal="他已请求不再联系。"), letter(), "没有给汪砚舟写信：他已请求不再联系。"),
    "the address is none": (somebody(address=Sealed("li at example.com")), letter(), "没有给汪砚舟写信：邮箱写得不对，请先核对。"),
    "two addresses": (somebody(address=Sealed("a@example.com,b@example.com")), letter(), "没有给汪砚舟写信：邮箱写得不对，请先核对。"),
    "a line break in the address": (
        somebody(address=Sealed("a@example.com\r\nBcc: b@example.com")), letter(), "没有给汪砚舟写信：邮箱写得不对，请先核对。",
    ),
    "a line break in the reply address": (
        somebody(), letter(reply_to="a@example.com\nBcc: b@example.com"), "没有给汪砚舟写信：回复地址写得不对。",
    ),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_the_door_says_why_it_takes_no_letter(why):
    recipient, what, sentence = REFUSED[why]
    with pytest.raises(door.NotPosted) as refused:
        posted(HOUSE, recipient, what)
    assert str(refused.value) == sentence
    assert every_message() == []


def test_nobody_is_written_to_twice_for_one_purpose():
    a_message()
    with pytest.raises(door.NotPosted) as refused:
        a_message()
    assert str(refused.value) == "这封信已经写过了，同一个人同一件事只写一封。"
    assert a_message(purpose="reminder").key == "reminder:visit:1"
    assert a_message(purpose="reminder", occasion="2").key == "reminder:visit:1:2"


def test_after_a_cancelled_letter_another_may_be_written():
    first = a_message(hold=True)
    actions.cancel(HOUSE, first, reason="信息有误")
    second = a_message(hold=True)
    assert (first.key, second.key) == (f"invitation:visit:1~{first.id}", "invitation:visit:1")


def test_two_who_post_the_same_at_the_same_moment_write_one_letter(own_house: OwnHouse):
    together, outcomes = Barrier(2), []

    @action(Permission.HOUSEKEEPING)
    def post_together(actor):
        return door.post(actor, somebody(), letter(), hold=True, unit_id=None)

    def work() -> None:
        with own_house.app.app_context():
            together.wait()
            try:
                with writing():
                    post_together(HOUSE)
                    db.session.commit()
                outcomes.append("written")
            except door.NotPosted:
                db.session.rollback()
                outcomes.append("refused")

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "written"]
    assert own_house.states() == {"held": 1}


def test_a_name_cannot_bring_a_second_line_or_turn_the_writing_round():
    message = posted(
        HOUSE,
        somebody(name="余秉衡\r\nBcc: x@example.com\u202e", title="董事\u2028长"),
        letter(subject="函\n二"),
    )
    assert message.recipient_name == "余秉衡 Bcc: x@example.com"
    assert message.recipient_title == "董事 长"
    assert message.subject == "函 二"


@action(Permission.HOUSEKEEPING)
def withdrawn(actor, **what):
    return door.call_back(reason="来宾已撤下", **what)


def test_what_has_not_left_is_called_back():
    held, queued = a_message(1, hold=True), a_message(2, about="visit:1", purpose="reminder")
    a_message(3)
    assert withdrawn(HOUSE, about="visit:1") == 2
    assert (held.state, queued.state, queued.last_error) == (State.CANCELLED, State.CANCELLED, "来宾已撤下")
    assert withdrawn(HOUSE, person_id=3) == 1


@action(Permission.HOUSEKEEPING)
def readdressed(actor, address):
    return door.readdress(person_id=1, address=address)


def test_unsent_letters_follow_a_changed_address():
    waiting, other = a_message(1, hold=True), a_message(2, hold=True)
    assert readdressed(HOUSE, Sealed("new@example.com")) == 1
    assert (waiting.address, other.address) == (Sealed("new@example.com"), Sealed("guest2@example.com"))
    assert readdressed(HOUSE, None) == 1
    assert waiting.state is State.CANCELLED


@action(Permission.HOUSEKEEPING)
def erased(actor, person_id):
    return door.forget_person(person_id=person_id)


def test_of_an_erased_person_only_that_something_was_written_remains():
    message = a_message(1, hold=True)
    assert erased(HOUSE, 1) == 1
    db.session.flush()
    assert (message.state, message.recipient_name, message.subject, message.body_text) == (
        State.CANCELLED,
        "（已删除）",
        "",
        "",
    )
    assert (message.person_id, str(message.address)) == (None, "e***@invalid")


def test_the_trail_tells_of_a_letter_but_not_what_it_says():
    from sqlmodel import select

    from yishang_crm.core.audit import AuditValue
    from yishang_crm.core.scope import unscoped_for

    message = a_message(subject="一个秘密", body_text="另一个秘密")
    rows = db.session.scalars(
        unscoped_for("a test looks", select(AuditValue).where(AuditValue.row == f"message:{message.id}"))
    ).all()
    said = str([row.changes for row in rows])
    assert "invitation:visit:1" in said
    for secret in ("秘密", "汪砚舟", "guest1@example.com"):
        assert secret not in said
