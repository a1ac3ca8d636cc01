"""Organizations: the list, and one with the people in it whom the reader may see."""

from typing import Any

from flask import Blueprint, abort, g, request

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import needs, page
from yishang_crm.people import queries, words

bp = Blueprint("organization", __name__, url_prefix="/organizations")


@bp.get("")
@needs(Permission.PEOPLE_READ)
def index() -> Any:
    text = request.args.get("q", "")[:100].strip()
    after = asked.number(request.args, "after") or 0
    return page(
        "people/organizations/index.html",
        q=text,
        rows=queries.organizations_like(g.actor, text, after=after),
        say=words.say,
    )


@bp.get("/<int:organization_id>")
@needs(Permission.PEOPLE_READ)
def show(organization_id: int) -> Any:
    organization = queries.organization(organization_id) or abort(404)
    posts = queries.people_at(g.actor, organization)
    return page("people/organizations/show.html", organization=organization, posts=posts, say=words.say)
