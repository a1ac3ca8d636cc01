"""A believable made-up world, filled through actions; the same for a seed and a day. No person in it exists."""

from typing import Any

from flask import Flask


def open_room(_app: Flask) -> None:
    """No pages: only what the trail calls the filling."""
    from yishang_crm.demo import deeds

    deeds.open_deeds()


def fill(**wanted: Any) -> None:
    """Fill an empty database (`world.fill`); loaded only then, for no served house needs it."""
    from yishang_crm.demo import world

    world.fill(**wanted)
