"""What happened to a guest: who, when, what. Read through the guest, whom the reader may see."""

from collections.abc import Sequence

from yishang_crm.conference.models import Guest
from yishang_crm.core.actor import Actor
from yishang_crm.core.history import Happened, happened_to

__all__ = ["Happened", "trail"]


def trail(actor: Actor, guest: Guest, *, most: int = 40) -> Sequence[Happened]:
    """The latest deeds that changed this guest, newest first, for one already found for the actor; one statement."""
    return happened_to(actor, [guest.key], most=most)
