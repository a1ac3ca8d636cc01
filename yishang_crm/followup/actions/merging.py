"""This room's part when records of people become one: contacts, tasks and the clock follow."""

from collections.abc import Sequence

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.words import N_
from yishang_crm.followup import queries
from yishang_crm.followup.actions.cadences import set_back
from yishang_crm.followup.queries import merging
from yishang_crm.people.duplicates.parts import Line, Merging, Part, part_of_merge


def register() -> None:
    """Leave the part where `people` looks."""
    part_of_merge(Part("followup", 10, _lines, _move))


def _lines(actor: Actor, person_ids: Sequence[int]) -> list[Line]:
    found = merging.counted(actor, person_ids)
    return [
        Line(N_("往来"), found["contacts"], N_("都归到合并后的人，各留原记录人；同一次往来只算一次")),
        Line(N_("待办"), found["tasks"], N_("都归到合并后的人，经办人不变")),
    ]


def _move(actor: Actor, work: Merging) -> None:
    seen = {row.interaction_id for row in merging.participations_of([work.survivor_id])}
    for row in merging.participations_of(work.absorbed_ids):
        if row.interaction_id in seen:
            db.session.delete(row)  # both records were at one table: one man was
            continue
        seen.add(row.interaction_id)
        row.person_id = work.survivor_id
        work.count("interactions", 1)
    for task in merging.tasks_of(work.absorbed_ids):
        task.person_id = work.survivor_id
        work.count("tasks", 1)
    db.session.flush()
    _move_clock(work)


def _move_clock(work: Merging) -> None:
    """One clock, begun when the first was, with an interval of its own if one of them had it; set by the last contact."""
    clocks = queries.cadences_of(work.ids)
    if not clocks:
        return
    kept = clocks.get(work.survivor_id) or clocks[min(clocks)]
    began, days = (
        min(clock.began_on for clock in clocks.values()),
        kept.days or next((clock.days for clock in clocks.values() if clock.days), None),
    )
    for clock in clocks.values():
        if clock is not kept:
            db.session.delete(clock)
    db.session.flush()
    kept.person_id, kept.began_on, kept.days = work.survivor_id, began, days
    db.session.flush()
    set_back([work.survivor_id])
