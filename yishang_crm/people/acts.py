"""Bulk acts: what may be done with a selection of the people list. Each is a page of its own that upper rooms hang here too.

The list sends the selection to the act's page by GET: `id=5&id=7`, or `matching=1` beside the list's filters; the page reads
it with `Selection.read(request.args)`, finds the people with `queries.chosen(actor, selection)`, and says what will happen
before anything does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.digits import number_in
from yishang_crm.people.filters import Filters

MOST_AT_ONCE = 20_000


@dataclass(frozen=True)
class Act:
    """A button of the selection bar: `endpoint` answers GET with the selection in its query string.

    `key`: its letter. `few`: means something for a few ticked people only, not for all that match.
    """

    name: str
    label: str
    endpoint: str
    permission: Permission
    order: int = 100
    key: str = ""
    icon: str = ""
    few: bool = False


_acts: dict[str, Act] = {}


def add_act(act: Act) -> None:
    """Called once, when a room is opened."""
    _acts.setdefault(act.name, act)


def acts_for(actor: Actor) -> list[Act]:
    """Those the actor may do, in their order."""
    mine = [act for act in _acts.values() if actor.may(act.permission)]
    return sorted(mine, key=lambda act: (act.order, act.name))


@dataclass(frozen=True)
class Selection:
    """People ticked one by one, or all that a list holds."""

    ids: tuple[int, ...] = ()
    filters: Filters | None = None

    @classmethod
    def read(cls, args: Mapping[str, Any]) -> "Selection":
        if args.get("matching"):
            return cls(filters=Filters.read(args))
        given = args.getlist("id") if hasattr(args, "getlist") else args.get("id", [])
        ids = {number for one in given if (number := number_in(one))}
        return cls(ids=tuple(sorted(ids)[:2000]))

    @property
    def is_empty(self) -> bool:
        return self.filters is None and not self.ids

    @property
    def said(self) -> list[tuple[str, str]]:
        """As hidden fields of a form, or a query string."""
        if self.filters is not None:
            return [("matching", "1"), *self.filters.said.items()]
        return [("id", str(one)) for one in self.ids]
