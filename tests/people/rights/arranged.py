"""A request as a colleague writes it down."""

import datetime as dt
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import today
from yishang_crm.people.models import Person
from yishang_crm.people.rights import actions
from yishang_crm.people.rights.models import RightsKind, RightsRequest


def a_request(actor: Actor, person: Person, **details: Any) -> RightsRequest:
    wanted = {
        "kind": RightsKind.COPY,
        "asked_on": today() - dt.timedelta(days=1),
        "asked_by": "本人来电",
        "what": "想看看你们都记了什么",
    } | details
    return actions.register(actor, person, **wanted)
