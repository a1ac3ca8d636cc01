"""How a finished letter leaves: by SMTP on one lasting connection, or into the mailbox of the demo."""

import contextlib
import datetime as dt
import enum
import hashlib
import os
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from email.utils import parseaddr
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from yishang_crm.core.config import Settings
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.log import clean
from yishang_crm.core.words import N_
from yishang_crm.outbox.mime import wire_address

_DOT = re.compile(rb"^\.", re.MULTILINE)


class Fault(enum.StrEnum):
    """TEMPORARY and PERMANENT were said by the server about this letter; UNREACHABLE is about the server itself."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    UNREACHABLE = "unreachable"
    IN_DOUBT = "in_doubt"


class NotDelivered(Exception):
    """The letter was not taken, or (IN_DOUBT) nobody knows. `detail` holds no address."""

    def __init__(self, fault: Fault, detail: str) -> None:
        self.fault = fault
        self.detail = clean(" ".join(detail.split()))[:200]
        super().__init__(self.detail)


class Transport(Protocol):
    """One way out of the house."""

    def send(self, content: bytes, *, to: str, message_id: str) -> None:
        """Hand one letter over. Raises `NotDelivered`."""

    def close(self) -> None:
        """End what is open."""


NO_ADDRESS = N_(
    "现在还不能发信：信里的链接只有这台服务器自己打得开。信都在队里，一封不丢；请管理员设好 YISHANG_PUBLIC_URL（大家用的网址）再重新启动。"
)


def obstacle(settings: Settings) -> str | None:
    """Why no letter may leave for a mail server yet, or None. A letter that went out with a dead link cannot be called back."""
    if settings.smtp_url is None:
        return None
    if settings.public_url is None:
        return NO_ADDRESS
    reaches_others = not _is_here(urlsplit(settings.smtp_url).hostname)
    return NO_ADDRESS if reaches_others and _is_here(urlsplit(settings.public_url).hostname) else None


def transport_of(settings: Settings) -> Transport:
    """The way this installation sends. Raises `NotPossible` while there is an obstacle."""
    why_not = obstacle(settings)
    if why_not:
        raise NotPossible(why_not)
    sender = parseaddr(settings.mail_from)[1]
    if settings.smtp_url is None:
        return Mailbox(mailbox_folder(settings))
    return Smtp(settings.smtp_url, sender=sender)


class Smtp:
    """One persistent connection: opened with the first letter, opened again after a fault."""

    def __init__(self, url: str, *, sender: str, timeout: float = 30.0) -> None:
        parts = urlsplit(url)
        self.host, self.is_tls = parts.hostname or "127.0.0.1", parts.scheme == "smtps"
        self.port = parts.port or (465 if self.is_tls else 25)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.sender, self.timeout = wire_address(sender), timeout
        self._connection: smtplib.SMTP | None = None

    def send(self, content: bytes, *, to: str, message_id: str) -> None:  # noqa: ARG002 - it stands in the content
        with _faults_as(Fault.UNREACHABLE):
            connection = self._connected()
        try:
            with _faults_as(Fault.UNREACHABLE):
                self._announce(connection, to=_recipient(to), size=len(content))
            self._hand_over(connection, content)
        except NotDelivered as failure:
            if failure.fault in (Fault.UNREACHABLE, Fault.IN_DOUBT):
                self.close()
            else:
                self._start_over(connection)
            raise

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with contextlib.suppress(smtplib.SMTPException, OSError):
            connection.sock.settimeout(2) if connection.sock else None
            connection.quit()
        connection.close()

    def _connected(self) -> smtplib.SMTP:
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _open(self) -> smtplib.SMTP:
        if self.is_tls:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            self._greet(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _greet(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        if not self.is_tls and connection.has_extn("starttls"):
            connection.starttls(context=ssl.create_default_context())
            connection.ehlo()
        if not self.user:
            return
        if (
            connection.sock
            and not isinstance(connection.sock, ssl.SSLSocket)
            and not _is_loopback(connection.sock)
        ):
            raise NotDelivered(
                Fault.UNREACHABLE, "the server offers no encryption, so the password was not sent"
            )
        if not (self.user + self.password).isascii():
            raise NotDelivered(
                Fault.UNREACHABLE, "the user or password of the mail server is not plain ASCII"
            )
        connection.login(self.user, self.password)

    def _announce(self, connection: smtplib.SMTP, *, to: str, size: int) -> None:
        options = [f"size={size}"] if connection.has_extn("size") else []
        # 552: this letter is too big. Any other refusal of the sender is no fault of the letter.
        _expect(connection.mail(self.sender, options), {250}, about_server=lambda code: code != 552)
        _expect(connection.rcpt(to), {250, 251})
        _expect(connection.docmd("DATA"), {354})

    def _hand_over(self, connection: smtplib.SMTP, content: bytes) -> None:
        # An error while writing means that the closing dot never left: the server cannot have taken the letter.
        with _faults_as(Fault.UNREACHABLE):
            connection.send(_DOT.sub(b"..", content) + b"\r\n.\r\n")
        # From here on silence means that nobody knows.
        with _faults_as(Fault.IN_DOUBT):
            answer = connection.getreply()
        if answer[0] < 400 and answer[0] != 250:
            raise NotDelivered(Fault.IN_DOUBT, f"{answer[0]} {answer[1].decode('utf-8', 'replace')}")
        _expect(answer, {250})

    def _start_over(self, connection: smtplib.SMTP) -> None:
        try:
            code, _ = connection.rset()
        except (smtplib.SMTPException, OSError):
            code = 0
        if code != 250:
            self.close()


class Mailbox:
    """Letters as files in the instance folder, for an installation without a mail server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, content: bytes, *, to: str, message_id: str) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        path = self.folder / file_name(message_id)
        beside = path.with_suffix(f".{os.getpid()}")
        head = f"X-Envelope-To: {_recipient(to)}\r\n".encode()
        try:
            beside.write_bytes(head + content)
            beside.replace(path)
        except OSError as error:
            raise NotDelivered(Fault.UNREACHABLE, str(error.strerror)) from error

    def close(self) -> None:
        """Nothing is open."""


def mailbox_folder(settings: Settings) -> Path:
    return settings.folder / "mailbox"


def file_name(message_id: str) -> str:
    """One file for one Message-ID, newest last by name."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d%H%M%S%f")
    return f"{stamp}-{hashlib.sha256(message_id.encode()).hexdigest()[:16]}.eml"


def _recipient(to: str) -> str:
    try:
        address = wire_address(to)
    except ValueError as error:
        raise NotDelivered(Fault.PERMANENT, "the address cannot be written for mail") from error
    if not address.isascii() or any(c in address for c in "\r\n<> "):
        raise NotDelivered(Fault.PERMANENT, "the address cannot be written for mail")
    return address


def _expect(
    answer: tuple[int, bytes], wanted: set[int], *, about_server: Callable[[int], bool] = lambda _code: False
) -> None:
    code, words = answer
    if code in wanted:
        return
    detail = f"{code} {words.decode('utf-8', 'replace')}"
    if code in (421, -1) or (code >= 500 and about_server(code)):
        raise NotDelivered(Fault.UNREACHABLE, detail)
    raise NotDelivered(Fault.PERMANENT if 500 <= code < 600 else Fault.TEMPORARY, detail)


@contextlib.contextmanager
def _faults_as(fault: Fault) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPResponseException as error:
        words = (
            error.smtp_error.decode("utf-8", "replace")
            if isinstance(error.smtp_error, bytes)
            else error.smtp_error
        )
        raise NotDelivered(fault, f"{error.smtp_code} {words}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(fault, f"{type(error).__name__}: {error}") from error


def _is_here(host: str | None) -> bool:
    """Whether a name leads to this machine alone; `0.0.0.0` is where a server listens, not where anybody finds it."""
    return host in (None, "localhost", "0.0.0.0", "::", "::1") or host.startswith("127.")  # noqa: S104 - compared, not bound


def _is_loopback(connection: socket.socket) -> bool:
    peer = connection.getpeername()[0]
    return peer.startswith("127.") or peer == "::1"
