"""What this room does by the clock."""

from yishang_crm.core.actor import HOUSE
from yishang_crm.people import actions
from yishang_crm.people.queries import tally

WORTH_IT = 2000  # lines; adding up fewer saves nobody anything


def add_up_counts() -> dict[str, int]:
    """When many people changed: their lines in the tally become few again."""
    if tally.lines() < WORTH_IT + tally.kinds_of_line():
        return {}
    return {"lines": actions.add_up_counts(HOUSE)}


def turn_birthdays() -> dict[str, int]:
    """Once a night: the next birthday where the stored one has passed."""
    turned = actions.turn_birthdays(HOUSE)
    return {"turned": turned} if turned else {}
