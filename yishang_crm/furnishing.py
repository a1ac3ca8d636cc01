"""What every installation begins with: the dictionaries that the house ships, each flagged until the office confirms it."""

from yishang_crm.accounts import actions as accounts
from yishang_crm.core.actor import HOUSE
from yishang_crm.followup import actions as followup
from yishang_crm.people import actions as people


def furnish() -> int:
    """Units by code, native places, the dictionary of people, cadence and holidays where their tables are empty. Returns how many entries."""
    return sum(
        (
            accounts.seed_units(HOUSE),
            people.seed_places(HOUSE),
            people.seed_dictionary(HOUSE),
            followup.seed_cadence_rules(HOUSE),
            followup.seed_holidays(HOUSE),
        )
    )
