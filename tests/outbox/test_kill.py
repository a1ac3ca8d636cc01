"""S26: a sender killed at any instant loses nothing, doubles nothing, and leaves at most one message in doubt."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.outbox.arranged import OwnHouse
from tests.outbox.sender import POINTS
from tests.outbox.servers import MailServer
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, writing
from yishang_crm.core.deed import Deed, doing
from yishang_crm.outbox import ledger

ROOT = Path(__file__).resolve().parents[2]
LETTERS = 30


def sender(house: OwnHouse, server: MailServer, point: str = "never", nth: int = 0) -> subprocess.Popen:
    arguments = [str(house.settings.folder), str(house.settings.database_url), server.url, point, str(nth)]
    return subprocess.Popen(
        [sys.executable, "-m", "tests.outbox.sender", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def must_be_whole(house: OwnHouse, server: MailServer, *, letters: int, kills: int) -> None:
    """Every letter is sent exactly once, or is listed as in doubt; there is no third kind."""
    messages, arrivals = house.messages(), server.arrivals
    sent = [m for m in messages if m.state == "sent"]
    doubted = [m for m in messages if m.state == "in_doubt"]
    assert len(sent) + len(doubted) == letters == len(messages)
    assert len(doubted) <= kills
    assert {m.message_id: arrivals[m.message_id] for m in sent} == {m.message_id: 1 for m in sent}
    assert all(arrivals[m.message_id] <= 1 for m in doubted)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_each_boundary(point, own_house: OwnHouse, mail_server: MailServer):
    own_house.write(LETTERS)
    killed = sender(own_house, mail_server, point, 13)
    killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL
    in_hand = own_house.states()
    assert in_hand["sending"] <= 1
    assert in_hand["sent"] + in_hand["queued"] + in_hand["sending"] == LETTERS
    again = sender(own_house, mail_server)
    _, said = again.communicate(timeout=60)
    assert again.returncode == 0, said.decode()
    must_be_whole(own_house, mail_server, letters=LETTERS, kills=1)


def test_killed_at_any_moment_again_and_again(own_house: OwnHouse, mail_server: MailServer):
    letters, kills, chance = 300, 5, random.Random(20260924)
    own_house.write(letters)
    for _ in range(kills):
        arrived = len(mail_server.mails)
        process = sender(own_house, mail_server)
        while len(mail_server.mails) <= arrived and process.poll() is None:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.12))
        process.kill()
        process.communicate()
    last = sender(own_house, mail_server)
    last.communicate(timeout=60)
    must_be_whole(own_house, mail_server, letters=letters, kills=kills)


def test_what_is_in_doubt_is_never_sent_by_itself(own_house: OwnHouse, mail_server: MailServer):
    own_house.write(3)
    sender(own_house, mail_server, "claimed", 2).communicate(timeout=60)
    for _ in range(2):
        sender(own_house, mail_server).communicate(timeout=60)
    assert own_house.states() == {"sent": 2, "in_doubt": 1}
    assert len(mail_server.mails) == 2


def test_a_worker_that_runs_is_not_taken_for_dead(own_house: OwnHouse):
    from yishang_crm.outbox import worker

    ids = own_house.write(1)
    mark, until = worker.own_mark(), now().replace(year=2099)
    with own_house.app.app_context(), writing(), doing(Deed(HOUSE, "test.lease")):
        ledger.lease(by=mark, at=now(), until=until, limit=1)
        assert ledger.claim(ids[0], by=mark, at=now(), until=until)
        assert ledger.find_abandoned(at=now()) == 0
        assert ledger.find_abandoned(at=until) == 1
        assert not worker.is_gone("another-machine/1.1/99999/1/ab")
        assert not worker.is_gone("")
        db.session.commit()
    assert own_house.states() == {"in_doubt": 1}
