"""From the door to a real mail server."""

import time

import pytest

from tests.outbox.arranged import OwnHouse, a_message, every_message, letter, many, posted, somebody, states
from tests.outbox.servers import DROP, MailServer, ScriptedServer
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.outbox import queries, registry
from yishang_crm.outbox.delivery import deliver_due
from yishang_crm.outbox.models import State
from yishang_crm.outbox.registry import Attachment
from yishang_crm.outbox.transport import Mailbox, Smtp

pytestmark = pytest.mark.usefixtures("indoors")

SENDER = "yishang@example.cn"


def sent_through(server, **options):
    db.session.commit()
    return deliver_due(Smtp(server.url, sender=SENDER, timeout=5), **options).as_dict()


def figures(**some):
    nothing = {
        "sent": 0,
        "postponed": 0,
        "failed": 0,
        "in_doubt": 0,
        "cancelled": 0,
        "skipped": 0,
        "paused": False,
    }
    return nothing | some


def test_what_is_queued_leaves_and_what_is_held_stays(mail_server: MailServer):
    many(HOUSE, 3)
    many(HOUSE, 2, hold=True, first=10)
    assert sent_through(mail_server) == figures(sent=3)
    assert states() == {"sent": 3, "held": 2}
    assert [to for _, (to,) in mail_server.envelopes] == [f"guest{n}@example.com" for n in (1, 2, 3)]
    assert sent_through(mail_server) == figures()


def test_the_letter_arrives_as_it_was_written(mail_server: MailServer):
    registry.placeholder_filler(
        "test_visit", lambda id_: {"reply_url": f"https://yishang.example.cn/r/tok-{id_}?a=1&b=2"}
    )
    registry.attachment_maker(
        "test_paper", lambda id_: lambda: Attachment(f"邀请函{id_}号.pdf", "application/pdf", b"%PDF-x")
    )
    a_message(
        417, about="test_visit:417", attachments=("test_paper",), is_automatic=True,
        body_text="尊敬的余秉衡先生：\n请答复：[[reply_url]]\n.\n.点开头的一行", body_html='<a href="[[reply_url]]">答复</a>',
    )  # fmt: skip
    assert sent_through(mail_server) == figures(sent=1)
    (mail,) = mail_server.letters
    assert mail["Subject"] == "邀请函417号"
    assert [(to.display_name, to.addr_spec) for to in mail["To"].addresses] == [
        ("戴玉屏", "guest417@example.com")
    ]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "zh-Hans"
    assert mail["List-Unsubscribe"] is None
    assert mail["Date"].datetime.utcoffset().total_seconds() == 8 * 3600
    text = mail.get_body(("plain",)).get_content()
    assert text.replace("\r\n", "\n").splitlines() == [
        "尊敬的余秉衡先生：", "请答复：https://yishang.example.cn/r/tok-417?a=1&b=2", ".", ".点开头的一行",
    ]  # fmt: skip
    assert 'href="https://yishang.example.cn/r/tok-417?a=1&amp;b=2"' in mail.get_body(("html",)).get_content()
    (paper,) = mail.iter_attachments()
    assert (paper.get_filename(), paper.get_content_type(), paper.get_content()) == (
        "邀请函417号.pdf",
        "application/pdf",
        b"%PDF-x",
    )


def test_the_message_id_is_fixed_before_sending(mail_server: MailServer):
    message_id = a_message().message_id
    sent_through(mail_server)
    assert dict(mail_server.arrivals) == {message_id: 1}


def test_a_sensitive_letter_loses_its_body_when_it_has_left(mail_server: MailServer):
    posted(HOUSE, somebody(), letter(body_text="您的临时口令是 天柱山-8820"), sensitive=True)
    sent_through(mail_server)
    (message,) = every_message()
    assert (message.body_text, message.body_html, message.emptied_at is not None) == ("", "", True)
    assert "天柱山-8820" in mail_server.letters[0].get_body(("plain",)).get_content()


def test_one_connection_serves_many_letters():
    many(HOUSE, 8)
    with ScriptedServer(lambda _phase, _n: None) as server:
        assert sent_through(server, batch=3) == figures(sent=8)
    assert (server.connections, len(server.taken)) == (1, 8)
    tried = [len(queries.attempts(HOUSE, message)) for message in every_message()]
    assert tried == [1] * 8


def test_a_letter_nobody_wants_any_more_is_cancelled_at_the_door(mail_server: MailServer):
    def gone(_id):
        raise NotPossible("他已请求不再联系。")

    registry.placeholder_filler("test_gone", gone)
    a_message(about="test_gone:1")
    assert sent_through(mail_server) == figures(cancelled=1)
    (message,) = every_message()
    assert (message.state, message.last_error, mail_server.mails) == (
        State.CANCELLED,
        "他已请求不再联系。",
        [],
    )
    assert a_message(about="test_gone:1").key == "invitation:test_gone:1"


def test_a_letter_that_cannot_be_written_fails_and_the_others_leave(mail_server: MailServer):
    registry.placeholder_filler("test_odd", lambda _id: {})

    def breaks(_id):
        return lambda: 1 / 0

    registry.attachment_maker("test_breaks", breaks)
    a_message(1, about="test_odd:1", body_text="答复：[[reply_url]]")
    a_message(2, attachments=("test_breaks",))
    a_message(3, attachments=("test_unknown",))
    a_message(4)
    assert sent_through(mail_server) == figures(failed=3, sent=1)
    assert [str(m.state) for m in every_message()] == ["failed", "failed", "failed", "sent"]


FAULTS = {
    "421 at the greeting": (
        lambda phase, n: "421 later" if phase == "connect" and n == 1 else None,
        "queued",
    ),
    "the connection drops at the greeting": (
        lambda phase, n: DROP if phase == "connect" and n == 1 else None,
        "queued",
    ),
    "451 for the recipient": (
        lambda phase, n: "451 greylisted" if phase == "rcpt" and n == 1 else None,
        "queued",
    ),
    "421 for the recipient": (
        lambda phase, n: "421 too many" if phase == "rcpt" and n == 1 else None,
        "queued",
    ),
    "550 for the recipient": (
        lambda phase, n: "550 no such user" if phase == "rcpt" and n == 1 else None,
        "failed",
    ),
    "550 for the sender": (
        lambda phase, n: "550 who are you" if phase == "mail" and n == 1 else None,
        "queued",
    ),
    "552 too big": (lambda phase, n: "552 too big" if phase == "mail" and n == 1 else None, "failed"),
    "the connection drops before the data": (
        lambda phase, n: DROP if phase == "data" and n == 1 else None,
        "queued",
    ),
    "451 after the data": (
        lambda phase, n: "451 try again" if phase == "body" and n == 1 else None,
        "queued",
    ),
    "554 after the data": (lambda phase, n: "554 spam" if phase == "body" and n == 1 else None, "failed"),
    "the connection drops after the data": (
        lambda phase, n: DROP if phase == "body" and n == 1 else None,
        "in_doubt",
    ),
    "nonsense after the data": (lambda phase, n: "howdy" if phase == "body" and n == 1 else None, "in_doubt"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_touches_one_letter_and_is_told(fault):
    script, fate = FAULTS[fault]
    many(HOUSE, 4)
    with ScriptedServer(script) as server:
        counts = sent_through(server)
    name = {"queued": "postponed", "failed": "failed", "in_doubt": "in_doubt"}[fate]
    assert counts == figures(sent=3, **{name: 1})
    first, *others = every_message()
    assert (str(first.state), {str(m.state) for m in others}) == (fate, {"sent"})
    assert first.last_error
    assert "@" not in first.last_error
    assert len(server.taken) == 3


def test_a_silent_server_after_the_data_leaves_doubt_not_a_second_letter():
    a_message()
    with ScriptedServer(lambda phase, _n: "slow 2" if phase == "body" else None) as server:
        db.session.commit()
        assert deliver_due(Smtp(server.url, sender=SENDER, timeout=0.4)).as_dict() == figures(in_doubt=1)
        assert deliver_due(Smtp(server.url, sender=SENDER, timeout=0.4)).as_dict() == figures()
    assert len(server.heard) == 1


def test_an_unreachable_server_is_left_alone_and_nothing_is_lost():
    many(HOUSE, 20)
    with ScriptedServer(lambda phase, _n: DROP if phase == "connect" else None) as server:
        assert sent_through(server) == figures(postponed=3, paused=True)
    assert states() == {"queued": 20}
    assert sorted(m.attempts for m in every_message()) == [0] * 17 + [1] * 3
    assert {m.leased_by for m in every_message()} == {""}


def test_the_answer_of_a_server_is_kept_without_the_address():
    a_message()
    with ScriptedServer(
        lambda p, _n: "550 <guest1@example.com> unknown, call 19900000417" if p == "rcpt" else None
    ) as server:
        sent_through(server)
    (message,) = every_message()
    assert message.last_error == "550 <[mail]> unknown, call [phone]"


def test_waits_grow_and_end(monkeypatch, mail_server: MailServer):
    message = a_message()
    waits = []
    with ScriptedServer(lambda phase, _n: "451 later" if phase == "rcpt" else None) as server:
        for _ in range(6):
            before = time.time()
            sent_through(server)
            (message,) = every_message()
            waits.append(round((message.due_at.timestamp() - before) / 60))
            make_due(message)
    assert waits[:5] == [1, 5, 30, 120, 360]
    assert (message.state, message.attempts) == (State.FAILED, 6)


def make_due(message):
    from yishang_crm.core.clock import now
    from yishang_crm.core.deed import Deed, doing

    with doing(Deed(HOUSE, "test.clock")):
        message.due_at = now()
        db.session.flush()


def test_the_rate_is_kept(mail_server: MailServer):
    many(HOUSE, 6)
    begun = time.monotonic()
    assert sent_through(mail_server, per_minute=600) == figures(sent=6)
    assert time.monotonic() - begun > 0.4


def test_more_than_a_minutes_worth_waits_for_the_next_run(mail_server: MailServer):
    many(HOUSE, 5)
    ends_at = time.monotonic() + 1.5
    assert sent_through(mail_server, per_minute=1200, limit=2) == figures(sent=2)
    assert sent_through(mail_server, per_minute=2, stop=lambda: time.monotonic() > ends_at) == figures()
    assert states() == {"sent": 2, "queued": 3}


def test_a_run_that_is_told_to_stop_puts_back_what_it_had_not_begun(mail_server: MailServer):
    many(HOUSE, 5)
    assert sent_through(mail_server, stop=lambda: len(mail_server.mails) >= 2) == figures(sent=2)
    assert states() == {"sent": 2, "queued": 3}
    assert {m.leased_by for m in every_message()} == {""}


def test_a_batch_leaves_one_entry_and_no_address_in_it(mail_server: MailServer):
    from sqlmodel import select

    from yishang_crm.core.audit import AuditEntry
    from yishang_crm.core.scope import unscoped_for

    many(HOUSE, 7)
    sent_through(mail_server)
    opened = select(AuditEntry).where(AuditEntry.verb == "outbox.open_for_delivery")
    (entry,) = db.session.scalars(unscoped_for("a test looks", opened)).all()
    assert entry.note["count"] == 7
    assert "@" not in str(entry.note)


def test_without_a_server_letters_land_in_the_mailbox(tmp_path):
    many(HOUSE, 2)
    db.session.commit()
    assert deliver_due(Mailbox(tmp_path / "mailbox")).as_dict() == figures(sent=2)
    assert len(list((tmp_path / "mailbox").glob("*.eml"))) == 2


def test_two_workers_send_each_letter_once(own_house: OwnHouse, mail_server: MailServer):
    from threading import Thread

    own_house.write(60)
    counts = []

    def work() -> None:
        with own_house.app.app_context():
            counts.append(deliver_due(Smtp(mail_server.url, sender=SENDER), batch=7))

    workers = [Thread(target=work) for _ in range(3)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    with own_house.app.app_context():
        rest = deliver_due(Smtp(mail_server.url, sender=SENDER))
    assert sum(one.sent for one in counts) + rest.sent == 60
    assert own_house.states() == {"sent": 60}
    assert set(mail_server.arrivals.values()) == {1}
    assert len(mail_server.arrivals) == 60


def test_a_letter_taken_back_while_a_worker_holds_it_stays(own_house: OwnHouse, mail_server: MailServer):
    from yishang_crm.outbox import actions
    from yishang_crm.outbox.queries import Filter

    ids = own_house.write(5)

    class Slow(Smtp):
        def send(self, content, *, to, message_id):
            super().send(content, to=to, message_id=message_id)
            if len(mail_server.mails) == 2:
                with own_house.app.app_context(), writing():
                    assert actions.hold_again(HOUSE, Filter(ids=tuple(ids))) == 3
                    db.session.commit()

    with own_house.app.app_context():
        counts = deliver_due(Slow(mail_server.url, sender=SENDER))
    assert (counts.sent, counts.skipped) == (2, 3)
    assert own_house.states() == {"sent": 2, "held": 3}


def test_what_changed_while_the_batch_was_in_hand_is_respected(own_house: OwnHouse, mail_server: MailServer):
    """A filler is asked just before its letter leaves, sees the rows as they are then, and holds no write lock."""
    from yishang_crm.core.db import is_writing

    asked = []

    def wanted(id_):
        asked.append((id_, is_writing(), len(mail_server.mails)))
        if id_ == 3 and len(mail_server.mails) == 2:
            raise NotPossible("刚刚撤下。")
        return {}

    registry.placeholder_filler("test_late", wanted)
    with own_house.app.app_context(), writing():
        for number in (1, 2, 3, 4):
            a_message(number, about=f"test_late:{number}")
        db.session.commit()
    with own_house.app.app_context():
        counts = deliver_due(Smtp(mail_server.url, sender=SENDER))
    assert asked == [(1, False, 0), (2, False, 1), (3, False, 2), (4, False, 2)]
    assert (counts.sent, counts.cancelled) == (3, 1)


def test_a_filler_that_writes_stops_its_letter_only(own_house: OwnHouse, mail_server: MailServer):
    def writes(_id):
        return {"name": a_message(99).recipient_name}

    registry.placeholder_filler("test_writes", writes)
    with own_house.app.app_context(), writing():
        a_message(1, about="test_writes:1")
        a_message(2)
        db.session.commit()
    with own_house.app.app_context():
        counts = deliver_due(Smtp(mail_server.url, sender=SENDER))
    assert (counts.sent, counts.failed) == (1, 1)
    assert own_house.states() == {"sent": 1, "failed": 1}
