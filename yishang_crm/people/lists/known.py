"""Tags, snapshots, and views that look for somebody by name: told to a person, and forgotten."""

from collections.abc import Iterable
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.db import db
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.undo import forget_rows
from yishang_crm.core.words import N_
from yishang_crm.people.lists import queries
from yishang_crm.people.queries.merging import leading_to


def open_known() -> None:
    """Leave this part where the ground looks."""
    knows(Part("lists", tell=tell, forget=forget, weigh=weigh))


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    yield N_("%(count)s个标签"), len(queries.tags_on(person_id))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    tags = [(tag.name, pair.by, local(pair.at).date()) for pair, tag in queries.tags_on(person_id)]
    yield Chapter(N_("标签"), (N_("标签"), N_("谁打的"), N_("日期")), tags)
    frozen = [
        (one.name, one.user_name, local(one.frozen_at).date()) for one in queries.snapshots_with(person_id)
    ]
    yield Chapter(N_("在哪些快照上"), (N_("快照"), N_("谁留存的"), N_("日期")), frozen)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    """Tags go, and what undo kept; a snapshot keeps a number that leads to nobody, so that its count stays true."""
    for pair in queries.pairs_of([forgetting.subject_id]):
        forgetting.touch(pair)
        db.session.delete(pair)
    merged = [one.old_id for one in leading_to([forgetting.subject_id])]
    forget_rows(forgetting, [f"person:{one}" for one in (forgetting.subject_id, *merged)])
    for kept in queries.all_kept():
        for column in ("name", "why", "filters", "tree"):
            said = getattr(kept, column, None)
            if said and (clean := _cleaned(forgetting, said)) != said:
                forgetting.touch(kept)
                setattr(kept, column, clean)


def _cleaned(forgetting: Forgetting, said: Any) -> Any:
    if isinstance(said, str):
        return forgetting.cleaned(said)
    if isinstance(said, list):
        return [_cleaned(forgetting, one) for one in said]
    if isinstance(said, dict):
        return {name: _cleaned(forgetting, one) for name, one in said.items()}
    return said
