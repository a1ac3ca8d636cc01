"""The pages of this room, by noun."""

from yishang_crm.accounts.views.blueprint import accounts

from yishang_crm.accounts.views import acts, door, forgotten, own, retention, security, trail, units, users  # isort: skip

__all__ = ["accounts", "acts", "door", "forgotten", "own", "retention", "security", "trail", "units", "users"]
