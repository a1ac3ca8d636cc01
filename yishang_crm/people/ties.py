"""Relations when two records become one, and when a person is told of or forgotten."""

from collections.abc import Iterable, Sequence

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.db import db
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_
from yishang_crm.people.duplicates import parts as merges
from yishang_crm.people.duplicates.parts import Line, Merging
from yishang_crm.people.queries import relations as queries


def open_known() -> None:
    """Leave both parts where they are looked for."""
    knows(Part("relations", tell=tell, forget=forget, weigh=weigh))
    merges.part_of_merge(merges.Part("relations", 5, lines, move))


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    yield N_("%(count)s条关系"), len(queries.with_any_of([person_id]))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = [(local(one.created_at).date(), one.created_by) for one in queries.with_any_of([person_id])]
    yield Chapter(N_("记下的关系"), (N_("日期"), N_("谁记的")), rows)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    for one in queries.with_any_of([forgetting.subject_id]):
        forgetting.touch(one)
        db.session.delete(one)


def lines(_actor: Actor, person_ids: Sequence[int]) -> list[Line]:
    counts = {one: len(queries.with_any_of([one])) for one in person_ids}
    return [Line(N_("关系"), counts, N_("都归到合并后的人，重复的只留一条"))]


def move(_actor: Actor, work: Merging) -> None:
    """Nobody is related to themselves, and no open pair stands twice."""
    rows, mutual = queries.with_any_of(work.ids), queries.mutual_words()
    standing = {
        (one.person_id, one.other_id, one.word_id)
        for one in rows
        if one.ended_at is None and not {one.person_id, one.other_id} & set(work.absorbed_ids)
    }
    for one in rows:
        if not {one.person_id, one.other_id} & set(work.absorbed_ids):
            continue
        ends = [
            work.survivor_id if end in work.absorbed_ids else end for end in (one.person_id, one.other_id)
        ]
        ends = sorted(ends) if one.word_id in mutual else ends
        key = (*ends, one.word_id)
        if ends[0] == ends[1] or (one.ended_at is None and key in standing):
            db.session.delete(one)
            continue
        one.person_id, one.other_id = ends
        if one.ended_at is None:
            standing.add(key)
        work.count("relations", 1)
    db.session.flush()
