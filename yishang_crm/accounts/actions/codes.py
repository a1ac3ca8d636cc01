"""One-time codes: set up, used, dropped by their owner, reset by the security administrator."""

from yishang_crm.accounts import codes
from yishang_crm.accounts.actions.sign_ins import end_sign_ins_of
from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.audit import about, action
from yishang_crm.core.clock import now
from yishang_crm.core.deed import note
from yishang_crm.core.errors import NotPossible
from yishang_crm.core.words import N_


@action(Permission.SIGN_IN)
def use_code(actor: Actor, user: User, *, code: str, address: str) -> bool:
    """Whether a code fits now; each is good for one time (RFC 6238 §5.2). A wrong one leaves a trace, too."""
    about(user)
    secret = user.totp_secret.whole() if user.totp_secret and user.has_code else ""
    step = codes.step_of(secret, code, at=now(), after=user.totp_last_step) if secret else None
    note(address=address, outcome="right" if step else "wrong")
    if step is None:
        return False
    user.totp_last_step = step
    return True


@action(Permission.OWN_ACCOUNT)
def set_up_code(actor: Actor, user: User, *, secret: str, step: int) -> None:
    """Ask codes of this secret from now on; every other sign-in ends."""
    user.set_code(secret, step=step, at=now())
    end_sign_ins_of(user, but=actor.sign_in_id)


@action(Permission.OWN_ACCOUNT)
def drop_code(actor: Actor, user: User, *, required: bool) -> None:
    """Ask no codes any more. `required`: the installation asks them of this role."""
    if required:
        raise NotPossible(N_("您的角色必须使用动态验证码。换手机时请找安全管理员重置。"))
    user.drop_code()
    end_sign_ins_of(user, but=actor.sign_in_id)


@action(Permission.ADMIN_SECURITY)
def reset_code(actor: Actor, user: User) -> None:
    """For somebody whose phone is lost."""
    if user.id == actor.id:
        raise NotPossible(N_("自己的动态验证码请在“我的账号”里改。"))
    user.drop_code()
    end_sign_ins_of(user)
