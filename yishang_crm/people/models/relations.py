"""That two people know each other, and how: named in both directions."""

from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_

_OPEN = sa.column("ended_at").is_(None)


class Relation(Table, table=True):
    """`other` is the word's `name` to `person` (their 老师), and `person` the word's `other` to them (their 学生).

    Where both say the same, the lower id stands first, so that a pair is one row.
    """

    __tablename__ = "relation"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (
        sa.Index(
            "uq_relation_open",
            "person_id",
            "other_id",
            "word_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    other_id: int = Field(foreign_key="person.id", index=True)
    word_id: int = Field(foreign_key="dictionary_word.id")
    note: str = Field(default="", max_length=200)
    created_at: Moment = Field(default_factory=now)
    created_by: str = Field(default="", max_length=60)
    ended_at: Moment | None = None
    ended_by: str = Field(default="", max_length=60)

    def must_make_sense(self) -> None:
        if self.person_id == self.other_id:
            raise NotPossible(N_("不能记自己和自己的关系。"))

    def end(self, *, at: Moment, by: str) -> None:
        if self.ended_at:
            raise NotPossible(N_("这条关系已经由%(name)s删去。"), name=self.ended_by)
        self.ended_at, self.ended_by = at, by
