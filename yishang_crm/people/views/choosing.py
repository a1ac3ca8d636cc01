"""Naming somebody in a form without script: one fits and is taken, several are offered, none is said."""

from typing import Any

from flask import g
from flask_babel import gettext as _

from yishang_crm.people import queries
from yishang_crm.people.filters import Filters
from yishang_crm.people.models import Person
from yishang_crm.people.queries.persons import Card

MOST_OFFERED = 8


def chosen(form: Any) -> tuple[Person | None, list[Card]]:
    """Whom a `WhoForm` names, among those whom the reader may see; else the few to choose from, and an error on the form."""
    if form.person_id.data:
        person = queries.person(g.actor, form.person_id.data)
        if person is None:
            form.who.errors = [_("没有找到这个人，或者不在您负责的范围内。")]
        return person, []
    if not form.who.data:
        form.who.errors = [_("请写上姓名。")]
        return None, []
    found = queries.page_of_people(g.actor, Filters(q=form.who.data))[: MOST_OFFERED + 1]
    exact = [one for one in found if one.name == form.who.data]
    if len(found) == 1 or len(exact) == 1:
        return (exact or found)[0], []
    if not found:
        form.who.errors = [_("您负责的范围内没有找到“%(who)s”。", who=form.who.data)]
        return None, []
    form.who.errors = [_("有几位都符合，请选一位。")]
    return None, queries.cards(g.actor, found[:MOST_OFFERED])
