"""What the trail calls the filling of the made-up world."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "demo",
        {
            "people": N_("录入演示人员"),
            "talks": N_("录入演示联络"),
        },
    )
