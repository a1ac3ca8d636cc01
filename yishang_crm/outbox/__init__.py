"""Messages: written with the deed, held, released, delivered, remembered. Knows neither users nor persons."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app."""
    from yishang_crm.outbox import deeds, jobs, known, models, views  # noqa: F401 - tables are known from the start

    deeds.open_deeds()
    known.open_known()
    jobs.open_rules()
    app.register_blueprint(views.outbox)
