"""What can be found in this room, and for whom."""

from yishang_crm.network.queries.acquaintance import ties
from yishang_crm.network.queries.appointments import (
    Terms,
    appointment,
    appointments_of,
    count_by_kind,
    ending,
    has_certificate,
    is_appointed,
    is_appointed_as,
    own_appointment,
    page_of_appointments,
    visible_to,
)
from yishang_crm.network.queries.entrusted import (
    Charge,
    charges,
    described,
    entrusted_people,
    entrusted_person,
    entrusting,
    entrustings_of,
    open_entrusting,
    open_entrustings_by,
    partners,
)
from yishang_crm.network.queries.introductions import (
    Told,
    first_sent,
    introduction,
    introductions_of,
    kept,
    own_introductions,
    waiting,
    waiting_by,
)
from yishang_crm.network.queries.links import (
    account_called,
    account_of,
    link_at_the_door,
    link_of,
    link_to_fill,
)
from yishang_crm.network.queries.own import (
    answering_unit,
    keeper_of,
    own_details,
    own_person,
    own_tasks,
    tasks_out_of,
)

__all__ = [
    "Charge", "Terms", "Told", "account_called", "account_of", "answering_unit", "appointment", "appointments_of", "charges",
    "count_by_kind", "described", "ending", "entrusted_people", "entrusted_person", "entrusting", "entrustings_of", "first_sent",
    "has_certificate", "introduction", "introductions_of", "is_appointed", "is_appointed_as", "keeper_of", "kept",
    "link_at_the_door", "link_of", "link_to_fill", "open_entrusting", "open_entrustings_by", "own_appointment",
    "own_details", "own_introductions", "own_person", "own_tasks", "page_of_appointments", "partners",
    "tasks_out_of", "ties", "visible_to", "waiting", "waiting_by",
]  # fmt: skip
