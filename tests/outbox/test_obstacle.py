"""With a mail server but without an address that others can open nothing leaves, nothing is lost, and it is said."""

import logging

import pytest

from tests.cast import signed_in
from tests.outbox.arranged import OwnHouse, many
from tests.outbox.servers import MailServer
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.jobs import in_house
from yishang_crm.outbox import jobs, transport

NONE = None
OURS, HERE, THEIRS = "https://crm.example.gov.cn", "http://127.0.0.1:5000", "smtps://mail.example.gov.cn"

MAY_LEAVE = {
    "no server: the mailbox of the demo": (NONE, NONE, True),
    "no server, an address of this machine": (NONE, HERE, True),
    "no address": (THEIRS, NONE, False),
    "no address, a relay on this machine": ("smtp://127.0.0.1:25", NONE, False),
    "an address": (THEIRS, OURS, True),
    "an address of this machine, mail to others": (THEIRS, HERE, False),
    "where a server listens is no address": (THEIRS, "http://0.0.0.0:5000", False),
    "the machine by its name": (THEIRS, "http://localhost:5000", False),
    "both on this machine, as in a trial": ("smtp://127.0.0.1:2525", HERE, True),
}


@pytest.mark.parametrize("case", MAY_LEAVE)
def test_what_may_leave(case, tmp_path):
    smtp_url, public_url, may_leave = MAY_LEAVE[case]
    settings = Settings(instance=tmp_path, smtp_url=smtp_url, public_url=public_url, _env_file=None)
    assert transport.obstacle(settings) == (None if may_leave else transport.NO_ADDRESS)


@pytest.mark.usefixtures("indoors")
def test_delivery_refuses_and_sends_everything_once_the_address_is_set(
    app, monkeypatch, mail_server: MailServer
):
    settings = app.config["SETTINGS"]
    monkeypatch.setattr(settings, "smtp_url", mail_server.url)
    many(HOUSE, 3)
    db.session.commit()
    for deliver in (jobs.deliver, jobs.run_once):
        with pytest.raises(NotPossible, match="YISHANG_PUBLIC_URL"):
            deliver()
    assert mail_server.mails == []
    monkeypatch.setattr(settings, "public_url", OURS)
    assert jobs.run_once()["sent"] == 3
    assert set(mail_server.arrivals.values()) == {1}


def test_the_timetable_tells_the_log_and_goes_on(
    own_house: OwnHouse, monkeypatch, caplog, mail_server: MailServer
):
    monkeypatch.setattr(own_house.settings, "smtp_url", mail_server.url)
    own_house.write(2)
    with caplog.at_level(logging.INFO):
        in_house(own_house.app, jobs.deliver)()
    (told,) = [record for record in caplog.records if record.getMessage() == "job"]
    assert (told.details["name"], told.details["refused"], told.exc_info) == (
        "deliver",
        transport.NO_ADDRESS,
        None,
    )
    assert own_house.states() == {"queued": 2}
    assert {(m.attempts, m.leased_by) for m in own_house.messages()} == {(0, "")}


def test_the_page_says_why_the_queue_stands_still(app, client, monkeypatch):
    settings, organizer = app.config["SETTINGS"], signed_in(client, "organizer")
    assert "现在还不能发信" not in organizer.get("/outbox").text
    monkeypatch.setattr(settings, "smtp_url", THEIRS)
    assert "现在还不能发信" in organizer.get("/outbox").text
    monkeypatch.setattr(settings, "public_url", OURS)
    assert "现在还不能发信" not in organizer.get("/outbox").text
