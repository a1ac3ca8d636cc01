"""Looking for duplicates, and saying of a pair what it is."""

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.bulk import bulk
from yishang_crm.core.clock import now
from yishang_crm.core.db import reading
from yishang_crm.core.deed import note
from yishang_crm.people.duplicates.models import DuplicatePair, PairState
from yishang_crm.people.queries import duplicates, matching

AT_ONCE = 4000


def find_duplicates(actor: Actor, *, everybody: bool = False) -> dict[str, int]:
    """Compare whoever changed since the last time with everybody, or everybody with everybody. Nothing is merged.

    Reads and weighs without the write lock, writes portion by portion. Returns how many pairs were weighed, are new,
    and changed; people counted are those who were looked at.
    """
    at = now()
    with bulk(actor, Permission.HOUSEKEEPING, "people.find_duplicates") as work:
        with reading():
            changed = None if everybody else list(matching.to_scan())
            pairs = matching.candidates(changed)
            for low, high in duplicates.pairs_of(changed):
                pairs.add(low, high)
        counts = {"people": len(changed or ()), "weighed": 0, "found": 0, "changed": 0}
        for some in pairs.portions(AT_ONCE):
            with reading():
                found = duplicates.weighed(sorted(set(some)))
            # A pair may stand in two portions: known already and a candidate now.
            work.insert(DuplicatePair, found.fresh)
            work.update(DuplicatePair, found.changed)
            if found.fresh or found.changed:
                work.chunk_done()
            counts["weighed"] += found.weighed
            counts["found"] += len(found.fresh)
            counts["changed"] += len(found.changed)
        matching.mark_scanned(changed, at=at)
    return counts


find_duplicates.permission = Permission.HOUSEKEEPING  # type: ignore[attr-defined]


@action(Permission.HOUSEKEEPING)
def keep_ready(actor: Actor, *, person_ids: list[int]) -> int:
    """Make the facts and keys of people who have none: those who were there before duplicates were looked for."""
    matching.refresh(person_ids)
    note(people=len(person_ids))
    return len(person_ids)


@action(Permission.PEOPLE_WRITE)
def decide_pair(actor: Actor, pair: DuplicatePair, *, state: PairState, why: str = "", version: int | None = None) -> None:  # fmt: skip
    """Not the same, of one family, or later: remembered with who and when, and not offered again without new grounds."""
    pair.must_be_at(version)
    about(pair)
    pair.decide(state, at=now(), by=actor.name, unit_id=actor.unit_id, why=why)


@action(Permission.PEOPLE_WRITE)
def offer_again(actor: Actor, pair: DuplicatePair, *, version: int | None = None) -> None:
    """Take a decision back: the pair stands in the queue again."""
    pair.must_be_at(version)
    about(pair)
    pair.reopen()
