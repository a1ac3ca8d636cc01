"""Sending, beside bare building and sending over one SMTP connection to the same server in the same run (DESIGN §7)."""

import datetime as dt
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel

from tests.outbox.arranged import letter, somebody
from yishang_crm.app import create_app
from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.outbox import door
from yishang_crm.outbox.delivery import deliver_due
from yishang_crm.outbox.transport import Smtp

SENDER = "yishang@example.cn"

_SERVER = """
import sys, time
from aiosmtpd.controller import Controller

class Takes:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"

Controller(Takes(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
print("ready", flush=True)
time.sleep(3600)
"""


def measure(letters: int = 1000, *, rounds: int = 3) -> dict[str, Any]:
    """`value` and `floor` in mails a second, medians of interleaved rounds; `bar` is three quarters of the floor."""
    each = max(1, letters // rounds)
    with _server() as port, _house() as app:
        pairs = [(_bare(port, each), _ours(app, port, each, first=1 + turn * each)) for turn in range(rounds)]
    floor = statistics.median(bare for bare, _ in pairs)
    value = statistics.median(ours for _, ours in pairs)
    return {
        "name": "sending", "value": round(value, 1), "unit": "mails/s", "floor": round(floor, 1), "bar": round(0.75 * floor, 1),
    }  # fmt: skip


def _bare(port: int, letters: int) -> float:
    begun = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as connection:
        for number in range(letters):
            mail = EmailMessage(policy=SMTP)
            mail["From"] = f"中国宜商大会组委会 <{SENDER}>"
            mail["To"] = f"余秉衡 <guest{number}@example.com>"
            mail["Subject"] = f"邀请函{number}号"
            mail["Date"] = format_datetime(dt.datetime.now(dt.UTC))
            mail["Message-ID"] = make_msgid(domain="example.cn")
            mail.set_content("尊敬的余秉衡先生：\n　　诚邀您拨冗莅临。\n　　敬请答复。\n")
            mail.add_alternative("<p>尊敬的余秉衡先生：</p><p>诚邀您拨冗莅临。</p>", subtype="html")
            connection.send_message(mail)
    return letters / (time.perf_counter() - begun)


def _ours(app: Any, port: int, letters: int, *, first: int) -> float:
    with app.app_context():
        with writing():
            _post_many(HOUSE, range(first, first + letters))
            db.session.commit()
        db.session.expunge_all()
        begun = time.perf_counter()
        counts = deliver_due(Smtp(f"smtp://127.0.0.1:{port}", sender=SENDER))
        taken = time.perf_counter() - begun
    if counts.sent != letters:
        raise RuntimeError(f"{counts.sent} of {letters} were sent")
    return letters / taken


@action(Permission.HOUSEKEEPING)
def _post_many(actor: Actor, numbers: Iterable[int]) -> None:
    """About nobody whom a room knows: what leaves is the outbox alone, with no letter to typeset."""
    for number in numbers:
        door.post(actor, somebody(number), letter(number, about=f"bench:{number}"), hold=False, unit_id=None)


@contextmanager
def _server() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, "-c", _SERVER, str(port)], stdout=subprocess.PIPE)
    try:
        if process.stdout is None or process.stdout.readline() != b"ready\n":
            raise RuntimeError("the mail server did not start")
        yield port
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


@contextmanager
def _house() -> Iterator[Any]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(instance=Path(folder), _env_file=None, mail_from=f"中国宜商大会组委会 <{SENDER}>")
        app = create_app(settings)
        with app.app_context(), writing():
            SQLModel.metadata.create_all(db.engine)
            db.session.commit()
        yield app
        with app.app_context():
            db.engine.dispose()


if __name__ == "__main__":
    print(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
