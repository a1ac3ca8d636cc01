"""Seats of the hall: taken and given back by one statement each, so that nobody can oversell it."""

from yishang_crm.conference import queries
from yishang_crm.conference.models import Edition, Guest
from yishang_crm.core.bulk import take
from yishang_crm.core.db import db
from yishang_crm.core.deed import note


def take_seats(guest: Guest, n: int) -> bool:
    """Take so many of the hall, or give back a negative number. False when they are not there."""
    edition = queries.edition_by_id(guest.edition_id)
    taken = take(Edition, edition.id or 0, used="seats_taken", limit="seats", n=n)
    if taken:
        db.session.expire(edition, ["seats_taken"])
        note(seats=n)
    return taken


def settle_seats(guest: Guest, *, had: int) -> None:
    """After a change that needs fewer seats than before: give back the difference."""
    if had > guest.seats:
        take_seats(guest, guest.seats - had)
