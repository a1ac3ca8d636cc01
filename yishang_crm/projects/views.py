"""Projects: the list, one record, noting down, changing, moving on; a panel on a person's page."""

from typing import Any

from flask import Blueprint, Flask, abort, flash, g, request, url_for
from flask_babel import gettext as _

from yishang_crm.accounts import queries as accounts
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.errors import Stale
from yishang_crm.core.web import done, needs, page, panel
from yishang_crm.core.words import N_
from yishang_crm.people import queries as people
from yishang_crm.projects import actions, queries, words
from yishang_crm.projects.forms import NewProjectForm, ProjectForm, StageForm
from yishang_crm.projects.models import IN_ORDER, RESTING, Project, Stage
from yishang_crm.projects.queries import PAGE, Filters, Sum

bp = Blueprint("projects", __name__, url_prefix="/projects")


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app, and its panel on a person's page."""
    app.register_blueprint(bp)
    panel("person", "projects.of_person", title=N_("项目"), order=60, permission=Permission.PROJECTS_READ)


@bp.get("")
@needs(Permission.PROJECTS_READ)
def index() -> Any:
    filters, number = filters_of(request.args), asked.page_number(request.args)
    rows = queries.page_of_projects(g.actor, filters, page=number)
    sums = queries.sums_by_stage(g.actor, filters)
    wanted = [Stage(filters.stage)] if filters.stage else list(Stage)
    total = sum((sums.get(stage, Sum()) for stage in wanted), Sum())
    units = accounts.units() if g.actor.sees_all else []
    return page(
        "projects/index.html",
        "projects/_list.html",
        filters=filters,
        rows=rows,
        total=total,
        stages=_stages(filters, sums),
        resting=[(stage, sums[stage].count) for stage in RESTING if stage in sums],
        chains=queries.chains_in_use(g.actor),
        units=units,
        chips=_chips(filters, {unit.id: unit.short_name for unit in units}),
        place=_place(number, len(rows), total.count),
        address=lambda **changes: _address(filters, **changes),
        **_words(),
    )


@bp.get("/new")
@needs(Permission.PROJECTS_WRITE)
def new() -> Any:
    form = _form(NewProjectForm())
    if form.unit_id is not None:
        form.unit_id.data = g.actor.unit_id
    form.introduce(people.person(g.actor, asked.number(request.args, "introducer") or 0))
    return page("projects/new.html", form=form, chains=queries.chains_in_use(g.actor))


@bp.post("")
@needs(Permission.PROJECTS_WRITE)
def add() -> Any:
    form = _form(NewProjectForm())
    if not form.validate():
        return page("projects/new.html", form=form, chains=queries.chains_in_use(g.actor), status=422)
    project = actions.add_project(g.actor, **form.values)
    flash(_("已记下%(name)s。", name=project.name), "done")
    return done(then=url_for("projects.show", project_id=project.id))


@bp.get("/<int:project_id>")
@needs(Permission.PROJECTS_READ)
def show(project_id: int) -> Any:
    project = queries.project(g.actor, project_id) or abort(404)
    return page("projects/show.html", **record(project))


@bp.get("/<int:project_id>/edit")
@needs(Permission.PROJECTS_WRITE)
def edit(project_id: int) -> Any:
    project = queries.project(g.actor, project_id) or abort(404)
    form = _form(ProjectForm(obj=project))
    form.tell_of(project)
    return page(
        "projects/edit.html", project=project, form=form, theirs={}, chains=queries.chains_in_use(g.actor)
    )


@bp.post("/<int:project_id>")
@needs(Permission.PROJECTS_WRITE)
def save(project_id: int) -> Any:
    project = queries.project(g.actor, project_id) or abort(404)
    form = _form(ProjectForm())
    if not form.validate():
        return page("projects/edit.html", project=project, form=form, theirs={},
                    chains=queries.chains_in_use(g.actor), status=422)  # fmt: skip
    if form.version.data != project.version:
        return _side_by_side(project, form)
    actions.edit_project(g.actor, project, **form.values)
    flash(_("已保存。"), "done")
    return done(then=url_for("projects.show", project_id=project.id))


@bp.post("/<int:project_id>/stage")
@needs(Permission.PROJECTS_WRITE)
def move(project_id: int) -> Any:
    project = queries.project(g.actor, project_id) or abort(404)
    form = StageForm()
    form.offer(project)
    if form.version.data != project.version:
        form.version.data = project.version
        form.to.errors = [_("您打开这一页以后，别人已经改过。请看一眼现在的进展，要改再记一次。")]
        return page("projects/show.html", **record(project, stage_form=form), status=Stale.status)
    if not form.validate():
        return page("projects/show.html", **record(project, stage_form=form), status=422)
    actions.move_stage(
        g.actor,
        project,
        to=Stage(form.to.data),
        on=form.on.data,
        note=form.note.data or "",
        version=form.version.data,
    )
    flash(_("已记下：%(stage)s。", stage=words.say(project.stage)), "done")
    return done(then=url_for("projects.show", project_id=project.id))


@bp.get("/of/<int:person_id>")
@needs(Permission.PROJECTS_READ)
def of_person(person_id: int) -> Any:
    """The panel on a person's page, and a page of its own."""
    person = people.person(g.actor, person_id) or abort(404)
    rows = queries.of_person(g.actor, person)
    return page("projects/of_person.html", "projects/_of_person.html", person=person, rows=rows, **_words())


def filters_of(args: Any) -> Filters:
    """The filters an address says; what it says wrongly is left out."""
    return Filters(
        q=args.get("q", "")[:100].strip(),
        stage=args.get("stage", "") if args.get("stage", "") in set(Stage) else "",
        chain=args.get("chain", "")[:40],
        unit=asked.number(args, "unit"),
    )


def record(project: Project, *, stage_form: StageForm | None = None) -> dict[str, Any]:
    """What a project's page shows."""
    form = stage_form or StageForm(formdata=None)
    form.offer(project)
    return {
        "project": project,
        "parts": queries.project_parts(g.actor, project),
        "steps_said": [words.say(stage) for stage in IN_ORDER],
        "step": IN_ORDER.index(project.reached) + 1,
        "stage_form": form,
        **_words(),
    }


def _form(form: Any) -> Any:
    form.offer_units()
    return form


def _words() -> dict[str, Any]:
    return {"say": words.say, "kinds": words.KINDS, "may_write": g.actor.may(Permission.PROJECTS_WRITE)}


def _address(filters: Filters, **changes: Any) -> str:
    """The list's address with some filters changed; a change of filter begins at the first page."""
    said = {"q": filters.q, "stage": filters.stage, "chain": filters.chain, "unit": filters.unit} | changes
    return url_for("projects.index", **{name: value for name, value in said.items() if value})


def _stages(filters: Filters, sums: dict[Stage, Sum]) -> list[dict[str, Any]]:
    """The way from lead to full output, each step with its count and a link to the list it counts."""
    return [
        {
            "count": sums.get(stage, Sum()).count,
            "label": words.say(stage),
            "href": _address(filters, stage="" if filters.stage == stage else stage.value),
            "current": filters.stage == stage,
        }
        for stage in IN_ORDER
    ]


def _chips(filters: Filters, units: dict[int | None, str]) -> list[tuple[str, str, str]]:
    in_force = [
        (_("搜索"), filters.q, "q"),
        (_("阶段"), words.say(Stage(filters.stage)) if filters.stage else "", "stage"),
        (_("产业链"), filters.chain, "chain"),
        (_("单位"), units.get(filters.unit, "") if filters.unit else "", "unit"),
    ]
    return [(label, said, _address(filters, **{name: ""})) for label, said, name in in_force if said]


def _place(number: int, shown: int, total: int) -> dict[str, Any]:
    first = (number - 1) * PAGE + 1 if shown else 0
    return {
        "first": first,
        "last": first + shown - 1 if shown else 0,
        "total": _("%(total)s个", total=f"{total:,}"),
        "number": number,
        "pages": max(1, -(-total // PAGE)),
        "has_next": number * PAGE < total,
    }


def _side_by_side(project: Project, form: ProjectForm) -> Any:
    """A lost update: what they saved and what was typed here, beside each other; saving again takes this one."""
    stands = ProjectForm(formdata=None, obj=project)
    stands.offer_units()
    stands.tell_of(project)
    theirs = {
        field.name: (_said(field), _said(stands[field.name]))
        for field in form
        if field.name in stands and field.type != "HiddenField" and _said(field) != _said(stands[field.name])
    }
    form.version.data = project.version
    return page("projects/edit.html", project=project, form=form, theirs=theirs,
                chains=queries.chains_in_use(g.actor), status=Stale.status)  # fmt: skip


def _said(field: Any) -> str:
    """A field's value as its reader saw it: the label of a choice, else the text."""
    for option in getattr(field, "choices", None) or ():
        if option.value == (field.data or ""):
            return str(option.label)
    return "" if field.data is None else str(field.data)
