"""Posts: add, correct, end; which of them stands in lists and letters."""

from typing import Any

from flask import Blueprint, abort, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import today
from yishang_crm.core.errors import Stale
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries
from yishang_crm.people.forms import PostForm
from yishang_crm.people.models import Organization, Person, Position
from yishang_crm.people.views.record import record

bp = Blueprint("post", __name__, url_prefix="/people/<int:person_id>/posts")


@bp.post("")
@needs(Permission.PEOPLE_WRITE)
def add(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    form = PostForm()
    if not form.validate():
        return page("people/show.html", **record(person, post_form=form), status=422)
    actions.add_post(g.actor, person, **form.values)
    return done(then=_back_to(person))


@bp.get("/<int:post_id>/edit")
@needs(Permission.PEOPLE_WRITE)
def edit(person_id: int, post_id: int) -> Any:
    person, post, firm = _found(person_id, post_id)
    form = PostForm(formdata=None, obj=post, organization=firm.name)
    return _page(person, post, form)


@bp.post("/<int:post_id>")
@needs(Permission.PEOPLE_WRITE)
def save(person_id: int, post_id: int) -> Any:
    person, post, firm = _found(person_id, post_id)
    form = PostForm()
    if not form.validate():
        return _page(person, post, form, status=422)
    if form.seen.data != post.seen:
        return _page(person, post, form, theirs=_theirs(post, firm, form), status=Stale.status)
    actions.edit_post(g.actor, person, post, seen=form.seen.data, **form.values)
    flash(_("已保存。"), "done")
    return done(then=_back_to(person))


@bp.post("/<int:post_id>/end")
@needs(Permission.PEOPLE_WRITE)
def end(person_id: int, post_id: int) -> Any:
    person, post, _firm = _found(person_id, post_id)
    actions.end_post(g.actor, person, post, on=today())
    return done(then=_back_to(person))


def _found(person_id: int, post_id: int) -> tuple[Person, Position, Organization]:
    person = queries.person(g.actor, person_id) or abort(404)
    post = queries.post(g.actor, person, post_id) or abort(404)
    return person, post, queries.organization(post.organization_id) or abort(404)


def _page(person: Person, post: Position, form: PostForm, *, theirs: Any = (), status: int = 200) -> Any:
    return page("people/posts/edit.html", person=person, post=post, form=form, theirs=theirs, status=status)


def _theirs(post: Position, firm: Organization, form: PostForm) -> list[tuple[Any, Any, Any]]:
    """What differs; saving again takes what was typed here."""
    form.seen.data, form.seen.raw_data = post.seen, None
    standing = {"organization": firm.name, "title": post.title, "since": post.since, "until": post.until}
    return [
        (form[name].label.text, value, form[name].data)
        for name, value in standing.items()
        if form[name].data != value
    ]


def _back_to(person: Person) -> str:
    return url_for("person.show", person_id=person.id, _anchor="posts")
