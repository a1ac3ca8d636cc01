"""What the accounts know of one person who signs in to the portal: the account, and where from."""

from collections.abc import Iterable

from yishang_crm.accounts import queries
from yishang_crm.core.actor import Actor
from yishang_crm.core.clock import local
from yishang_crm.core.db import db
from yishang_crm.core.known import Chapter, Forgetting, Part, Weight, knows
from yishang_crm.core.words import N_

GONE = "已注销"


def open_known() -> None:
    """Leave this room's part where the ground looks."""
    knows(Part("accounts", tell=tell, forget=forget, weigh=weigh))


def weigh(_actor: Actor, person_id: int) -> Iterable[Weight]:
    yield N_("%(count)s个登录账号（停用，退出所有登录）"), len(queries.accounts_of_person(person_id))


def tell(_actor: Actor, person_id: int) -> Iterable[Chapter]:
    for user, sign_ins, _resets in queries.accounts_of_person(person_id):
        facts = [
            (N_("账号"), user.login),
            (N_("称呼"), user.name),
            (N_("邮箱"), user.email),
            (N_("手机"), user.phone),
        ]
        yield Chapter(N_("登录账号"), (N_("项目"), N_("内容")), [row for row in facts if row[1]])
        rows = [(f"{local(one.created_at):%Y-%m-%d %H:%M}", one.address, one.browser) for one in sign_ins]
        yield Chapter(N_("登录过的地方"), (N_("时间"), N_("网络地址"), N_("浏览器")), rows)


def forget(_actor: Actor, forgetting: Forgetting) -> None:
    """The account stays as a number, closed: the trail of what it did must be kept 180 days (网络安全法) and names it."""
    for user, sign_ins, resets in queries.accounts_of_person(forgetting.subject_id):
        forgetting.touch(user, *sign_ins, *resets)
        if user.is_active:
            user.disable(at=forgetting.at)
        user.login, user.name, user.password_hash = f"gone-{user.id}", GONE, ""
        user.email = user.phone = user.totp_secret = user.totp_confirmed_at = None
        user.version += 1
        for row in resets:
            db.session.delete(row)
        for row in sign_ins:
            row.end(at=forgetting.at)
            row.address, row.browser, row.secret_hash = "", "", ""
