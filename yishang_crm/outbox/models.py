"""What a message is, which states it passes through, and what it answers when asked to move."""

import datetime as dt
import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import Sealed, SealedText
from yishang_crm.core.words import N_


class Channel(enum.StrEnum):
    """By which way it goes. Only e-mail leaves by itself so far."""

    EMAIL = "email"
    SMS = "sms"
    WECHAT = "wechat"
    PAPER = "paper"


class State(enum.StrEnum):
    """`sending` is the only state in which a message may be with the other side without our knowing."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    CANCELLED = "cancelled"
    BOUNCED = "bounced"


# The whole machine. No way leads from `sent` or `bounced` back to `queued`: nobody gets a letter twice.
MOVES: dict[State, frozenset[State]] = {
    State.HELD: frozenset({State.QUEUED, State.CANCELLED}),
    State.QUEUED: frozenset({State.HELD, State.SENDING, State.CANCELLED, State.FAILED}),
    State.SENDING: frozenset({State.SENT, State.QUEUED, State.FAILED, State.IN_DOUBT}),
    State.IN_DOUBT: frozenset({State.SENT, State.QUEUED, State.CANCELLED}),
    State.FAILED: frozenset({State.QUEUED, State.CANCELLED}),
    State.SENT: frozenset({State.BOUNCED}),
    State.CANCELLED: frozenset(),
    State.BOUNCED: frozenset(),
}

# Waits after a temporary fault; when they are used up, the message has failed.
DELAYS = (
    dt.timedelta(minutes=1),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    dt.timedelta(hours=2),
    dt.timedelta(hours=6),
)

NOT_POSSIBLE: dict[State, str] = {
    State.HELD: N_("这封信还没有放行。"),
    State.QUEUED: N_("这封信已经放行，正在排队。"),
    State.SENDING: N_("这封信正在发出，请稍等片刻再看。"),
    State.SENT: N_("这封信已经发出，不能再改。"),
    State.FAILED: N_("这封信没有发成，请先决定是否重新排队。"),
    State.IN_DOUBT: N_("这封信发没发出说不准，请先核实。"),
    State.CANCELLED: N_("这封信已经作废。"),
    State.BOUNCED: N_("这封信已被退回，不再重发。请核对邮箱后另写一封。"),
}


class Message(Table, table=True):
    """One message to one recipient for one purpose. `key` is `invitation:guest:42`; nobody is written to twice under it.

    `unit_id` is the key under which it may be seen (None: only by those who see all). Bodies may hold placeholders such as
    `[[reply_url]]`, filled at delivery, because tokens are never stored.
    """

    __tablename__ = "message"
    __guarded__: ClassVar[bool] = True
    # The trail tells that a letter was written, not to whom and what: the ledger itself does, and erasure reaches it.
    __silent__: ClassVar[tuple[str, ...]] = (
        "body_text",
        "body_html",
        "subject",
        "recipient_name",
        "recipient_title",
    )
    __table_args__: ClassVar[Any] = (
        sa.Index("ix_message_state_due_at", "state", "due_at", "id"),
        sa.Index("ix_message_unit_id_state", "unit_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(max_length=120, unique=True)
    purpose: str = Field(max_length=40, index=True)
    about: str = Field(max_length=60, index=True)
    unit_id: int | None = None
    person_id: int | None = Field(default=None, index=True)
    channel: Channel = Field(default=Channel.EMAIL, sa_column=choice(Channel, nullable=False))

    recipient_name: str = Field(max_length=120)
    recipient_title: str = Field(default="", max_length=200)
    address: Sealed = Field(sa_type=SealedText, index=True)
    language: str = Field(default="zh_Hans", max_length=8)
    reply_to: str = Field(default="", max_length=200)
    subject: str = Field(max_length=300)
    body_text: str = Field(sa_type=sa.Text)
    body_html: str = Field(default="", sa_type=sa.Text)
    attachments: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    is_automatic: bool = False
    is_sensitive: bool = False
    emptied_at: Moment | None = None

    state: State = Field(sa_column=choice(State, nullable=False))
    created_at: Moment = Field(default_factory=now)
    released_at: Moment | None = None
    released_by: str = Field(default="", max_length=80)
    release_mark: str = Field(default="", max_length=16, index=True)
    due_at: Moment = Field(default_factory=now)
    leased_until: Moment | None = None
    leased_by: str = Field(default="", max_length=100)
    begun_at: Moment | None = Field(default=None, index=True)
    sent_at: Moment | None = None
    message_id: str = Field(max_length=200, unique=True)
    attempts: int = 0
    last_error: str = Field(default="", max_length=300)
    version: int = 1

    def may_become(self, state: State) -> bool:
        return state in MOVES[self.state]

    @property
    def is_unsent(self) -> bool:
        """Written, and certainly still in the house."""
        return self.state in (State.HELD, State.QUEUED)

    def release(self, *, at: Moment, by: str, mark: str = "", due_at: Moment | None = None) -> None:
        """Let it go out, now or at `due_at`."""
        self._must_be(State.HELD)
        self.state, self.released_at, self.released_by, self.release_mark = State.QUEUED, at, by, mark
        self.due_at = due_at or at

    def hold_again(self) -> None:
        """Take a release back while the message is still in the house."""
        self._must_be(State.QUEUED)
        self.state = State.HELD
        self.released_at, self.released_by, self.release_mark = None, "", ""
        self._drop_lease()

    def cancel(self, *, reason: str = "") -> None:
        """It will not go out. The key becomes free: a guest may be invited again later."""
        self._must_be(State.HELD, State.QUEUED, State.FAILED, State.IN_DOUBT)
        was_in_doubt = self.state is State.IN_DOUBT
        self.state, self.last_error = State.CANCELLED, reason[:300]
        self._drop_lease()
        if not was_in_doubt:  # it may have arrived: the key stays taken
            self.key = freed_key(self.key, self.id)

    def begin(self, *, at: Moment) -> None:
        """Hand it to the mail server. From here until the answer is recorded only this one is ambiguous."""
        self._must_be(State.QUEUED)
        self.state, self.begun_at, self.attempts = State.SENDING, at, self.attempts + 1

    def arrive(self, *, at: Moment) -> None:
        """The mail server took it, or a person has found out that it arrived."""
        self._must_be(State.SENDING, State.IN_DOUBT)
        self.state, self.sent_at, self.last_error = State.SENT, at, ""
        self._drop_lease()
        if self.is_sensitive:
            self.empty(at=at)

    def postpone(self, *, at: Moment, error: str) -> None:
        """A temporary fault: once more later, or failed when all waits are used up."""
        self._must_be(State.SENDING)
        wait = wait_after(self.attempts)
        self.state = State.FAILED if wait is None else State.QUEUED
        self.due_at, self.last_error = at + (wait or dt.timedelta()), error[:300]
        self._drop_lease()

    def fail(self, *, error: str) -> None:
        """A permanent fault, or a letter that could not be put together."""
        self._must_be(State.SENDING, State.QUEUED)
        self.state, self.last_error = State.FAILED, error[:300]
        self._drop_lease()

    def doubt(self, *, error: str) -> None:
        """The other side may or may not have it; a person decides."""
        self._must_be(State.SENDING)
        self.state, self.last_error, self.leased_until = State.IN_DOUBT, error[:300], None

    def requeue(self, *, at: Moment, by: str) -> None:
        """A person's decision: it did not arrive, send it (again)."""
        self._must_be(State.FAILED, State.IN_DOUBT)
        if self.emptied_at:
            raise NotPossible(N_("这封信的正文已按规定清空，不能重发，请另写一封。"))
        self.state, self.due_at, self.released_at, self.released_by = State.QUEUED, at, at, by
        self.attempts, self.last_error = 0, ""
        self._drop_lease()

    def bounce(self, *, error: str) -> None:
        """It came back after it was sent."""
        self._must_be(State.SENT)
        self.state, self.last_error = State.BOUNCED, error[:300]

    def rewrite(self, *, subject: str, body_text: str, body_html: str) -> None:
        """Change a message that nobody has let go yet."""
        self._must_be(State.HELD)
        self.subject, self.body_text, self.body_html = subject, body_text, body_html
        self.version += 1

    def empty(self, *, at: Moment) -> None:
        """Drop what it said: a sensitive letter after sending, an old one when its time is over."""
        self.body_text, self.body_html, self.emptied_at = "", "", at

    def _must_be(self, *states: State) -> None:
        if self.state not in states:
            raise NotPossible(NOT_POSSIBLE[self.state])

    def _drop_lease(self) -> None:
        self.leased_until, self.leased_by = None, ""


class Outcome(enum.StrEnum):
    SENT = "sent"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    IN_DOUBT = "in_doubt"
    NOT_WRITTEN = "not_written"
    NO_LONGER_WANTED = "no_longer_wanted"
    CONFIRMED = "confirmed"
    REQUEUED = "requeued"
    BOUNCED = "bounced"


class Attempt(Table, table=True):
    """What came of one try, or of a person's decision. `detail` never holds an address or a phone."""

    __tablename__ = "message_attempt"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    at: Moment = Field(default_factory=now)
    outcome: Outcome = Field(sa_column=choice(Outcome, nullable=False))
    detail: str = Field(default="", max_length=300)
    by: str = Field(default="", max_length=80)


def wait_after(attempts: int) -> dt.timedelta | None:
    """How long to wait after so many attempts; None when there is no further one."""
    return DELAYS[attempts - 1] if 1 <= attempts <= len(DELAYS) else None


def freed_key(key: str, message_id: int | None) -> str:
    """The key of a cancelled message, out of the way of the next one."""
    return f"{key[:105]}~{message_id}"
