"""Rounds of confirmation for tests."""

import datetime as dt
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import today
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import Person
from yishang_crm.people.rounds import actions, queries
from yishang_crm.people.rounds.models import ConfirmationRound, RoundEntry


def a_round(actor: Actor, **filters: Any) -> ConfirmationRound:
    """A round over a list, its people already on their worklists."""
    wanted = Filters(**filters)
    return actions.begin_round(
        actor, name="秋季核对", due_on=today() + dt.timedelta(days=14), filters=wanted, query=filters
    )


def an_entry(actor: Actor, begun: ConfirmationRound, person: Person) -> RoundEntry:
    lines = queries.worklist(actor, begun, queries.Asked(state="all"))
    return next(line.entry for line in lines if line.entry.person_id == person.id)
