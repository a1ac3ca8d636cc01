"""What a person is, who keeps them, the organizations; and what they can answer about themselves."""

import datetime as dt
import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import attributes
from sqlmodel import Field

from yishang_crm.core import versions
from yishang_crm.core.clock import now, today
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import EncryptedText, Sealed
from yishang_crm.core.words import N_
from yishang_crm.people.birthdays import Birth, columns_of
from yishang_crm.people.places.localities import NOTHING


class Gender(enum.StrEnum):
    MALE = "male"
    FEMALE = "female"


class Tier(enum.StrEnum):
    """How closely a person is kept in touch with; drives cadence and reception (domain.md §2.2)."""

    A = "A"
    B = "B"
    C = "C"


class PersonState(enum.StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"
    OUT_OF_TOUCH = "out_of_touch"
    DECEASED = "deceased"


class BirthCalendar(enum.StrEnum):
    SOLAR = "solar"
    LUNAR = "lunar"


class LawfulBasis(enum.StrEnum):
    """Why the house may hold a record (PIPL art. 13, domain.md §6.1)."""

    DUTY = "duty"
    CONSENT = "consent"
    PUBLIC = "public"


class OrganizationKind(enum.StrEnum):
    COMPANY = "company"
    CHAMBER = "chamber"
    ASSOCIATION = "association"
    DEPARTMENT = "department"
    FUND = "fund"
    SCHOOL = "school"


class ContactKind(enum.StrEnum):
    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    WECHAT = "wechat"


class ContactLabel(enum.StrEnum):
    SELF = "self"
    SECRETARY = "secretary"
    DRIVER = "driver"
    SPOUSE = "spouse"
    OFFICE = "office"


class ContactState(enum.StrEnum):
    OK = "ok"
    BOUNCED = "bounced"
    WRONG = "wrong"
    OPTED_OUT = "opted_out"


class StewardshipKind(enum.StrEnum):
    STEWARD = "steward"
    SHARED = "shared"


def sort_key() -> sa.Column[Any]:
    """A column to sort by, the same on both databases: PostgreSQL's own collations would pass over the spaces."""
    text = sa.String(160).with_variant(sa.String(160, collation="C"), "postgresql")
    return sa.Column(text, nullable=False, index=True)


class Person(Table, table=True):
    """One true record of a native entrepreneur. Names stand as written; nothing converts them by itself."""

    __tablename__ = "person"
    __guarded__: ClassVar[bool] = True
    # Kept in step with `residence` by `queries.whereabouts`, with the name and the person's own rows by `queries.index`.
    __derived__: ClassVar[tuple[str, ...]] = (
        "residence_key", "residence_area", "stroke_key", "pinyin_key", "has_phone", "has_mail", "home_unit_id",
    )  # fmt: skip
    __table_args__ = (
        sa.Index("ix_person_tier_id", "tier", "id"),
        sa.Index("ix_person_place_id", "native_place", "id"),
        sa.Index("ix_person_place_tier_id", "native_place", "tier", "id"),
        # Only the few that are erased stand in it, so that no plan takes it for the many that are not.
        sa.Index(
            "ix_person_erased_at",
            "erased_at",
            sqlite_where=sa.text("erased_at IS NOT NULL"),
            postgresql_where=sa.text("erased_at IS NOT NULL"),
        ),
        sa.Index("ix_person_residence_key_id", "residence_key", "id"),
        sa.Index("ix_person_residence_area_id", "residence_area", "id"),
        sa.Index("ix_person_state_id", "state", "id"),
        sa.Index("ix_person_gender_id", "gender", "id"),
        sa.Index("ix_person_phone_id", "has_phone", "id"),
        sa.Index("ix_person_mail_id", "has_mail", "id"),
        sa.Index("ix_person_unit_id", "home_unit_id", "id"),
        sa.Index("ix_person_tier_strokes", "tier", "stroke_key", "id"),
        # The number of somebody who was taken off is nobody else's: trail and addresses name people by it.
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=60)
    name_key: str = Field(max_length=60, index=True)
    traditional_name: str = Field(default="", max_length=60)
    romanized_name: str = Field(default="", max_length=80)
    former_names: str = Field(default="", max_length=120)
    gender: Gender | None = Field(default=None, sa_column=choice(Gender, nullable=True))
    birth_year: int | None = Field(default=None, ge=1880, le=2100)
    birth_month: int | None = Field(default=None, ge=1, le=12)
    birth_day: int | None = Field(default=None, ge=1, le=31)
    birth_calendar: BirthCalendar = Field(
        default=BirthCalendar.SOLAR, sa_column=choice(BirthCalendar, nullable=False)
    )
    birth_in_leap_month: bool = False
    # What grows with time is a stored date: the next birthday in either calendar, moved on once a night.
    solar_birthday_on: dt.date | None = Field(default=None, index=True)
    lunar_birthday_on: dt.date | None = Field(default=None, index=True)
    native_place: str = Field(default="", max_length=40)
    native_town: str = Field(default="", max_length=40)
    residence: str = Field(default="", max_length=60, index=True)
    # Both follow `residence`; see queries.whereabouts. The area stands apart so that a province has an order of its own.
    residence_key: str = Field(default=NOTHING, max_length=8)
    residence_area: str = Field(default=NOTHING, max_length=4)
    industry: str = Field(default="", max_length=60, index=True)
    tier: Tier = Field(default=Tier.C, sa_column=choice(Tier, nullable=False))
    state: PersonState = Field(default=PersonState.ACTIVE, sa_column=choice(PersonState, nullable=False))
    salutation_override: str = Field(default="", max_length=60)
    id_number: Sealed | None = Field(default=None, sa_type=EncryptedText)
    id_number_index: str | None = Field(default=None, max_length=64, index=True)
    note: str = Field(default="", max_length=2000)
    source: str = Field(default="", max_length=120, index=True)
    lawful_basis: LawfulBasis = Field(default=LawfulBasis.DUTY, sa_column=choice(LawfulBasis, nullable=False))
    do_not_contact_at: Moment | None = Field(default=None, index=True)
    confirmed_at: Moment | None = Field(default=None, index=True)
    confirmed_by: str = Field(default="", max_length=60)
    photo_id: int | None = None  # a row of `person_file`; what the head of the record shows
    created_at: Moment = Field(default_factory=now)
    # Told by other rows or by the name, kept with the search index (`queries.index`), for filters and orders.
    stroke_key: str = Field(default="", sa_column=sort_key())
    pinyin_key: str = Field(default="", sa_column=sort_key())
    has_phone: bool = False
    has_mail: bool = False
    home_unit_id: int | None = Field(default=None, foreign_key="unit.id")
    # At the person's own request: the row stays, empty, so that what others counted still counts (PIPL art. 47).
    erased_at: Moment | None = None
    version: int = 1

    @property
    def key(self) -> str:
        return f"person:{self.id}"

    @property
    def birth(self) -> str:
        """As told: `1965-08-03`, `1965-08`, `1965`, or nothing."""
        return said_birth(self.birth_year, self.birth_month, self.birth_day)

    @property
    def born(self) -> Birth:
        """The same, to be counted with."""
        return Birth(
            self.birth_year,
            self.birth_month,
            self.birth_day,
            is_lunar=self.birth_calendar == BirthCalendar.LUNAR,
            in_leap_month=self.birth_in_leap_month,
        )

    @property
    def birthday_on(self) -> dt.date | None:
        """The next one, by the calendar in which the birth was told."""
        return self.lunar_birthday_on if self.born.is_lunar else self.solar_birthday_on

    @property
    def may_be_invited(self) -> bool:
        """The dead, and those who asked to be left alone, are never greeted or invited again (DESIGN §4)."""
        return self.state in (PersonState.ACTIVE, PersonState.RETIRED) and self.do_not_contact_at is None

    @property
    def standing(self) -> str | None:
        """What every list says beside the name, one word; None for who is in office and may be asked."""
        if self.state == PersonState.DECEASED:
            return N_("已故")
        if self.do_not_contact_at:
            return N_("勿扰")
        return _STANDINGS.get(self.state)

    @property
    def why_left_alone(self) -> str | None:
        """Why nothing may be asked of them or sent to them, a sentence; None where nothing speaks against it."""
        if self.state == PersonState.DECEASED:
            return N_("此人已经去世。")
        return N_("此人要求不再联系。") if self.do_not_contact_at else None

    def is_confirmed_since(self, moment: Moment) -> bool:
        return self.confirmed_at is not None and self.confirmed_at >= moment

    def must_be_invitable(self) -> None:
        if self.state == PersonState.DECEASED:
            raise NotPossible(N_("%(name)s已经去世，不能邀请。"), name=self.name)
        if self.do_not_contact_at:
            raise NotPossible(N_("%(name)s要求不再联系，不能邀请。"), name=self.name)
        if self.state == PersonState.OUT_OF_TOUCH:
            raise NotPossible(N_("%(name)s已标为失联，先找到联系方式再邀请。"), name=self.name)

    def must_be_version(self, version: int) -> None:
        versions.must_be(self, version, shown=EDITABLE)

    def edit(self, **values: object) -> None:
        versions.edit(self, values, may=EDITABLE)

    def confirm(self, *, at: Moment, by: str) -> None:
        self.confirmed_at, self.confirmed_by = at, by

    def erase(self, *, at: Moment) -> None:
        """Keep nothing but the number under which others counted this person."""
        for name, field in type(self).model_fields.items():
            if (
                name not in ("id", "created_at", "version") and not field.is_required()
            ):  # also what is added later
                setattr(self, name, field.get_default(call_default_factory=True))
        self.name = self.name_key = ERASED
        self.do_not_contact_at = self.erased_at = at
        self.version += 1


ERASED = "已删除"
_STANDINGS = {PersonState.OUT_OF_TOUCH: N_("失联"), PersonState.RETIRED: N_("退休")}
_OF_BIRTH = ("birth_year", "birth_month", "birth_day", "birth_calendar", "birth_in_leap_month")


@sa.event.listens_for(Person, "before_insert")
@sa.event.listens_for(Person, "before_update")
def _settle_birthdays(_mapper: object, _connection: object, person: Person) -> None:
    # By whatever way a birth is written, its next birthdays are written with it.
    history = sa.inspect(person).attrs
    if any(history[name].history.has_changes() for name in _OF_BIRTH):
        for name, day in columns_of(person.born, on_or_after=today()).items():
            attributes.set_attribute(person, name, day)  # past pydantic, which would set every other one anew


def said_birth(year: int | None, month: int | None, day: int | None) -> str:
    """`1965-08-03`, `1965-08`, `1965`, or nothing."""
    parts = [f"{year:04d}" if year else "", month, day]
    return "-".join(part if isinstance(part, str) else f"{part:02d}" for part in parts if part)


EDITABLE = frozenset(
    {
        "name", "name_key", "traditional_name", "romanized_name", "former_names", "gender", "birth_year", "birth_month",
        "birth_day", "birth_calendar", "birth_in_leap_month", "native_place", "native_town", "residence", "industry",
        "tier", "state", "salutation_override", "note", "source", "lawful_basis",
    }
)  # fmt: skip


class Organization(Table, table=True):
    """A company, chamber, association, department, fund or school. No personal data, so open to all staff."""

    __tablename__ = "organization"
    __recorded__: ClassVar[bool] = True
    __table_args__ = (sa.Index("ix_organization_kind_id", "kind", "id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120, unique=True)
    short_name: str = Field(default="", max_length=60)
    kind: OrganizationKind = Field(
        default=OrganizationKind.COMPANY, sa_column=choice(OrganizationKind, nullable=False)
    )
    uscc: str | None = Field(default=None, max_length=18, unique=True)
    parent_id: int | None = Field(default=None, foreign_key="organization.id", index=True)
    seat: str = Field(default="", max_length=60)
    chain: str = Field(default="", max_length=40, index=True)
    created_at: Moment = Field(default_factory=now)
    version: int = 1

    def must_be_version(self, version: int) -> None:
        versions.must_be(self, version, shown=ORGANIZATION_EDITABLE)

    def edit(self, **values: object) -> None:
        versions.edit(self, values, may=ORGANIZATION_EDITABLE)


ORGANIZATION_EDITABLE = frozenset(
    {"name", "name_key", "short_name", "kind", "uscc", "parent_id", "seat", "chain"}
)


class Stewardship(Table, table=True):
    """A unit that keeps a person, or with whom the person is shared. One steward is answerable."""

    __tablename__ = "stewardship"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (
        sa.UniqueConstraint("person_id", "unit_id"),
        sa.Index("ix_stewardship_unit_person", "unit_id", "person_id"),
        # The newest of somebody's own people, whom a search puts first, are read from its end.
        sa.Index("ix_stewardship_user_person", "user_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    unit_id: int = Field(foreign_key="unit.id")
    user_id: int | None = Field(default=None, foreign_key="user_account.id")
    kind: StewardshipKind = Field(
        default=StewardshipKind.STEWARD, sa_column=choice(StewardshipKind, nullable=False)
    )
    answerable: bool = False
    since: Moment = Field(default_factory=now)
