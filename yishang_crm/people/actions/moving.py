"""What of this room moves to the record that stays when several become one."""

from typing import Any

from yishang_crm.core.db import db
from yishang_crm.outbox import door
from yishang_crm.people.duplicates import companies
from yishang_crm.people.duplicates.models import DuplicatePair, MergedPerson
from yishang_crm.people.duplicates.parts import Merging
from yishang_crm.people.queries import duplicates, merging


def move_own(
    work: Merging, *, first_contact_id: int | None, first_post_id: int | None, answerable_unit_id: int | None
) -> None:
    """Contact points, posts, stewards, pairs, accounts and letters; where two say the same, one stays."""
    _move_contacts(work, first_contact_id)
    _move_posts(work, first_post_id)
    _move_stewards(work, answerable_unit_id)
    _move_pairs(work)
    for user in merging.accounts_of(work.absorbed_ids):
        user.person_id = work.survivor_id
        work.count("accounts", 1)
    for row in merging.rows_to_write(work.absorbed_ids):
        row.person_id = work.survivor_id
    for person_id in work.absorbed_ids:
        work.count("messages", door.move_to_person(of=person_id, to=work.survivor_id))
    db.session.flush()


def _move_contacts(work: Merging, first: int | None) -> None:
    """Those of the survivor come first, unless another is chosen; a number that stands twice stays once."""
    rows = sorted(
        merging.contacts_of(work.ids), key=lambda row: (row.id != first, row.person_id != work.survivor_id)
    )
    is_new_order = first is not None or any(row.person_id != work.survivor_id for row in rows)
    known: set[tuple[Any, Any]] = set()
    kept = []
    for row in rows:
        if (row.kind, row.value) in known:
            db.session.delete(row)
            continue
        known.add((row.kind, row.value))
        kept.append(row)
    db.session.flush()
    for rank, row in enumerate(kept, 1):
        if row.person_id != work.survivor_id:
            work.count("contacts", 1)
            row.person_id = work.survivor_id
        if is_new_order:
            row.rank = rank
    db.session.flush()


def _move_posts(work: Merging, first: int | None) -> None:
    """The chosen post comes first, then the survivor's. The same post at one firm stays once, under the firm's fuller name."""
    rows = sorted(
        merging.posts_of(work.ids), key=lambda row: (row.id != first, row.person_id != work.survivor_id)
    )
    firms = merging.firms_of(rows)
    is_new_order = first is not None or any(row.person_id != work.survivor_id for row in rows)
    by_post: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        by_post.setdefault(
            (companies.core(firms[row.organization_id].name), row.title, row.until), []
        ).append(row)
    kept = []
    for some in by_post.values():
        fullest = max(some, key=lambda row: len(firms[row.organization_id].name))
        best = some[0] if some[0].id == first else fullest
        # What one record said twice by itself is not this merge's business.
        own = [row for row in some if row is best or row.person_id == best.person_id]
        kept += own
        for row in some:
            if row not in own:
                db.session.delete(row)
    db.session.flush()
    kept.sort(key=lambda row: (row.id != first, row.person_id != work.survivor_id))
    for rank, row in enumerate(kept, 1):
        if row.person_id != work.survivor_id:
            work.count("posts", 1)
            row.person_id = work.survivor_id
        if is_new_order:
            row.rank = rank
    db.session.flush()


def _move_stewards(work: Merging, answerable_unit_id: int | None) -> None:
    """One stewardship a unit, the stronger kind; one unit answerable: the chosen, else the survivor's, else who came first."""
    rows = merging.stewards_of(work.ids)
    by_unit: dict[int, list[Any]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    answering = [row for row in rows if row.answerable]
    own = [row for row in answering if row.person_id == work.survivor_id]
    unit_id = (
        answerable_unit_id
        if answerable_unit_id in by_unit
        else next((row.unit_id for row in own or answering), None)
    )
    kept = []
    for some in by_unit.values():
        best = next((row for row in some if row.person_id == work.survivor_id), some[0])
        strongest = min(some, key=lambda row: (row.kind.value != "steward", row.id))
        kept.append(
            (
                best,
                strongest.kind,
                best.user_id or next((row.user_id for row in some if row.user_id), None),
                min(row.since for row in some),
            )
        )
        for row in some:
            if row is not best:
                db.session.delete(row)
    db.session.flush()
    for row, kind, user_id, since in kept:
        if row.person_id != work.survivor_id:
            work.count("stewards", 1)
            row.person_id = work.survivor_id
        row.kind, row.user_id, row.since = kind, user_id, since
        row.answerable = row.unit_id == unit_id
    db.session.flush()


def _move_pairs(work: Merging) -> None:
    """What was said of the others with third people holds for the survivor; between themselves nothing is left to say."""
    group = set(work.ids)
    moving: list[tuple[DuplicatePair, int]] = []
    known = {
        (set(pair.ids) - group).pop(): pair
        for pair in duplicates.pairs_touching([work.survivor_id])
        if set(pair.ids) - group
    }
    for pair in duplicates.pairs_touching(work.absorbed_ids):
        rest = set(pair.ids) - group
        if not rest:
            db.session.delete(pair)
            continue
        third = rest.pop()
        there = known.get(third)
        if there is None or (there.decided_at is None and pair.decided_at is not None):
            if there is not None:
                db.session.delete(there)
                moving = [(row, whom) for row, whom in moving if row is not there]
            known[third] = pair
            moving.append((pair, third))
        else:
            db.session.delete(pair)
    db.session.flush()
    for pair, third in moving:
        pair.low_id, pair.high_id = sorted((third, work.survivor_id))
    db.session.flush()


def move_the_rest(work: Merging) -> None:
    """Whatever still points at the others, of a room that has no part of its own, moves as it is."""
    for row, column in merging.still_pointing_at(work.absorbed_ids):
        if not isinstance(row, MergedPerson):
            setattr(row, column, work.survivor_id)
            work.count("others", 1)
    db.session.flush()
