"""What rooms tell the undo of their tables: who may change a row, what follows, how a row is named to a reader."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel

from yishang_crm.core.actor import Actor

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Rules:
    """Of rows (all columns by name), the ids of those the actor may change now; what follows when some were put back; and
    which row a reader knows one by (`person:5` for a tag on that person)."""

    table: type[SQLModel]
    seen: Callable[[Actor, Sequence[Values]], set[int]]
    follow: Callable[[Sequence[Values]], None] | None = None
    known_as: Callable[[Values], str] | None = None


_rules: dict[str, Rules] = {}

# For rows known as `person:5`: ids to name and address, of those the actor may see.
Names = Callable[[Actor, Sequence[int]], Mapping[int, tuple[str, str]]]
_names: dict[str, Names] = {}


def may_be_undone(
    table: type[SQLModel],
    *,
    seen: Callable[[Actor, Sequence[Values]], set[int]],
    follow: Callable[[Sequence[Values]], None] | None = None,
    known_as: Callable[[Values], str] | None = None,
) -> None:
    """Called once by the room that owns the table, when it is opened."""
    _rules[str(table.__tablename__)] = Rules(table, seen, follow, known_as)


def tell_names(kind: str, names: Names) -> None:
    """How rows known as `kind:5` are named to a reader; called once, when the room is opened."""
    _names[kind] = names


def named(actor: Actor, rows: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Names and addresses of `person:5` and the like, of those the actor may see."""
    ids: dict[str, list[int]] = {}
    for row in rows:
        kind, _, number = row.partition(":")
        ids.setdefault(kind, []).append(int(number))
    return {
        f"{kind}:{row_id}": told
        for kind, some in ids.items()
        if kind in _names
        for row_id, told in _names[kind](actor, some).items()
    }


def rules_of(table_name: str) -> Rules:
    """Raises `LookupError` where nobody said who may put a row of this table back."""
    if table_name not in _rules:
        raise LookupError(f"{table_name}: nobody said who may undo it")
    return _rules[table_name]


def known_as(table: type[SQLModel], row: Values) -> str:
    """How a reader knows a row (all columns by name)."""
    rules = rules_of(str(table.__tablename__))
    return rules.known_as(row) if rules.known_as else f"{table.__tablename__}:{row['id']}"
