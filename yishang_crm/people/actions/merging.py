"""Making one record of two to four, and taking that back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.journal import Since, journal, read, rows_in, take_back
from yishang_crm.core.words import N_
from yishang_crm.people import names
from yishang_crm.people.actions.moving import move_own, move_the_rest
from yishang_crm.people.duplicates import choosing
from yishang_crm.people.duplicates.models import DuplicatePair, MergedPerson, PairState, PersonMerge, said
from yishang_crm.people.duplicates.parts import Merging, parts
from yishang_crm.people.duplicates.weighing import Reason
from yishang_crm.people.models import Person
from yishang_crm.people.queries import duplicates, merging

MOST_AT_ONCE = 4


@dataclass(frozen=True)
class Chosen:
    """What whoever merges decided. `values` by column of Person, `taken` by field: from whose record (None: typed by hand).

    What is not named follows the suggestions of `duplicates.choosing`.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    taken: Mapping[str, int | None] = field(default_factory=dict)
    answerable_unit_id: int | None = None
    first_post_id: int | None = None
    first_contact_id: int | None = None

    def as_kept(self) -> dict[str, Any]:
        return {
            "taken": dict(self.taken),
            "typed": {
                column: None if (value := self.values.get(column)) is None else str(value)
                for name, whom in self.taken.items()
                if whom is None
                for column in choosing.FIELDS[name]
            },
            "answerable_unit_id": self.answerable_unit_id,
            "first_post_id": self.first_post_id,
            "first_contact_id": self.first_contact_id,
        }


@action(Permission.PEOPLE_WRITE)
def merge_people(
    actor: Actor, people: Sequence[Person], *, chosen: Chosen | None = None, versions: Mapping[int, int] | None = None
) -> PersonMerge:  # fmt: skip
    """Two to four records become one: the newest number stays, every old address leads there.

    Everything that belonged to the others moves, in every room (`duplicates.parts`). Raises `NotPossible` where units other
    than the actor's keep one of them, or their ID numbers differ; `Stale` when somebody edited one since it was shown.
    """
    held = merging.held(actor, [person.id or 0 for person in people])
    if len(held) != len(people) or not 2 <= len(held) <= MOST_AT_ONCE:
        raise NotPossible(N_("请选2到4个人合并；其中有人可能刚刚被合并或移走，请刷新队列再看。"))
    must_be_allowed(actor, [person.id or 0 for person in held])
    _must_be_unedited(held, versions)
    _must_have_one_identity(held)
    row = PersonMerge(
        survivor_id=held[-1].id or 0,
        people=[{"id": person.id, "name": person.name} for person in held],
        merged_by=actor.name,
        user_id=actor.id if actor.kind == "user" else 0,
        unit_id=actor.unit_id,
    )
    db.session.add(row)
    db.session.flush()
    about(row)
    _make_one(actor, row, held, chosen or Chosen())
    note(people=len(held), moved=row.moved)
    return row


@action(Permission.PEOPLE_WRITE)
def undo_merge(actor: Actor, merge: PersonMerge) -> list[Since]:
    """Take a merge back, also one whose record has since gone into another: later merges are unwound, this one taken back,
    and the later ones made again with what they then had. Returns what was edited since and therefore stays as it is.
    """
    held = merging.merge(actor, merge.id or 0, hold=True)
    if held is None:
        raise NotPossible(N_("这次合并不在您负责的范围内。"))
    about(held)
    held.must_be_undoable()
    later = merging.later_merges(held)
    for one in later:
        one.must_be_undoable()
    stands = later[-1].survivor_id if later else held.survivor_id
    must_be_allowed(actor, [stands])
    since: list[Since] = []
    again: list[tuple[PersonMerge, dict[str, Any], list[Since]]] = []
    for one in reversed(later):
        kept = _images(one)
        edited = take_back(kept["steps"])
        again.append((one, kept, edited))
        since += edited
    since += take_back(_images(held)["steps"])
    held.undo(at=now(), by=actor.name)
    db.session.flush()
    for one, kept, edited in reversed(again):
        _make_again(actor, one, kept, edited)
    note(unwound=[one.id for one in later], edited_since=[f"{one.table}:{one.id}" for one in since])
    return since


@action(Permission.PEOPLE_WRITE)
def ask_merge(actor: Actor, people: Sequence[Person], *, why: str) -> list[DuplicatePair]:
    """A unit that may not merge across units asks the bureau to; every one of these people with the last of them."""
    *others, last = sorted(people, key=lambda person: person.id or 0)
    asked = []
    for other in others:
        pair = duplicates.pair_between(actor, other.id or 0, last.id or 0)
        if pair is None:
            pair = DuplicatePair(
                low_id=other.id or 0, high_id=last.id or 0, reasons=said((Reason.BY_HAND,)), score=0
            )
            db.session.add(pair)
            db.session.flush()
        pair.decide(PairState.ASKED, at=now(), by=actor.name, unit_id=actor.unit_id, why=why)
        about(pair)
        asked.append(pair)
    return asked


def forget_merges(person_id: int) -> set[str]:
    """A person is erased: what merges kept of them goes as well, and these cannot be undone any more (within that deed).

    Returns the keys of rows that became theirs, the records they were merged from among them: their values leave the trail.
    """
    rows: set[str] = set()
    for one in merging.merges_of_person(person_id):
        if one.images is not None and one.undone_at is None:
            rows |= rows_in(one.images)
        one.images, one.remarks = None, []
        one.people = [{"id": person["id"], "name": ""} for person in one.people]
    return rows


def must_be_allowed(actor: Actor, person_ids: Collection[int]) -> None:
    if not duplicates.may_merge(actor, person_ids):
        raise NotPossible(N_("其中有人还由别的单位联系，跨单位的合并由市局办理。请点“请市局合并”。"))


def _must_be_unedited(held: Sequence[Person], versions: Mapping[int, int] | None) -> None:
    for person in held:
        if versions is not None and versions.get(person.id or 0) != person.version:
            raise Stale(
                N_("您打开这一页以后，%(name)s的资料有人改过。请对照后再合并。"), {}, name=person.name
            )


def _must_have_one_identity(held: Sequence[Person]) -> None:
    if len({person.id_number_index for person in held if person.id_number_index}) > 1:
        raise NotPossible(N_("他们的身份证号不同，不会是同一个人，不能合并。"))


# One of several


def _make_one(
    actor: Actor, row: PersonMerge, held: Sequence[Person], chosen: Chosen, *, but: Collection[str] = ()
) -> None:
    survivor, absorbed = held[-1], held[:-1]
    work = Merging(survivor.id or 0, tuple(person.id or 0 for person in absorbed))
    with journal() as written:
        _take_values(held, chosen, but=but)
        db.session.flush()
        for part in parts():
            part.move(actor, work)
            db.session.flush()
        move_own(
            work,
            first_contact_id=chosen.first_contact_id,
            first_post_id=chosen.first_post_id,
            answerable_unit_id=chosen.answerable_unit_id,
        )
        move_the_rest(work)
        for old in merging.leading_to(work.absorbed_ids):
            old.person_id = work.survivor_id
        db.session.flush()
        for person in absorbed:
            db.session.delete(person)
        db.session.flush()
        for person in absorbed:
            db.session.add(
                MergedPerson(old_id=person.id or 0, person_id=work.survivor_id, merge_id=row.id or 0)
            )
    row.images = written.text(chosen=chosen.as_kept())
    row.moved, row.remarks = work.moved, work.remarks


def _take_values(held: Sequence[Person], chosen: Chosen, *, but: Collection[str]) -> None:
    survivor = held[-1]
    values: dict[str, Any] = {}
    for name, suggestion in choosing.all_suggested(held).items():
        values |= dict(zip(choosing.FIELDS[name], suggestion.values, strict=True))
    values |= {column: value for column, value in chosen.values.items() if column in values}
    values["name"] = names.clean_name(values["name"])
    values["name_key"] = names.simplified_key(values["name"])
    if not values["name"]:
        raise NotPossible(N_("合并后总要有个姓名。"))
    survivor.edit(**{column: value for column, value in values.items() if column not in but})
    identified = next((person for person in reversed(held) if person.id_number), None)
    if identified is not None and identified is not survivor:
        survivor.id_number, survivor.id_number_index = identified.id_number, identified.id_number_index
    # Whoever asked to be left alone has asked it of the house, whichever record it stands on.
    silent = [person.do_not_contact_at for person in held if person.do_not_contact_at]
    survivor.do_not_contact_at = min(silent) if silent else None
    confirmed = [person for person in held if person.confirmed_at]
    if confirmed:
        last = max(confirmed, key=lambda person: person.confirmed_at or now())
        survivor.confirmed_at, survivor.confirmed_by = last.confirmed_at, last.confirmed_by
    survivor.created_at = min(person.created_at for person in held)


# Again


def _images(row: PersonMerge) -> dict[str, Any]:
    if row.images is None:
        raise NotPossible(N_("这个人的资料已经按要求删除，合并不能撤销。"))
    return read(row.images)


def _make_again(actor: Actor, row: PersonMerge, kept: Mapping[str, Any], edited: Sequence[Since]) -> None:
    """A later merge, with what its people have now that an earlier one is taken back."""
    held = merging.of_people(person["id"] for person in row.people)
    survivor = held[-1]
    said_then = kept["chosen"]
    values: dict[str, Any] = {}
    for name, whom in said_then["taken"].items():
        source = next((person for person in held if person.id == whom), None)
        if source is not None and not choosing.is_blank(name, choosing.value_of(source, name)):
            values |= dict(zip(choosing.FIELDS[name], choosing.value_of(source, name), strict=True))
        elif whom is None:
            values |= {
                column: said_then["typed"].get(column)
                for column in choosing.FIELDS[name]
                if column in said_then["typed"]
            }
    again = Chosen(
        values=values,
        taken=said_then["taken"],
        answerable_unit_id=said_then["answerable_unit_id"],
        first_post_id=said_then["first_post_id"],
        first_contact_id=said_then["first_contact_id"],
    )
    but = {
        column for one in edited if (one.table, one.id) == ("person", survivor.id) for column in one.columns
    }
    _make_one(actor, row, held, again, but=but)
