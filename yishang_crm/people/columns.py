"""Columns of the people list: the room's own and those that upper rooms add; each reader and each view chooses and orders."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.people.models import Person

# Given the actor and the people of one page, returns for each person id what the cell's template shows.
Loader = Callable[[Actor, Sequence[Person]], dict[int, Any]]

MOST_SHOWN = 12


@dataclass(frozen=True)
class Column:
    """One column: its head, how its cells are drawn, and how their values are loaded (one statement, or None: none).

    `template`: the file that draws a cell from `cell`; "" where the list's own macro knows the column. `is_usual`: shown
    to whoever has chosen nothing. `sort`: the order of the address that its head asks for. `fact`: what is edited in its
    cells, "" where nothing is.
    """

    name: str
    title: Any
    template: str
    load: Loader | None
    permission: Permission
    order: int = 100
    is_usual: bool = True
    sort: str = ""
    fact: str = ""


_columns: dict[str, Column] = {}


def add_column(column: Column) -> None:
    """Called once, when a room is opened."""
    _columns.setdefault(column.name, column)


def columns_for(actor: Actor) -> list[Column]:
    """All that the actor may see, in the order they are offered."""
    mine = [column for column in _columns.values() if actor.may(column.permission)]
    return sorted(mine, key=lambda column: (column.order, column.name))


def shown_columns(actor: Actor, wanted: Iterable[str]) -> list[Column]:
    """The columns of these names in this order; the usual ones where none is known."""
    offered = {column.name: column for column in columns_for(actor)}
    chosen = [offered[name] for name in dict.fromkeys(wanted) if name in offered]
    return chosen[:MOST_SHOWN] or [column for column in offered.values() if column.is_usual]


def cells_for(actor: Actor, people: Sequence[Person], shown: Iterable[Column]) -> dict[str, dict[int, Any]]:
    """The loaded values of these columns for one page of people."""
    return {column.name: column.load(actor, people) for column in shown if column.load is not None}
