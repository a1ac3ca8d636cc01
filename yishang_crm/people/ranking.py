"""Whom somebody was lately in touch with: told by an upper room, so that a search puts them first."""

from collections.abc import Callable, Sequence

from yishang_crm.core.actor import Actor

MOST = 40

# Ids of people the actor was in touch with, the latest first; at most `MOST`, in one statement.
Lately = Callable[[Actor], Sequence[int]]

_told: list[Lately] = []


def tell_lately(lately: Lately) -> None:
    """Called once, when an upper room is opened."""
    if lately not in _told:
        _told.append(lately)


def lately_in_touch(actor: Actor) -> list[int]:
    """Nothing where no room tells."""
    return [person_id for lately in _told for person_id in lately(actor)][:MOST]
