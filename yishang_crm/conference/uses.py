"""What this room holds of people, told to the room below."""

from yishang_crm.conference.models import Guest
from yishang_crm.core.words import N_
from yishang_crm.people.queries.held import held_in
from yishang_crm.people.uses import Use, add_use


def open_uses() -> None:
    """Who stands on the list of an edition stays."""
    add_use(
        Use("conference", N_("在大会名单上，留着"), frozenset({"guest"}), people=held_in(Guest.person_id))
    )
