"""Promises: the list, adding, and the small deeds done on a row."""

import datetime as dt
from typing import Any

from flask import abort, g, request, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice

from yishang_crm.accounts import queries as accounts
from yishang_crm.core import asked
from yishang_crm.core.actor import Permission
from yishang_crm.core.clock import today
from yishang_crm.core.pages import place
from yishang_crm.core.web import needs, page, safe_next
from yishang_crm.followup import actions, queries, words
from yishang_crm.followup.forms import HandoverForm, PostponementForm
from yishang_crm.followup.models import Task
from yishang_crm.followup.queries import TaskFilters
from yishang_crm.followup.queries.tasks import COUNTED_UP_TO, PAGE
from yishang_crm.followup.views import person
from yishang_crm.followup.views import today as mornings
from yishang_crm.followup.views.pages import answer, back, bp

WHENS = ("overdue", "due", "today", "week", "later")


@bp.get("/tasks")
@needs(Permission.FOLLOWUP_READ)
def tasks() -> Any:
    filters, number = _filters(), asked.page_number(request.args)
    rows = queries.page_of_tasks(g.actor, filters, today=today(), page=number)
    total = queries.count_up_to(g.actor, filters, today=today())
    return page(
        "followup/tasks.html",
        "followup/_tasks.html",
        filters=filters,
        rows=rows,
        day=today(),
        counts=queries.task_counts(g.actor, today=today(), whose=filters.whose),
        posts=queries.posts_of(g.actor, {row.task.person_id for row in rows if row.task.person_id}),
        place=_place(number, len(rows), total),
        address=lambda **changes: _address(filters, **changes),
        here=_address(filters, page=number if number > 1 else None),
    )


@bp.post("/tasks")
@needs(Permission.FOLLOWUP_TASK)
def add_task() -> Any:
    form = person.task_form()
    if not form.validate():
        return page("followup/new_task.html", form=form, person=None, status=422)
    task = actions.add_task(
        g.actor, what=form.what.data, due_on=form.due_on.data, user_id=form.user_id.data or None
    )
    return answer(_("已定下：%(what)s。", what=task.what), then=url_for("followup.tasks"))


@bp.get("/tasks/new")
@needs(Permission.FOLLOWUP_TASK)
def any_task() -> Any:
    return page("followup/new_task.html", form=person.task_form(), person=None)


@bp.post("/tasks/<int:task_id>/completion")
@needs(Permission.FOLLOWUP_TASK)
def finish(task_id: int) -> Any:
    task = queries.task(g.actor, task_id) or abort(404)
    actions.finish_task(g.actor, task, version=asked.version(request.form))
    return _after(
        task, _("办完了：%(what)s。", what=task.what), undo=url_for("followup.reopen", task_id=task.id)
    )


@bp.post("/tasks/<int:task_id>/completion/end")
@needs(Permission.FOLLOWUP_TASK)
def reopen(task_id: int) -> Any:
    task = queries.task(g.actor, task_id) or abort(404)
    actions.reopen_task(g.actor, task)
    return _after(task, _("已放回待办：%(what)s。", what=task.what))


@bp.post("/tasks/<int:task_id>/postponement")
@needs(Permission.FOLLOWUP_TASK)
def postpone(task_id: int) -> Any:
    task = queries.task(g.actor, task_id) or abort(404)
    form = PostponementForm()
    day = _day_of(form)
    if day is None:
        return page("followup/postponement.html", task=task, day=today(), form=form, status=422)
    actions.postpone_task(g.actor, task, due_on=day, version=form.version.data)
    return _after(task, _("改到%(day)s：%(what)s。", day=words.due(day, None, today=today()), what=task.what))


@bp.get("/tasks/<int:task_id>/handover")
@needs(Permission.FOLLOWUP_TASK)
def handover(task_id: int) -> Any:
    task = queries.task(g.actor, task_id) or abort(404)
    return page("followup/handover.html", task=task, form=_handover_form(task), day=today())


@bp.post("/tasks/<int:task_id>/handover")
@needs(Permission.FOLLOWUP_TASK)
def pass_on(task_id: int) -> Any:
    task = queries.task(g.actor, task_id) or abort(404)
    form = _handover_form(task)
    if not form.validate():
        return page("followup/handover.html", task=task, form=form, day=today(), status=422)
    user = accounts.user(g.actor, form.user_id.data) or abort(404)
    actions.pass_on_task(g.actor, task, user=user, version=form.version.data)
    return _after(task, _("已交给%(name)s：%(what)s。", name=user.name, what=task.what))


def _after(task: Task, text: str, *, undo: str = "") -> Any:
    """Back to where the deed was done, drawn anew."""
    if back() == "today":
        return answer(
            text,
            then=url_for("followup.morning"),
            undo=undo,
            fragment="followup/_today.html",
            **mornings.lists(),
        )
    if back() == "person" and task.person_id:
        then = url_for("person.show", person_id=task.person_id)
        return answer(text, then=then, undo=undo)
    return answer(text, then=safe_next(request.form.get("next")) or url_for("followup.tasks"), undo=undo)


def _day_of(form: PostponementForm) -> dt.date | None:
    if form.to.data == "tomorrow":
        return today() + dt.timedelta(days=1)
    if form.to.data == "week":
        return today() + dt.timedelta(days=7)
    return form.due_on.data if form.validate() else None


def _handover_form(task: Task) -> HandoverForm:
    form = HandoverForm()
    form.user_id.choices = [
        SelectChoice(user.id, user.name) for user in accounts.colleagues(g.actor) if user.id != task.user_id
    ]
    if not form.is_submitted():
        form.version.data = task.version
    return form


def _filters() -> TaskFilters:
    """The filters an address says; what it says wrongly is left out."""
    whose, when = request.args.get("whose", ""), request.args.get("when", "")
    allowed = ("mine", "unit", "all") if g.actor.sees_all else ("mine", "unit")
    return TaskFilters(
        whose=whose if whose in allowed else "mine",
        when=when if when in WHENS else "",
        done=request.args.get("done") == "1",
    )


def _address(filters: TaskFilters, **changes: Any) -> str:
    said = {
        "whose": "" if filters.whose == "mine" else filters.whose,
        "when": filters.when,
        "done": "1" if filters.done else "",
    }
    said |= changes
    return url_for("followup.tasks", **{name: value for name, value in said.items() if value})


def _place(number: int, shown: int, total: int) -> dict[str, Any]:
    more, plain = _("%(most)s件以上", most=f"{COUNTED_UP_TO:,}"), _("%(total)s件", total=f"{total:,}")
    return place(
        number,
        shown=shown,
        total=total,
        size=PAGE,
        counted_up_to=COUNTED_UP_TO,
        said=more if total > COUNTED_UP_TO else plain,
    )
