"""Bulk acts on a selection of people: planned first, carried out in short chunks, to be undone for 30 days."""

from collections.abc import Callable, Iterator
from typing import Any

from yishang_crm.accounts.models import Unit, User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.clock import now
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.undo import Notes, taking_notes
from yishang_crm.core.words import N_
from yishang_crm.people import queries
from yishang_crm.people.acts import Selection
from yishang_crm.people.fields import Fact
from yishang_crm.people.lists import plans
from yishang_crm.people.lists.models import PersonTag, Tag
from yishang_crm.people.models import Person, Stewardship, StewardshipKind
from yishang_crm.people.queries import kept
from yishang_crm.people.queries import selected as reading
from yishang_crm.people.queries import tagging as pairing
from yishang_crm.people.queries.index import refresh

CHUNK = 200  # rows, so that the write lock is held for some tens of milliseconds


def edit_many(actor: Actor, selection: Selection, *, fact: Fact, value: Any, said: str, expected: int) -> int:
    """Give one field one value. Returns how many people changed."""
    plan = plans.plan_edit(actor, selection, fact=fact, value=value)
    plan.must_be_as_shown(expected)
    sentence = N_("把%(count)s人的“%(field)s”改为“%(value)s”")

    def step(notes: Notes, ids: list[int]) -> None:
        notes.update(Person, [{"id": one, fact.name: value} for one in ids])

    return _carry_out(
        actor,
        selection,
        "people.edit_many",
        step,
        sentence=sentence,
        count=plan.doing,
        field=fact.label,
        value=said,
    )


edit_many.permission = Permission.PEOPLE_WRITE  # type: ignore[attr-defined]


def tag_many(actor: Actor, selection: Selection, *, tag: Tag, expected: int) -> int:
    """Put a tag on everybody of the selection who has it not."""
    plan = plans.plan_tagging(actor, selection, tag=tag)
    plan.must_be_as_shown(expected)

    def step(notes: Notes, ids: list[int]) -> None:
        have = pairing.pairs(actor, tag, ids)
        fresh = [one for one in ids if one not in have]
        notes.insert(
            PersonTag,
            [{"person_id": one, "tag_id": tag.id, "at": now(), "by": actor.name[:40]} for one in fresh],
        )

    sentence = N_("给%(count)s人打上标签“%(tag)s”")
    return _carry_out(
        actor, selection, "people.tag_many", step, sentence=sentence, count=plan.doing, tag=tag.name
    )


tag_many.permission = Permission.PEOPLE_WRITE  # type: ignore[attr-defined]


def untag_many(actor: Actor, selection: Selection, *, tag: Tag, expected: int) -> int:
    """Take a tag off everybody of the selection who has it."""
    plan = plans.plan_tagging(actor, selection, tag=tag, off=True)
    plan.must_be_as_shown(expected)

    def step(notes: Notes, ids: list[int]) -> None:
        notes.delete(PersonTag, list(pairing.pairs(actor, tag, ids).values()))

    sentence = N_("给%(count)s人去掉标签“%(tag)s”")
    return _carry_out(
        actor, selection, "people.untag_many", step, sentence=sentence, count=plan.doing, tag=tag.name
    )


untag_many.permission = Permission.PEOPLE_WRITE  # type: ignore[attr-defined]


def assign_owner(actor: Actor, selection: Selection, *, user: User, expected: int) -> int:
    """Give people to a colleague of a unit that keeps them."""
    plan = plans.plan_owner(actor, selection, user=user)
    plan.must_be_as_shown(expected)

    def step(notes: Notes, ids: list[int]) -> None:
        rows = reading.stewardships_of(actor, ids, unit_id=user.unit_id)
        notes.update(Stewardship, [{"id": row.id, "user_id": user.id} for row in rows])
        refresh(row.person_id for row in rows)

    sentence = N_("把%(count)s人交给%(who)s联系")
    return _carry_out(
        actor, selection, "people.assign_owner", step, sentence=sentence, count=plan.doing, who=user.name
    )


assign_owner.permission = Permission.PEOPLE_WRITE  # type: ignore[attr-defined]


def assign_unit(actor: Actor, selection: Selection, *, unit: Unit, expected: int) -> int:
    """Make a unit answerable. Whoever kept these people until now still sees them."""
    if not actor.sees_all:
        raise NotPossible(N_("换负责单位由市局来办，请找市局。"))
    plan = plans.plan_unit(actor, selection, unit=unit)
    plan.must_be_as_shown(expected)

    def step(notes: Notes, ids: list[int]) -> None:
        rows = reading.stewardships_of(actor, ids)
        there = {row.person_id: row for row in rows if row.unit_id == unit.id}
        notes.update(
            Stewardship,
            [
                {"id": row.id, "answerable": False}
                for row in rows
                if row.answerable and row.unit_id != unit.id
            ],
        )
        notes.update(
            Stewardship,
            [{"id": row.id, "answerable": True, "kind": StewardshipKind.STEWARD} for row in there.values()],
        )
        fresh = {"unit_id": unit.id, "kind": StewardshipKind.STEWARD, "answerable": True, "since": now()}
        notes.insert(Stewardship, [{"person_id": one, **fresh} for one in ids if one not in there])
        refresh(ids)

    sentence = N_("把%(count)s人改由%(unit)s负责")
    return _carry_out(
        actor,
        selection,
        "people.assign_unit",
        step,
        sentence=sentence,
        count=plan.doing,
        unit=unit.short_name,
    )


assign_unit.permission = Permission.PEOPLE_SHARE  # type: ignore[attr-defined]


def _carry_out(
    actor: Actor,
    selection: Selection,
    verb: str,
    step: Callable[[Notes, list[int]], None],
    *,
    sentence: str,
    count: int,
    **said: Any,
) -> int:
    with taking_notes(actor, _PERMISSIONS[verb], verb, sentence=sentence, count=count, **said) as notes:
        for ids in _portions(actor, selection):
            step(notes, ids)
            notes.chunk_done()
    return count


_PERMISSIONS = {
    "people.edit_many": Permission.PEOPLE_WRITE,
    "people.tag_many": Permission.PEOPLE_WRITE,
    "people.untag_many": Permission.PEOPLE_WRITE,
    "people.assign_owner": Permission.PEOPLE_WRITE,
    "people.assign_unit": Permission.PEOPLE_SHARE,
}


def _portions(actor: Actor, selection: Selection) -> Iterator[list[int]]:
    # By id and never back: an act that takes people off the very list it works on misses nobody.
    after = 0
    while ids := kept.ids_matching(actor, queries.chosen(actor, selection), after=after, most=CHUNK):
        after = ids[-1]
        yield ids
