"""What an export is: who took which people out, in what form, why and for whom; and what became of its file."""

import datetime as dt
import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

MADE_AT_ONCE = 2_000  # people; a second of work. More are made by a process of their own
MOST_IN_WORD = 2_000
LEASE = dt.timedelta(minutes=30)


class Form(enum.StrEnum):
    """As what it is taken out."""

    EXCEL = "xlsx"
    WORD = "docx"
    CARDS = "vcf"


class Order(enum.StrEnum):
    """In which order people stand (domain.md §1.1: units in their customary order; §6.6)."""

    UNIT = "unit"
    TIER = "tier"
    STROKES = "strokes"
    PINYIN = "pinyin"


class ExportState(enum.StrEnum):
    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    WIPED = "wiped"


class Export(Table, table=True):
    """One export. `filters` are those of the list's address, or `{"id": […]}` for a selection; `said` says them in words.

    `asked_count` is what the list showed when it was asked for, `count` what the file holds.
    """

    __tablename__ = "people_export"
    __guarded__: ClassVar[bool] = True
    __table_args__: ClassVar[Any] = (
        sa.Index("ix_people_export_unit_id_id", "unit_id", "id"),
        sa.Index("ix_people_export_state_expires_at", "state", "expires_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(index=True)
    user_name: str = Field(default="", max_length=40)
    unit_id: int = Field(foreign_key="unit.id")
    asked_at: Moment = Field(default_factory=now)
    form: Form = Field(sa_column=choice(Form, nullable=False))
    filters: dict = Field(default_factory=dict, sa_type=sa.JSON)
    said: str = Field(default="", max_length=300)
    columns: list = Field(default_factory=list, sa_type=sa.JSON)
    order: Order = Field(default=Order.UNIT, sa_column=choice(Order, nullable=False))
    title: str = Field(default="", max_length=60)
    filled_by: str = Field(default="", max_length=80)
    purpose: str = Field(max_length=120)
    receiver: str = Field(max_length=120)
    opens_sealed: bool = False
    reason: str = Field(default="", max_length=200)
    asked_count: int = 0
    state: ExportState = Field(default=ExportState.ASKED, sa_column=choice(ExportState, nullable=False))
    leased_until: Moment | None = None
    count: int | None = None
    file_name: str = Field(default="", max_length=80)
    size: int = 0
    made_at: Moment | None = None
    expires_at: Moment | None = None
    wiped_at: Moment | None = None
    error: str = Field(default="", max_length=300)

    @property
    def is_under_way(self) -> bool:
        return self.state in (ExportState.ASKED, ExportState.MAKING)

    @property
    def is_made_at_once(self) -> bool:
        return self.asked_count <= MADE_AT_ONCE

    def must_fit(self) -> None:
        """Raises `NotPossible` with what to choose instead."""
        if not self.asked_count:
            raise NotPossible(N_("名单里没有人，没有什么可导出。"))
        if self.form == Form.WORD and self.asked_count > MOST_IN_WORD:
            raise NotPossible(
                N_("Word表格最多%(most)s人，这个名单有%(count)s人，请改用Excel。"),
                most=f"{MOST_IN_WORD:,}",
                count=f"{self.asked_count:,}",
            )

    def begin(self, *, at: dt.datetime) -> None:
        """Take its making in hand. Whoever died over it is succeeded when the lease is over."""
        is_free = self.state == ExportState.ASKED or (
            self.state == ExportState.MAKING and self.leased_until is not None and self.leased_until <= at
        )
        if not is_free:
            raise NotPossible(N_("这份导出已经有人在做，或者已经做好。"))
        self.state, self.leased_until = ExportState.MAKING, at + LEASE

    def finish(self, *, at: dt.datetime, file_name: str, size: int, count: int, keep: dt.timedelta) -> None:
        if self.state != ExportState.MAKING:  # somebody in it was erased meanwhile
            raise NotPossible(N_("这份导出已经清除。需要时请再导出一次。"))
        self.state, self.made_at, self.file_name = ExportState.READY, at, file_name
        self.size, self.count, self.leased_until = size, count, None
        self.expires_at = at + keep

    def fail(self, *, why: str) -> None:
        self.state, self.error, self.leased_until = ExportState.FAILED, why[:300], None

    def must_be_takeable(self, *, by: int, at: dt.datetime) -> None:
        if self.user_id != by:
            raise NotPossible(N_("这份文件是%(name)s导出的，只有本人能取。"), name=self.user_name)
        if self.state != ExportState.READY or (self.expires_at and self.expires_at <= at):
            raise NotPossible(N_("这份文件已经清除或者还没有做好。需要时请再导出一次。"))

    def wipe(self, *, at: dt.datetime) -> None:
        """Its file is gone; who took what, when and for whom stays."""
        self.state, self.wiped_at, self.leased_until = ExportState.WIPED, at, None
