"""Pages for people outside: the guest's reply, ambassadors and partners. No tables of its own."""

import importlib.util

from flask import Flask

_DOORS = ("guest", "partner")


def open_room(app: Flask) -> None:
    """Hang the pages of each kind of reader on the app."""
    for door in _DOORS:
        if importlib.util.find_spec(f"yishang_crm.portal.{door}"):
            importlib.import_module(f"yishang_crm.portal.{door}.views").open_pages(app)
