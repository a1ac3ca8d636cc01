"""The day itself: who has arrived, at which desk. Itineraries, hotels, vehicles, seats and badges follow."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app."""
    from yishang_crm.reception import deeds, known, merging, views

    deeds.open_deeds()
    known.open_known()
    app.register_blueprint(views.reception)
    merging.register()
