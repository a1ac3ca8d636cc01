"""What a person, their posts and contact points are, and what they can answer about themselves."""

import datetime as dt
import enum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.sealed import EncryptedText, Sealed, SealedText
from yishang_crm.core.words import N_


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
    __table_args__ = (
        sa.Index("ix_person_tier_id", "tier", "id"),
        sa.Index("ix_person_place_id", "native_place", "id"),
        sa.Index("ix_person_state_id", "state", "id"),
        sa.Index("ix_person_gender_id", "gender", "id"),
        sa.Index("ix_person_phone_id", "has_phone", "id"),
        sa.Index("ix_person_mail_id", "has_mail", "id"),
        sa.Index("ix_person_unit_id", "home_unit_id", "id"),
        sa.Index("ix_person_tier_strokes", "tier", "stroke_key", "id"),
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
    native_place: str = Field(default="", max_length=40)
    native_town: str = Field(default="", max_length=40)
    residence: str = Field(default="", max_length=60, index=True)
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
    created_at: Moment = Field(default_factory=now)
    version: int = 1
    # Told by other rows or by the name, kept with the search index (`queries.index`), for filters and orders.
    stroke_key: str = Field(default="", sa_column=sort_key())
    pinyin_key: str = Field(default="", sa_column=sort_key())
    has_phone: bool = False
    has_mail: bool = False
    home_unit_id: int | None = Field(default=None, foreign_key="unit.id")

    @property
    def key(self) -> str:
        return f"person:{self.id}"

    @property
    def birth(self) -> str:
        """As told: `1965-08-03`, `1965-08`, `1965`, or nothing."""
        parts = [f"{self.birth_year:04d}" if self.birth_year else "", self.birth_month, self.birth_day]
        return "-".join(part if isinstance(part, str) else f"{part:02d}" for part in parts if part)

    @property
    def may_be_invited(self) -> bool:
        """The dead, and those who asked to be left alone, are never greeted or invited again (DESIGN §4)."""
        return self.state in (PersonState.ACTIVE, PersonState.RETIRED) and self.do_not_contact_at is None

    def must_be_invitable(self) -> None:
        if self.state == PersonState.DECEASED:
            raise NotPossible(N_("%(name)s已经去世，不能邀请。"), name=self.name)
        if self.do_not_contact_at:
            raise NotPossible(N_("%(name)s要求不再联系，不能邀请。"), name=self.name)
        if self.state == PersonState.OUT_OF_TOUCH:
            raise NotPossible(N_("%(name)s已标为失联，先找到联系方式再邀请。"), name=self.name)

    def must_be_version(self, version: int) -> None:
        """Raises `Stale` with the values as they now stand, so that both can be shown side by side."""
        if version != self.version:
            theirs = {name: getattr(self, name) for name in EDITABLE}
            raise Stale(N_("您打开这一页以后，别人已经改过。请对照后再保存。"), theirs)

    def edit(self, **values: object) -> None:
        """Change what a form may change; what it may not is an error of ours, never of the user."""
        unknown = set(values) - EDITABLE
        if unknown:
            raise ValueError(f"not editable: {sorted(unknown)}")
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1

    def confirm(self, *, at: Moment, by: str) -> None:
        self.confirmed_at, self.confirmed_by = at, by


EDITABLE = frozenset(
    {
        "name", "name_key", "traditional_name", "romanized_name", "former_names", "gender", "birth_year", "birth_month",
        "birth_day", "birth_calendar", "birth_in_leap_month", "native_place", "native_town", "residence", "industry",
        "tier", "state", "salutation_override", "note", "source", "lawful_basis",
    }
)  # fmt: skip


class ContactPoint(Table, table=True):
    """One way to reach a person: phone in E.164, mail address, WeChat id."""

    __tablename__ = "contact_point"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: ContactKind = Field(sa_column=choice(ContactKind, nullable=False))
    value: Sealed = Field(sa_column=sa.Column(SealedText(), nullable=False, index=True))
    typed: Sealed | None = Field(default=None, sa_type=SealedText)
    label: ContactLabel = Field(default=ContactLabel.SELF, sa_column=choice(ContactLabel, nullable=False))
    holder: str = Field(default="", max_length=40)
    connected_user_id: int | None = None
    rank: int = 1
    state: ContactState = Field(default=ContactState.OK, sa_column=choice(ContactState, nullable=False))

    @property
    def is_phone(self) -> bool:
        return self.kind in (ContactKind.MOBILE, ContactKind.LANDLINE)


class Organization(Table, table=True):
    """A company, chamber, association, department, fund or school. No personal data, so open to all staff."""

    __tablename__ = "organization"
    __recorded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120, unique=True)
    short_name: str = Field(default="", max_length=60)
    kind: OrganizationKind = Field(
        default=OrganizationKind.COMPANY, sa_column=choice(OrganizationKind, nullable=False)
    )
    uscc: str | None = Field(default=None, max_length=18, unique=True)
    parent_id: int | None = Field(default=None, foreign_key="organization.id")
    seat: str = Field(default="", max_length=60)
    chain: str = Field(default="", max_length=40)
    created_at: Moment = Field(default_factory=now)
    version: int = 1


class Position(Table, table=True):
    """Person × organization × title. `rank` 1 is the external title, the one on letters."""

    __tablename__ = "position"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    title: str = Field(default="", max_length=80)
    rank: int = 1
    since: dt.date | None = None
    until: dt.date | None = None


class Stewardship(Table, table=True):
    """A unit that keeps a person, or with whom the person is shared. One steward is answerable."""

    __tablename__ = "stewardship"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (
        sa.UniqueConstraint("person_id", "unit_id"),
        sa.Index("ix_stewardship_unit_person", "unit_id", "person_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    unit_id: int = Field(foreign_key="unit.id")
    user_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    kind: StewardshipKind = Field(
        default=StewardshipKind.STEWARD, sa_column=choice(StewardshipKind, nullable=False)
    )
    answerable: bool = False
    since: Moment = Field(default_factory=now)


class Place(Table, table=True):
    """The dictionary of native places, with its history; editable, each entry flagged until confirmed.

    `level` is city, county, zone or town; `parent` the county's name; `valid_to` (YYYY-MM) where it left Anqing.
    """

    __tablename__ = "place"
    __recorded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(max_length=40, index=True)
    level: str = Field(max_length=10)
    parent: str = Field(default="", max_length=40)
    aliases: str = Field(default="", max_length=300)
    code: str = Field(default="", max_length=12)
    display_order: int = 0
    valid_to: str = Field(default="", max_length=7)
    counts_as_native: bool = True
    state: str = Field(default="待核定", max_length=10)
    remark: str = Field(default="", max_length=200)


class BatchState(enum.StrEnum):
    CHECKED = "checked"
    WRITING = "writing"
    DONE = "done"
    DISCARDED = "discarded"


class ImportBatch(Table, table=True):
    """One file that was brought: what it held, what was decided, what came of it."""

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
    state: BatchState = Field(default=BatchState.CHECKED, sa_column=choice(BatchState, nullable=False))
    choices: dict = Field(default_factory=dict, sa_type=sa.JSON)
    layout: list = Field(default_factory=list, sa_type=sa.JSON)
    rows_in_file: int = 0
    counts: dict = Field(default_factory=dict, sa_type=sa.JSON)
    created_at: Moment = Field(default_factory=now)
    written_at: Moment | None = None

    def begin_writing(self) -> None:
        if self.state not in (BatchState.CHECKED, BatchState.WRITING):
            raise NotPossible(N_("这份名册已经处理过，不能再写入一次。"))
        self.state = BatchState.WRITING

    def finish(self, *, counts: dict, at: Moment) -> None:
        self.state, self.counts, self.written_at = BatchState.DONE, counts, at
        self._forget_samples()

    def discard(self) -> None:
        if self.state != BatchState.CHECKED:
            raise NotPossible(N_("这份名册已经写入，不能作废。"))
        self.state = BatchState.DISCARDED
        self._forget_samples()

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


class RowOutcome(enum.StrEnum):
    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    ERROR = "error"


class ImportRow(Table, table=True):
    """One person's row of a batch while it is checked. Its values are wiped when the batch is closed."""

    __tablename__ = "import_row"
    __guarded__: ClassVar[bool] = True
    __silent__: ClassVar[frozenset[str]] = frozenset({"fields", "changes"})

    id: int | None = Field(default=None, primary_key=True)
    batch_id: int = Field(foreign_key="import_batch.id", index=True)
    sheet: str = Field(default="", max_length=80)
    row: int = 0
    outcome: RowOutcome = Field(sa_column=choice(RowOutcome, nullable=False))
    person_id: int | None = Field(default=None, index=True)
    fields: dict = Field(default_factory=dict, sa_type=sa.JSON)
    changes: dict = Field(default_factory=dict, sa_type=sa.JSON)
    problems: list = Field(default_factory=list, sa_type=sa.JSON)
    written_at: Moment | None = None
