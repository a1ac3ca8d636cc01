"""Real mail servers on loopback: one that takes everything, one that does what a script says."""

import contextlib
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller


class MailServer:
    """An aiosmtpd server in a thread; remembers every mail it said 250 to."""

    def __init__(self, **options: object) -> None:
        self.mails: list[bytes] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        with socket.socket() as probe:  # the controller knocks at its own port, so 0 will not do
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.mails.append(envelope.content)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 taken"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(mail, policy=default) for mail in self.mails]

    @property
    def arrivals(self) -> Counter:
        """How often each Message-ID came."""
        return Counter(str(letter["Message-ID"]).strip() for letter in self.letters)


DROP = "drop"


class ScriptedServer:
    """A mail server that answers as told: `script(phase, number)` gives a reply, `DROP`, or None for the usual.

    Phases: connect, mail, rcpt, data, body; `number` counts each phase from 1. `taken` are bodies answered with 250, `heard` all.
    """

    USUAL = {
        "connect": "220 hello", "mail": "250 ok", "rcpt": "250 ok", "data": "354 go on", "body": "250 taken", "rset": "250 ok",
    }  # fmt: skip

    def __init__(self, script: Callable[[str, int], str | None]) -> None:
        self.script, self.phases = script, Counter()
        self.taken: list[bytes] = []
        self.heard: list[bytes] = []
        self.connections = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def __enter__(self) -> "ScriptedServer":
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as lines:
            if not self._answer(connection, "connect"):
                return
            while line := lines.readline():
                verb = line.split()[0].decode().upper()
                if verb in ("EHLO", "HELO"):
                    connection.sendall(b"250-loopback\r\n250 8BITMIME\r\n")
                elif verb == "QUIT":
                    connection.sendall(b"221 bye\r\n")
                    return
                elif not self._answer(connection, verb.lower()) or (
                    verb == "DATA" and not self._body(connection, lines)
                ):
                    return

    def _body(self, connection: socket.socket, lines) -> bool:
        if self.last != "354 go on":
            return True
        body = b""
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return False
            body += line
        self.heard.append(body)
        goes_on = self._answer(connection, "body")
        if goes_on and self.last.startswith("250"):
            self.taken.append(body)
        return goes_on

    def _answer(self, connection: socket.socket, phase: str) -> bool:
        self.phases[phase] += 1
        self.last = self.script(phase, self.phases[phase]) or self.USUAL.get(phase, "250 ok")
        if self.last == DROP:
            connection.shutdown(socket.SHUT_RDWR)
            return False
        if self.last.startswith("slow"):
            time.sleep(float(self.last.split()[1]))
            return True
        connection.sendall(self.last.encode() + b"\r\n")
        return not self.last.startswith("421")
