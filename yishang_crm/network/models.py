"""What an appointment, an entrusting, an introduction and a personal link are, and what they answer."""

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

WARNED_BEFORE = dt.timedelta(days=60)
CODE_HOLDS = dt.timedelta(minutes=30)
ANSWERED_WITHIN = dt.timedelta(days=1)


class AppointmentKind(enum.StrEnum):
    AMBASSADOR = "ambassador"
    ADVISER = "adviser"
    PARTNER = "partner"
    COMMISSIONED_BODY = "commissioned_body"


class AppointmentState(enum.StrEnum):
    """Where an appointment stands (domain.md §3.2); read from its dates, never stored."""

    COMING = "coming"
    APPOINTED = "appointed"
    ENDING = "ending"
    EXPIRED = "expired"
    ENDED = "ended"


class IntroductionState(enum.StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Appointment(Table, table=True):
    """Somebody appointed for a term. `unit_id` keeps touch with them, `liaison_id` is the colleague they know."""

    __tablename__ = "appointment"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (sa.Index("ix_appointment_unit_ended_ends", "unit_id", "ended_at", "ends_on"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    user_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    liaison_id: int | None = Field(default=None, foreign_key="user_account.id")
    kind: AppointmentKind = Field(sa_column=choice(AppointmentKind, nullable=False, index=True))
    certificate_number: str | None = Field(default=None, max_length=40, unique=True)
    starts_on: dt.date
    ends_on: dt.date = Field(index=True)
    region: str = Field(default="", max_length=60)
    chain: str = Field(default="", max_length=40)
    appointed_at: Moment = Field(default_factory=now)
    appointed_by: str = Field(default="", max_length=40)
    ended_at: Moment | None = None
    end_reason: str = Field(default="", max_length=200)

    def state(self, today: dt.date) -> AppointmentState:
        if self.ended_at:
            return AppointmentState.ENDED
        if today > self.ends_on:
            return AppointmentState.EXPIRED
        if today < self.starts_on:
            return AppointmentState.COMING
        return (
            AppointmentState.ENDING if today + WARNED_BEFORE >= self.ends_on else AppointmentState.APPOINTED
        )

    def days_left(self, today: dt.date) -> int:
        """Days to the last one of the term; negative when it is over."""
        return (self.ends_on - today).days

    def must_make_sense(self) -> None:
        if self.ends_on <= self.starts_on:
            raise NotPossible(N_("聘期的止日要晚于起日。"))

    def end(self, *, at: Moment, reason: str) -> None:
        if self.ended_at:
            raise NotPossible(N_("这份聘任已经结束。"))
        if not reason.strip():
            raise NotPossible(N_("请写上结束聘任的原因。"))
        self.ended_at, self.end_reason = at, reason.strip()[:200]


class Entrusted(Table, table=True):
    """A person whom a partner keeps in touch with, and may therefore see in the portal, until it is ended."""

    __tablename__ = "entrusted"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (
        sa.Index(
            "uq_entrusted_open",
            "partner_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    partner_id: int = Field(foreign_key="person.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    since: Moment = Field(default_factory=now)
    by: str = Field(default="", max_length=40)
    ended_at: Moment | None = None
    end_reason: str = Field(default="", max_length=200)

    def end(self, *, at: Moment, reason: str) -> None:
        if self.ended_at:
            raise NotPossible(N_("这份托付已经收回。"))
        if not reason.strip():
            raise NotPossible(N_("请写上收回的原因。"))
        self.ended_at, self.end_reason = at, reason.strip()[:200]


class Introduction(Table, table=True):
    """A proposal by a partner, with its time: whom they would introduce, and why. A unit accepts or refuses it.

    Nothing enters the record of people before that. A refusal bears a reason, which the partner reads.
    """

    __tablename__ = "introduction"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (
        sa.Index("ix_introduction_unit_state_id", "unit_id", "state", "id"),
        sa.Index("ix_introduction_partner_id_id", "partner_id", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    partner_id: int = Field(foreign_key="person.id")
    partner_name: str = Field(default="", max_length=60)
    unit_id: int = Field(foreign_key="unit.id")
    # The form's own name under its author's key, so that a resend finds what the first sending made.
    client_id: str = Field(max_length=120, unique=True)
    name: str = Field(max_length=60)
    organization: str = Field(default="", max_length=120)
    title: str = Field(default="", max_length=80)
    phone: Sealed | None = Field(default=None, sa_type=SealedText)
    city: str = Field(default="", max_length=60)
    what: str = Field(max_length=1000)
    may_be_named: bool = False
    proposed_at: Moment = Field(default_factory=now)
    state: IntroductionState = Field(
        default=IntroductionState.PROPOSED, sa_column=choice(IntroductionState, nullable=False)
    )
    reason: str = Field(default="", max_length=300)
    decided_at: Moment | None = None
    decided_by: str = Field(default="", max_length=40)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)

    @property
    def is_waiting(self) -> bool:
        return self.state is IntroductionState.PROPOSED

    def is_late(self, at: dt.datetime) -> bool:
        """A partner hears within a day (domain.md §9.3)."""
        return self.is_waiting and at - self.proposed_at > ANSWERED_WITHIN

    def accept(self, *, person_id: int, at: Moment, by: str) -> None:
        self.must_be_waiting()
        self.state, self.person_id = IntroductionState.ACCEPTED, person_id
        self.decided_at, self.decided_by = at, by

    def refuse(self, *, reason: str, at: Moment, by: str) -> None:
        self.must_be_waiting()
        if not reason.strip():
            raise NotPossible(N_("请写上不采纳的理由，引荐人看得到。"))
        self.state, self.reason = IntroductionState.REFUSED, reason.strip()[:300]
        self.decided_at, self.decided_by = at, by

    def must_be_waiting(self) -> None:
        if not self.is_waiting:
            raise NotPossible(N_("这条引荐已经由%(name)s回复过。"), name=self.decided_by)


class PortalLink(Table, table=True):
    """The personal link of a partner's account. Neither the link nor its codes are stored: both are derived
    (see `links`) from what stands here, and change with it."""

    __tablename__ = "portal_link"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", unique=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    generation: int = 1
    issued_at: Moment = Field(default_factory=now)
    withdrawn_at: Moment | None = None
    code_number: int = 0
    code_until: Moment | None = None
    last_used_at: Moment | None = None

    @property
    def is_open(self) -> bool:
        return self.withdrawn_at is None

    def has_code(self, *, at: dt.datetime) -> bool:
        """Whether a code was given that still opens."""
        return self.code_until is not None and at < self.code_until

    def next_code(self, *, at: dt.datetime) -> None:
        """From here on a new code opens, for half an hour, and no older one."""
        if not self.is_open:
            raise NotPossible(N_("这个链接已经收回，请先重新发一个。"))
        self.code_number += 1
        self.code_until = at + CODE_HOLDS

    def use(self, *, at: Moment) -> None:
        """A code opens one door once."""
        self.code_until, self.last_used_at = None, at

    def withdraw(self, *, at: Moment) -> None:
        if not self.is_open:
            raise NotPossible(N_("这个链接已经收回。"))
        self.withdrawn_at, self.code_until = at, None

    def issue_again(self, *, at: Moment) -> None:
        self.generation += 1
        self.issued_at, self.withdrawn_at, self.code_until = at, None, None
