"""Whom somebody was lately in touch with: told by an upper room, so that a search puts them first."""

from collections.abc import Callable
from typing import Any

from yishang_crm.core.actor import Actor

MOST = 40

# A query for people the actor was in touch with: `person_id`, and `turn`, the greater the later. At most `MOST` rows.
Lately = Callable[[Actor], Any]

_told: list[Lately] = []


def tell_lately(lately: Lately) -> None:
    """Called once, when an upper room is opened."""
    if lately not in _told:
        _told.append(lately)


def lately_queries(actor: Actor) -> list[Any]:
    """None where no room tells."""
    return [lately(actor) for lately in _told]
