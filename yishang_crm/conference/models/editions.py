"""An edition of the conference, and how many guests each unit may propose: what they are and what they can answer."""

import datetime as dt
from typing import ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.conference.models.states import SAVED_MEANWHILE, Category
from yishang_crm.core.clock import local
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.words import N_


class Edition(Table, table=True):
    """One conference; times mean Asia/Shanghai for people.

    `texts` holds the paragraphs of the letter by language (`{"zh_Hans": ["…", "…"]}`); a language that is missing has
    the shipped ones of `wording`. `seats_taken` is kept by `core.bulk.take`, never beyond `seats` (None: no limit).
    """

    __tablename__ = "edition"
    __recorded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(max_length=40, unique=True)
    number: int
    name: str = Field(max_length=60)
    name_en: str = Field(default="", max_length=120)
    starts_at: Moment
    ends_at: Moment
    venue: str = Field(max_length=80)
    venue_en: str = Field(default="", max_length=120)
    register_note: str = Field(default="", max_length=120)
    organizer: str = Field(default="中国宜商大会组织委员会", max_length=60)
    organizer_en: str = Field(default="Organizing Committee of the China Yishang Conference", max_length=120)
    series: str = Field(default="宜商邀", max_length=20)
    letter_year: int
    last_letter_number: int = 0
    letter_date: dt.date | None = None
    reply_until: dt.date
    seats: int | None = None
    seats_taken: int = 0
    max_companions: int = 3
    office_phone: str = Field(default="", max_length=40)
    texts: dict = Field(default_factory=dict, sa_type=sa.JSON)
    consent_version: str = Field(default="2026-1", max_length=20)
    closed_at: Moment | None = None
    followed_up_at: Moment | None = None
    version: int = 1

    def must_be_open(self) -> None:
        if self.closed_at:
            raise NotPossible(N_("%(name)s已经结束，不能再改。"), name=self.name)

    def takes_replies(self, *, on: dt.date) -> bool:
        return self.closed_at is None and on <= self.reply_until

    def must_make_sense(self) -> None:
        """Dates in their order, and room for those who said yes."""
        if self.ends_at <= self.starts_at:
            raise NotPossible(N_("结束时间要晚于开始时间。"))
        if self.reply_until > local(self.starts_at).date():
            raise NotPossible(N_("答复截止日不能晚于开幕那一天。"))
        if self.seats is not None and self.seats < self.seats_taken:
            raise NotPossible(N_("已经有%(taken)s位答应参会，座位不能比这个数少。"), taken=self.seats_taken)

    def must_be_at(self, version: int | None) -> None:
        """Raises `Stale` when somebody saved since this version was shown; None does not ask."""
        if version is not None and version != self.version:
            theirs: dict[str, object] = {
                "name": self.name,
                "seats": self.seats,
                "reply_until": self.reply_until,
            }
            raise Stale(SAVED_MEANWHILE, theirs)

    def close(self, *, at: Moment) -> None:
        self.must_be_open()
        if at < self.starts_at:
            raise NotPossible(N_("大会还没有开始，不能结束。"))
        self.closed_at = at

    def begin_follow_up(self, *, at: Moment) -> None:
        if self.followed_up_at:
            raise NotPossible(
                N_("会后跟进已经在%(day)s布置过。"), day=f"{local(self.followed_up_at):%Y-%m-%d}"
            )
        if at < self.ends_at:
            raise NotPossible(N_("大会还没有结束，不能布置会后跟进。"))
        self.followed_up_at = at


class Quota(Table, table=True):
    """How many guests of a category a unit may nominate. `used` is kept by `core.bulk.take`, never beyond `granted`.

    It counts nominations that stand: neither rejected nor withdrawn. Reserves count, so that one can move up at any time.
    """

    __tablename__ = "quota"
    __recorded__: ClassVar[bool] = True
    __table_args__ = (sa.UniqueConstraint("edition_id", "unit_id", "category"),)

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    category: Category = Field(sa_column=choice(Category, nullable=False))
    granted: int = Field(default=0, ge=0)
    used: int = Field(default=0, ge=0)

    @property
    def left(self) -> int:
        return self.granted - self.used

    def grant(self, granted: int) -> None:
        if granted < self.used:
            raise NotPossible(N_("已经提名%(used)s人，名额不能比这个数少。"), used=self.used)
        self.granted = granted
