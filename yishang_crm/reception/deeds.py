"""What the trail calls the deeds of this room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "reception",
        {
            "receive": N_("报到台接待嘉宾"),
            "receive_walk_in": N_("报到台接待临时来宾"),
            "undo_last": N_("报到台撤销报到"),
        },
    )
