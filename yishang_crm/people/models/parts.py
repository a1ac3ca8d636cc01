"""What hangs on a person: the ways to reach them and their posts, each in the order in which it is used."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.core import versions
from yishang_crm.core.db import Table, choice
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.sealed import Sealed, SealedText
from yishang_crm.core.words import N_
from yishang_crm.people.models.persons import ContactKind, ContactLabel, ContactState

CONTACT_SHOWN = ("value", "label", "holder", "connected_user_id", "state")
POST_SHOWN = ("organization_id", "title", "since", "until")


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

    @property
    def has_failed(self) -> bool:
        return self.state in (ContactState.WRONG, ContactState.BOUNCED)

    @property
    def seen(self) -> str:
        """The mark of what stands, which a form carries along."""
        return versions.mark_of(self, CONTACT_SHOWN)

    def must_be_seen(self, seen: str) -> None:
        versions.must_be_seen(self, seen, shown=CONTACT_SHOWN)

    def correct(self, *, kind: ContactKind, value: Sealed, typed: Sealed) -> None:
        """Another value of the same kind; a phone stays a phone, and its number tells which. What failed was the old one."""
        if kind != self.kind and not (self.is_phone and kind in (ContactKind.MOBILE, ContactKind.LANDLINE)):
            raise NotPossible(N_("种类不能改。这里写号码，邮箱和微信号请另加一个。"))
        if self.has_failed and value != self.value:
            self.state = ContactState.OK
        self.kind, self.value, self.typed = kind, value, typed

    def connect(self, user_id: int | None) -> None:
        """Which colleague is among this person's friends on WeChat."""
        if user_id is not None and self.kind != ContactKind.WECHAT:
            raise NotPossible(N_("只有微信号才记谁加了好友。"))
        self.connected_user_id = user_id


class Position(Table, table=True):
    """Person × organization × title. The first that stands, by `rank`, is the external title, the one on letters."""

    __tablename__ = "position"
    __guarded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    organization_id: int = Field(foreign_key="organization.id", index=True)
    title: str = Field(default="", max_length=80)
    rank: int = 1
    since: dt.date | None = None
    until: dt.date | None = None
    edition_id: int | None = Field(default=None, foreign_key="chamber_edition.id", index=True)

    @property
    def seen(self) -> str:
        """The mark of what stands, which a form carries along."""
        return versions.mark_of(self, POST_SHOWN)

    def must_be_seen(self, seen: str) -> None:
        versions.must_be_seen(self, seen, shown=POST_SHOWN)

    def correct(
        self, *, organization_id: int, title: str, since: dt.date | None, until: dt.date | None
    ) -> None:
        """A post at another organization is no office of an edition any more."""
        if organization_id != self.organization_id:
            self.organization_id, self.edition_id = organization_id, None
        self.title, self.since, self.until = title, since, until


def must_be_a_term(
    since: dt.date | None, until: dt.date | None, *, today: dt.date, is_first: bool = False
) -> None:
    """`until` is the day on which somebody left, so that it never lies ahead; who left goes by another title."""
    if until is None:
        return
    if until > today:
        raise NotPossible(N_("离任日期不能晚于今天；还在任的请留空。"))
    if since is not None and until < since:
        raise NotPossible(N_("离任日期不能早于任职日期。"))
    if is_first:
        raise NotPossible(N_("已离任的职务不能对外用，请去掉离任日期，或者不勾“对外用这个职务”。"))


def put_first(row: Any, rows: Sequence[Any]) -> None:
    """This one before the others of the person, who keep their order. `rows`: all of them, in the order that stands."""
    for rank, one in enumerate([row, *(other for other in rows if other.id != row.id)], 1):
        one.rank = rank


def put_last(row: Any, rows: Sequence[Any]) -> None:
    """A new one behind all that stand."""
    row.rank = max((one.rank for one in rows), default=0) + 1
