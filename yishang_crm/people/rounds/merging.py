"""Worklists and proposals when records become one: nobody stands twice on a round's list, and no answer is lost."""

from collections.abc import Sequence

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.words import N_
from yishang_crm.outbox import door
from yishang_crm.people.duplicates.parts import Line, Merging, Part, part_of_merge
from yishang_crm.people.rounds import queries
from yishang_crm.people.rounds.models import RoundEntry


def register() -> None:
    """Leave the part where merges look."""
    part_of_merge(Part("rounds", 6, _lines, _move))


def _lines(_actor: Actor, person_ids: Sequence[int]) -> list[Line]:
    counts = {one: len(queries.entries_of([one])) for one in person_ids}
    return [Line(N_("核对名单"), counts, N_("都归到合并后的人，同一轮只留一条"))]


def _move(_actor: Actor, work: Merging) -> None:
    kept: dict[int, RoundEntry] = {}
    for entry in sorted(queries.entries_of(work.ids), key=lambda one: one.person_id != work.survivor_id):
        standing = kept.setdefault(entry.round_id, entry)
        for proposal in queries.proposals_in(entry):
            proposal.entry_id, proposal.person_id = standing.id, work.survivor_id
        if standing is not entry:
            standing.take_over(entry)
            door.move_about(of=entry.key, to=standing.key, reason=N_("两条重复的记录已合并，只发一封。"))
            db.session.flush()
            db.session.delete(entry)
        elif entry.person_id != work.survivor_id:
            entry.person_id = work.survivor_id
            work.count("rounds", 1)
    db.session.flush()
