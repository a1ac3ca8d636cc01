"""What the trail calls the deeds of this small room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "people.rounds",
        {
            "open_round": N_("发起资料核对"),
            "fill_round": N_("分派核对名单"),
            "finish_filling": N_("核对名单分派完毕"),
            "close_round": N_("结束资料核对"),
            "confirm_entry": N_("核对资料无误"),
            "miss_entry": N_("核对时联系不上"),
            "open_link": N_("打开核对链接"),
            "write_letters": N_("给本人写核对信"),
            "confirm_own": N_("本人确认资料无误"),
            "propose": N_("本人提出修改"),
            "accept_proposal": N_("采纳本人的修改"),
            "refuse_proposal": N_("不采纳本人的修改"),
        },
    )
