"""Whom the signed id of a row means: answered by the room that handed the sheet out, so that meeting rows need not know it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from yishang_crm.core.actor import Actor


@dataclass(frozen=True)
class Meant:
    """Behind a genuine id. `person_id` None: somebody who is not the actor's to change; `is_open`: the round still runs."""

    person_id: int | None
    is_open: bool = True


Resolve = Callable[[Actor, Collection[str]], dict[str, Meant]]

_resolvers: list[Resolve] = []


def when_returned(resolve: Resolve) -> None:
    """`resolve(actor, tokens)` tells of those tokens that are genuine; called once, when the room is opened."""
    if resolve not in _resolvers:
        _resolvers.append(resolve)


def meant_by(actor: Actor, tokens: Collection[str]) -> dict[str, Meant]:
    """Token → whom it means; one that is not genuine is not there."""
    return {
        token: meant for resolve in _resolvers if tokens for token, meant in resolve(actor, tokens).items()
    }
