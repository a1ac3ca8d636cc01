"""An export as somebody asks for it."""

from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.people.exports import actions, queries
from yishang_crm.people.exports.models import Export, Form, Order


def an_export(actor: Actor, **details: Any) -> Export:
    """Of all the people the actor may see, with phones."""
    wanted = {
        "form": Form.EXCEL,
        "filters": {},
        "said": "全部",
        "columns": ["name", "organization", "title", "phone"],
        "order": Order.UNIT,
        "purpose": "九月赴深圳走访",
        "receiver": "本单位",
        "reason": "走访前电话联系",
        "title": "在外企业家名册",
        "filled_by": "桐城市投资促进中心",
    } | details
    wanted.setdefault("expected", queries.count(actor, wanted["filters"]))
    return actions.ask(actor, **wanted)
