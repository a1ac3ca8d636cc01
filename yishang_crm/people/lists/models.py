"""What a tag, a saved view, a segment and a snapshot are: the tables behind the people list."""

import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_

MOST_FROZEN = 20_000


class Readers(enum.StrEnum):
    """Who besides its maker may open a view, a segment or a snapshot. Whom it lists is decided by each reader's scope."""

    OWN = "own"
    UNIT = "unit"
    ALL = "all"


class Tag(Table, table=True):
    """A word that staff put on people. `unit_id` None: the whole city's; else only that unit sees and uses it."""

    __tablename__ = "tag"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=20, index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    created_at: Moment = Field(default_factory=now)
    retired_at: Moment | None = None
    version: int = 1

    def rename(self, name: str, *, version: int) -> None:
        self._must_be_at(version)
        self.name = name
        self.version += 1

    def retire(self, *, at: Moment) -> None:
        if self.retired_at:
            raise NotPossible(N_("标签“%(name)s”已经停用。"), name=self.name)
        self.retired_at = at
        self.version += 1

    def revive(self) -> None:
        if not self.retired_at:
            raise NotPossible(N_("标签“%(name)s”正在使用，不用恢复。"), name=self.name)
        self.retired_at = None
        self.version += 1

    def _must_be_at(self, version: int) -> None:
        if version != self.version:
            raise Stale(N_("标签刚被别人改成了“%(name)s”。"), {"name": self.name}, name=self.name)


class PersonTag(Table, table=True):
    """A tag on a person."""

    __tablename__ = "person_tag"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (
        sa.UniqueConstraint("person_id", "tag_id"),
        sa.Index("ix_person_tag_tag_person", "tag_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    tag_id: int = Field(foreign_key="tag.id")
    at: Moment = Field(default_factory=now)
    by: str = Field(default="", max_length=40)


class Kept(Table):
    """What views, segments and snapshots share: a name, a maker, readers."""

    name: str = Field(max_length=40)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    user_name: str = Field(default="", max_length=40)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")

    def must_be_own(self, actor: Actor) -> None:
        if actor.kind != "user" or actor.id != self.user_id:
            raise NotPossible(N_("“%(name)s”是%(who)s的，只有本人能改。"), name=self.name, who=self.user_name)


class SavedView(Kept, table=True):
    """A list one comes back to: filters as the address says them, columns by name in their order.

    `of_list` marks the one row a user has for the columns of the list without a view; it has no name.
    """

    __tablename__ = "saved_view"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (sa.Index("ix_saved_view_unit_readers", "unit_id", "readers"),)

    id: int | None = Field(default=None, primary_key=True)
    readers: Readers = Field(default=Readers.OWN, sa_column=choice(Readers, nullable=False, index=True))
    filters: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    columns: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    of_list: bool = False
    created_at: Moment = Field(default_factory=now)
    version: int = 1

    def keep(self, *, filters: dict[str, str], version: int) -> None:
        """Take over what the list now shows."""
        self._must_be_at(version)
        self.filters = filters
        self.version += 1

    def rename(self, *, name: str, readers: Readers, version: int) -> None:
        self._must_be_at(version)
        self.name, self.readers = name, readers
        self.version += 1

    def choose(self, *, columns: list[str], version: int) -> None:
        self._must_be_at(version)
        self.columns = columns
        self.version += 1

    def _must_be_at(self, version: int) -> None:
        if version != self.version:
            raise Stale(N_("这个视图刚在别处改过，请看一眼再存。"), {"name": self.name})


class Segment(Kept, table=True):
    """Saved filters combined by and, or, not. `tree`: `{"join": "and", "parts": [group, …]}`; a group is
    `{"join": "or", "not": false, "parts": [leaf, …]}`; a leaf `{"not": false, "view": 5}` or `{"not": …, "filters": {…}}`.
    """

    __tablename__ = "segment"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    readers: Readers = Field(default=Readers.OWN, sa_column=choice(Readers, nullable=False, index=True))
    tree: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    created_at: Moment = Field(default_factory=now)
    version: int = 1

    def edit(self, *, name: str, readers: Readers, tree: dict[str, Any], version: int) -> None:
        if version != self.version:
            raise Stale(N_("这个人群刚在别处改过，请看一眼再存。"), {"name": self.name})
        self.name, self.readers, self.tree = name, readers, tree
        self.version += 1


class Snapshot(Kept, table=True):
    """Who was on a list at a moment, frozen: by whom and why. `about`: `segment:3`, `view:5` or nothing; `filters` as the
    address said them."""

    __tablename__ = "snapshot"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    readers: Readers = Field(default=Readers.OWN, sa_column=choice(Readers, nullable=False, index=True))
    why: str = Field(default="", max_length=200)
    about: str = Field(default="", max_length=40, index=True)
    filters: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    people: int = 0
    frozen_at: Moment = Field(default_factory=now)
    finished_at: Moment | None = None


class SnapshotMember(Table, table=True):
    """One person who was on the list. No key to the person: one who is erased leaves the count whole."""

    __tablename__ = "snapshot_member"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (sa.UniqueConstraint("snapshot_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    snapshot_id: int = Field(foreign_key="snapshot.id")
    person_id: int = Field(index=True)
