"""Letters of this room: the link to a new password."""

from flask_babel import force_locale
from flask_babel import gettext as _

from yishang_crm.accounts.models import PasswordReset, User
from yishang_crm.outbox.door import Addressee, Letter
from yishang_crm.outbox.words import inert


def recipient(user: User) -> Addressee:
    return Addressee(name=user.name, address=user.email, language=user.language)


def new_password(user: User, reset: PasswordReset) -> Letter:
    """The link, in the user's language, with what to do if it was not they who asked.

    The link itself is filled in when the letter leaves (see `links`).
    """
    with force_locale(user.language):
        text = _(
            "%(name)s：\n\n有人（应该是您）为宜商通账号“%(login)s”申请重设密码。请在30分钟内打开下面的链接：\n\n"
            "%(link)s\n\n链接只能用一次。如果不是您申请的，请不必理会，密码不会变；如多次收到，请告诉安全管理员。\n",
            name=inert(user.name),
            login=inert(user.login),
            link="[[password_url]]",
        )
        subject = _("宜商通：重设密码")
    return Letter(
        purpose="password",
        about=f"password_reset:{reset.id}",
        subject=subject,
        body_text=text,
        is_automatic=True,
    )
