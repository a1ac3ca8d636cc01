"""The personal link and its six-digit code: derived from the link's row, never stored, built on the public address only."""

import hashlib
import hmac
from collections.abc import Mapping

from flask import current_app

from yishang_crm.core.clock import now
from yishang_crm.core.digits import number_in
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.network import queries
from yishang_crm.network.models import PortalLink
from yishang_crm.outbox import registry

_GONE = N_("这个链接已经收回，或者验证码过期了。")


def open_links() -> None:
    """Tell the outbox how to finish our letters when they leave: until then they hold placeholders."""
    labels = {"portal_url": N_("个人链接"), "portal_code": N_("六位验证码")}
    registry.placeholder_filler("portal_link", _filled, labels=labels)
    registry.purpose("portal_link", N_("个人链接"))
    registry.purpose("portal_code", N_("登录验证码"))


def token_of(link: PortalLink) -> str:
    """`12-…`: of the user and the generation, so that a new generation ends every older link."""
    return f"{link.user_id}-{_derived(link, 'link')[:40]}"


def code_of(link: PortalLink) -> str:
    """The six digits that open now; only meaningful while `link.has_code`."""
    return f"{int(_derived(link, f'code {link.code_number}'), 16) % 1_000_000:06d}"


def is_code(link: PortalLink, typed: str) -> bool:
    """Whether what was typed is the code that opens now."""
    digits = "".join(typed.split())
    if len(digits) != 6 or not digits.isascii() or not digits.isdigit():
        return False
    return link.has_code(at=now()) and hmac.compare_digest(digits, code_of(link))


def link_behind(token: str) -> PortalLink | None:
    """The link of a token that is genuine and still opens; read anew, and held in a write transaction."""
    user_id = number_in(token.partition("-")[0])
    if not token.isascii() or user_id is None:
        return None
    link = queries.link_at_the_door(user_id)
    if link is None or not link.is_open:
        return None
    return link if hmac.compare_digest(token, token_of(link)) else None


def address_of(link: PortalLink) -> str:
    return f"{current_app.config['SETTINGS'].address}/portal/enter/{token_of(link)}"


def _derived(link: PortalLink, purpose: str) -> str:
    key = str(current_app.secret_key).encode()
    said = f"portal {purpose} {link.user_id} {link.generation}"
    return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()


def _filled(link_id: int) -> Mapping[str, str]:
    link = queries.link_to_fill(link_id)
    if link is None or not link.is_open:
        raise NotPossible(_GONE)
    values = {"portal_url": address_of(link)}
    return values | {"portal_code": code_of(link)} if link.has_code(at=now()) else values
