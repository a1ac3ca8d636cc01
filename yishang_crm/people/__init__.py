"""Entrepreneurs, their organizations, how to reach them, who keeps them; import and search. The pattern room."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app."""
    from yishang_crm.people import known, retention, views
    from yishang_crm.people.rights import known as rights

    known.open_known()
    rights.open_known()
    retention.open_rules()
    views.open_pages(app)
