"""A letter as bytes for the mail server (RFC 5322, 2045–2047, 2231): plain text always, HTML beside it, papers attached.

Written by hand: `email.message.EmailMessage` parses and folds every header again, which took longer than sending the letter,
and splits long file names in a way that older mail programs here do not read. The tests read everything back with `email`.
"""

import base64
import datetime as dt
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from yishang_crm.core.clock import local
from yishang_crm.core.words import HTML_LANG
from yishang_crm.outbox.registry import Attachment
from yishang_crm.outbox.words import looks_like_address, one_line


@dataclass(frozen=True, slots=True)
class Envelope:
    """One letter, opened and filled, ready to be put into bytes."""

    sender: str
    to_name: str
    to_address: str
    subject: str
    body_text: str
    message_id: str
    body_html: str = ""
    language: str = "zh_Hans"
    reply_to: str = ""
    is_automatic: bool = False
    attachments: Sequence[Attachment] = ()


Headers = list[tuple[str, str]]


def built(envelope: Envelope, *, at: dt.datetime) -> bytes:
    """The whole message. Raises `ValueError` when a header would break its line or an address is none."""
    headers: Headers = [
        ("From", mailbox(*parseaddr(envelope.sender))),
        ("To", mailbox(envelope.to_name, envelope.to_address)),
        ("Subject", header_text(envelope.subject)),
        ("Date", format_datetime(local(at))),
        ("Message-ID", envelope.message_id),
        ("Content-Language", HTML_LANG.get(envelope.language, envelope.language)),
        ("MIME-Version", "1.0"),
    ]
    if envelope.reply_to:
        headers.append(("Reply-To", mailbox(*_split(envelope.reply_to))))
    if envelope.is_automatic:
        headers.append(("Auto-Submitted", "auto-generated"))
    return _part(headers, _content(envelope))


Content = tuple[Headers, bytes]


def _content(envelope: Envelope) -> Content:
    said = _text("plain", envelope.body_text)
    if envelope.body_html:
        said = _multipart(
            "alternative", [said, _text("html", _page(envelope.body_html, language=envelope.language))]
        )
    if envelope.attachments:
        said = _multipart("mixed", [said, *map(_paper, envelope.attachments)])
    return said


def _part(headers: Headers, content: Content) -> bytes:
    own, body = content
    return b"".join(_line(name, value) for name, value in [*headers, *own]) + b"\r\n" + body


def _line(name: str, value: str) -> bytes:
    # The last gate: whatever came so far, a header ends where we end it. Folded lines are our own, made of encoded words.
    if _BREAKS.search(value.replace("?=\r\n =?", "")):
        raise ValueError(f"the header {name} would break its line")
    return f"{name}: {value}\r\n".encode("ascii")


_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def _multipart(kind: str, parts: Sequence[Content]) -> Content:
    mark = f"=_{secrets.token_hex(16)}"  # "=_" stands in no base64 body and in no line of quoted text
    body = b"".join(f"--{mark}\r\n".encode() + _part([], part) + b"\r\n" for part in parts)
    return [("Content-Type", f'multipart/{kind}; boundary="{mark}"')], body + f"--{mark}--\r\n".encode()


def _text(kind: str, text: str) -> Content:
    # Chinese travels as base64: some relays still are not clean for eight bits.
    lines = "\r\n".join(text.splitlines()) + "\r\n"
    is_plain = (
        lines.isascii() and "\x00" not in lines and all(len(line) < 900 for line in lines.split("\r\n"))
    )
    headers = [
        ("Content-Type", f'text/{kind}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "7bit" if is_plain else "base64"),
    ]
    return headers, lines.encode() if is_plain else _base64(lines.encode("utf-8", "replace"))


def _paper(attachment: Attachment) -> Content:
    name = one_line(attachment.name) or "attachment"
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", attachment.content_type, re.ASCII):
        raise ValueError("this is no content type")
    type_, disposition = _named(name)
    headers = [
        ("Content-Type", attachment.content_type + type_),
        ("Content-Disposition", "attachment" + disposition),
        ("Content-Transfer-Encoding", "base64"),
    ]
    return headers, _base64(attachment.content)


def _named(name: str) -> tuple[str, str]:
    """A file name for Content-Type (which older mail programs read) and for Content-Disposition (RFC 2231, in one piece)."""
    if re.fullmatch(r"[\w. -]+", name, re.ASCII):
        return f'; name="{name}"', f'; filename="{name}"'
    word = header_text(name) if not name.isascii() else ""
    is_short = word and "\r" not in word
    return f'; name="{word}"' if is_short else "", f"; filename*=utf-8''{quote(name, safe='')}"


def _base64(content: bytes) -> bytes:
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def header_text(text: str) -> str:
    """Free text as a header: as it is when it is plain ASCII, else in encoded words of at most 75 characters."""
    if text.isascii() and len(text) < 900 and "=?" not in text:
        return text
    if _BREAKS.search(text):
        raise ValueError("a header has one line")
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(piece).decode()}?=" for piece in _pieces(text))


def _pieces(text: str, most: int = 45) -> Iterator[bytes]:
    piece = b""
    for character in text:
        byte = character.encode("utf-8", "replace")
        if len(piece) + len(byte) > most:
            yield piece
            piece = b""
        piece += byte
    yield piece


def mailbox(name: str, address: str) -> str:
    """A name and an address as one mailbox, and never more than one. Raises `ValueError` for an address that is none."""
    spec = wire_address(address)
    if not looks_like_address(spec) or not spec.isascii():
        raise ValueError("this is no mail address")
    if not name:
        return spec
    if name.isascii() and "=?" not in name and len(name) < 200:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{spec}>'
    return f"{header_text(name)} <{spec}>"


def _split(text: str) -> tuple[str, str]:
    if one_line(text) != text:
        raise ValueError("an address has one line")
    return parseaddr(text)


def wire_address(text: str) -> str:
    """An address with its host in the letters of the DNS. Raises `ValueError` when it cannot be written so."""
    name, _, host = text.rpartition("@")
    try:
        return f"{name}@{host if host.isascii() else host.encode('idna').decode()}"
    except UnicodeError as error:
        raise ValueError("the host of the address cannot be written in ASCII") from error


def host_of(text: str) -> str:
    """The host of an address, for a Message-ID."""
    return wire_address(parseaddr(text)[1]).rpartition("@")[2] or "localhost"


def _page(body: str, *, language: str) -> str:
    tag = HTML_LANG.get(language, language)
    return f'<!doctype html><html lang="{tag}"><head><meta charset="utf-8"></head><body>\n{body}\n</body></html>\n'
