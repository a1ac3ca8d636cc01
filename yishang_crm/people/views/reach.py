"""How do we reach somebody: the best ways, from our own colleagues or from a person one names."""

from typing import Any

from flask import Blueprint, abort, g, request
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import needs, page
from yishang_crm.people import queries
from yishang_crm.people.acquaintance import Bond, Tie
from yishang_crm.people.filters import Filters
from yishang_crm.people.queries.reach import Chain, Ways
from yishang_crm.people.views.choosing import MOST_OFFERED

bp = Blueprint("reach", __name__, url_prefix="/people")


@bp.get("/<int:person_id>/reach")
@needs(Permission.PEOPLE_READ)
def to_person(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    who, start_id = request.args.get("who", "")[:60].strip(), asked.number(request.args, "start")
    start = (queries.person(g.actor, start_id) or abort(404)) if start_id else None
    offered: Any = ()
    if start is None and who:
        found = queries.page_of_people(g.actor, Filters(q=who))[: MOST_OFFERED + 1]
        others = [one for one in found if one.id != person.id]
        start = others[0] if len(others) == 1 else None
        offered = queries.cards(g.actor, others[:MOST_OFFERED]) if len(others) > 1 else ()
    is_asked = start is not None or not who
    ways = Ways()
    if is_asked:
        ways = queries.ways_between(g.actor, start, person) if start else queries.ways_to(g.actor, person)
    return page(
        "people/reach.html",
        person=person,
        start=start,
        who=who,
        offered=offered,
        is_asked=is_asked,
        chains=[_steps(chain, ways) for chain in ways.chains],
    )


def _steps(chain: Chain, ways: Ways) -> dict[str, Any]:
    """A chain as it is drawn: whom it begins with, and each step with how it is known and the last contact on it."""
    steps: list[dict[str, Any]] = []
    if chain.colleague:
        one = chain.colleague
        steps.append(
            {
                "by": _("负责联系") if one.is_steward else _("加了微信"),
                "day": ways.contacts.of_colleagues.get((one.user_id, one.person_id)),
                "person": chain.people[0],
            }
        )
    for tie, person in zip(chain.ties, chain.people[1:], strict=True):
        pair = (min(tie.a, tie.b), max(tie.a, tie.b))
        steps.append({"by": _said(tie), "day": ways.contacts.of_people.get(pair), "person": person})
    return {
        "colleague": chain.colleague,
        "first": None if chain.colleague else chain.people[0],
        "steps": steps,
        "hops": chain.hops,
    }


def _said(tie: Tie) -> str:
    """How two know each other: what the second is to the first, or what they share."""
    if tie.bond == Bond.TOGETHER:
        return _("同在%(name)s", name=tie.label)
    if tie.bond == Bond.CHAMBER:
        return _("%(name)s同会", name=tie.label) if tie.label else _("同会")
    if tie.bond == Bond.ONCE_TOGETHER:
        return _("曾同在%(name)s", name=tie.label)
    if tie.bond == Bond.SCHOOL:
        return _("%(name)s校友", name=tie.label)
    return _(tie.label)
