"""The one door for letters: `post` is called inside another room's action, so that deed and letter stand or fall together."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy.exc import IntegrityError

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import now_doing
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.scope import Unrecorded
from yishang_crm.core.sealed import Sealed
from yishang_crm.core.words import N_
from yishang_crm.outbox import mime, queries
from yishang_crm.outbox.models import Channel, Message, State
from yishang_crm.outbox.words import looks_like_address, one_line


class NotPosted(NotPossible):
    """The door did not take a letter; the sentence says why."""


class Recipient(Protocol):
    """Who a letter goes to. `accepts` gives None, or the reason (a Chinese sentence) why not for this purpose."""

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def address(self) -> Sealed | None: ...
    @property
    def language(self) -> str: ...
    def accepts(self, purpose: str) -> str | None: ...


@dataclass(frozen=True)
class Addressee:
    """A recipient as plain values; `refusal` is why nothing may be sent to them."""

    name: str
    address: Sealed | None
    language: str = "zh_Hans"
    title: str = ""
    person_id: int | None = None
    refusal: str | None = None

    def accepts(self, purpose: str) -> str | None:  # noqa: ARG002 - the same for every purpose
        return self.refusal


@dataclass(frozen=True)
class Letter:
    """What is said: already in the recipient's language. `about` is `guest:42`; with `purpose` it makes the key.

    Bodies may hold `[[placeholders]]`; values that people typed go through `words.inert` first. `attachments` are names of
    registered makers. `is_automatic` marks what no person wrote (Auto-Submitted). What is lawfully said more than once about
    the same thing (a second reminder, a day's digest, a new password) says which time by `occasion`.
    """

    purpose: str
    about: str
    subject: str
    body_text: str
    body_html: str = ""
    attachments: Sequence[str] = ()
    is_automatic: bool = False
    reply_to: str = ""
    channel: Channel = Channel.EMAIL
    occasion: str = ""

    @property
    def key(self) -> str:
        """`invitation:guest:42`, the name under which nobody is written to twice."""
        return ":".join(part for part in (self.purpose, self.about, self.occasion) if part)


def post(
    actor: Actor,
    recipient: Recipient,
    letter: Letter,
    *,
    hold: bool,
    unit_id: int | None,
    sensitive: bool = False,
) -> Message:
    """Write a message, held until somebody lets it go or queued at once. Raises `NotPosted`, never fails silently.

    No permission of its own: the deed that writes it has one, and its entry tells of the letter.
    """
    if now_doing() is None:
        raise Unrecorded("post() outside an action")
    address = _wanted_address(recipient, letter)
    _must_be_first(letter)
    at = now()
    message = Message(
        key=letter.key,
        purpose=letter.purpose,
        about=letter.about,
        unit_id=unit_id,
        person_id=recipient.person_id,
        channel=letter.channel,
        recipient_name=one_line(recipient.name)[:120],
        recipient_title=one_line(recipient.title)[:200],
        address=address,
        language=recipient.language,
        reply_to=letter.reply_to,
        subject=one_line(letter.subject)[:300],
        body_text=letter.body_text,
        body_html=letter.body_html,
        attachments=list(letter.attachments),
        is_automatic=letter.is_automatic,
        is_sensitive=sensitive,
        state=State.HELD if hold else State.QUEUED,
        created_at=at,
        due_at=at,
        released_at=None if hold else at,
        released_by="" if hold else actor.key,
        message_id=_fresh_message_id(),
    )
    return _stored(message)


def call_back(*, about: str = "", person_id: int | None = None, purpose: str = "", reason: str) -> int:
    """Cancel what has not left: an invitation withdrawn, a person erased or no longer to be written to.

    Called inside the action that withdraws; returns how many were cancelled.
    """
    if now_doing() is None:
        raise Unrecorded("call_back() outside an action")
    if not about and person_id is None:
        raise ValueError("call_back() needs to know what about or whom")
    waiting = queries.unsent(subject=about, person_id=person_id, purpose=purpose)
    for message in waiting:
        message.cancel(reason=reason)
    db.session.flush()
    return len(waiting)


def readdress(*, person_id: int, address: Sealed | None, was: Sealed | None = None) -> int:
    """Somebody's address changed: unsent letters follow it, or are cancelled where none is left. Called inside that deed.

    `was`: only the letters to this address; otherwise all to the person.
    """
    if now_doing() is None:
        raise Unrecorded("readdress() outside an action")
    waiting = [
        message
        for message in queries.unsent(person_id=person_id)
        if message.channel is Channel.EMAIL and was in (None, message.address)
    ]
    for message in waiting:
        if address:
            message.address = address
        else:
            message.cancel(reason=N_("收信人已没有可用的邮箱。"))
    db.session.flush()
    return len(waiting)


def move_to_person(*, of: int, to: int) -> int:
    """Two people were merged: their messages are one person's. Called inside the merge; returns how many moved."""
    moved = queries.of_person(of)
    for message in moved:
        message.person_id = to
    return len(moved)


def move_about(*, of: str, to: str, reason: str) -> int:
    """Two things that letters were about became one (`guest:7`, `guest:9`). Nobody is written to twice for one purpose: where
    one of two letters has left, or both wait, the other is cancelled. Called inside that deed; returns how many moved."""
    if now_doing() is None:
        raise Unrecorded("move_about() outside an action")
    there = {message.key: message for message in queries.all_about(to)}
    moved = queries.all_about(of)
    for message in moved:
        key = to.join(message.key.split(of, maxsplit=1))
        other = there.get(key)
        if other is None:
            message.key = key
        elif message.is_unsent:
            message.cancel(reason=reason)
        elif other.is_unsent and message.state is not State.CANCELLED:
            other.cancel(reason=reason)
            db.session.flush()  # its key is free now
            message.key = key
        message.about = to
    db.session.flush()
    return len(moved)


def forget_person(*, person_id: int) -> int:
    """A person is erased: unsent letters are cancelled, the rest keep only that something was sent, and when."""
    call_back(person_id=person_id, reason=N_("收信人的资料已删除。"))
    gone = queries.of_person(person_id)
    for message in gone:
        message.empty(at=now())
        message.recipient_name, message.recipient_title = N_("（已删除）"), ""
        message.subject, message.address, message.person_id = "", Sealed("erased@invalid"), None
    return len(gone)


def _wanted_address(recipient: Recipient, letter: Letter) -> Sealed:
    name = one_line(recipient.name)
    reason = recipient.accepts(letter.purpose)
    if reason:
        raise NotPosted(N_("没有给%(name)s写信：%(reason)s"), name=name, reason=reason)
    if not recipient.address:
        raise NotPosted(N_("没有给%(name)s写信：没有可用的邮箱。"), name=name)
    if letter.channel is Channel.EMAIL and not looks_like_address(recipient.address.whole()):
        raise NotPosted(N_("没有给%(name)s写信：邮箱写得不对，请先核对。"), name=name)
    if letter.reply_to and one_line(letter.reply_to) != letter.reply_to:
        raise NotPosted(N_("没有给%(name)s写信：回复地址写得不对。"), name=name)
    return recipient.address


def _must_be_first(letter: Letter) -> None:
    if queries.by_key(letter.key) is not None:
        raise NotPosted(_DOUBLE)


_DOUBLE = N_("这封信已经写过了，同一个人同一件事只写一封。")


def _stored(message: Message) -> Message:
    # Of two who post the same at the same moment, the database lets one through.
    try:
        with db.session.begin_nested():
            db.session.add(message)
    except IntegrityError as error:
        if queries.by_key(message.key) is None:
            raise
        raise NotPosted(_DOUBLE) from error
    return message


def _fresh_message_id() -> str:
    settings = current_app.config["SETTINGS"]
    served = urlsplit(settings.public_url).hostname if settings.public_url else None
    return f"<{secrets.token_hex(16)}@{served or mime.host_of(settings.mail_from)}>"
