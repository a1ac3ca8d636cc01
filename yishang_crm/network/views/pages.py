"""The blueprint all pages of this room hang on, and what they have in common."""

from typing import Any

from flask import Blueprint, abort, g

from yishang_crm.network import queries, words
from yishang_crm.network.models import Appointment
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person

bp = Blueprint("network", __name__)


@bp.context_processor
def words_of_the_room() -> dict[str, Any]:
    return {"say": words.say, "shape": words.shape}


def found_appointment(appointment_id: int, *, hold: bool = False) -> tuple[Appointment, Person]:
    """The appointment and its person; 404 when either is not the reader's to see."""
    appointment = queries.appointment(g.actor, appointment_id, hold=hold) or abort(404)
    return appointment, people.person(g.actor, appointment.person_id) or abort(404)
