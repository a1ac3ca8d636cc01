"""What was said at a desk and what came of it; whom a desk lets pass and whom it asks to wait."""

import datetime as dt
import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.conference.models import Approval, Guest, Onsite, Reply
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice

UNDO_WITHIN = dt.timedelta(seconds=30)


class Outcome(enum.StrEnum):
    """What a desk was answered."""

    ARRIVED = "arrived"
    HELD = "held"
    REPEATED = "repeated"
    COMPANION = "companion"
    WALK_IN = "walk_in"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    CLOSED = "closed"
    UNDONE = "undone"
    NOT_UNDONE = "not_undone"


CAME = (Outcome.ARRIVED, Outcome.COMPANION, Outcome.WALK_IN)


class Hold(enum.StrEnum):
    """Why a guest is asked to wait for a hand."""

    LEVEL_A = "level_a"
    NOT_APPROVED = "not_approved"
    NO_REPLY = "no_reply"
    DECLINED = "declined"
    NO_DELEGATE = "no_delegate"


class CheckIn(Table, table=True):
    """One sending of a desk: its nonce, so that a resend gets the same answer, and its outcome.

    A guest has at most one that is ARRIVED and not undone. `earlier_id`: the arrival that this one repeated or undid.
    `scanned_at` is what the device's own clock said; only `at` is trusted.
    """

    __tablename__ = "check_in"
    __guarded__: ClassVar[bool] = True
    __table_args__: ClassVar[Any] = (
        sa.Index("ix_check_in_edition_desk_at", "edition_id", "desk", "at"),
        sa.Index("ix_check_in_edition_outcome", "edition_id", "outcome", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    guest_id: int | None = Field(default=None, foreign_key="guest.id", index=True)
    nonce: str = Field(max_length=64, unique=True)
    desk: str = Field(default="", max_length=40)
    user_id: int
    user_name: str = Field(default="", max_length=40)
    at: Moment = Field(default_factory=now)
    scanned_at: Moment | None = None
    outcome: Outcome = Field(sa_column=choice(Outcome, nullable=False))
    name: str = Field(default="", max_length=60)
    title: str = Field(default="", max_length=80)
    was: Onsite | None = Field(default=None, sa_column=choice(Onsite, nullable=True))
    earlier_id: int | None = Field(default=None, foreign_key="check_in.id")
    undone_at: Moment | None = None

    @property
    def stands(self) -> bool:
        return self.undone_at is None

    def may_be_undone(self, *, at: Moment) -> bool:
        """The last one of a desk, within thirty seconds; later it is a matter for the supervisor."""
        return self.outcome in CAME and self.stands and at - self.at <= UNDO_WITHIN

    def undo(self, *, at: Moment) -> None:
        self.undone_at = at


def holds(guest: Guest) -> list[Hold]:
    """What a hand must settle before this guest goes in; nothing for most."""
    found = [Hold.LEVEL_A] if guest.level == "A" else []
    if guest.approval != Approval.APPROVED:
        found.append(Hold.NOT_APPROVED)
    if guest.reply in (Reply.NONE, Reply.TENTATIVE):
        found.append(Hold.NO_REPLY)
    if guest.reply in (Reply.DECLINED, Reply.CANCELLED):
        found.append(Hold.DECLINED)
    if guest.reply == Reply.DELEGATED and not guest.delegate_name:
        found.append(Hold.NO_DELEGATE)
    return found


def is_turned_away(guest: Guest) -> bool:
    """Invited no more. Nobody is refused at a desk: such a guest comes in as 临时来宾 and is sorted out later."""
    return guest.approval in (Approval.WITHDRAWN, Approval.REJECTED)
