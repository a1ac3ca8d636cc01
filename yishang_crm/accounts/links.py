"""The link to a new password: derived from the request's row, never stored, built on the public address only."""

import hashlib
import hmac
from collections.abc import Mapping

from flask import current_app

from yishang_crm.accounts import queries
from yishang_crm.accounts.models import PasswordReset
from yishang_crm.core.digits import number_in
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.outbox import registry


def open_links() -> None:
    """Tell the outbox how to finish our letter when it leaves: until then it holds a placeholder."""
    registry.placeholder_filler("password_reset", _filled, labels={"password_url": N_("重设密码的链接")})
    registry.purpose("password", N_("重设密码"))


def token_of(reset: PasswordReset) -> str:
    key = str(current_app.secret_key).encode()
    said = f"password reset {reset.id} {reset.user_id} {reset.asked_at.isoformat()}"
    return f"{reset.id}-{hmac.new(key, said.encode(), hashlib.sha256).hexdigest()[:40]}"


def reset_behind(token: str) -> PasswordReset | None:
    """The request of a link that is genuine and still opens."""
    reset_id = number_in(token.partition("-")[0])
    if not token.isascii() or reset_id is None:
        return None
    reset = queries.reset_of_link(reset_id)
    return reset if reset is not None and hmac.compare_digest(token, token_of(reset)) else None


def _filled(reset_id: int) -> Mapping[str, str]:
    reset = queries.reset_of_link(reset_id)
    if reset is None:
        raise NotPossible(N_("这个链接已经用过或者过期了，请重新申请。"))
    return {"password_url": f"{current_app.config['SETTINGS'].address}/password/{token_of(reset)}"}
