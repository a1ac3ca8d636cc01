"""How this room is reached."""

from flask import Flask

from yishang_crm.people.views import (
    bringing,
    chambers,
    contacts,
    dictionary,
    listing,
    organizations,
    record,
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
    ):
        app.register_blueprint(blueprint)
