"""What is being done right now: the open action, if any."""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from yishang_crm.core.actor import Actor


@dataclass
class Deed:
    """One action while it runs: who, the verb, what it is about, and the rows it changed so far."""

    actor: Actor
    verb: str
    about: str = ""
    note: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, dict[str, list[Any]]] = field(default_factory=dict)


_doing: ContextVar[Deed | None] = ContextVar("doing", default=None)


def now_doing() -> Deed | None:
    """The innermost open action, or None."""
    return _doing.get()


@contextlib.contextmanager
def doing(deed: Deed) -> Iterator[Deed]:
    """Open a deed; the guards let writes pass while it is open."""
    token = _doing.set(deed)
    try:
        yield deed
    finally:
        _doing.reset(token)


def note(**details: Any) -> None:
    """Leave a detail on the open action's entry: a reason, a purpose, a count. Never a sealed value."""
    deed = _doing.get()
    if deed is None:
        raise RuntimeError("note() outside an action")
    deed.note.update(details)
