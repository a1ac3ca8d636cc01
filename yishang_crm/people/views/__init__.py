"""How this room is reached."""

from flask import Flask

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import panel
from yishang_crm.core.words import N_
from yishang_crm.people.files import views as files
from yishang_crm.people.rounds import views as rounds
from yishang_crm.people.stewards import views as stewards
from yishang_crm.people.views import bringing, contacts, listing, organizations, pasting, record


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app."""
    for blueprint in (
        listing.bp,
        record.bp,
        contacts.bp,
        bringing.bp,
        organizations.bp,
        stewards.bp,
        rounds.bp,
        pasting.bp,
        files.bp,
    ):
        app.register_blueprint(blueprint)
    panel("person", "files.of_person", title=N_("文件"), order=60, permission=Permission.PEOPLE_READ)
