"""Rows that tell which version a page showed: whoever saves second is told so, and sees what now stands."""

from collections.abc import Collection
from typing import Any

from yishang_crm.core.errors import Stale
from yishang_crm.core.sealed import Sealed, keyed_mark
from yishang_crm.core.words import N_

CHANGED = N_("您打开这一页以后，别人已经改过。请对照后再保存。")


def must_be(row: Any, version: int, *, shown: Collection[str]) -> None:
    """Raises `Stale` with the values of `shown` as they now stand, so that both can be shown side by side."""
    if version != row.version:
        theirs = {name: getattr(row, name) for name in shown}
        raise Stale(CHANGED, theirs)


def edit(row: Any, values: dict[str, Any], *, may: Collection[str]) -> None:
    """Change what a form may change; what it may not is an error of ours, never of the user."""
    if unknown := values.keys() - set(may):
        raise ValueError(f"not editable: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1


def mark_of(row: Any, shown: Collection[str]) -> str:
    """Of what these columns say: for a row without a version, so that a form tells what it was drawn from. Opens nothing."""
    said = [(name, getattr(row, name)) for name in sorted(shown)]
    return keyed_mark(
        repr([(name, one.mark(name) if isinstance(one, Sealed) else one) for name, one in said])
    )


def must_be_seen(row: Any, seen: str, *, shown: Collection[str]) -> None:
    """Raises `Stale` where `seen` is not the mark of what now stands."""
    if seen != mark_of(row, shown):
        raise Stale(CHANGED, {name: getattr(row, name) for name in shown})
