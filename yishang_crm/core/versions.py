"""Rows that tell which version a page showed: whoever saves second is told so, and sees what now stands."""

from collections.abc import Collection
from typing import Any

from yishang_crm.core.errors import Stale
from yishang_crm.core.words import N_


def must_be(row: Any, version: int, *, shown: Collection[str]) -> None:
    """Raises `Stale` with the values of `shown` as they now stand, so that both can be shown side by side."""
    if version != row.version:
        theirs = {name: getattr(row, name) for name in shown}
        raise Stale(N_("您打开这一页以后，别人已经改过。请对照后再保存。"), theirs)


def edit(row: Any, values: dict[str, Any], *, may: Collection[str]) -> None:
    """Change what a form may change; what it may not is an error of ours, never of the user."""
    if unknown := values.keys() - set(may):
        raise ValueError(f"not editable: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
