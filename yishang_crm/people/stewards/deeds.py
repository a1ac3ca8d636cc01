"""What the trail calls the deeds of this small room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "people.stewards",
        {
            "ask": N_("申请一起联系"),
            "ask_for_transfer": N_("申请改由本单位负责"),
            "grant": N_("同意联系申请"),
            "refuse": N_("不同意联系申请"),
            "withdraw": N_("撤回联系申请"),
            "end_sharing": N_("取消共享"),
            "transfer": N_("移交给别的单位负责"),
        },
    )
