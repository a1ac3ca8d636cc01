"""What the trail calls the deeds of this small room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "portal.guest",
        {
            "not_me": N_("收信人说不是本人"),
        },
    )
