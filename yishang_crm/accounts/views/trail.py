"""The audit administrator reads the trail and has its chain walked."""

from typing import Any

from flask import flash, g, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from yishang_crm.accounts import actions
from yishang_crm.accounts.forms import TrailFilter
from yishang_crm.accounts.queries import trail
from yishang_crm.accounts.views.blueprint import accounts
from yishang_crm.core import asked
from yishang_crm.core import trail as kept
from yishang_crm.core.actor import Permission
from yishang_crm.core.db import begin_writing, end_transaction
from yishang_crm.core.web import done, needs, page, two_step
from yishang_crm.core.words import N_


@accounts.get("/admin/audit")
@needs(Permission.AUDIT_READ)
def audit_trail() -> Any:
    form = TrailFilter(formdata=request.args)
    wanted = trail.Filters(
        who=form.who.data or "",
        verb=form.verb.data or "",
        about=form.about.data or "",
        first_day=None if form.first_day.errors else form.first_day.data,
        last_day=None if form.last_day.errors else form.last_day.data,
    )
    before = asked.number(request.args, "before")
    found, more = trail.entries(g.actor, wanted, before=before)
    return page(
        "accounts/audit.html",
        form=form,
        entries=found,
        chain=trail.chain_state(g.actor),
        verb_of=verb_of,
        newest=_address(before=None) if before else "",
        older=_address(before=found[-1].id) if more else "",
        asked=wanted,
    )


@accounts.post("/admin/audit/verification")
@needs(Permission.AUDIT_READ)
@two_step
def audit_verification() -> Any:
    """Walk the whole chain now; what is found is itself recorded."""
    faults = kept.verify()
    end_transaction()
    begin_writing()
    actions.verify_trail(g.actor, faults=faults)
    if faults:
        flash(ngettext("审计链有%(num)d处不对：", "审计链有%(num)d处不对：", len(faults)) + faults[0], "late")
    else:
        flash(_("审计链完整，没有缺失或改动。"), "done")
    return done(then=url_for("accounts.audit_trail"))


def verb_of(verb: str) -> str:
    """A deed of this room in words; others by their name in the code, which is what an auditor searches for."""
    return _(_VERBS[verb]) if verb in _VERBS else verb


def _address(*, before: int | None) -> str:
    kept = {name: value for name, value in request.args.items() if name != "before" and value}
    return url_for("accounts.audit_trail", **kept, **({"before": before} if before else {}))


_VERBS = {
    "accounts.sign_in": N_("登录"),
    "accounts.refuse_sign_in": N_("登录失败"),
    "accounts.sign_out": N_("退出"),
    "accounts.use_code": N_("输入动态验证码"),
    "accounts.set_up_code": N_("启用动态验证码"),
    "accounts.drop_code": N_("停用动态验证码"),
    "accounts.reset_code": N_("重置动态验证码"),
    "accounts.change_password": N_("改密码"),
    "accounts.give_password": N_("发一次性密码"),
    "accounts.give_administrator_password": N_("给管理员发一次性密码"),
    "accounts.ask_for_password": N_("申请重设密码"),
    "accounts.answer_password_request": N_("答复重设密码的申请"),
    "accounts.take_new_password": N_("凭链接重设密码"),
    "accounts.add_user": N_("添加账号"),
    "accounts.edit_user": N_("修改账号"),
    "accounts.disable_user": N_("停用账号"),
    "accounts.enable_user": N_("启用账号"),
    "accounts.end_all_of": N_("退出某账号的所有登录"),
    "accounts.end_anyones_sign_in": N_("退出一处登录"),
    "accounts.end_own_sign_in": N_("退出自己的一处登录"),
    "accounts.end_own_sign_ins": N_("退出自己的所有登录"),
    "accounts.choose_language": N_("换语言"),
    "accounts.choose_theme": N_("换明暗"),
    "accounts.add_unit": N_("添加单位"),
    "accounts.edit_unit": N_("修改单位"),
    "accounts.close_unit": N_("撤销单位"),
    "accounts.reopen_unit": N_("恢复单位"),
    "accounts.seed_units": N_("导入单位字典"),
    "accounts.unlock": N_("解锁"),
    "accounts.verify_trail": N_("核对审计链"),
    "core.stop_opening": N_("打开联系方式到了上限"),
    "audit.seal": N_("审计链加封"),
}
