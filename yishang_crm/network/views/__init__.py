"""How this room is reached."""

from flask import Flask

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import panel
from yishang_crm.core.words import N_
from yishang_crm.network import queries
from yishang_crm.network.views import appointments, introductions, links, listing, person  # noqa: F401 - they hang on `bp`
from yishang_crm.network.views.pages import bp
from yishang_crm.people.acquaintance import add_source


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app."""
    app.register_blueprint(bp)
    panel("person", "network.of_person", title=N_("聘任与引荐"), order=40, permission=Permission.NETWORK_READ)
    add_source(queries.ties)
