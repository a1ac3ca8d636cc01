"""S26: the rate is changed, or the program started again with other settings, while a release is leaving."""

import signal
import time
from collections import Counter

from tests.outbox.arranged import OwnHouse
from tests.outbox.servers import MailServer
from tests.outbox.test_kill import sender
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db, writing
from yishang_crm.outbox import actions
from yishang_crm.outbox.delivery import Counts, deliver_due
from yishang_crm.outbox.queries import Filter
from yishang_crm.outbox.transport import Smtp

SENDER = "yishang@example.cn"
LETTERS = 24


def released(house: OwnHouse) -> set[str]:
    """A release of many, just clicked; the Message-IDs that must each arrive once."""
    ids = house.write(LETTERS, hold=True)
    with house.app.app_context(), writing():
        actions.release(HOUSE, Filter(ids=tuple(ids)), expected=LETTERS)
        db.session.commit()
    return {message.message_id for message in house.messages()}


def run(house: OwnHouse, server: MailServer, **options) -> Counts:
    with house.app.app_context():
        return deliver_due(Smtp(server.url, sender=SENDER, timeout=5), **options)


def arrived(*servers: MailServer) -> Counter:
    return sum((server.arrivals for server in servers), Counter())


def test_a_release_goes_on_at_another_rate(own_house: OwnHouse, mail_server: MailServer):
    wanted = released(own_house)
    first = run(own_house, mail_server, per_minute=1200, stop=lambda: len(mail_server.mails) >= 6)
    then = run(own_house, mail_server, per_minute=3000, stop=lambda: len(mail_server.mails) >= 12)
    last = run(own_house, mail_server, per_minute=0)
    assert (first.sent, then.sent, last.sent) == (6, 6, LETTERS - 12)
    assert arrived(mail_server) == dict.fromkeys(wanted, 1)


def test_a_rate_that_is_lowered_counts_what_left_before(own_house: OwnHouse, mail_server: MailServer):
    wanted = released(own_house)
    run(own_house, mail_server, stop=lambda: len(mail_server.mails) >= 10)
    ends_at = time.monotonic() + 1
    slow = run(own_house, mail_server, per_minute=5, stop=lambda: time.monotonic() > ends_at)
    assert (slow, own_house.states()) == (Counts(), {"sent": 10, "queued": LETTERS - 10})
    assert {message.leased_by for message in own_house.messages()} == {""}
    run(own_house, mail_server)
    assert arrived(mail_server) == dict.fromkeys(wanted, 1)


def test_another_mail_server_takes_what_is_left(own_house: OwnHouse, mail_server: MailServer):
    wanted = released(own_house)
    with MailServer() as other:
        before = run(own_house, mail_server, batch=10, stop=lambda: len(mail_server.mails) >= 7)
        after = run(own_house, other, batch=3)
        assert (before.sent, after.sent) == (7, LETTERS - 7)
        assert arrived(mail_server, other) == dict.fromkeys(wanted, 1)


def test_killed_and_started_again_with_another_mail_server(own_house: OwnHouse, mail_server: MailServer):
    """The one that was in hand is listed, whichever server it went to."""
    wanted = released(own_house)
    killed = sender(own_house, mail_server, "data sent", 9)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    with MailServer() as other:
        again = sender(own_house, other)
        _, said = again.communicate(timeout=60)
        assert again.returncode == 0, said.decode()
        counts = arrived(mail_server, other)
    assert own_house.states() == {"sent": LETTERS - 1, "in_doubt": 1}
    (doubted,) = {message.message_id for message in own_house.messages() if message.state == "in_doubt"}
    assert {one: counts[one] for one in wanted - {doubted}} == dict.fromkeys(wanted - {doubted}, 1)
    assert counts[doubted] <= 1
