"""The scan for duplicates over a world of its own: how long, how much of what was planted is found, how much is real."""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, at_least, at_most

AT_ONCE = 500
CHANGED = 1000


def measure(people: int) -> Iterator[Figure]:
    """A full scan of `people`, the nightly one after a thousand changed; prints the confusion table to standard error."""
    from sqlmodel import select

    from tests.bench.files import _empty_house
    from tests.people.duplicates.planted import confusion, planted
    from yishang_crm.accounts import queries as units
    from yishang_crm.core.actor import HOUSE, Permission
    from yishang_crm.core.bulk import bulk
    from yishang_crm.core.db import db
    from yishang_crm.core.scope import unscoped_for
    from yishang_crm.people import actions
    from yishang_crm.people.actions.many import create_many
    from yishang_crm.people.duplicates.models import DuplicatePair

    with tempfile.TemporaryDirectory() as name, _empty_house(Path(name)):
        bureau = units.unit_by_code("bureau")
        world = planted(people, unit_id=bureau.id)
        ids: list[int] = []
        organizations: dict[str, int] = {}
        with bulk(HOUSE, Permission.HOUSEKEEPING, "bench") as work:
            for start in range(0, len(world.people), AT_ONCE):
                ids += create_many(work, world.people[start : start + AT_ONCE], organizations)
                work.chunk_done()
        begun = time.perf_counter()
        actions.find_duplicates(HOUSE, everybody=True)
        scanned = time.perf_counter()
        at = {person_id: place for place, person_id in enumerate(ids)}
        rows = db.session.execute(
            unscoped_for("a bench looks", select(DuplicatePair.low_id, DuplicatePair.high_id))
        ).all()
        told = confusion(world, [(at[low], at[high]) for low, high in rows])
        for person_id in ids[:CHANGED]:
            _touch(person_id)
        db.session.commit()
        again = time.perf_counter()
        actions.find_duplicates(HOUSE)
        nightly = time.perf_counter()
    print(f"\nduplicates planted among {people:,} people\n{told.table()}\n", file=sys.stderr, flush=True)
    # The bar is for 200,000; a smaller world is told without one.
    bar = 60 if people >= 200_000 else None
    yield at_most(f"duplicates: {len(ids):,} people scanned", scanned - begun, "s", bar)
    yield at_most(f"duplicates: the night after {CHANGED:,} changed", nightly - again, "s")
    yield at_least(f"duplicates: found of {told.planted.total():,} planted", told.share_found, "%", 95)
    yield at_least(f"duplicates: real of {told.reported:,} reported", told.share_real, "%", 90)


def _touch(person_id: int) -> None:
    from yishang_crm.core.actor import HOUSE
    from yishang_crm.people import actions, queries

    person = queries.person(HOUSE, person_id)
    actions.edit_person(HOUSE, person, version=person.version, native_town="新渡镇", residence="惠州")
