"""Setting how long what is kept."""

from yishang_crm.core import retention
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db
from yishang_crm.core.retention import RetentionRule, Rule


@action(Permission.ADMIN_SECURITY)
def set_retention(actor: Actor, rule: Rule, *, days: int, version: int, confirmed: bool) -> RetentionRule:
    """Set the days of a rule; `version` is 0 for one that nobody has set. Raises `Stale`, `NotPossible`."""
    row = retention.set_rule(rule.key) or RetentionRule(key=rule.key, days=rule.days, version=0)
    row.set_days(days, version=version, confirmed_at=now() if confirmed else None)
    db.session.add(row)
    db.session.flush()
    about(row)
    return row
