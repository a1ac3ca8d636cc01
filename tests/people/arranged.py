"""People for tests, made through the room's own actions."""

from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.people import actions
from yishang_crm.people.models import Gender, Person, Tier


def somebody(actor: Actor, name: str = "余秉衡", **details: Any) -> Person:
    """A person kept by the actor's unit."""
    wanted = {
        "phone": "19900000417",
        "organization": "深圳市望岳精密科技有限公司",
        "title": "董事长",
        "gender": Gender.MALE,
        "tier": Tier.A,
        "native_place": "桐城市",
        "residence": "深圳",
    } | details
    return actions.add_person(actor, name=name, **wanted)
