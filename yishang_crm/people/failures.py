"""What upper rooms do when a contact point turns out to be wrong or bounces, so that this room need not know who promises what."""

from collections.abc import Callable

from yishang_crm.core.actor import Actor
from yishang_crm.people.models import ContactPoint, Person

Answer = Callable[[Actor, Person, ContactPoint], None]

_answers: list[Answer] = []


def when_contact_fails(answer: Answer) -> None:
    """`answer(actor, person, contact)` runs inside the deed that marks the contact point; called once, when a room is opened."""
    if answer not in _answers:
        _answers.append(answer)


def contact_failed(actor: Actor, person: Person, contact: ContactPoint) -> None:
    for answer in _answers:
        answer(actor, person, contact)
