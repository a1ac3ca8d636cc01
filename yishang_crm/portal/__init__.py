"""Pages for people outside: the guest's reply, ambassadors and partners. No tables of its own."""

from flask import Flask


def open_room(app: Flask) -> None:
    """Hang the pages of each kind of reader on the app."""
    from yishang_crm.portal.guest import deeds
    from yishang_crm.portal.guest import views as guest
    from yishang_crm.portal.own import views as own
    from yishang_crm.portal.partner import views as partner

    deeds.open_deeds()
    guest.open_pages(app)
    own.open_pages(app)
    partner.open_pages(app)
