"""What this room holds of people, told to the room below."""

from yishang_crm.core.words import N_
from yishang_crm.network.models import Appointment, Entrusted, Introduction
from yishang_crm.people.queries.held import held_in
from yishang_crm.people.uses import Use, add_use


def open_uses() -> None:
    """Somebody appointed, entrusted or introduced stays."""
    people = held_in(
        Appointment.person_id,
        Entrusted.person_id,
        Entrusted.partner_id,
        Introduction.person_id,
        Introduction.partner_id,
    )
    tables = frozenset({"appointment", "entrusted", "introduction"})
    add_use(Use("network", N_("是招商伙伴，或托付、引荐的人，留着"), tables, people=people))
