"""How this room is reached."""

from flask import Flask

from yishang_crm.people.views import bringing, checking, contacts, listing, organizations, receipts, record


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app."""
    # The pages of an import hang on one blueprint.
    assert bringing.bp is checking.bp is receipts.bp  # noqa: S101 - said once, at the start
    for blueprint in (listing.bp, record.bp, contacts.bp, bringing.bp, organizations.bp):
        app.register_blueprint(blueprint)
