"""The id of a row: derived from the round's entry, never stored, so that it means one person of one unit in one round."""

import hashlib
import hmac

from flask import current_app


def token_of(entry_id: int) -> str:
    """`ys417-…`."""
    return f"ys{entry_id}-{_derived(entry_id)}"


def entry_behind(token: str) -> int | None:
    """The entry's id, if the token is ours."""
    number = token.removeprefix("ys").partition("-")[0]
    if not token.isascii() or not number.isdigit() or len(number) > 9:
        return None
    return int(number) if hmac.compare_digest(token, token_of(int(number))) else None


def _derived(entry_id: int) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"row of a yearly return {entry_id}".encode(), hashlib.sha256).hexdigest()[:32]
