"""How this room is reached."""

from flask import Flask

from yishang_crm.people.exports import views as exports
from yishang_crm.people.rights import views as rights
from yishang_crm.people.views import bringing, contacts, listing, organizations, record


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app."""
    for blueprint in (
        listing.bp,
        record.bp,
        contacts.bp,
        bringing.bp,
        organizations.bp,
        exports.bp,
        rights.bp,
    ):
        app.register_blueprint(blueprint)
