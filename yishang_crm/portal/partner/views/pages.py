"""The blueprint of the portal, and what its pages have in common."""

import secrets
from typing import Any

from flask import Blueprint
from flask_babel import gettext as _
from flask_login import current_user

from yishang_crm.accounts.presence import Present
from yishang_crm.followup import words as followup_words
from yishang_crm.portal.partner import words

bp = Blueprint("partner", __name__)


@bp.context_processor
def words_of_the_portal() -> dict[str, Any]:
    present = current_user._get_current_object()
    role = words.ROLES.get(present.user.role) if isinstance(present, Present) else None
    return {"host_name": _(role) if role else _("宜商通"), "say": followup_words.say}


def fresh_form_number() -> str:
    """Names one filled-in form, so that a resend is not a second one."""
    return secrets.token_hex(12)
