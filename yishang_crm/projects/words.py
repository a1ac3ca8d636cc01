"""How the stages of a project are said to people, and the shape each is shown with."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext

from yishang_crm.core.words import N_
from yishang_crm.projects.models import Stage

SAID: dict[Stage, str] = {
    Stage.LEAD: N_("线索"),
    Stage.SCREENING: N_("研判"),
    Stage.NEGOTIATING: N_("在谈"),
    Stage.INTENT: N_("意向"),
    Stage.SIGNED: N_("签约"),
    Stage.REGISTERED: N_("落地"),
    Stage.STARTED: N_("开工"),
    Stage.UNDER_CONSTRUCTION: N_("在建"),
    Stage.COMPLETED: N_("投产"),
    Stage.FULL_OUTPUT: N_("达产"),
    Stage.SUSPENDED: N_("暂停"),
    Stage.TERMINATED: N_("终止"),
    Stage.TRANSFERRED: N_("流转"),
}

# A state is a word and a shape (templates/parts/state.html).
KINDS: dict[Stage, str] = {
    Stage.LEAD: "",
    Stage.SCREENING: "",
    Stage.NEGOTIATING: "wait",
    Stage.INTENT: "wait",
    Stage.SIGNED: "info",
    Stage.REGISTERED: "info",
    Stage.STARTED: "info",
    Stage.UNDER_CONSTRUCTION: "info",
    Stage.COMPLETED: "done",
    Stage.FULL_OUTPUT: "done",
    Stage.SUSPENDED: "off",
    Stage.TERMINATED: "off",
    Stage.TRANSFERRED: "off",
}


def say(stage: Stage) -> Any:
    """A stage in the reader's language."""
    return lazy_gettext(SAID[stage])


def choices(stages: Iterable[Stage]) -> list[tuple[str, Any]]:
    """Value and label of each, for a select field."""
    return [(stage.value, say(stage)) for stage in stages]
