"""What upper rooms hold of a person or an organization, so that this room need not know whose it is.

Somebody who is in use is not taken off when an import is undone; what a room keeps for everybody without being asked
(a clock) is let go with them. `tables` are those with a key into `person` or `organization`: a house test compares.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yishang_crm.core.bulk import Bulk

# Given ids, returns those that are in use.
InUse = Callable[[Sequence[int]], set[int]]


@dataclass(frozen=True)
class Use:
    """One kind of use. `said` is a sentence for the list of who was kept; `let_go` deletes what nobody wrote by hand."""

    name: str
    said: str
    tables: frozenset[str]
    people: InUse | None = None
    organizations: InUse | None = None
    let_go: Callable[[Bulk, Sequence[int]], None] | None = None


_uses: list[Use] = []


def add_use(use: Use) -> None:
    """Called once, when an upper room is opened."""
    if use.name not in [one.name for one in _uses]:
        _uses.append(use)


def uses() -> list[Use]:
    return list(_uses)


def people_in_use(ids: Sequence[int]) -> dict[int, list[str]]:
    """Why these people are kept: person id → sentences, for those that are in use."""
    found: dict[int, list[str]] = {}
    for use in _uses:
        for person_id in use.people(ids) if use.people and ids else ():
            found.setdefault(person_id, []).append(use.said)
    return found


def organizations_in_use(ids: Sequence[int]) -> set[int]:
    """Those of these organizations that an upper room points at."""
    return {one for use in _uses if use.organizations and ids for one in use.organizations(ids)}


def let_go(work: Bulk, ids: Sequence[int]) -> None:
    """These people are about to be deleted."""
    for use in _uses:
        if use.let_go:
            use.let_go(work, ids)
