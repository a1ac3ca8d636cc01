"""What the trail calls the deeds of this room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "followup",
        {
            "log": N_("记一次联络"),
            "log_as_partner": N_("伙伴记一次联络"),
            "undo_log": N_("撤销联络记录"),
            "show_to": N_("改联络记录给谁看"),
            "add_task": N_("添加待办"),
            "finish_task": N_("办结待办"),
            "reopen_task": N_("重开待办"),
            "postpone_task": N_("待办改期"),
            "pass_on_task": N_("转交待办"),
            "start_cadence": N_("起算联系间隔"),
            "set_cadence": N_("设定联系间隔"),
            "set_cadence_rule": N_("修改联系间隔规则"),
            "seed_cadence_rules": N_("导入联系间隔规则"),
            "seed_holidays": N_("导入节假日"),
            "send_digest": N_("写每日提醒"),
            "give_up_digest": N_("放弃当天的每日提醒"),
        },
    )
