"""What the trail calls the deeds of this room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "outbox",
        {
            "release": N_("放行信件"),
            "hold_again": N_("收回已放行的信件"),
            "cancel_held": N_("批量作废信件"),
            "cancel": N_("作废一封信件"),
            "edit_held": N_("修改信件"),
            "requeue": N_("信件重新排队"),
            "confirm_arrival": N_("信件记为已发"),
            "record_bounce": N_("登记退信"),
            "open_for_delivery": N_("取出待投递的信件"),
            "deliver": N_("投递信件"),
            "forget_old_bodies": N_("清除旧信件的正文"),
        },
    )
