"""This room's part when records of people become one: appointments, entrustings and introductions follow."""

from collections.abc import Sequence

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.words import N_
from yishang_crm.network.queries import merging
from yishang_crm.people.duplicates.parts import Line, Merging, Part, part_of_merge


def register() -> None:
    """Leave the part where `people` looks."""
    part_of_merge(Part("network", 20, _lines, _move))


def _lines(actor: Actor, person_ids: Sequence[int]) -> list[Line]:
    found = merging.counted(actor, person_ids)
    return [
        Line(N_("聘任"), found["appointments"], N_("都归到合并后的人，聘书编号不变")),
        Line(N_("托付"), found["entrusted"], N_("都归到合并后的人，重复的只留一条")),
        Line(N_("引荐"), found["introductions"], N_("都归到合并后的人")),
    ]


def _move(actor: Actor, work: Merging) -> None:
    standing = {row.kind for row in merging.appointments_of([work.survivor_id]) if row.ended_at is None}
    for appointment in merging.appointments_of(work.absorbed_ids):
        if appointment.ended_at is None and appointment.kind in standing:
            work.say(N_("两份同类聘任都还在任期内，请到“聘任与引荐”里结束一份。"))
        appointment.person_id = work.survivor_id
        work.count("appointments", 1)
    _move_entrusted(work)
    for introduction in merging.introductions_with(work.absorbed_ids):
        if introduction.partner_id in work.absorbed_ids:
            introduction.partner_id = work.survivor_id
        if introduction.person_id in work.absorbed_ids:
            introduction.person_id = work.survivor_id
        work.count("introductions", 1)
    db.session.flush()


def _move_entrusted(work: Merging) -> None:
    """Nobody is entrusted to a partner twice, and nobody to themselves."""
    rows = merging.entrustings_with(work.ids)
    open_ones: set[tuple[int, int]] = set()
    kept = []
    for row in sorted(
        rows, key=lambda row: (bool({row.partner_id, row.person_id} & set(work.absorbed_ids)), row.id)
    ):
        partner_id, person_id = (
            work.survivor_id if one in work.absorbed_ids else one for one in (row.partner_id, row.person_id)
        )
        is_double = row.ended_at is None and (partner_id, person_id) in open_ones
        if partner_id == person_id or is_double:
            db.session.delete(row)
            continue
        if row.ended_at is None:
            open_ones.add((partner_id, person_id))
        kept.append((row, partner_id, person_id))
    db.session.flush()
    for row, partner_id, person_id in kept:
        if (row.partner_id, row.person_id) != (partner_id, person_id):
            row.partner_id, row.person_id = partner_id, person_id
            work.count("entrusted", 1)
