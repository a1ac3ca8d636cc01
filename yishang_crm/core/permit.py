"""Sealed values for slow work: a short action records that they are opened, what is slow then reads them outside its transaction."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import is_writing
from yishang_crm.core.deed import Deed, doing, now_doing


@dataclass(frozen=True)
class Permit:
    """May open what the deed said that handed it out, and write nothing."""

    actor: Actor
    verb: str
    about: str

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Within this block sealed values may be read whole. Not while writing: that is an action's business."""
        if is_writing():
            raise RuntimeError("a permit is for reading; what writes is an action")
        with doing(Deed(self.actor, self.verb, self.about)):
            yield


def hand_out() -> Permit:
    """A permit of the open action, whose entry is the trace."""
    deed = now_doing()
    if deed is None:
        raise RuntimeError("hand_out() outside an action")
    return Permit(deed.actor, deed.verb, deed.about)
