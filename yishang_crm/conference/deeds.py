"""What the trail calls the deeds of this room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "conference",
        {
            "add_edition": N_("新建一届大会"),
            "edit_edition": N_("修改大会资料"),
            "set_quota": N_("核定提名名额"),
            "close_edition": N_("结束大会"),
            "begin_follow_up": N_("布置会后跟进"),
            "nominate": N_("提名嘉宾"),
            "nominate_many": N_("批量提名嘉宾"),
            "nominate_as_partner": N_("伙伴提名嘉宾"),
            "withdraw": N_("撤回嘉宾"),
            "withdraw_many": N_("批量撤回嘉宾"),
            "approve": N_("审定嘉宾"),
            "approve_many": N_("批量审定嘉宾"),
            "undo_approvals": N_("撤销批量审定"),
            "reserve": N_("嘉宾列为备选"),
            "reserve_many": N_("批量列为备选"),
            "reject": N_("不予邀请嘉宾"),
            "reject_many": N_("批量不予邀请"),
            "make_letter": N_("制作邀请函"),
            "make_letters": N_("批量制作邀请函"),
            "post_letters": N_("邀请函交发件箱"),
            "open_letter": N_("打开邀请函"),
            "open_letters": N_("批量打开邀请函"),
            "open_link": N_("打开答复链接"),
            "answer": N_("嘉宾本人答复"),
            "record_answer": N_("代录嘉宾答复"),
            "check_in": N_("嘉宾报到"),
            "walk_in": N_("添加临时来宾"),
            "forget_id_numbers": N_("清除到期的证件号码"),
            "forget_journeys": N_("清除到期的嘉宾行程"),
        },
    )
