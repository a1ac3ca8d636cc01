"""Who somebody knows: one hop drawn and as a table, relations added and taken off; the same for an organization."""

from typing import Any

from flask import Blueprint, abort, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.people import actions, queries
from yishang_crm.people.models import Organization, Person
from yishang_crm.people.models.dictionary import Dictionary
from yishang_crm.people.organization_forms import RelationForm
from yishang_crm.people.picture import MOST_NODES, Neighbour, picture
from yishang_crm.people.views.choosing import chosen

bp = Blueprint("relation", __name__)


@bp.get("/people/<int:person_id>/circle")
@needs(Permission.PEOPLE_READ)
def of_person(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    return page("people/circle/person.html", "people/circle/_person.html", **_shown(person))


@bp.post("/people/<int:person_id>/relations")
@needs(Permission.PEOPLE_WRITE)
def add(person_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    form = _form()
    is_whole = form.validate()
    other, offered = chosen(form)
    if not is_whole or other is None:
        return page("people/circle/person.html", **_shown(person, form=form, offered=offered), status=422)
    word_id, _dot, way = form.word.data.partition(".")
    word = queries.dictionary_word(int(word_id)) or abort(422)
    actions.relate(g.actor, person, other, word=word, backwards=way == "back", note=form.note.data)
    flash(_("已记下%(name)s和%(other)s的关系。", name=person.name, other=other.name), "done")
    return done(then=url_for("relation.of_person", person_id=person.id))


@bp.post("/people/<int:person_id>/relations/<int:relation_id>/ending")
@needs(Permission.PEOPLE_WRITE)
def end(person_id: int, relation_id: int) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    relation = queries.relation(g.actor, relation_id)
    if relation is None or person.id not in (relation.person_id, relation.other_id):
        abort(404)
    actions.end_relation(g.actor, relation)
    flash(_("这条关系已从两人的页面上删去，记录留在审计里。"), "done")
    return done(then=url_for("relation.of_person", person_id=person.id))


@bp.get("/organizations/<int:organization_id>/circle")
@needs(Permission.PEOPLE_READ)
def of_organization(organization_id: int) -> Any:
    organization = queries.organization(organization_id) or abort(404)
    present = queries.people_at(g.actor, organization)
    family = queries.family(organization)
    around = [Neighbour(f"person:{one.person.id}", one.person.name, one.post.title) for one in present]
    beside = [
        *([(_("上级"), family.parent)] if family.parent else []),
        *((_("下属"), child) for child in family.children),
    ]
    firms = [_firm(firm, label) for label, firm in beside]
    few = around[: MOST_NODES - 1 - min(len(firms), 6)] + firms
    return page(
        "people/circle/organization.html",
        organization=organization,
        present=present,
        beside=beside,
        drawn=picture(_firm(organization, ""), few),
        href=_href,
    )


def _shown(person: Person, *, form: RelationForm | None = None, offered: Any = ()) -> dict[str, Any]:
    circle = queries.circle_of(g.actor, person)
    people = [Neighbour(f"person:{one.other.id}", one.other.name, one.said) for one in circle.related] + [
        Neighbour(f"person:{one.id}", one.name, _(tie.label)) for tie, one in circle.told
    ]
    firms = [_firm(firm, post.title, is_past=post.until is not None) for post, firm in circle.posts]
    return {
        "person": person,
        "circle": circle,
        "drawn": picture(
            Neighbour(f"person:{person.id}", person.name),
            _fitting(people, firms),
            among={(f"person:{a}", f"organization:{b}") for a, b in circle.among},
        ),
        "count": len(people) + len(firms),
        "href": _href,
        "may_write": g.actor.may(Permission.PEOPLE_WRITE),
        "form": form or _form(),
        "offered": offered,
    }


def _fitting(people: list[Neighbour], firms: list[Neighbour]) -> list[Neighbour]:
    """Once each, people first; where both are many, organizations keep a third of the picture."""
    once = list({one.key: one for one in reversed(people)}.values())[::-1]
    room = MOST_NODES - 1 - min(len(firms), MOST_NODES // 3)
    return [*once[:room], *firms, *once[room:]]


def _firm(firm: Organization, label: str, *, is_past: bool = False) -> Neighbour:
    return Neighbour(
        f"organization:{firm.id}", firm.short_name or firm.name, label, is_person=False, is_past=is_past
    )


def _href(key: str) -> str:
    """Where a node leads: the same picture around it."""
    kind, _colon, row_id = key.partition(":")
    if kind == "person":
        return url_for("relation.of_person", person_id=row_id)
    return url_for("relation.of_organization", organization_id=row_id)


def _form() -> RelationForm:
    return RelationForm(queries.words_of(Dictionary.RELATION))
