"""Ambassadors, advisers, partners and commissioned bodies: appointments, who is entrusted to them, whom they introduce."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app, its panel on a person's page, its words in the outbox."""
    from yishang_crm.network import deeds, known, links, uses, views
    from yishang_crm.network.actions import merging

    deeds.open_deeds()
    known.open_known()
    uses.open_uses()
    links.open_links()
    views.open_pages(app)
    merging.register()
