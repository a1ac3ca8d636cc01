"""What the timetable calls."""

import datetime as dt

import pytest

from tests.outbox.arranged import a_message, every_message
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import Deed, doing
from yishang_crm.outbox import jobs
from yishang_crm.outbox.models import State

pytestmark = pytest.mark.usefixtures("indoors")


def test_a_run_without_letters_says_nothing():
    assert jobs.deliver() == {}
    assert jobs.run_once() == {
        "sent": 0, "postponed": 0, "failed": 0, "in_doubt": 0, "cancelled": 0, "skipped": 0, "paused": False,
    }  # fmt: skip


def test_the_timetable_delivers():
    a_message()
    db.session.commit()
    assert jobs.deliver()["sent"] == 1
    (message,) = every_message()
    assert (message.state, message.attempts, message.sent_at is not None) == (State.SENT, 1, True)


def test_old_letters_keep_who_and_when_but_not_what():
    old, young, held = a_message(1), a_message(2), a_message(3, hold=True)
    with doing(Deed(HOUSE, "test.clock")):
        for message, days in ((old, 731), (young, 729)):
            message.state, message.sent_at = State.SENT, now() - dt.timedelta(days=days)
        db.session.flush()
    assert jobs.forget_old_bodies() == {"emptied": 1}
    assert [bool(m.body_text) for m in every_message()] == [False, True, True]
    assert every_message()[0].recipient_name == old.recipient_name
    assert held.emptied_at is None
    assert jobs.forget_old_bodies() == {}


def test_letters_by_other_ways_than_mail_wait_for_a_hand():
    from yishang_crm.outbox.models import Channel

    a_message(channel=Channel.PAPER)
    db.session.commit()
    assert jobs.deliver() == {}
    assert every_message()[0].state is State.QUEUED
