"""An edition and its guests for tests, made through the room's own actions."""

import datetime as dt
import itertools
from typing import Any

from yishang_crm.accounts.actors import of_guest
from yishang_crm.conference import actions
from yishang_crm.conference.models import Edition, Guest
from yishang_crm.core.actor import HOUSE, Actor
from yishang_crm.core.clock import ANQING, now, today
from yishang_crm.people import actions as people
from yishang_crm.people.models import Gender, Person, Tier

_numbers = itertools.count(1)
NAMES = ("余秉衡", "汪砚舟", "查静安", "戴玉屏", "潘岳霖", "操望舒", "程守拙", "吴望岳", "何庭芳", "叶以宁")


def an_edition(actor: Actor, *, in_days: int = 60, **details: Any) -> Edition:
    """The fifth conference, opening at nine o'clock in so many days."""
    opens = dt.datetime.combine(today() + dt.timedelta(days=in_days), dt.time(9), ANQING)
    wanted = {
        "slug": "2026",
        "number": 5,
        "name": "第五届中国宜商大会",
        "name_en": "Fifth China Yishang Conference",
        "starts_at": opens,
        "ends_at": opens + dt.timedelta(hours=9),
        "venue": "安庆市会议中心",
        "venue_en": "Anqing Conference Centre",
        "reply_until": (opens - dt.timedelta(days=10)).date(),
        "letter_year": opens.year,
        "seats": 800,
        "office_phone": "0556-0000000",
    } | details
    return actions.add_edition(actor, **wanted)


def a_person(actor: Actor, name: str | None = None, **details: Any) -> Person:
    """Somebody who can be written to; each with a phone and a mailbox of their own."""
    number = next(_numbers)
    wanted = {
        "phone": f"1990000{number:04d}",
        "email": f"guest{number}@example.com",
        "organization": f"深圳望岳精密{number}有限公司",
        "title": "董事长",
        "gender": Gender.MALE,
        "tier": Tier.B,
        "residence": "深圳",
    } | details
    return people.add_person(actor, name=name or NAMES[number % len(NAMES)], **wanted)


def a_guest(actor: Actor, edition: Edition, person: Person | None = None, **details: Any) -> Guest:
    """Nominated by the actor's unit, nothing decided."""
    return actions.nominate(actor, edition, person or a_person(actor), **details)


def an_invited(actor: Actor, edition: Edition, person: Person | None = None, *, by: Actor = HOUSE) -> Guest:
    """Approved, with number and code."""
    guest = a_guest(actor, edition, person)
    actions.approve(by, guest)
    actions.make_letter(by, guest)
    return guest


def as_guest(guest: Guest) -> Actor:
    """Who holds the guest's token."""
    return of_guest(guest.id or 0, name="", language="zh_Hans")


def ended(edition: Edition) -> None:
    """Move an edition into the past (within an open transaction, through its own action)."""
    long_ago = now() - dt.timedelta(days=2)
    actions.edit_edition(
        HOUSE, edition, starts_at=long_ago, ends_at=long_ago + dt.timedelta(hours=9),
        reply_until=(long_ago - dt.timedelta(days=10)).date(),
    )  # fmt: skip
