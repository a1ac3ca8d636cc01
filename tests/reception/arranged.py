"""Editions and guests for tests, written as another room would: inside a deed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel, col, select

from tests.cast import unit_id
from tests.people.arranged import somebody
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Approval, Edition, Guest, Onsite, Reply
from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.audit import AuditEntry, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people.models import Person, Tier
from yishang_crm.reception.models import CheckIn, Outcome

NONCES = [f"{number:032x}" for number in range(1, 1000)]
NAMES = ["余秉衡", "汪砚舟", "查静安", "戴玉屏", "潘岳霖", "操望舒"]


@action(Permission.HOUSEKEEPING)
def put(actor: Actor, row: Any) -> Any:
    """Write a row."""
    db.session.add(row)
    db.session.flush()
    return row


@action(Permission.HOUSEKEEPING)
def change(actor: Actor, row: SQLModel, **values: Any) -> None:
    """Change a row."""
    for name, value in values.items():
        setattr(row, name, value)


def an_edition(slug: str = "2026", number: int = 5, **details: Any) -> Edition:
    starts = dt.datetime.combine(now().date() + dt.timedelta(days=20), dt.time(1), dt.UTC)
    wanted = {
        "slug": slug,
        "number": number,
        "name": f"第{'零一二三四五六'[number]}届中国宜商大会",
        "name_en": "5th China Yishang Conference",
        "starts_at": starts,
        "ends_at": starts + dt.timedelta(hours=9),
        "venue": "安庆市会议中心",
        "venue_en": "Anqing Conference Centre",
        "letter_year": starts.year,
        "reply_until": starts.date() - dt.timedelta(days=10),
        "office_phone": "19900000556",
    } | details
    return put(HOUSE, Edition(**wanted))


def a_guest(edition: Edition, name: str = "余秉衡", *, unit: str = "340881", person: Person | None = None,
            **details: Any) -> Guest:  # fmt: skip
    """An approved guest of level B who has accepted, unless said otherwise."""
    if person is None:
        tail = f"{abs(hash((name, edition.slug))) % 10000:04d}"
        person = somebody(
            HOUSE, name, unit_id=unit_id(unit), tier=Tier.B, phone=details.pop("phone", f"1990000{tail}")
        )
    wanted = {
        "edition_id": edition.id,
        "person_id": person.id,
        "unit_id": unit_id(unit),
        "level": "B",
        "approval": Approval.APPROVED,
        "reply": Reply.ACCEPTED,
    } | details
    guest = put(HOUSE, Guest(**wanted))
    change(HOUSE, guest, code_index=tokens.code_index(edition.id or 0, tokens.reply_code(guest)))
    return guest


@dataclass
class Seen:
    """What is in the tables now."""

    arrivals: int
    repeated: int
    checked_in: int


def seen() -> Seen:
    db.session.expire_all()
    rows = db.session.scalars(unscoped_for("a test looks", select(CheckIn))).all()
    guests = db.session.scalars(
        unscoped_for("a test looks", select(Guest).where(Guest.onsite == Onsite.CHECKED_IN))
    )
    standing = [row for row in rows if row.outcome == Outcome.ARRIVED and row.stands]
    return Seen(
        len(standing), len([row for row in rows if row.outcome == Outcome.REPEATED]), len(guests.all())
    )


def entries(verb: str) -> list[AuditEntry]:
    wanted = select(AuditEntry).where(AuditEntry.verb == verb).order_by(col(AuditEntry.id))
    return list(db.session.scalars(unscoped_for("a test looks", wanted)))
