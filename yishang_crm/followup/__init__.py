"""Contacts logged in one line, promises with a date, how often each person is kept in touch with."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app, its panel on a person's page, its column on the people list."""
    from yishang_crm.followup import deeds, known, uses, views
    from yishang_crm.followup.actions import merging

    deeds.open_deeds()
    known.open_known()
    uses.open_uses()
    views.open_pages(app)
    merging.register()
