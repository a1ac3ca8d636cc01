"""How this room is reached."""

from flask import Flask

from yishang_crm.people.views import (
    acts,
    bringing,
    cells,
    contacts,
    filtering,
    kept,
    listing,
    organizations,
    palette,
    record,
    segments,
    snapshots,
    tags,
)


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app."""
    rooms = (listing, record, contacts, bringing, organizations, kept, tags, acts, cells, segments, snapshots)
    for each in rooms:
        app.register_blueprint(each.bp)
    filtering.open_filters()
    filtering.open_columns()
    acts.open_acts()
    palette.open_groups()
