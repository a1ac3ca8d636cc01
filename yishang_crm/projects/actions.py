"""What can be done with projects: note one down, change it, move it on."""

import datetime as dt
from typing import Any

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import today
from yishang_crm.core.db import db
from yishang_crm.core.deed import note as remark
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_
from yishang_crm.people.actions.persons import put_organization
from yishang_crm.people.models import Person
from yishang_crm.projects import queries
from yishang_crm.projects.models import Project, Stage, StageChange


@action(Permission.PROJECTS_WRITE)
def add_project(actor: Actor, *, name: str, stage: Stage = Stage.LEAD, stage_on: dt.date | None = None,
                unit_id: int | None = None, investor: str = "", introducer: Person | None = None,
                platform_number: str | None = None, **details: Any) -> Project:  # fmt: skip
    """Note a project down, answered for by `unit_id` (the actor's own unless the actor sees all and says otherwise).

    `investor` is an organization's name, made if new; `introducer` was found for the actor.
    """
    project = Project(
        name=name,
        stage=stage,
        stage_on=stage_on or today(),
        unit_id=_own_unit(actor, unit_id),
        organization_id=_investor(investor),
        introducer_id=introducer.id if introducer else None,
        platform_number=_free_number(platform_number),
        **details,
    )
    project.begin(today=today())
    db.session.add(project)
    db.session.flush()
    about(project)
    _remember(actor, project)
    return project


@action(Permission.PROJECTS_WRITE)
def edit_project(actor: Actor, project: Project, *, version: int, unit_id: int | None = None, investor: str = "",
                 introducer: Person | None = None, platform_number: str | None = None, **values: Any) -> None:  # fmt: skip
    """Change what the form may change. Raises `Stale` when somebody saved in between.

    An introducer whom the actor may not see stays unless the actor names another.
    """
    project.must_be_version(version)
    stays = introducer is None and queries.introducer(actor, project) is None
    project.edit(
        unit_id=project.unit_id if unit_id is None else _own_unit(actor, unit_id),
        organization_id=_investor(investor),
        introducer_id=project.introducer_id if stays else introducer and introducer.id,
        platform_number=_free_number(platform_number, but=project.id),
        **values,
    )


@action(Permission.PROJECTS_WRITE)
def move_stage(
    actor: Actor, project: Project, *, to: Stage, on: dt.date, note: str = "", version: int | None = None
) -> None:
    """Move a project to another stage on a day; why, where that needs saying. Raises `Stale`; None does not ask."""
    about(project)
    if version is not None:
        project.must_be_version(version)
    project.move(to, on=on, reason=note, today=today())
    _remember(actor, project, note=note)
    if note:
        remark(reason=note)


def _remember(actor: Actor, project: Project, *, note: str = "") -> None:
    change = StageChange(
        project_id=project.id or 0, stage=project.stage, on=project.stage_on, by=actor.name, note=note
    )
    db.session.add(change)


def _investor(name: str) -> int | None:
    return put_organization(name).id if name.strip() else None


def _free_number(number: str | None, *, but: int | None = None) -> str | None:
    if number and queries.is_number_taken(number, but=but):
        raise NotPossible(N_("平台编号%(number)s已经登记过，请与市投资促进局核对。"), number=number)
    return number or None


def _own_unit(actor: Actor, unit_id: int | None) -> int:
    wanted = actor.unit_id if unit_id is None else unit_id
    if wanted is None:
        raise NotPossible(N_("请说明由哪个单位负责。"))
    if not actor.sees_all and wanted not in actor.unit_ids:
        raise NotPossible(N_("只能记在本单位名下。"))
    return wanted
