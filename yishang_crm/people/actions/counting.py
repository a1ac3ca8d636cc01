"""Keeping the counts of people short."""

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.deed import note
from yishang_crm.people.queries import tally


@action(Permission.HOUSEKEEPING)
def add_up_counts(actor: Actor) -> int:
    """Put one line in the place of many in the tally of people. Returns how many lines are left."""
    tally.add_up()
    left = tally.lines()
    note(lines=left)
    return left
