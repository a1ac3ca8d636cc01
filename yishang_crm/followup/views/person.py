"""What this room shows of one person: the next promise, the timeline, and a column on their list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, g, request, url_for
from flask_babel import gettext as _
from wtforms import SelectChoice

from yishang_crm.accounts import queries as accounts
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.clock import today
from yishang_crm.core.web import needs, page
from yishang_crm.followup import actions, queries
from yishang_crm.followup.forms import TaskForm
from yishang_crm.followup.models import Cadence, Channel
from yishang_crm.followup.views.pages import answer, bp
from yishang_crm.people import queries as people
from yishang_crm.people.models import Person


@bp.get("/people/<int:person_id>/timeline")
@needs(Permission.FOLLOWUP_READ)
def timeline(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    before = request.args.get("before")
    if before:
        return page(
            "followup/timeline.html",
            "followup/_more.html",
            person=person,
            promises=[],
            clock=None,
            **_entries(person),
        )
    return page(
        "followup/timeline.html",
        "followup/_timeline.html",
        person=person,
        promises=queries.promises_to(g.actor, person_id),
        clock=queries.cadence(g.actor, person_id),
        **_entries(person),
    )


@bp.get("/people/<int:person_id>/tasks/new")
@needs(Permission.FOLLOWUP_TASK)
def new_task(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    return page("followup/new_task.html", form=task_form(), person=person)


@bp.post("/people/<int:person_id>/tasks")
@needs(Permission.FOLLOWUP_TASK)
def promise(person_id: int) -> Any:
    person = people.person(g.actor, person_id) or abort(404)
    form = task_form()
    if not form.validate():
        return page("followup/new_task.html", form=form, person=person, status=422)
    actions.add_task(
        g.actor,
        what=form.what.data,
        due_on=form.due_on.data,
        user_id=form.user_id.data or None,
        person_id=person.id,
    )
    return answer(
        _("已定下：%(what)s。", what=form.what.data), then=url_for("person.show", person_id=person.id)
    )


def task_form() -> TaskForm:
    """With the colleagues who may be asked; without one it is the unit's."""
    form = TaskForm()
    colleagues = [one for one in accounts.colleagues(g.actor) if one.unit_id == g.actor.unit_id]
    named = [SelectChoice(user.id, user.name) for user in colleagues]
    form.user_id.choices = [*named, SelectChoice(0, _("本单位，谁有空谁办"))]
    if not form.is_submitted():
        form.user_id.data = g.actor.id
    return form


def _entries(person: Person) -> dict[str, Any]:
    asked = request.args.get("channel", "")
    channel = Channel(asked) if asked in set(Channel) else None
    shown = queries.timeline(g.actor, person.id or 0, before=request.args.get("before"), channel=channel)
    counts = {} if request.args.get("before") else queries.channel_counts(g.actor, person.id or 0)
    more = url_for("followup.timeline", person_id=person.id, before=shown.before, channel=asked or None)
    return {
        "entries": shown.entries,
        "more": more if shown.before else "",
        "counts": counts,
        "channel": channel,
        "day": today(),
    }


@dataclass(frozen=True)
class ClockCell:
    """One cell of the people list: days past the day (negative: still time; none: nobody is to call), and the last contact."""

    days_over: int | None
    clock: Cadence


def clocks_of_page(actor: Actor, shown: Sequence[Person]) -> dict[int, ClockCell]:
    """The cells of one page of the people list; one statement."""
    clocks = queries.of_people(actor, [person.id for person in shown])
    called = {person.id for person in shown if person.may_be_invited}
    return {
        clock.person_id: ClockCell(
            clock.days_over(today()) if clock.person_id in called else None,
            clock,
        )
        for clock in clocks
    }
