"""What the timetable calls here."""

from yishang_crm.core.actor import HOUSE
from yishang_crm.people import actions


def turn_birthdays() -> dict[str, int]:
    """Once a night: the next birthday where the stored one has passed."""
    turned = actions.turn_birthdays(HOUSE)
    return {"turned": turned} if turned else {}
