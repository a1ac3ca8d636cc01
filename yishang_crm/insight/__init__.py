"""One page of truth: how many, where, how far; each number a link to the list it counts. No tables, no scores."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app."""
    from yishang_crm.insight import views

    views.open_pages(app)
