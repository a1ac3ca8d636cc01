"""What a contact, a promise and a cadence are, and what they answer when asked to change."""

import datetime as dt
import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import local, now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_
from yishang_crm.people.models import Tier

UNDO_WITHIN = dt.timedelta(days=30)
MOST_PEOPLE = 200


class Channel(enum.StrEnum):
    """How somebody was reached. The values are those that `followup.sentence` reads from a line."""

    CALL = "call"
    WECHAT = "wechat"
    VISIT = "visit"
    MEAL = "meal"
    SMS = "sms"
    EMAIL = "email"
    MEETING = "meeting"
    RECEPTION = "reception"
    VIDEO = "video"
    CONFERENCE = "conference"
    OTHER = "other"


class Readers(enum.StrEnum):
    """Who, among those who may see the person, may read an entry: its unit, the whole city, or its author and leaders."""

    UNIT = "unit"
    OFFICE = "office"
    ME_AND_LEADER = "me_and_leader"


class Interaction(Table, table=True):
    """One contact with one or many people. A dinner with thirty is one row and stands on thirty timelines."""

    __tablename__ = "interaction"
    __guarded__: ClassVar[bool] = True
    __table_args__: ClassVar[Any] = (
        sa.Index("ix_interaction_user_id_id", "user_id", "id"),
        sa.Index("ix_interaction_unit_id_at", "unit_id", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: Moment = Field(default_factory=now)
    channel: Channel = Field(sa_column=choice(Channel, nullable=False))
    text: str = Field(default="", max_length=2000)
    outcome: str = Field(default="", max_length=200)
    readers: Readers = Field(default=Readers.UNIT, sa_column=choice(Readers, nullable=False))
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    user_id: int | None = Field(default=None, foreign_key="user_account.id")
    user_name: str = Field(default="", max_length=40)
    # The draft's own name under its author's key, so that a resend finds what the first sending made.
    client_id: str = Field(max_length=120, unique=True)
    tags: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    colleagues: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    created_at: Moment = Field(default_factory=now)
    undone_at: Moment | None = None

    @property
    def day(self) -> dt.date:
        """The date in Anqing on which it happened."""
        return local(self.at).date()

    def may_be_undone(self, *, by: int, at: dt.datetime) -> bool:
        return self.undone_at is None and self.user_id == by and at - self.created_at <= UNDO_WITHIN

    def undo(self, *, by: int, at: dt.datetime) -> None:
        """Take the entry back; its draft's name becomes free."""
        if self.undone_at:
            raise NotPossible(N_("这条记录已经撤销。"))
        if self.user_id != by:
            raise NotPossible(N_("这条是%(name)s记的，只有本人能撤销。"), name=self.user_name)
        if at - self.created_at > UNDO_WITHIN:
            raise NotPossible(N_("记下已超过30天，不能撤销。可以再记一笔说明情况。"))
        self.undone_at, self.client_id = at, f"{self.client_id[:100]}~{self.id}"

    def show_to(self, readers: Readers, *, by: int) -> None:
        if self.user_id != by:
            raise NotPossible(N_("这条是%(name)s记的，只有本人能改谁可以看。"), name=self.user_name)
        self.readers = readers


class Participant(Table, table=True):
    """Who a contact was with."""

    __tablename__ = "participant"
    __guarded__: ClassVar[bool] = True
    __table_args__: ClassVar[Any] = (
        sa.UniqueConstraint("interaction_id", "person_id"),
        sa.Index("ix_participant_person_interaction", "person_id", "interaction_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    interaction_id: int = Field(foreign_key="interaction.id")
    person_id: int = Field(foreign_key="person.id")


class Task(Table, table=True):
    """Something promised, with a day. `user_id` None: whoever of the unit comes first. `origin` says out of what it came
    (`interaction:7`, `guest:9`)."""

    __tablename__ = "task"
    __guarded__: ClassVar[bool] = True
    __table_args__: ClassVar[Any] = (
        sa.Index("ix_task_user_done_due", "user_id", "done_at", "due_on"),
        sa.Index("ix_task_unit_done_due", "unit_id", "done_at", "due_on"),
    )

    id: int | None = Field(default=None, primary_key=True)
    what: str = Field(max_length=200)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    user_id: int | None = Field(default=None, foreign_key="user_account.id")
    readers: Readers = Field(default=Readers.UNIT, sa_column=choice(Readers, nullable=False))
    due_on: dt.date
    due_time: dt.time | None = None
    origin: str = Field(default="", max_length=60, index=True)
    interaction_id: int | None = Field(default=None, foreign_key="interaction.id", index=True)
    created_at: Moment = Field(default_factory=now)
    created_by: str = Field(default="", max_length=40)
    done_at: Moment | None = None
    done_by: str = Field(default="", max_length=40)
    version: int = 1

    def days_over(self, today: dt.date) -> int:
        """How many days the promise is overdue; 0 today, negative while there is time."""
        return (today - self.due_on).days

    def finish(self, *, at: dt.datetime, by: str) -> None:
        self._must_be_open()
        self.done_at, self.done_by = at, by
        self.version += 1

    def reopen(self) -> None:
        if self.done_at is None:
            raise NotPossible(N_("这件事还没有办完，不用恢复。"))
        self.done_at, self.done_by = None, ""
        self.version += 1

    def postpone(self, *, to: dt.date, today: dt.date) -> None:
        self._must_be_open()
        if to < today:
            raise NotPossible(N_("不能改到已经过去的日子。"))
        self.due_on, self.due_time = to, None
        self.version += 1

    def pass_on(self, *, user_id: int, unit_id: int) -> None:
        self._must_be_open()
        if user_id == self.user_id:
            raise NotPossible(N_("这件事已经在他名下。"))
        self.user_id, self.unit_id = user_id, unit_id
        self.version += 1

    def must_be_at(self, version: int | None) -> None:
        """Raises `Stale` when somebody changed it since this version was shown; None does not ask."""
        if version is not None and version != self.version:
            raise Stale(
                N_("这件事刚刚有人动过，请看一眼现在的样子再办。"), {"what": self.what, "due_on": self.due_on}
            )

    def _must_be_open(self) -> None:
        if self.done_at:
            raise NotPossible(N_("这件事已经由%(name)s办完。"), name=self.done_by)


class Cadence(Table, table=True):
    """When a person is next to be contacted. `due_on` is stored, so that "overdue" is a comparison on an index.

    `days` overrides the rule of the person's tier. Without a contact the clock runs from `began_on`.
    """

    __tablename__ = "cadence"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    began_on: dt.date
    last_on: dt.date | None = None
    last_interaction_id: int | None = Field(default=None, foreign_key="interaction.id")
    due_on: dt.date = Field(index=True)
    days: int | None = None

    def stand_at(self, last: tuple[dt.date, int] | None, *, every: int) -> None:
        """Set the clock by the last contact there was (its day and id), or by the beginning."""
        self.last_on, self.last_interaction_id = last or (None, None)
        self.due_on = (self.last_on or self.began_on) + dt.timedelta(days=self.days or every)

    def days_over(self, today: dt.date) -> int:
        return (today - self.due_on).days


class CadenceRule(Table, table=True):
    """How often each tier is to be contacted; editable, flagged until the office has confirmed it."""

    __tablename__ = "cadence_rule"
    __recorded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    tier: Tier = Field(sa_column=choice(Tier, nullable=False, unique=True))
    days: int
    state: str = Field(default="待核定", max_length=10)


# What the office is offered; the table is what counts (ux.md 3.3 has 90 days for a middle tier).
OFFERED_DAYS: dict[Tier, int] = {Tier.A: 60, Tier.B: 120, Tier.C: 365}


class HolidayKind(enum.StrEnum):
    HOLIDAY = "holiday"
    WORKDAY = "workday"


class Holiday(Table, table=True):
    """A day off, or a weekend day that is worked for one; the office enters each autumn's notice."""

    __tablename__ = "holiday"
    __recorded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    day: dt.date = Field(unique=True)
    kind: HolidayKind = Field(sa_column=choice(HolidayKind, nullable=False))
    label: str = Field(default="", max_length=20)


class DigestState(enum.StrEnum):
    POSTED = "posted"
    NOTHING_DUE = "nothing_due"
    NOT_POSTED = "not_posted"


class Digest(Table, table=True):
    """That somebody's morning is settled: one row for a reader and a day, whoever came first."""

    __tablename__ = "digest"
    __guarded__: ClassVar[bool] = True
    __table_args__: ClassVar[Any] = (sa.UniqueConstraint("user_id", "day"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id")
    day: dt.date
    state: DigestState = Field(sa_column=choice(DigestState, nullable=False))
    at: Moment = Field(default_factory=now)
