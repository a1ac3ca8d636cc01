"""What was changed of a person, by whom and when, on their page."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, abort, g
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.history import Happened
from yishang_crm.core.web import needs, page
from yishang_crm.people import queries, words

bp = Blueprint("history", __name__, url_prefix="/people")

MOST, SHOWN = 50, 6


@bp.get("/<int:person_id>/history")
@needs(Permission.PEOPLE_READ)
def of_person(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    told = [(one, "，".join(_changes(one))) for one in queries.history_of(g.actor, person, most=MOST)]
    return page(
        "people/history.html",
        "people/_history.html",
        person=person,
        lines=[(one, text) for one, text in told if text],
        shown=SHOWN,
        most=MOST,
    )


def _changes(one: Happened) -> Iterator[str]:
    """Each fact that changed, old and new: 等级 B→A. Columns that only follow from others are left out."""
    for name, (was, became) in one.changes.items():
        label = words.COLUMNS.get(name)
        if label is None or was == became or (not was and not became):
            continue
        old, new = words.value_of(name, was), words.value_of(name, became)
        yield (
            f"{_(label)} {old}→{new}"
            if old and new
            else f"{_(label)} {new}"
            if new
            else _("%(label)s %(old)s 去掉了", label=_(label), old=old)
        )
