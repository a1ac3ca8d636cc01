"""Projects for tests, made through the room's own actions."""

import datetime as dt
from decimal import Decimal
from typing import Any

from yishang_crm.core.actor import Actor
from yishang_crm.projects import actions
from yishang_crm.projects.models import Project, Stage

THIS_SPRING = dt.date(2026, 3, 2)


def a_project(actor: Actor, name: str = "精密结构件生产基地", **details: Any) -> Project:
    """A project answered for by the actor's unit, in talks since March."""
    wanted = {
        "stage": Stage.NEGOTIATING,
        "stage_on": THIS_SPRING,
        "investor": "深圳市望岳精密科技有限公司",
        "planned_investment": Decimal("6.50"),
        "chain": "高端装备制造",
    } | details
    return actions.add_project(actor, name=name, **wanted)
