"""What is kept of a file; its bytes lie in a table of their own, so that lists stay light."""

import enum
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice


class FileKind(enum.StrEnum):
    PHOTO = "photo"
    PAPER = "paper"


class PersonFile(Table, table=True):
    """A file on a person's record. Of photos the newest is the one that is shown, and its number tells which one a page saw:
    a number is never given twice.
    """

    __tablename__ = "person_file"
    __guarded__: ClassVar[bool] = True
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: FileKind = Field(sa_column=choice(FileKind, nullable=False))
    name: str = Field(max_length=120)
    content_type: str = Field(max_length=80)
    size: int = 0
    added_at: Moment = Field(default_factory=now)
    added_by: str = Field(default="", max_length=60)

    @property
    def key(self) -> str:
        return f"person_file:{self.id}"


class FileContent(Table, table=True):
    """The bytes. In the database, for a backup holds them and every machine reaches them."""

    __tablename__ = "file_content"
    __guarded__: ClassVar[bool] = True
    __silent__: ClassVar[frozenset[str]] = frozenset({"content"})

    id: int | None = Field(default=None, primary_key=True)
    file_id: int = Field(foreign_key="person_file.id", unique=True)
    content: bytes = Field(sa_type=sa.LargeBinary)
