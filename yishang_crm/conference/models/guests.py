"""Guests and their five independent states, replies: what they are and what they can answer."""

from typing import Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field

from yishang_crm.conference.models.states import (
    COMING,
    SAVED_MEANWHILE,
    Approval,
    Category,
    Logistics,
    Onsite,
    Reply,
    ReplyChannel,
    Travel,
)
from yishang_crm.core.clock import now
from yishang_crm.core.db import Moment, Table, choice
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.sealed import Sealed, SealedText
from yishang_crm.core.words import N_

# What an answer may say beside yes or no.
ANSWERED = frozenset(
    {
        "decline_reason", "delegate_name", "delegate_title", "delegate_phone", "companions", "companion_names",
        "travel", "travel_number", "arrival_place", "arrives_at", "nights", "diet",
    }
)  # fmt: skip


class Guest(Table, table=True):
    """A person on an edition's list. Independent states; every change is in the trail with who, when, why.

    `waits_since`: said yes when the hall was full; a seat that becomes free is theirs to be given.
    """

    __tablename__ = "guest"
    __guarded__: ClassVar[bool] = True
    __silent__: ClassVar[tuple[str, ...]] = ("code_index",)
    __table_args__ = (
        sa.UniqueConstraint("edition_id", "person_id"),
        sa.UniqueConstraint("edition_id", "letter_number"),
        sa.UniqueConstraint("edition_id", "code_index"),
        sa.Index("ix_guest_edition_unit", "edition_id", "unit_id", "id"),
        sa.Index("ix_guest_edition_reply", "edition_id", "reply", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = Field(foreign_key="edition.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    category: Category = Field(default=Category.NATIVE, sa_column=choice(Category, nullable=False))
    level: str = Field(default="C", max_length=1)

    approval: Approval = Field(default=Approval.SUBMITTED, sa_column=choice(Approval, nullable=False))
    reply: Reply = Field(default=Reply.NONE, sa_column=choice(Reply, nullable=False))
    logistics: Logistics = Field(default=Logistics.INCOMPLETE, sa_column=choice(Logistics, nullable=False))
    onsite: Onsite = Field(default=Onsite.EXPECTED, sa_column=choice(Onsite, nullable=False))

    nominated_at: Moment = Field(default_factory=now)
    nominated_by: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=200)
    approved_at: Moment | None = None
    decision_note: str = Field(default="", max_length=200)

    letter_number: int | None = None
    letter_made_at: Moment | None = None
    token_generation: int = 1
    code_index: str | None = Field(default=None, max_length=64, index=True)
    code_try: int = 0

    replied_at: Moment | None = None
    reply_channel: ReplyChannel | None = Field(default=None, sa_column=choice(ReplyChannel, nullable=True))
    waits_since: Moment | None = None
    decline_reason: str = Field(default="", max_length=200)
    delegate_name: str = Field(default="", max_length=60)
    delegate_title: str = Field(default="", max_length=80)
    delegate_phone: Sealed | None = Field(default=None, sa_type=SealedText)
    companions: int = Field(default=0, ge=0, le=20)
    companion_names: str = Field(default="", max_length=200)
    travel: Travel | None = Field(default=None, sa_column=choice(Travel, nullable=True))
    travel_number: str = Field(default="", max_length=20)
    arrival_place: str = Field(default="", max_length=60)
    arrives_at: Moment | None = None
    nights: int | None = Field(default=None, ge=0, le=10)
    diet: str = Field(default="", max_length=60)
    consented_at: Moment | None = None
    consent_version: str = Field(default="", max_length=20)

    checked_in_at: Moment | None = None
    version: int = 1

    @property
    def key(self) -> str:
        return f"guest:{self.id}"

    @property
    def stands(self) -> bool:
        """Neither turned down nor taken back: takes a place in its unit's quota."""
        return self.approval not in (Approval.REJECTED, Approval.WITHDRAWN)

    @property
    def is_coming(self) -> bool:
        return self.reply in COMING

    @property
    def seats(self) -> int:
        """Seats this party takes: the guest or delegate, and companions."""
        return self.seats_for(self.reply, self.companions)

    def seats_for(self, reply: Reply, companions: int) -> int:
        """Seats the party would take with this answer. Who is not invited (any more) takes none."""
        return 1 + companions if reply in COMING and self.approval == Approval.APPROVED else 0

    # Approval

    def approve(self, *, at: Moment, note: str = "") -> None:
        if self.approval not in (Approval.SUBMITTED, Approval.PRELIM_OK, Approval.RESERVE):
            raise NotPossible(N_("这位嘉宾已经审过，不能再审定一次。"))
        self.approval, self.approved_at, self.decision_note = Approval.APPROVED, at, note

    @property
    def may_undo_approval(self) -> bool:
        """Approved, and nothing has come of it yet."""
        untouched = self.reply == Reply.NONE and self.onsite == Onsite.EXPECTED
        return self.approval == Approval.APPROVED and self.letter_number is None and untouched

    def undo_approval(self) -> None:
        """Back to what was submitted."""
        if not self.may_undo_approval:
            raise NotPossible(N_("邀请函已经制好，或者客人已经答复，不能撤销审定；请用撤回。"))
        self.approval, self.approved_at, self.decision_note = Approval.SUBMITTED, None, ""

    def reserve(self, *, note: str = "") -> None:
        if self.approval not in (Approval.SUBMITTED, Approval.PRELIM_OK):
            raise NotPossible(N_("只有报送上来的提名可以列为备选。"))
        self.approval, self.decision_note = Approval.RESERVE, note

    def reject(self, *, note: str) -> None:
        if not note:
            raise NotPossible(N_("不予邀请要写明理由，推荐单位看得到。"))
        if self.approval not in (Approval.SUBMITTED, Approval.PRELIM_OK, Approval.RESERVE):
            raise NotPossible(N_("这位嘉宾已经审定，不能再改为不予邀请；请用撤回。"))
        self.approval, self.decision_note = Approval.REJECTED, note

    def withdraw(self, *, note: str) -> None:
        """Invited no more: the link and the code they hold are worth nothing from here on."""
        if not note:
            raise NotPossible(N_("撤回邀请要写明原因。"))
        if self.onsite == Onsite.CHECKED_IN:
            raise NotPossible(N_("客人已经报到，不能撤回邀请。"))
        if not self.stands:
            raise NotPossible(N_("这份邀请已经撤回或未获通过。"))
        self.approval, self.decision_note = Approval.WITHDRAWN, note
        self.token_generation += 1
        self.code_index = None

    def must_be_free_again(self) -> None:
        """Whether a guest who is off the list may be proposed once more."""
        if self.approval == Approval.REJECTED:
            raise NotPossible(
                N_("这位嘉宾未获通过：%(note)s。要再提，请先与会务组商量。"), note=self.decision_note
            )
        if self.approval != Approval.WITHDRAWN:
            raise NotPossible(N_("这位嘉宾已在名单上。"))

    def nominate_again(self, *, at: Moment, by: str, reason: str, category: Category, unit_id: int) -> None:
        """A withdrawn guest is proposed once more and begins anew; their letter, if it is made again, has a new number."""
        self.must_be_free_again()
        self.approval, self.approved_at, self.decision_note = Approval.SUBMITTED, None, ""
        self.nominated_at, self.nominated_by, self.reason = at, by, reason
        self.category, self.unit_id = category, unit_id
        self.reply, self.replied_at, self.reply_channel, self.waits_since = Reply.NONE, None, None, None
        self.companions, self.logistics = 0, Logistics.INCOMPLETE
        self.letter_number, self.letter_made_at = None, None

    def must_be_invited(self) -> None:
        if self.approval != Approval.APPROVED:
            raise NotPossible(N_("这份邀请还没有审定，或者已经撤回。"))

    # Letter

    def must_have_no_letter(self) -> None:
        self.must_be_invited()
        if self.letter_number is not None:
            raise NotPossible(N_("这位嘉宾的邀请函已经制好，是%(number)s号。"), number=self.letter_number)

    def take_letter(self, number: int, *, at: Moment) -> None:
        self.must_have_no_letter()
        self.letter_number, self.letter_made_at = number, at

    # Answer

    def must_be_version(self, version: int | None) -> None:
        """Raises `Stale` with the answer as it now stands; None does not ask."""
        if version is not None and version != self.version:
            raise Stale(SAVED_MEANWHILE, {name: getattr(self, name) for name in ("reply", *sorted(ANSWERED))})

    def must_be_answerable(self, reply: Reply, *, companions: int, most: int) -> None:
        """Whether this answer can be taken at all; seats are another question."""
        self.must_be_invited()
        if self.onsite == Onsite.CHECKED_IN:
            raise NotPossible(N_("客人已经报到，答复不用再改。"))
        if reply == Reply.NONE:
            raise NotPossible(N_("请选一个答复。"))
        if reply == Reply.CANCELLED and not self.is_coming and self.reply != Reply.CANCELLED:
            raise NotPossible(N_("没有答应过参会，谈不上取消；请选“不能参加”。"))
        if not 0 <= companions <= most:
            raise NotPossible(N_("随行最多%(most)s位，请与联络员商量。"), most=most)

    def answer(self, reply: Reply, *, at: Moment, channel: ReplyChannel, **details: Any) -> None:
        """The guest's word, by whatever way it came. Accepted, then changed, is the normal case.

        `details` are some of `ANSWERED`; what is not named stays as it was. Ask `must_be_answerable` first.
        """
        self.must_be_answerable(reply, companions=details.get("companions", self.companions), most=20)
        arrival = self._arrival
        for name, value in details.items():
            if name not in ANSWERED:
                raise ValueError(f"not part of an answer: {name}")
            setattr(self, name, value)
        if reply in (Reply.DECLINED, Reply.CANCELLED):
            self.companions, self.companion_names = 0, ""
        if reply != Reply.TENTATIVE:
            self.waits_since = None
        self.reply, self.replied_at, self.reply_channel = reply, at, channel
        self._settle_logistics(changed=self._arrival != arrival)
        self.version += 1

    def wait_for_seat(self, *, at: Moment) -> None:
        """They said yes, and every seat is taken."""
        self.waits_since = self.waits_since or at

    def consent(self, version: str, *, at: Moment) -> None:
        """They read the notice about their personal details (PIPL art. 17)."""
        if self.consent_version != version:
            self.consented_at, self.consent_version = at, version

    @property
    def _arrival(self) -> tuple[Any, ...]:
        return (
            self.travel,
            self.travel_number,
            self.arrival_place,
            self.arrives_at,
            self.nights,
            self.companions,
        )

    @property
    def arrival_is_known(self) -> bool:
        if not self.is_coming or (self.reply == Reply.DELEGATED and not self.delegate_name):
            return False
        return self.travel == Travel.LOCAL or (self.travel is not None and self.arrives_at is not None)

    def _settle_logistics(self, *, changed: bool) -> None:
        # What was arranged for another train has to be arranged anew.
        if not self.arrival_is_known:
            self.logistics = Logistics.INCOMPLETE
        elif changed or self.logistics == Logistics.INCOMPLETE:
            self.logistics = Logistics.READY

    # On the day

    def check_in(self, *, at: Moment) -> bool:
        """Arrive once. False if the guest was here already."""
        if self.onsite == Onsite.CHECKED_IN:
            return False
        self.onsite, self.checked_in_at = Onsite.CHECKED_IN, at
        return True

    def miss(self) -> None:
        """It is over, and they did not come."""
        if self.onsite in (Onsite.EXPECTED, Onsite.ARRIVED):
            self.onsite = Onsite.NO_SHOW


class Nomination(Table, table=True):
    """Who nominated a guest; several units may nominate one person, one of them owns the guest."""

    __tablename__ = "nomination"
    __guarded__: ClassVar[bool] = True
    __table_args__ = (sa.UniqueConstraint("guest_id", "unit_id"),)

    id: int | None = Field(default=None, primary_key=True)
    guest_id: int = Field(foreign_key="guest.id")
    unit_id: int = Field(foreign_key="unit.id", index=True)
    user_name: str = Field(default="", max_length=60)
    reason: str = Field(default="", max_length=200)
    at: Moment = Field(default_factory=now)


class MergedGuest(Table, table=True):
    """Two records of one person stood on one edition's list: what the one that is gone had given out still leads to the other.

    `generation` and `code_index` are those of the link, pass and code which that guest held.
    """

    __tablename__ = "merged_guest"
    __guarded__: ClassVar[bool] = True
    __silent__: ClassVar[tuple[str, ...]] = ("code_index",)

    id: int | None = Field(default=None, primary_key=True)
    old_id: int = Field(unique=True)
    guest_id: int = Field(foreign_key="guest.id", index=True, ondelete="CASCADE")
    generation: int
    code_index: str | None = Field(default=None, max_length=64, index=True)
