"""This room's part when records of people become one: what the desks did follows the guest; nobody arrives twice."""

from collections.abc import Sequence

from yishang_crm.conference.queries import merging as conference
from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.words import N_
from yishang_crm.people.duplicates.parts import Line, Merging, Part, part_of_merge
from yishang_crm.reception import queries
from yishang_crm.reception.models import Outcome


def register() -> None:
    """Leave the part where `people` looks."""
    part_of_merge(Part("reception", 50, _lines, _move))


def _lines(actor: Actor, person_ids: Sequence[int]) -> list[Line]:  # noqa: ARG001 - a guest's line tells of the rest
    return []


def _move(actor: Actor, work: Merging) -> None:  # noqa: ARG001 - every part is called alike
    """Before the guests themselves become one: this room stands on that one."""
    for double in conference.doubles(work.ids):
        everyone = (*double.gone, double.stays)
        rows = queries.check_ins_of([guest.id or 0 for guest in everyone])
        arrivals = [row for row in rows if row.outcome == Outcome.ARRIVED and row.stands]
        first = next((row for row in arrivals if row.guest_id == double.further.id), None)
        for row in arrivals:
            if first is not None and row is not first:
                row.outcome, row.earlier_id = Outcome.REPEATED, first.id
                work.say(N_("两条记录都报过到，算作一次，另一次记为重复。"))
        for row in rows:
            if row.guest_id != double.stays.id:
                row.guest_id = double.stays.id
                work.count("check_ins", 1)
    db.session.flush()
