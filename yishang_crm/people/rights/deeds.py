"""What the trail calls the deeds of this small room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "people.rights",
        {
            "register": N_("登记一件权利申请"),
            "finish": N_("办结一件权利申请"),
            "refuse": N_("权利申请不予办理"),
            "tell_all": N_("取出某人的全部信息"),
            "forget_rows": N_("删除个人信息"),
            "forget_values": N_("清除留痕里的个人信息"),
        },
    )
