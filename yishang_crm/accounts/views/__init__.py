"""The pages of this room, by noun."""

from yishang_crm.accounts.views.blueprint import accounts

from yishang_crm.accounts.views import door, forgotten, own, retention, security, trail, units, users  # isort: skip

__all__ = ["accounts", "door", "forgotten", "own", "retention", "security", "trail", "units", "users"]
