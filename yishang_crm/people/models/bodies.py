"""What an organization has beside its name: honours; and, where it is a chamber, its editions and its state."""

import datetime as dt
import enum
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field
from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from yishang_crm.core.db import Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.models.persons import OrganizationKind

HAVE_EDITIONS = (OrganizationKind.CHAMBER, OrganizationKind.ASSOCIATION)


class ChamberType(enum.StrEnum):
    """domain.md §1.7."""

    ELSEWHERE = "elsewhere"
    INDUSTRY = "industry"
    ALUMNI = "alumni"
    NATIVES = "natives"
    OVERSEAS = "overseas"


class ChamberLevel(enum.StrEnum):
    CITY = "city"
    COUNTY = "county"


class ChamberState(enum.StrEnum):
    PREPARING = "preparing"
    STANDING = "standing"
    RE_ELECTING = "re_electing"
    DORMANT = "dormant"


class OrganizationHonour(Table, table=True):
    """That an organization bears an honour of the dictionary."""

    __tablename__ = "organization_honour"
    __recorded__: ClassVar[bool] = True
    __table_args__ = (sa.UniqueConstraint("organization_id", "word_id"),)

    id: int | None = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id")
    word_id: int = Field(foreign_key="dictionary_word.id", index=True)


class Chamber(Table, table=True):
    """What only chambers and associations have. Who holds an office there is a position, which is guarded."""

    __tablename__ = "chamber"
    __recorded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id", unique=True)
    type: ChamberType = Field(default=ChamberType.ELSEWHERE, sa_column=choice(ChamberType, nullable=False))
    level: ChamberLevel = Field(default=ChamberLevel.CITY, sa_column=choice(ChamberLevel, nullable=False))
    state: ChamberState = Field(default=ChamberState.STANDING, sa_column=choice(ChamberState, nullable=False))
    founded_on: dt.date | None = None
    reelection_on: dt.date | None = Field(default=None, index=True)
    registration_number: str = Field(default="", max_length=40)
    members: int | None = Field(default=None, ge=0)
    guided_by: str = Field(default="", max_length=80)
    office: str = Field(default="", max_length=120)
    official_account: str = Field(default="", max_length=60)

    def edit(self, **values: object) -> None:
        for name, value in values.items():
            setattr(self, name, value)


class ChamberEdition(Table, table=True):
    """One term of a chamber's officers: 第三届. The one that has not ended is the present one."""

    __tablename__ = "chamber_edition"
    __recorded__: ClassVar[bool] = True
    __table_args__ = (sa.UniqueConstraint("organization_id", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    organization_id: int = Field(foreign_key="organization.id")
    number: int = Field(ge=1, le=99)
    since: dt.date
    ended_on: dt.date | None = None

    def follow(self, before: "ChamberEdition") -> None:
        """This edition takes over from the one before it."""
        if self.number <= before.number:
            raise NotPossible(N_("现在是第%(number)s届，新的一届要比它大。"), number=before.number)
        if self.since <= before.since:
            raise NotPossible(N_("新的一届要在上一届开始之后。"))
        before.ended_on = self.since


def checked_uscc(typed: str) -> str | None:
    """A 统一社会信用代码 in its whole form, or None for nothing. Raises `NotPossible` with what is wrong (domain.md §7)."""
    if not typed.strip():
        return None
    try:
        return str(uscc.validate(typed))
    except InvalidLength as wrong:
        raise NotPossible(
            N_("统一社会信用代码是18位，现在有%(count)s位。"), count=len(uscc.compact(typed))
        ) from wrong
    except InvalidChecksum as wrong:
        raise NotPossible(N_("统一社会信用代码的最后一位对不上，多半抄错了一位，请核对营业执照。")) from wrong
    except ValidationError as wrong:
        raise NotPossible(
            N_("统一社会信用代码里有不该有的字符：前8位是数字，全码不用字母I、O、Z、S、V。")
        ) from wrong
