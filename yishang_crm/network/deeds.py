"""What the trail calls the deeds of this room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "network",
        {
            "appoint": N_("聘任伙伴"),
            "renew_appointment": N_("续聘伙伴"),
            "end_appointment": N_("结束伙伴聘任"),
            "join_account": N_("关联伙伴账号"),
            "entrust": N_("托付给伙伴联系"),
            "end_entrusting": N_("收回托付"),
            "introduce": N_("伙伴引荐"),
            "accept_introduction": N_("采纳引荐"),
            "refuse_introduction": N_("不采纳引荐"),
            "open_introduced_phone": N_("打开被引荐人的电话"),
            "issue_link": N_("发伙伴个人链接"),
            "send_link": N_("邮寄伙伴个人链接"),
            "withdraw_link": N_("收回伙伴个人链接"),
            "give_code": N_("报验证码给伙伴"),
            "ask_for_code": N_("伙伴索取验证码"),
            "use_code": N_("伙伴输入验证码"),
            "confirm_own_details": N_("伙伴确认自己的资料"),
            "propose_own_change": N_("伙伴提出修改资料"),
        },
    )
