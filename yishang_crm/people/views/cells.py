"""One cell of the list, edited in place: its form, its saving, and both values where somebody was quicker."""

from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import now
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.web import done, is_htmx, needs, page
from yishang_crm.core.words import N_
from yishang_crm.people import actions, queries, words
from yishang_crm.people.fields import FACTS, Fact
from yishang_crm.people.models import Person
from yishang_crm.people.views import filtering

bp = Blueprint("cell", __name__, url_prefix="/people/<int:person_id>/cells")

_LABELS = {"owner": N_("联系人"), "tags": N_("标签")}


def _label(fact: str) -> str:
    return _(_LABELS[fact])


@dataclass
class Cell:
    """What a cell's form shows: the value as the form carries it, as people read it, and what can be chosen."""

    fact: str
    label: str
    value: str
    said: str
    choices: list[tuple[str, Any]] = field(default_factory=list)
    is_many: bool = False
    values: list[str] = field(default_factory=list)


@bp.get("/<fact>")
@needs(Permission.PEOPLE_WRITE)
def edit(person_id: int, fact: str) -> Any:
    person = queries.person(g.actor, person_id) or abort(404)
    cell = cell_of(person, fact) or abort(404)
    return _form(person, cell)


@bp.get("/<fact>/shown")
@needs(Permission.PEOPLE_READ)
def shown(person_id: int, fact: str) -> Any:
    """The cell as the list shows it: what Escape returns to."""
    person = queries.person(g.actor, person_id) or abort(404)
    cell = cell_of(person, fact) or abort(404)
    return page("people/cells/shown.html", "people/cells/_shown.html", person=person, cell=cell)


@bp.post("/<fact>")
@needs(Permission.PEOPLE_WRITE)
def save(person_id: int, fact: str) -> Any:
    person = queries.person_to_change(g.actor, person_id) or abort(404)
    cell = cell_of(person, fact) or abort(404)
    mine = ",".join(request.form.getlist("value")) if cell.is_many else request.form.get("value", "")
    wrong, theirs = _put(person, cell, mine)
    if theirs is not None:
        return _form(person, cell, mine=mine, meanwhile=_who_saved(person), status=409)
    if wrong:
        return _form(person, cell, mine=mine, wrong=wrong, status=422)
    fresh = cell_of(person, fact)
    if not is_htmx():
        flash(_("已保存。"), "done")
    return done(
        "people/cells/_shown.html",
        then=url_for("person.show", person_id=person.id),
        person=person,
        cell=fresh,
    )


def _put(person: Person, cell: Cell, mine: str) -> tuple[str, Any]:
    """Save; or what is wrong with the value, or that somebody was quicker."""
    was = request.form.get("was", "")
    version = asked.version(request.form)
    # Looked at before the deed, so that both values can stand in the cell; the action asks again.
    if was != cell.value and (version != person.version or cell.fact in _LABELS):
        return "", cell.value
    if cell.fact == "owner":
        keeper = queries.keeper_of(g.actor, person)
        user = next((one for one in filtering.liaisons(g.actor) if str(one.id) == mine), None)
        if keeper is None or (mine and user is None):
            return _("这位同事现在不能指派，请重新选。"), None
        actions.set_owner(g.actor, person, unit_id=keeper.unit_id, user=user, was=int(was) if was else None)
        return "", None
    if cell.fact == "tags":
        ids = [int(one) for one in mine.split(",") if one.isdigit()]
        before = [int(one) for one in was.split(",") if one.isdigit()]
        actions.set_cell_tags(g.actor, person, tag_ids=ids, was=before)
        return "", None
    value, wrong = read_fact(FACTS[cell.fact], mine)
    if not wrong:
        actions.edit_cell(g.actor, person, fact=FACTS[cell.fact], value=value, was=was, version=version)
    return wrong, None


def read_fact(fact: Fact, text: str) -> tuple[Any, str]:
    """The value, or a sentence that says what is wrong with the text."""
    try:
        return fact.read(text), ""
    except NotPossible as wrong:
        return None, _(wrong.sentence) % wrong.values if wrong.values else _(wrong.sentence)


def cell_of(person: Person, name: str) -> Cell | None:
    """The cell of a fact, of the owner or of the tags; None for what is not edited so."""
    if name == "tags":
        return _tags_cell(person)
    if name == "owner":
        return _owner_cell(person)
    fact = FACTS.get(name)
    if fact is None:
        return None
    value = fact.text_of(person)
    choices = words.choices(fact.values) if fact.values else []
    said = str(words.say(getattr(person, name))) if fact.values else value
    return Cell(
        name,
        _(fact.label),
        value,
        said,
        [*([("", _("未知"))] if choices and fact.may_be_empty else []), *choices],
    )


def _tags_cell(person: Person) -> Cell:
    have = queries.tags_of_people(g.actor, [person.id]).get(person.id or 0, [])
    ids = sorted(tag.id or 0 for tag in have)
    return Cell(
        "tags",
        _label("tags"),
        ",".join(map(str, ids)),
        "、".join(tag.name for tag in have),
        [(str(tag.id), tag.name) for tag in queries.tags(g.actor)],
        is_many=True,
        values=[str(one) for one in ids],
    )


def _owner_cell(person: Person) -> Cell:
    keeper = queries.keeper_of(g.actor, person)
    users = [
        one for one in filtering.liaisons(g.actor) if keeper is not None and one.unit_id == keeper.unit_id
    ]
    value = str(keeper.user_id) if keeper is not None and keeper.user_id else ""
    names = {str(user.id): user.name for user in users}
    return Cell("owner", _label("owner"), value, names.get(value, ""), [("", _("还没有人")), *names.items()])


def _who_saved(person: Person) -> str:
    found = queries.last_saved(person)
    if found is None:
        return _("这一格刚被别人改过：")
    name, at = found
    minutes = int((now() - at).total_seconds() // 60)
    if minutes < 1:
        return _("%(name)s刚刚改成了：", name=name)
    if minutes < 60:
        return _("%(name)s%(minutes)s分钟前改成了：", name=name, minutes=minutes)
    return _("%(name)s在您打开之后改成了：", name=name)


def _form(
    person: Person,
    cell: Cell,
    *,
    mine: str | None = None,
    wrong: str = "",
    meanwhile: str = "",
    status: int = 200,
) -> Any:
    wanted = cell.value if mine is None else mine
    said = dict(cell.choices)
    context = {
        "person": person,
        "cell": cell,
        "mine": wanted,
        "mine_said": "、".join(str(said.get(one, one)) for one in wanted.split(","))
        if cell.choices
        else wanted,
        "chosen": wanted.split(","),
        "wrong": wrong,
        "meanwhile": meanwhile,
        "say": words.say,
    }
    return page("people/cells/edit.html", "people/cells/_edit.html", status=status, **context)
