"""Letters of this room: a partner's personal link, and the code that goes with it."""

from flask_babel import force_locale
from flask_babel import gettext as _

from yishang_crm.accounts.models import User
from yishang_crm.network.models import PortalLink
from yishang_crm.outbox.door import Letter
from yishang_crm.outbox.words import inert


def personal_link(user: User, link: PortalLink, *, occasion: str) -> Letter:
    """The link, filled in when the letter leaves; useless without a code."""
    with force_locale(user.language):
        text = _(
            "%(name)s：\n\n这是您的宜商通个人链接，可以收藏在手机上，不用记账号和密码：\n\n%(link)s\n\n"
            "第一次打开时要输入六位验证码，可以在那一页让系统发到这个邮箱，也可以打电话问对接的同志。"
            "之后90天内打开就能用。链接只给您本人，请不要转给别人。\n",
            name=inert(user.name),
            link="[[portal_url]]",
        )
        subject = _("宜商通：您的个人链接")
    return Letter(
        purpose="portal_link",
        about=f"portal_link:{link.id}",
        subject=subject,
        body_text=text,
        is_automatic=True,
        occasion=occasion,
    )


def entry_code(user: User, link: PortalLink) -> Letter:
    """The code, filled in when the letter leaves, and what to do if it was not they who asked."""
    with force_locale(user.language):
        text = _(
            "%(name)s：\n\n您的宜商通验证码是\n\n%(code)s\n\n30分钟内有效，只能用一次。"
            "任何工作人员都不会向您要这个码。如果不是您在登录，请不必理会。\n",
            name=inert(user.name),
            code="[[portal_code]]",
        )
        subject = _("宜商通：登录验证码")
    return Letter(
        purpose="portal_code",
        about=f"portal_link:{link.id}",
        subject=subject,
        body_text=text,
        is_automatic=True,
        occasion=f"{link.generation}-{link.code_number}",
    )
