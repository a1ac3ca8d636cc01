"""A round in which many records are confirmed, one entry for each person, and what people say of their own record."""

import datetime as dt
import enum
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import Sealed, SealedText
from yishang_crm.core.words import N_


class ConfirmationRound(Table, table=True):
    """Begun by a unit over the people of a list; each owner works through their own. `filters` is the list's query.

    Whether an entry is confirmed is not stored: it is when the person's record was confirmed since `begun_at`, so that
    the round and the record always agree.
    """

    __tablename__ = "confirmation_round"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    user_id: int = 0
    begun_by: str = Field(default="", max_length=60)
    begun_at: Moment = Field(default_factory=now)
    due_on: dt.date
    filters: dict = Field(default_factory=dict, sa_type=sa.JSON)
    people: int = 0
    filled_at: Moment | None = None
    closed_at: Moment | None = None
    closed_by: str = Field(default="", max_length=60)

    @property
    def is_filled(self) -> bool:
        """Whether everyone is on a worklist; a run that was cut off goes on where it stopped."""
        return self.filled_at is not None

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def takes_answers(self, *, on: dt.date) -> bool:
        """Personal pages stay open a week beyond the day asked for: letters are read late."""
        return self.is_open and on <= self.due_on + dt.timedelta(days=7)

    def must_take_answers(self, *, on: dt.date) -> None:
        if not self.takes_answers(on=on):
            raise NotPossible(N_("这一轮核对已经结束。"))

    def close(self, *, at: Moment, by: str) -> None:
        if not self.is_open:
            raise NotPossible(N_("这一轮核对已经结束。"))
        self.closed_at, self.closed_by = at, by


class RoundEntry(Table, table=True):
    """One person in a round, and whose worklist they stand on."""

    __tablename__ = "round_entry"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (
        sa.UniqueConstraint("round_id", "person_id"),
        sa.Index("ix_round_entry_round_unit", "round_id", "unit_id", "user_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="confirmation_round.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    user_id: int | None = None
    unreachable_at: Moment | None = None
    unreachable_by: str = Field(default="", max_length=60)
    opened_at: Moment | None = None
    answered_at: Moment | None = None

    @property
    def key(self) -> str:
        """As letters and the trail name it."""
        return f"round_entry:{self.id}"

    def miss(self, *, at: Moment, by: str) -> None:
        """Tried, and not reached."""
        self.unreachable_at, self.unreachable_by = at, by

    def take_over(self, other: "RoundEntry") -> None:
        """Stand for another entry of the same person too: what came in for either holds."""
        self.opened_at = min(filter(None, (self.opened_at, other.opened_at)), default=None)
        self.answered_at = max(filter(None, (self.answered_at, other.answered_at)), default=None)


class ProposedField(enum.StrEnum):
    """What a person may propose to change of their own record."""

    POST = "post"
    RESIDENCE = "residence"
    INDUSTRY = "industry"
    PHONE = "phone"
    EMAIL = "email"
    OTHER = "other"


SEALED_FIELDS = frozenset({ProposedField.PHONE, ProposedField.EMAIL})


class ProposalState(enum.StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class ChangeProposal(Table, table=True):
    """One field that somebody says has changed; staff take it over or not, field by field (ux.md 3.11).

    Phones and addresses stand in `sealed_value`, everything else in `value`; `was` is what the record said (an outline for the former).
    """

    __tablename__ = "change_proposal"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    entry_id: int | None = Field(default=None, foreign_key="round_entry.id", index=True)
    field: ProposedField = Field(sa_column=choice(ProposedField, nullable=False))
    was: str = Field(default="", max_length=200)
    value: str = Field(default="", max_length=200)
    sealed_value: Sealed | None = Field(default=None, sa_type=SealedText)
    proposed_at: Moment = Field(default_factory=now, index=True)
    state: ProposalState = Field(
        default=ProposalState.WAITING, sa_column=choice(ProposalState, nullable=False)
    )
    decided_at: Moment | None = None
    decided_by: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=200)

    @property
    def said(self) -> str | Sealed:
        """What they wrote; a phone or address prints its outline."""
        return self.sealed_value if self.sealed_value is not None else self.value

    def decide(self, state: ProposalState, *, at: Moment, by: str, reason: str = "") -> None:
        if self.state != ProposalState.WAITING:
            raise NotPossible(N_("这一条已经有人处理过。"))
        self.state, self.decided_at, self.decided_by, self.reason = state, at, by, reason
