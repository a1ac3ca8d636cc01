"""Entrepreneurs, their organizations, how to reach them, who keeps them; import and search. The pattern room."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the room's pages on the app."""
    from yishang_crm.people import below, beside, deeds, known, retention, ties, views
    from yishang_crm.people.files import known as files
    from yishang_crm.people.files import merging as moving_files
    from yishang_crm.people.lists import known as lists
    from yishang_crm.people.lists import merging as moving_lists
    from yishang_crm.people.lists import undoing
    from yishang_crm.people.returns import open_returns
    from yishang_crm.people.rights import known as rights
    from yishang_crm.people.rounds import known as rounds
    from yishang_crm.people.rounds import merging as moving_rounds
    from yishang_crm.people.rounds import post
    from yishang_crm.people.stewards import known as stewards

    deeds.open_deeds()
    below.open_uses()
    below.open_answers()
    beside.open_uses()
    for part in (known, rights, files, rounds, stewards, ties, lists):
        part.open_known()
    moving_files.register()
    moving_rounds.register()
    moving_lists.register()
    open_returns()
    post.open_post()
    retention.open_rules()
    undoing.open_undo()
    views.open_pages(app)
