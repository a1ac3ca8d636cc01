"""What is kept ready for comparing, which pairs wait for a decision, which merges were made."""

import enum
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.sealed import EncryptedText, Sealed
from yishang_crm.core.words import N_
from yishang_crm.people.duplicates.weighing import DECISIVE, SURE_FROM, Reason, Weighed


class MatchProfile(Table, table=True):
    """What is compared of one person (`duplicates.facts.Facts`, its fields in order). `scanned_at` None: not compared as it now stands."""

    __tablename__ = "match_profile"
    __guarded__: ClassVar[bool] = True

    person_id: int = Field(
        sa_column=sa.Column(
            sa.Integer, sa.ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
        )
    )
    facts: list = Field(default_factory=list, sa_type=sa.JSON)
    changed_at: Moment = Field(default_factory=now)
    scanned_at: Moment | None = Field(default=None, index=True)


class MatchKey(Table, table=True):
    """A key under which a person meets who may be the same: people who share one are compared."""

    __tablename__ = "match_key"
    __guarded__: ClassVar[bool] = True
    __table_args__ = ({"sqlite_with_rowid": False},)

    key: int = Field(sa_column=sa.Column(sa.BigInteger, primary_key=True, autoincrement=False))
    person_id: int = Field(
        sa_column=sa.Column(
            sa.Integer,
            sa.ForeignKey("person.id", ondelete="CASCADE"),
            primary_key=True,
            autoincrement=False,
            index=True,
        )
    )


class PairState(enum.StrEnum):
    """Where a pair stands. `faded`: their data changed and they are alike no more; `merged` pairs are gone with one side."""

    WAITING = "waiting"
    ASKED = "asked"
    LATER = "later"
    NOT_SAME = "not_same"
    FAMILY = "family"
    FADED = "faded"


class DuplicatePair(Table, table=True):
    """Two people who may be one. `reasons` are `|same_mobile|sound|`; `weighed` those that stood when somebody decided."""

    __tablename__ = "duplicate_pair"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (
        sa.UniqueConstraint("low_id", "high_id"),
        sa.Index("ix_duplicate_pair_state_score", "state", "score", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    low_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    high_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    score: int = 0
    reasons: str = Field(default="", max_length=240)
    state: PairState = Field(default=PairState.WAITING, sa_column=choice(PairState, nullable=False))
    found_at: Moment = Field(default_factory=now)
    decided_at: Moment | None = None
    decided_by: str = Field(default="", max_length=60)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    why: str = Field(default="", max_length=200)
    weighed: str = Field(default="", max_length=240)
    version: int = 1

    @property
    def reason_list(self) -> list[Reason]:
        return reasons_of(self.reasons)

    @property
    def is_sure(self) -> bool:
        return self.score >= SURE_FROM

    @property
    def ids(self) -> tuple[int, int]:
        return self.low_id, self.high_id

    def must_be_at(self, version: int | None) -> None:
        """Raises `Stale` when somebody decided since this version was shown; None does not ask."""
        if version is not None and version != self.version:
            raise Stale(N_("这一对刚刚有人处理过，请看一眼现在的样子再定。"), {"state": self.state.value})

    def decide(self, state: PairState, *, at: Moment, by: str, unit_id: int | None, why: str) -> None:
        """Somebody looked. What they say holds until something weighty comes that they could not know."""
        if state not in (PairState.NOT_SAME, PairState.FAMILY, PairState.LATER, PairState.ASKED):
            raise ValueError(f"nobody decides {state}")
        if state == PairState.ASKED and self.state == PairState.ASKED:
            raise NotPossible(N_("这一对已经请市局合并，等市局处理。"))
        self.state, self.decided_at, self.decided_by, self.why = state, at, by, why.strip()[:200]
        self.unit_id, self.weighed = unit_id, self.reasons
        self.version += 1

    def reopen(self) -> None:
        """Back into the queue."""
        if self.state in (PairState.WAITING, PairState.FADED):
            raise NotPossible(N_("这一对本来就在队列里。"))
        self.state, self.decided_at, self.decided_by, self.why = PairState.WAITING, None, "", ""
        self.unit_id, self.weighed = None, ""
        self.version += 1


def said(reasons: tuple[Reason, ...]) -> str:
    """As the column holds them: `|same_mobile|sound|`."""
    return f"|{'|'.join(reasons)}|" if reasons else ""


def reasons_of(text: str) -> list[Reason]:
    known = set(Reason)
    return [Reason(word) for word in text.split("|") if word in known]


def state_after(state: PairState, weighed: str, found: Weighed) -> PairState:
    """Where a pair stands once it was weighed anew. A decision stands unless a decisive reason appeared since; what somebody
    put off comes back with any new reason."""
    if not found.is_offered:
        return PairState.FADED if state == PairState.WAITING else state
    fresh = set(found.reasons) - set(reasons_of(weighed))
    if state == PairState.FADED:
        return PairState.WAITING
    if state == PairState.LATER and fresh:
        return PairState.WAITING
    if state in (PairState.NOT_SAME, PairState.FAMILY) and fresh & DECISIVE:
        return PairState.WAITING
    return state


class PersonMerge(Table, table=True):
    """Two to four records became one. `images`: what every changed row was before and after, encrypted; see `core.journal`.

    `survivor_id` names the record that stood after this merge; it may itself be gone in a later one.
    `people` are all who took part (`[{"id": 7, "name": "胡明远"}]`), the survivor last.
    """

    __tablename__ = "person_merge"
    __guarded__: ClassVar[bool] = True
    __silent__: ClassVar[tuple[str, ...]] = ("images", "people")

    id: int | None = Field(default=None, primary_key=True)
    survivor_id: int = Field(index=True)
    people: list = Field(default_factory=list, sa_type=sa.JSON)
    images: Sealed | None = Field(default=None, sa_type=EncryptedText)
    moved: dict = Field(default_factory=dict, sa_type=sa.JSON)
    remarks: list = Field(default_factory=list, sa_type=sa.JSON)
    merged_at: Moment = Field(default_factory=now)
    merged_by: str = Field(default="", max_length=60)
    user_id: int = 0
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    undone_at: Moment | None = None
    undone_by: str = Field(default="", max_length=60)

    @property
    def stands(self) -> bool:
        return self.undone_at is None

    @property
    def absorbed(self) -> list[dict]:
        return [one for one in self.people if one["id"] != self.survivor_id]

    def must_be_undoable(self) -> None:
        if not self.stands:
            raise NotPossible(N_("这次合并已经撤销过。"))
        if self.images is None:
            raise NotPossible(N_("这个人的资料已经按要求删除，合并不能撤销。"))

    def undo(self, *, at: Moment, by: str) -> None:
        self.must_be_undoable()
        self.undone_at, self.undone_by, self.images = at, by, None


class MergedPerson(Table, table=True):
    """A record that went into another: its address leads on for ever."""

    __tablename__ = "merged_person"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    old_id: int = Field(unique=True)
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    merge_id: int = Field(foreign_key="person_merge.id", index=True)
