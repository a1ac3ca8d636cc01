"""Whose birthday comes in the next weeks."""

import datetime as dt
from typing import Any

from flask import Blueprint, g, request

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import today
from yishang_crm.core.web import needs, page
from yishang_crm.people import birthdays, queries, words
from yishang_crm.people.queries.birthdays import MOST, coming_birthdays

bp = Blueprint("birthday", __name__, url_prefix="/people/birthdays")

SPANS = (7, 30, 90)


@bp.get("")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    days = asked.number(request.args, "days") or 30
    days = days if days in SPANS else 30
    people = coming_birthdays(g.actor, first=today(), last=today() + dt.timedelta(days=days))
    return page(
        "people/birthdays/index.html",
        cards=queries.cards(g.actor, people),
        days=days,
        spans=SPANS,
        is_cut=len(people) == MOST,
        with_ages=request.args.get("ages") == "1",
        today=today(),
        say=words.say,
        lunar=birthdays.said_lunar,
        age=birthdays.age,
        nominal_age=birthdays.nominal_age,
    )
