"""What a unit asks of another about a person, and what came of it."""

import enum
from typing import ClassVar

from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_


class RequestKind(enum.StrEnum):
    """To work with a person beside the unit that answers for them, or to answer for them instead."""

    ACCESS = "access"
    TRANSFER = "transfer"


class RequestState(enum.StrEnum):
    WAITING = "waiting"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class AccessRequest(Table, table=True):
    """One unit asks the unit that answers for a person. Until it is granted the asking unit learns nothing but whom it asked.

    `asked_unit_id` is the unit that answered for the person when it was asked; `said` is what the asking unit knew of
    the person, in its own words.
    """

    __tablename__ = "access_request"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    asked_unit_id: int = Field(foreign_key="unit.id", index=True)
    user_id: int = 0
    asked_by: str = Field(default="", max_length=60)
    kind: RequestKind = Field(default=RequestKind.ACCESS, sa_column=choice(RequestKind, nullable=False))
    said: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=200)
    asked_at: Moment = Field(default_factory=now)
    state: RequestState = Field(default=RequestState.WAITING, sa_column=choice(RequestState, nullable=False))
    answer: str = Field(default="", max_length=200)
    answered_at: Moment | None = None
    answered_by: str = Field(default="", max_length=60)
    version: int = 1

    @property
    def is_waiting(self) -> bool:
        return self.state == RequestState.WAITING

    def must_be_version(self, version: int) -> None:
        if version != self.version:
            raise Stale(N_("您打开这一页以后，别人已经办过。请看一眼现在的情况。"), {"state": self.state})

    def close(self, state: RequestState, *, at: Moment, by: str, answer: str) -> None:
        """Granted, refused or withdrawn, once."""
        if not self.is_waiting:
            raise NotPossible(N_("这个申请已经办结，不能再改。"))
        if state == RequestState.REFUSED and not answer:
            raise NotPossible(N_("请写上不同意的理由，申请的单位看得到。"))
        self.state, self.answered_at, self.answered_by, self.answer = state, at, by, answer
        self.version += 1
