"""This room's part when records of people become one: what they brought follows."""

from collections.abc import Sequence

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.words import N_
from yishang_crm.people.duplicates.parts import Line, Merging, Part, part_of_merge
from yishang_crm.projects import queries


def register() -> None:
    """Leave the part where `people` looks."""
    part_of_merge(Part("projects", 30, _lines, _move))


def _lines(actor: Actor, person_ids: Sequence[int]) -> list[Line]:
    return [Line(N_("牵线的项目"), queries.counted_by_introducer(actor, person_ids), N_("都归到合并后的人"))]


def _move(actor: Actor, work: Merging) -> None:  # noqa: ARG001 - every part is called alike
    for project in queries.introduced_by(work.absorbed_ids):
        project.introducer_id = work.survivor_id
        work.count("projects", 1)
    db.session.flush()
