"""Projects, lightly: who invests how much in what, where it stands, what is next. The reporting stays on the city's platform."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app, and its panel on a person's page."""
    from yishang_crm.projects import deeds, known, merging, uses, views

    deeds.open_deeds()
    known.open_known()
    uses.open_uses()
    views.open_pages(app)
    merging.register()
