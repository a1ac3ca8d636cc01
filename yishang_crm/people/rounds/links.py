"""A person's own page: its address is derived from the entry, never stored, built on the public address only."""

import hashlib
import hmac

from flask import current_app

from yishang_crm.people.rounds.models import RoundEntry


def token_of(entry: RoundEntry) -> str:
    """`417-…`: of the entry, so that a link ends with its round."""
    return f"{entry.id}-{_derived(entry.id or 0)}"


def entry_behind(token: str) -> int | None:
    """The entry's id, if the token is ours."""
    number = token.partition("-")[0]
    if not token.isascii() or not number.isdigit() or len(number) > 9:
        return None
    genuine = f"{int(number)}-{_derived(int(number))}"
    return int(number) if hmac.compare_digest(token, genuine) else None


def address_of(entry: RoundEntry) -> str:
    # Never from the Host header: whoever asks could choose where the link leads.
    return f"{current_app.config['SETTINGS'].address}/portal/details/{token_of(entry)}"


def _derived(entry_id: int) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"people own details {entry_id}".encode(), hashlib.sha256).hexdigest()[:32]
