"""What a project is, through which stages it goes, and what it answers when asked to move."""

import datetime as dt
import enum
from decimal import Decimal
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core import versions
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_


class Stage(enum.StrEnum):
    """How far a project has come (domain.md §4.1)."""

    LEAD = "lead"
    SCREENING = "screening"
    NEGOTIATING = "negotiating"
    INTENT = "intent"
    SIGNED = "signed"
    REGISTERED = "registered"
    STARTED = "started"
    UNDER_CONSTRUCTION = "under_construction"
    COMPLETED = "completed"
    FULL_OUTPUT = "full_output"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    TRANSFERRED = "transferred"


RESTING = (Stage.SUSPENDED, Stage.TERMINATED, Stage.TRANSFERRED)
IN_ORDER = tuple(stage for stage in Stage if stage not in RESTING)

# Forward only; papers do skip a step. Going back, resting and coming back from rest follow rules of their own.
FORWARD: dict[Stage, tuple[Stage, ...]] = {
    Stage.LEAD: (Stage.SCREENING, Stage.NEGOTIATING),
    Stage.SCREENING: (Stage.NEGOTIATING, Stage.INTENT),
    Stage.NEGOTIATING: (Stage.INTENT, Stage.SIGNED),
    Stage.INTENT: (Stage.SIGNED,),
    Stage.SIGNED: (Stage.REGISTERED, Stage.STARTED),
    Stage.REGISTERED: (Stage.STARTED, Stage.UNDER_CONSTRUCTION),
    Stage.STARTED: (Stage.UNDER_CONSTRUCTION, Stage.COMPLETED),
    Stage.UNDER_CONSTRUCTION: (Stage.COMPLETED,),
    Stage.COMPLETED: (Stage.FULL_OUTPUT,),
    Stage.FULL_OUTPUT: (),
}


class Project(Table, table=True):
    """One project. `planned_investment` is in hundred millions of yuan (亿元); `unit_id` is the unit that answers for it.

    `stage_before` is where a resting project stood, and where it comes back to.
    """

    __tablename__ = "project"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (
        sa.Index("ix_project_unit_stage", "unit_id", "stage"),
        sa.Index("ix_project_stage_on_id", "stage_on", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    platform_number: str | None = Field(default=None, max_length=40, unique=True)
    name: str = Field(max_length=120)
    organization_id: int | None = Field(default=None, foreign_key="organization.id", index=True)
    introducer_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    planned_investment: Decimal | None = Field(default=None, ge=0, sa_type=sa.Numeric(12, 2))  # type: ignore[call-overload]
    chain: str = Field(default="", max_length=40)
    landing_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    first_talk_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    first_talk_on: dt.date | None = None
    stage: Stage = Field(default=Stage.LEAD, sa_column=choice(Stage, nullable=False))
    stage_on: dt.date
    stage_before: Stage | None = Field(default=None, sa_column=choice(Stage, nullable=True))
    issue: str = Field(default="", max_length=1000)
    next_step: str = Field(default="", max_length=500)
    unit_id: int = Field(foreign_key="unit.id")
    created_at: Moment = Field(default_factory=now)
    version: int = 1

    @property
    def reached(self) -> Stage:
        """How far it has come, also while it rests."""
        return self.stage_before or self.stage

    @property
    def next_stages(self) -> tuple[Stage, ...]:
        """Where it may go from here: onward, one step back, to rest, or back from rest."""
        if self.stage in RESTING:
            onward = (Stage.TERMINATED, Stage.TRANSFERRED) if self.stage == Stage.SUSPENDED else ()
            return (self.reached, *onward)
        place = IN_ORDER.index(self.stage)
        resting = RESTING if self.stage != Stage.FULL_OUTPUT else ()
        return (*FORWARD[self.stage], *IN_ORDER[max(place - 1, 0) : place], *resting)

    def needs_reason(self, to: Stage) -> bool:
        """Resting, going back and coming back from rest are explained (domain.md §4.1)."""
        return to in RESTING or self.stage in RESTING or IN_ORDER.index(to) < IN_ORDER.index(self.stage)

    def begin(self, *, today: dt.date) -> None:
        """A project may be noted down late, at the stage it has already reached."""
        if self.stage in RESTING:
            raise NotPossible(N_("新记的项目不能是暂停、终止或流转，请先写实际进展到哪一步。"))
        if self.stage_on > today:
            raise NotPossible(N_("日期不能晚于今天。"))
        self._must_be_complete()

    def move(self, to: Stage, *, on: dt.date, reason: str, today: dt.date) -> None:
        """Go to another stage on a day. Raises `NotPossible` with what is in the way."""
        if to == self.stage:
            raise NotPossible(N_("项目已经在这个阶段。"))
        if to not in self.next_stages:
            raise NotPossible(N_("从现在的阶段不能直接到那一步，请按次序推进。"))
        if self.needs_reason(to) and not reason:
            raise NotPossible(N_("暂停、终止、流转、退回或恢复都要写明原因。"))
        if on > today:
            raise NotPossible(N_("日期不能晚于今天。"))
        if on < self.stage_on:
            raise NotPossible(N_("日期不能早于现在这个阶段开始的%(day)s。"), day=self.stage_on.isoformat())
        self.stage_before = self.reached if to in RESTING else None
        self.stage, self.stage_on = to, on
        self.version += 1
        self._must_be_complete()

    def must_be_version(self, version: int) -> None:
        versions.must_be(self, version, shown=EDITABLE)

    def edit(self, **values: object) -> None:
        versions.edit(self, values, may=EDITABLE)
        self._must_be_complete()

    def _must_be_complete(self) -> None:
        place = IN_ORDER.index(self.reached)
        if place >= IN_ORDER.index(Stage.SIGNED) and self.planned_investment is None:
            raise NotPossible(N_("签约以后的项目要有计划总投资，请先补上。"))
        if place >= IN_ORDER.index(Stage.REGISTERED) and self.landing_unit_id is None:
            raise NotPossible(N_("落地以后的项目要有落地单位，请先补上。"))


EDITABLE = frozenset(
    {
        "platform_number", "name", "organization_id", "introducer_id", "planned_investment", "chain", "landing_unit_id",
        "first_talk_unit_id", "first_talk_on", "issue", "next_step", "unit_id",
    }
)  # fmt: skip


class StageChange(Table, table=True):
    """That a project reached a stage on a day, who noted it, and why if that needed saying."""

    __tablename__ = "stage_change"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id", index=True)
    stage: Stage = Field(sa_column=choice(Stage, nullable=False))
    on: dt.date
    by: str = Field(default="", max_length=40)
    note: str = Field(default="", max_length=300)
    at: Moment = Field(default_factory=now)
