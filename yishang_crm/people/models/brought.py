"""A file that was brought: what it held, what was decided, what came of it, and how that is taken back."""

import datetime as dt
import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import EncryptedBytes, EncryptedText, Sealed
from yishang_crm.core.words import N_
from yishang_crm.people.models.persons import LawfulBasis

UNDO_WITHIN = dt.timedelta(days=30)
KEPT_OPEN = dt.timedelta(days=7)


class BatchState(enum.StrEnum):
    CHECKED = "checked"
    WRITING = "writing"
    DONE = "done"
    DISCARDED = "discarded"
    UNDOING = "undoing"
    UNDONE = "undone"


UNDER_WAY = (BatchState.WRITING, BatchState.UNDOING)


class ConflictRule(enum.StrEnum):
    """Whose value stands where the database and the file differ."""

    FILE = "file"
    NEWER = "newer"
    FILL = "fill"


class RowOutcome(enum.StrEnum):
    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    ERROR = "error"


WRITTEN = (RowOutcome.CREATE, RowOutcome.UPDATE)


class ImportBatch(Table, table=True):
    """One file. `beat_at` is when a process last wrote a part of it; `closed_why` why it was closed by the house."""

    __tablename__ = "import_batch"
    __guarded__: ClassVar[bool] = True
    __silent__: ClassVar[frozenset[str]] = frozenset({"layout"})

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    user_id: int = Field(default=0, index=True)
    file_name: str = Field(max_length=200)
    file_hash: str = Field(default="", max_length=64)
    source: str = Field(default="", max_length=120)
    lawful_basis: LawfulBasis = Field(default=LawfulBasis.DUTY, sa_column=choice(LawfulBasis, nullable=False))
    as_of: dt.date | None = None
    rule: ConflictRule = Field(
        default=ConflictRule.FILE, sa_column=choice(ConflictRule, nullable=False, server_default="file")
    )
    state: BatchState = Field(
        default=BatchState.CHECKED, sa_column=choice(BatchState, nullable=False, index=True)
    )
    choices: dict = Field(default_factory=dict, sa_type=sa.JSON)
    layout: list = Field(default_factory=list, sa_type=sa.JSON)
    rows_in_file: int = 0
    counts: dict = Field(default_factory=dict, sa_type=sa.JSON)
    created_at: Moment = Field(default_factory=now)
    beat_at: Moment | None = None
    written_at: Moment | None = None
    undone_at: Moment | None = None
    images_gone_at: Moment | None = None

    def must_be_checked(self) -> None:
        if self.state != BatchState.CHECKED:
            raise NotPossible(N_("这份名册已经不在核对中，不能再改。"))

    def begin_writing(self) -> None:
        if self.state not in (BatchState.CHECKED, BatchState.WRITING):
            raise NotPossible(N_("这份名册已经处理过，不能再写入一次。"))
        self.state = BatchState.WRITING

    def finish(self, *, counts: dict, at: Moment) -> None:
        if self.state != BatchState.WRITING:
            raise NotPossible(N_("这份名册不在写入中。"))
        self.state, self.counts, self.written_at = BatchState.DONE, counts, at
        self._forget_samples()

    def discard(self) -> None:
        if self.state != BatchState.CHECKED:
            raise NotPossible(N_("这份名册已经写入，不能作废。"))
        self.state = BatchState.DISCARDED
        self._forget_samples()

    def undo_until(self) -> Moment | None:
        """Until when what it wrote can be taken back; None when it cannot."""
        if self.state != BatchState.DONE or self.written_at is None or self.images_gone_at:
            return None
        return self.written_at + UNDO_WITHIN

    def begin_undoing(self, *, at: Moment) -> None:
        until = self.undo_until()
        if self.state == BatchState.UNDOING:
            return
        if self.state == BatchState.UNDONE:
            raise NotPossible(N_("这次导入已经撤销过。"))
        if until is None or at > until:
            raise NotPossible(N_("写入已超过30天，或没有写入过，不能整份撤销。请在各人的页面上修改。"))
        self.state = BatchState.UNDOING

    def be_undone(self, *, at: Moment) -> None:
        if self.state != BatchState.UNDOING:
            raise NotPossible(N_("这次导入不在撤销中。"))
        self.state, self.undone_at, self.images_gone_at = BatchState.UNDONE, at, at

    def _forget_samples(self) -> None:
        # The five real values shown per column were for checking only.
        self.layout = [
            sheet
            | {
                "columns": [
                    {key: column[key] for key in column if key != "samples"} for column in sheet["columns"]
                ]
            }
            for sheet in self.layout
        ]


class ImportRow(Table, table=True):
    """One person's row of a batch. `fields` and `changes` are wiped when the batch is closed.

    `problems` are what its reading found, `reasons` why it has its outcome, `doubt` the kind of a conflict, `decision`
    what a person said of that, `left` what an undo had to leave as it is. Sentences: see `words.tell`.
    """

    __tablename__ = "import_row"
    __guarded__: ClassVar[bool] = True
    __silent__: ClassVar[frozenset[str]] = frozenset({"fields", "changes", "problems", "reasons"})
    __table_args__ = (sa.Index("ix_import_row_batch_outcome", "batch_id", "outcome", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    sheet: str = Field(default="", max_length=80)
    row: int = 0
    outcome: RowOutcome = Field(sa_column=choice(RowOutcome, nullable=False))
    person_id: int | None = Field(default=None, index=True)
    doubt: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    decision: str = Field(default="", max_length=20, sa_column_kwargs={"server_default": ""})
    fields: dict = Field(default_factory=dict, sa_type=sa.JSON)
    changes: dict = Field(default_factory=dict, sa_type=sa.JSON)
    problems: list = Field(default_factory=list, sa_type=sa.JSON)
    reasons: list = Field(
        default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False, server_default="[]")
    )
    left: list = Field(
        default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False, server_default="[]")
    )
    version: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    written_at: Moment | None = None
    undone_at: Moment | None = None


class ImageKind(enum.StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    ORGANIZATION = "organization"


class ImportImage(Table, table=True):
    """What undoing one row needs: values before it, and marks of the values after it, by which later edits are seen.

    Encrypted, kept for 30 days beside the batch. `subject_id` is a person's or, for a firm the file brought, its id.
    """

    __tablename__ = "import_image"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    row_id: int | None = Field(default=None)
    kind: ImageKind = Field(sa_column=choice(ImageKind, nullable=False))
    subject_id: int
    before: Sealed | None = Field(default=None, sa_type=EncryptedText)
    marks: dict = Field(default_factory=dict, sa_type=sa.JSON)


class ImportPiece(Table, table=True):
    """A piece of the file while its columns may still be corrected: in the database, so that every machine has it."""

    __tablename__ = "import_piece"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    number: int
    content: bytes = Field(sa_type=EncryptedBytes)


class ImportLayout(Table, table=True):
    """What a unit said of a form's columns: proposed when a file with the same headers comes again."""

    __tablename__ = "import_layout"
    __recorded__: ClassVar[bool] = True
    __table_args__ = (sa.UniqueConstraint("unit_id", "layout_key"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    layout_key: str = Field(max_length=24)
    columns: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    saved_at: Moment = Field(default_factory=now)
