"""How this room is reached."""

from flask import Flask

from yishang_crm.conference.views import (
    approval,
    board,
    editions,
    guest,
    guests,
    letters,
    nominations,
    people,
    person,
    replies,
    selection,
)
from yishang_crm.conference.views.blueprint import bp
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import panel
from yishang_crm.core.words import N_
from yishang_crm.people.models import Person

PAGES = (approval, board, editions, guest, guests, letters, nominations, person, replies, selection)


def _may_be_invited(person: Person) -> bool:
    return person.may_be_invited


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app, its panel and its act on a person's page."""
    app.register_blueprint(bp)
    read, nominate = Permission.CONFERENCE_READ, Permission.CONFERENCE_NOMINATE
    panel("person", "conference.person_panel", title=N_("大会"), order=30, permission=read)
    panel(
        "person-act",
        "conference.nominate_person",
        title=N_("邀请"),
        order=30,
        permission=nominate,
        key="i",
        fits=_may_be_invited,
    )
    people.open_people()
    selection.open_act()
