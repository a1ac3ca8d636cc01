"""What the trail calls the deeds of this small room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "people.files",
        {
            "add_file": N_("添加人员文件"),
            "open_file": N_("打开人员文件"),
            "remove_file": N_("删除人员文件"),
            "set_photo": N_("设置照片"),
            "remove_photo": N_("删除照片"),
        },
    )
