"""What a unit, a user and a sign-in are, and what they can answer about themselves."""

import datetime as dt
import enum
from typing import ClassVar

from sqlmodel import Field

from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.sealed import EncryptedText, Sealed, SealedText
from yishang_crm.core.words import N_


class UnitKind(enum.StrEnum):
    BUREAU = "bureau"
    COUNTY = "county"
    DEPARTMENT = "department"
    GROUP = "group"
    OUTSIDE = "outside"  # chambers and partners, whose people sign in to the portal


class Role(enum.StrEnum):
    """Who somebody is to the house; `roles.py` says what each may do."""

    ADMIN = "admin"
    SECURITY = "security"
    AUDITOR = "auditor"
    LEADER = "leader"
    BUREAU = "bureau"
    ORGANIZER = "organizer"
    COUNTY = "county"
    GROUP = "group"
    DESK = "desk"
    AMBASSADOR = "ambassador"
    PARTNER = "partner"
    CHAMBER = "chamber"


ADMINISTRATORS = frozenset({Role.ADMIN, Role.SECURITY, Role.AUDITOR})
PORTAL_ROLES = frozenset({Role.AMBASSADOR, Role.PARTNER, Role.CHAMBER})
ONE_TIME_PASSWORD_HOLDS = dt.timedelta(hours=72)

_SAVED_MEANWHILE = N_("有人刚刚改过这条记录，请看一眼最新的内容再保存。")


class Unit(Table, table=True):
    """A body that owns people: the bureau, the 12 county units, city departments, investment groups (domain.md §1.1)."""

    __tablename__ = "unit"
    __recorded__: ClassVar[bool] = True

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=80, unique=True)
    short_name: str = Field(max_length=20)
    kind: UnitKind = Field(sa_column=choice(UnitKind, nullable=False))
    display_order: int = Field(index=True)
    liaison_name: str = Field(default="", max_length=40)
    liaison_phone: str = Field(default="", max_length=40)
    # Names that a user could dispute stand as 待核定 until somebody has confirmed them.
    confirmed_at: Moment | None = None
    closed_at: Moment | None = None
    version: int = 1

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def must_be_at(self, version: int) -> None:
        """Raises `Stale` when somebody saved since this version was shown."""
        if self.version != version:
            raise Stale(_SAVED_MEANWHILE, {"name": self.name, "short_name": self.short_name})

    def close(self, *, at: Moment, users: int) -> None:
        """Close a unit that was dissolved. `users`: how many active accounts still belong to it."""
        if self.closed_at:
            raise NotPossible(N_("这个单位已经撤销。"))
        if users:
            raise NotPossible(N_("这个单位还有%(users)s个在用账号，请先停用或转到别的单位。"), users=users)
        self.closed_at = at

    def reopen(self) -> None:
        if not self.closed_at:
            raise NotPossible(N_("这个单位正在使用，不用恢复。"))
        self.closed_at = None


class User(Table, table=True):
    """Somebody who signs in. `person_id` names the portal user's own record in `people`."""

    __tablename__ = "user_account"
    __guarded__: ClassVar[bool] = True
    # Not even the outline of a hash or a secret belongs in the trail.
    __silent__: ClassVar[tuple[str, ...]] = ("password_hash", "totp_secret")

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(max_length=40, unique=True)
    name: str = Field(max_length=40)
    role: Role = Field(sa_column=choice(Role, nullable=False))
    unit_id: int = Field(foreign_key="unit.id", index=True)
    person_id: int | None = Field(default=None, index=True)
    email: Sealed | None = Field(default=None, sa_type=SealedText)
    phone: Sealed | None = Field(default=None, sa_type=SealedText)
    language: str = Field(default="zh_Hans", max_length=8)
    theme: str = Field(default="", max_length=8)
    password_hash: str = Field(default="", max_length=200)
    password_changed_at: Moment | None = None
    must_change_password: bool = False
    totp_secret: Sealed | None = Field(default=None, sa_type=EncryptedText)
    totp_confirmed_at: Moment | None = None
    totp_last_step: int = 0
    created_at: Moment = Field(default_factory=now)
    disabled_at: Moment | None = None
    version: int = 1

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None

    @property
    def is_administrator(self) -> bool:
        """One of the three administrators (三员), who see no business data."""
        return self.role in ADMINISTRATORS

    @property
    def has_code(self) -> bool:
        """Whether a one-time code is asked at sign-in."""
        return self.totp_confirmed_at is not None

    def must_be_at(self, version: int) -> None:
        """Raises `Stale` when somebody saved since this version was shown."""
        if self.version != version:
            raise Stale(
                _SAVED_MEANWHILE, {"name": self.name, "role": self.role.value, "unit_id": self.unit_id}
            )

    def password_has_lapsed(self, *, at: Moment) -> bool:
        """A one-time password that nobody used in time is worth nothing (ASVS 6.4.1)."""
        if not self.must_change_password or self.password_changed_at is None:
            return False
        return self.password_changed_at < at - ONE_TIME_PASSWORD_HOLDS

    def set_password(self, password_hash: str, *, at: Moment, one_time: bool = False) -> None:
        self.password_hash = password_hash
        self.password_changed_at = at
        self.must_change_password = one_time

    def set_code(self, secret: str, *, step: int, at: Moment) -> None:
        """Ask one-time codes of this secret from now on; `step` is the one that proved it."""
        self.totp_secret = Sealed(secret)
        self.totp_confirmed_at = at
        self.totp_last_step = step

    def drop_code(self) -> None:
        if not self.totp_confirmed_at:
            raise NotPossible(N_("这个账号没有设置动态验证码。"))
        self.totp_secret, self.totp_confirmed_at = None, None

    def password_is_older_than(self, days: int | None, *, at: Moment) -> bool:
        """The optional rotation of 等保 (GB/T 22239 8.1.4, domain.md §6.2)."""
        if days is None or self.password_changed_at is None:
            return False
        return self.password_changed_at < at - dt.timedelta(days=days)

    def disable(self, *, at: Moment) -> None:
        if self.disabled_at:
            raise NotPossible(N_("这个账号已经停用。"))
        self.disabled_at = at

    def enable(self) -> None:
        if not self.disabled_at:
            raise NotPossible(N_("这个账号正在使用，不用启用。"))
        self.disabled_at = None


class SignIn(Table, table=True):
    """One signed-in browser. Revoking the row ends it at once, wherever it is."""

    __tablename__ = "sign_in"
    __guarded__: ClassVar[bool] = True
    __silent__: ClassVar[tuple[str, ...]] = ("secret_hash",)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="user_account.id", index=True)
    secret_hash: str = Field(max_length=64)
    address: str = Field(default="", max_length=64)
    browser: str = Field(default="", max_length=200)
    created_at: Moment = Field(default_factory=now)
    expires_at: Moment
    ended_at: Moment | None = None

    def end(self, *, at: Moment) -> None:
        if self.ended_at is None:
            self.ended_at = at


class PasswordReset(Table, table=True):
    """Somebody asked for a new password. The answer goes by mail, later, so that asking tells nothing.

    A row stands for every request, also for an account that does not exist: both take the same time.
    Its token is derived (see `links`), never stored.
    """

    __tablename__ = "password_reset"
    __guarded__: ClassVar[bool] = True
    __silent__: ClassVar[tuple[str, ...]] = ("login",)

    id: int | None = Field(default=None, primary_key=True)
    login: str = Field(max_length=40)
    address: str = Field(default="", max_length=64)
    asked_at: Moment = Field(default_factory=now)
    answered_at: Moment | None = Field(default=None, index=True)
    user_id: int | None = Field(default=None, foreign_key="user_account.id", index=True)
    expires_at: Moment | None = None
    used_at: Moment | None = None

    def holds(self, *, at: Moment) -> bool:
        """Whether its link still opens."""
        return self.used_at is None and self.expires_at is not None and at < self.expires_at

    def use(self, *, at: Moment) -> None:
        if not self.holds(at=at):
            raise NotPossible(N_("这个链接已经用过或者过期了，请重新申请。"))
        self.used_at = at
