"""What projects know of one person: which they introduced. Projects are the city's; only what is said of the person goes."""

from collections.abc import Iterable

from yishang_crm.core.actor import Actor
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_
from yishang_crm.projects import queries
from yishang_crm.projects.words import SAID


def open_known() -> None:
    """Leave this room's part where the ground looks."""
    knows(Part("projects", tell=tell, forget=forget, weigh=weigh))


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    yield N_("%(count)s个项目的引荐人"), len(queries.introduced_by([person_id]))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    rows = [(one.name, SAID[one.stage], one.stage_on) for one in queries.introduced_by([person_id])]
    yield Chapter(N_("引荐的项目"), (N_("项目"), N_("阶段"), N_("日期")), rows)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    for project in queries.introduced_by([forgetting.subject_id]):
        forgetting.touch(project)
        project.introducer_id, project.name = None, forgetting.cleaned(project.name)
        project.issue, project.next_step = (
            forgetting.cleaned(project.issue),
            forgetting.cleaned(project.next_step),
        )
        for change in queries.stage_changes(project):
            forgetting.touch(change)
            change.note = forgetting.cleaned(change.note)
        project.version += 1
