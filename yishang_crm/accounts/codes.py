"""One-time codes from an authenticator app (TOTP, RFC 6238), set up and checked without any other host."""

import base64
import binascii
import datetime as dt
import hmac

import pyotp
import segno
from markupsafe import Markup

from yishang_crm.core import sealed

PERIOD = 30  # seconds
_OFFER_HOLDS = dt.timedelta(minutes=20)


def new_secret() -> str:
    return pyotp.random_base32()


def step_of(secret: str, code: str, *, at: dt.datetime, after: int = 0) -> int | None:
    """The time step a code belongs to: now, one before or one later, and later than the last used. Else None."""
    code = "".join(code.split())
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return None
    now_step = int(at.timestamp()) // PERIOD
    totp = pyotp.TOTP(secret)
    fitting = [
        step
        for step in (now_step - 1, now_step, now_step + 1)
        if hmac.compare_digest(totp.generate_otp(step), code) and step > after
    ]
    return fitting[-1] if fitting else None


def offer(secret: str, *, user_id: int, at: dt.datetime) -> str:
    """A secret on its way from the set-up page to its confirmation: encrypted, for one user, for twenty minutes.

    It travels with the form, so that looking at the page writes nothing.
    """
    until = int((at + _OFFER_HOLDS).timestamp())
    return base64.urlsafe_b64encode(sealed.encrypt(f"totp {user_id} {until} {secret}")).decode()


def taken_up(offered: str, *, user_id: int, at: dt.datetime) -> str | None:
    """The secret of an offer, or None if it is another's, too old, or no offer at all."""
    try:
        words = sealed.decrypt(base64.urlsafe_b64decode(offered)).split(" ")
    except (ValueError, binascii.Error):
        return None
    if len(words) != 4 or words[:2] != ["totp", str(user_id)] or int(words[2]) < at.timestamp():
        return None
    return words[3]


def drawing(secret: str, *, login: str) -> Markup:
    """The QR for an authenticator app, as an svg element of black on white in both themes."""
    address = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="宜商通")
    svg = segno.make(address, error="m", micro=False).svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    return Markup(svg)  # noqa: S704 - our own drawing, of numbers only


def in_groups(secret: str) -> str:
    """The secret for typing, in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
