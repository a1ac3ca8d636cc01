"""What the trail calls the deeds of this small room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "people.exports",
        {
            "ask": N_("申请导出名单"),
            "begin": N_("开始制作导出文件"),
            "finish": N_("导出文件制作完毕"),
            "fail": N_("导出文件没有做成"),
            "take": N_("取走导出文件"),
            "drop": N_("清除自己的导出文件"),
            "wipe": N_("清除到期的导出文件"),
        },
    )
