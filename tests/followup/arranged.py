"""What the tests of this room begin with: people kept by one county or another, and a morning in September."""

import datetime as dt
from typing import Any

from tests.cast import unit_id
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import ANQING
from yishang_crm.followup import actions
from yishang_crm.followup.models import Channel, Interaction
from yishang_crm.people import actions as people
from yishang_crm.people.models import Person, Tier

TUESDAY = dt.datetime(2026, 9, 8, 9, 0, tzinfo=ANQING)


def add_person(actor: Actor, name: str, *, phone: str = "", firm: str = "", tier: Tier = Tier.A) -> Person:
    """Somebody kept by the actor's unit."""
    return people.add_person(
        actor, name=name, phone=phone, organization=firm, title="董事长" if firm else "", tier=tier
    )


def log(actor: Actor, *named: Person, text: str = "谈二期扩产", **details: Any) -> Interaction:
    """A call, unless said otherwise."""
    return actions.log(actor, people=named, **({"channel": Channel.CALL, "text": text} | details))


def share_with(actor: Actor, person: Person, code: str) -> None:
    """Let another unit see a person."""
    from yishang_crm.accounts import queries as accounts

    unit = accounts.unit(unit_id(code))
    assert unit is not None
    people.share(actor, person, unit)
