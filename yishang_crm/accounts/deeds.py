"""What the trail calls the deeds of this room."""

from yishang_crm.core.deeds import say_deeds
from yishang_crm.core.words import N_


def open_deeds() -> None:
    """Leave them where the trail looks."""
    say_deeds(
        "accounts",
        {
            "sign_in": N_("登录"),
            "refuse_sign_in": N_("登录失败"),
            "sign_out": N_("退出"),
            "end_own_sign_in": N_("退出自己的一处登录"),
            "end_own_sign_ins": N_("退出自己的所有登录"),
            "end_anyones_sign_in": N_("退出一处登录"),
            "end_all_of": N_("退出某账号的所有登录"),
            "unlock": N_("解锁"),
            "use_code": N_("输入动态验证码"),
            "set_up_code": N_("启用动态验证码"),
            "drop_code": N_("停用动态验证码"),
            "reset_code": N_("重置动态验证码"),
            "change_password": N_("改密码"),
            "give_password": N_("发一次性密码"),
            "give_administrator_password": N_("给管理员发一次性密码"),
            "ask_for_password": N_("申请重设密码"),
            "answer_password_request": N_("答复重设密码的申请"),
            "take_new_password": N_("凭链接重设密码"),
            "add_user": N_("添加账号"),
            "edit_user": N_("修改账号"),
            "disable_user": N_("停用账号"),
            "enable_user": N_("启用账号"),
            "choose_language": N_("换语言"),
            "choose_theme": N_("换明暗"),
            "add_unit": N_("添加单位"),
            "edit_unit": N_("修改单位"),
            "close_unit": N_("撤销单位"),
            "reopen_unit": N_("恢复单位"),
            "seed_units": N_("导入单位字典"),
            "set_retention": N_("设定保存期限"),
            "verify_trail": N_("核对审计链"),
        },
    )
