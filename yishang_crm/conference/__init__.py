"""Editions of the conference: quotas, nominations, approval, letters, answers."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app, its panel on a person's page, and finish its letters when they leave."""
    from yishang_crm.conference import deeds, known, post, retention, uses, views
    from yishang_crm.conference.actions import merging

    deeds.open_deeds()
    known.open_known()
    retention.open_rules()
    uses.open_uses()
    post.open_post()
    views.open_pages(app)
    merging.register()
