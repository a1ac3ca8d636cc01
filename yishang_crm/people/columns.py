"""Columns that upper rooms add to the people list, so that the list need not know whose they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.people.models import Person

# Given the actor and the people of one page, returns for each person id what the cell's template shows.
Loader = Callable[[Actor, Sequence[Person]], dict[int, Any]]


@dataclass(frozen=True)
class Column:
    """One added column: its head, the file whose macro `cell` draws one, and how its values are loaded (one statement)."""

    name: str
    title: str
    template: str
    load: Loader
    permission: Permission


_columns: list[Column] = []


def add_column(column: Column) -> None:
    """Called once, when an upper room is opened."""
    if column.name not in [one.name for one in _columns]:
        _columns.append(column)


def columns() -> list[Column]:
    return list(_columns)


def cells_for(actor: Actor, people: Sequence[Person]) -> dict[str, dict[int, Any]]:
    """The values of all added columns for one page of people."""
    return {column.name: column.load(actor, people) for column in _columns if actor.may(column.permission)}
