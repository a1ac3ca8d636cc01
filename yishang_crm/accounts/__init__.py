"""The staff and the partners who sign in: units, users, roles, sessions."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app."""
    from yishang_crm.accounts import chrome, deeds, known, links, presence, views

    deeds.open_deeds()
    known.open_known()
    presence.open_presence(app)
    chrome.open_chrome(app)
    links.open_links()
    app.register_blueprint(views.accounts)
    app.register_blueprint(views.acts.bp)
