"""What the trail calls the deeds of this room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "projects",
        {
            "add_project": N_("添加项目"),
            "edit_project": N_("修改项目"),
            "move_stage": N_("变更项目阶段"),
        },
    )
