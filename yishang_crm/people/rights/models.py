"""A request that somebody made about their own data: asked when, of whom, what; due when; answered how."""

import datetime as dt
import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

ANSWERED_WITHIN = dt.timedelta(days=30)  # GB/T 35273-2020, 8.7


class RightsKind(enum.StrEnum):
    COPY = "copy"
    CORRECTION = "correction"
    ERASURE = "erasure"


class RightsState(enum.StrEnum):
    """Read from its times, never stored."""

    OPEN = "open"
    LATE = "late"
    DONE = "done"
    REFUSED = "refused"


class RightsRequest(Table, table=True):
    """One entry of the ledger 个人权利申请. `asked_by`: who asked (本人, 代理人) and by which way. It outlives the erasure, without the name."""

    __tablename__ = "rights_request"
    __guarded__: ClassVar[bool] = True
    __table_args__: ClassVar[Any] = (sa.Index("ix_rights_request_done_at_due_on", "done_at", "due_on"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    kind: RightsKind = Field(sa_column=choice(RightsKind, nullable=False))
    asked_on: dt.date
    asked_by: str = Field(default="", max_length=80)
    what: str = Field(default="", max_length=500)
    due_on: dt.date
    registered_at: Moment = Field(default_factory=now)
    registered_by_id: int
    registered_by: str = Field(default="", max_length=40)
    done_at: Moment | None = None
    done_by: str = Field(default="", max_length=40)
    refused_at: Moment | None = None
    outcome: str = Field(default="", max_length=500)

    def state(self, today: dt.date) -> RightsState:
        if self.refused_at:
            return RightsState.REFUSED
        if self.done_at:
            return RightsState.DONE
        return RightsState.LATE if today > self.due_on else RightsState.OPEN

    @property
    def is_open(self) -> bool:
        return self.done_at is None

    def must_make_sense(self, *, today: dt.date) -> None:
        if self.asked_on > today:
            raise NotPossible(N_("提出的日子不能晚于今天。"))

    def finish(self, *, at: dt.datetime, by: str, outcome: str) -> None:
        self._must_be_open()
        self.done_at, self.done_by, self.outcome = at, by, outcome[:500]

    def refuse(self, *, at: dt.datetime, by: str, reason: str) -> None:
        """PIPL art. 50: a refusal gives its reason."""
        self._must_be_open()
        if not reason.strip():
            raise NotPossible(N_("不予办理要写明理由，本人有权知道。"))
        self.done_at = self.refused_at = at
        self.done_by, self.outcome = by, reason.strip()[:500]

    def must_be_erasable_by(self, user_id: int) -> None:
        """Two pairs of eyes: who wrote the request down does not carry it out."""
        self._must_be_open()
        if self.kind != RightsKind.ERASURE:
            raise NotPossible(N_("这份申请不是要求删除。"))
        if user_id == self.registered_by_id:
            raise NotPossible(N_("这份申请是您登记的，要由市局的另一位同事来办理删除。"))

    def _must_be_open(self) -> None:
        if self.done_at:
            raise NotPossible(N_("这份申请已经由%(name)s办结。"), name=self.done_by)
