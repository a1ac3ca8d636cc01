"""What a bulk act was, and each row it changed as it was before."""

import datetime as dt
import enum
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import EncryptedText, Sealed
from yishang_crm.core.words import N_

UNDO_WITHIN = dt.timedelta(days=30)


class Act(Table, table=True):
    """Something one person did to many rows at once. `sentence` is the Chinese source text, `said` fills its %(names)s.

    `left` lists what an undo did not touch: `{"row": "person:5", "why": "edited", "fields": ["tier"]}`.
    """

    __tablename__ = "act"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    verb: str = Field(max_length=80)
    sentence: str = Field(max_length=200)
    said: dict = Field(default_factory=dict, sa_type=sa.JSON)
    permission: str = Field(max_length=40)
    actor: str = Field(max_length=40, index=True)
    actor_name: str = Field(max_length=80)
    at: Moment = Field(default_factory=now, index=True)
    rows: int = 0
    undone_at: Moment | None = None
    restored: int = 0
    left: list = Field(default_factory=list, sa_type=sa.JSON)
    forgotten_at: Moment | None = None

    def may_be_undone(self, *, at: Moment) -> bool:
        return self.undone_at is None and self.forgotten_at is None and at - self.at <= UNDO_WITHIN

    def must_be_undoable(self, *, at: Moment) -> None:
        if self.undone_at:
            raise NotPossible(N_("这次操作已经撤销过了。"))
        if not self.may_be_undone(at=at):
            raise NotPossible(N_("已超过30天，原来的内容不再保留，不能撤销。"))


class Change(enum.StrEnum):
    UPDATED = "updated"
    INSERTED = "inserted"
    DELETED = "deleted"


class Image(Table, table=True):
    """One changed row of an act: the fields as they were and as they became, encrypted.

    `known_as`: how a reader knows the row, which is its own key or, for a part of something, that of the whole.
    """

    __tablename__ = "act_image"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (sa.Index("ix_act_image_row", "table_name", "row_id"),)

    id: int | None = Field(default=None, primary_key=True)
    act_id: int = Field(foreign_key="act.id", index=True)
    table_name: str = Field(max_length=60)
    row_id: int
    change: Change = Field(sa_column=choice(Change, nullable=False))
    known_as: str = Field(max_length=60, index=True)
    image: Sealed = Field(sa_type=EncryptedText)
