"""Entrepreneurs, their organizations, how to reach them, who keeps them; import and search. The pattern room."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app."""
    from yishang_crm.people import undoing, views

    undoing.open_undo()
    views.open_pages(app)
