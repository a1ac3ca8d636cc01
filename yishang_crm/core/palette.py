"""Groups of the palette: each room leaves its own; one page asks them all and knows none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.core.actor import Actor, Permission

MOST_ROWS = 12
MOST_PLACES = 4  # beside what can be done, while nothing is typed


@dataclass(frozen=True)
class Asked:
    """What was typed behind the prefix, and the page it was typed on: its endpoint and the values of its address."""

    text: str
    endpoint: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One answer: where it leads and how it reads. `verbs`: the address of what can be done with it (Tab); `stands`: a word that
    must be seen beside it before anything is done."""

    href: str
    label: Any
    note: Any = ""
    icon: str = "right"
    key: str = ""
    verbs: str = ""
    stands: str | None = None


@dataclass(frozen=True)
class Group:
    """`find` answers what was asked; `is_listed`: it always tells everything, and the page picks by what was typed.
    `does`: its rows are things to do, not places to go."""

    name: str
    title: Any
    find: Callable[[Actor, Asked], Sequence[Row]]
    permission: Permission
    order: int = 100
    prefix: str = ""
    most: int = 3
    is_listed: bool = False
    does: bool = False


_groups: dict[str, Group] = {}


def add_group(group: Group) -> None:
    """Called once, when a room is opened."""
    _groups.setdefault(group.name, group)


def groups_for(actor: Actor, *, prefix: str = "") -> list[Group]:
    """Those the actor may ask, in their order; with a prefix only those that answer to it."""
    mine = [
        group
        for group in _groups.values()
        if actor.may(group.permission) and (not prefix or group.prefix == prefix)
    ]
    return sorted(mine, key=lambda group: (group.order, group.name))
