"""How the portal is reached."""

from flask import Flask

from yishang_crm.portal.partner.views import details, door, home, introducing, nominating, people  # noqa: F401 - they hang on `bp`
from yishang_crm.portal.partner.views.pages import bp


def open_pages(app: Flask) -> None:
    """Hang the portal's pages on the app."""
    app.register_blueprint(bp)
