"""How this room is reached."""

from flask import Flask

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import panel
from yishang_crm.core.words import N_
from yishang_crm.people.views import (
    bringing,
    chambers,
    contacts,
    dictionary,
    listing,
    organizations,
    reach,
    record,
    relations,
    whereabouts,
)


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app."""
    for blueprint in (
        listing.bp,
        record.bp,
        contacts.bp,
        bringing.bp,
        organizations.bp,
        chambers.bp,
        dictionary.bp,
        whereabouts.bp,
        relations.bp,
        reach.bp,
    ):
        app.register_blueprint(blueprint)
    panel("person", "relation.of_person", title=N_("关系"), order=60, permission=Permission.PEOPLE_READ)
