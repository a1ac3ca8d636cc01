"""What each role may do, how far it sees, and how long it stays signed in."""

import datetime as dt
from dataclasses import dataclass

from yishang_crm.accounts.models import Role
from yishang_crm.core.actor import Permission as P  # noqa: N817 - it stands on every line of a table
from yishang_crm.core.words import N_


@dataclass(frozen=True)
class Terms:
    """What a role brings. `idle` and `absolute` are the sign-in limits of 等保 (domain.md §6.2)."""

    label: str
    may: frozenset[P]
    sees_all: bool = False
    idle: dt.timedelta = dt.timedelta(minutes=30)
    absolute: dt.timedelta = dt.timedelta(hours=12)
    home: str = "/today"


# What a permission is called on the page that shows which role has it.
SAID: dict[P, str] = {
    P.ADMIN_USERS: N_("管理账号和角色"),
    P.ADMIN_UNITS: N_("管理单位"),
    P.ADMIN_SECURITY: N_("解锁、管登录和验证码"),
    P.AUDIT_READ: N_("查操作留痕"),
    P.OWN_ACCOUNT: N_("管自己的账号"),
    P.PEOPLE_READ: N_("看人和单位"),
    P.PEOPLE_WRITE: N_("添加、修改人"),
    P.PEOPLE_IMPORT: N_("导入名册"),
    P.PEOPLE_OPEN_CONTACT: N_("开启号码、邮箱"),
    P.PEOPLE_SHARE: N_("共享给别的单位"),
    P.PEOPLE_ANSWER: N_("凭链接看、更正自己的资料"),
    P.PEOPLE_EXPORT: N_("导出名册"),
    P.PEOPLE_ERASE: N_("答复本人的权利请求、删除"),
    P.PEOPLE_PLACES: N_("在图上改地点"),
    P.PEOPLE_DICTIONARY: N_("定行业、标签和职务"),
    P.FOLLOWUP_READ: N_("看联络和待办"),
    P.FOLLOWUP_LOG: N_("记联络"),
    P.FOLLOWUP_TASK: N_("定待办、办待办"),
    P.CONFERENCE_READ: N_("看大会"),
    P.CONFERENCE_MANAGE: N_("办大会、定名额"),
    P.CONFERENCE_NOMINATE: N_("提名嘉宾"),
    P.CONFERENCE_APPROVE: N_("审定名单"),
    P.CONFERENCE_LETTER: N_("制函、交发"),
    P.CONFERENCE_RECORD_REPLY: N_("替嘉宾记答复"),
    P.CONFERENCE_REPLY: N_("凭链接答复"),
    P.OUTBOX_READ: N_("看待发的信"),
    P.OUTBOX_RELEASE: N_("放行待发的信"),
    P.OUTBOX_DELIVER: N_("发信"),
    P.RECEPTION_CHECK_IN: N_("在报到台收嘉宾"),
    P.RECEPTION_READ: N_("看到会情况"),
    P.NETWORK_READ: N_("看伙伴和引荐"),
    P.NETWORK_WRITE: N_("聘任、托付、答复引荐"),
    P.PORTAL_USE: N_("用手机门户"),
    P.PROJECTS_READ: N_("看项目"),
    P.PROJECTS_WRITE: N_("记项目"),
    P.INSIGHT_READ: N_("看统计"),
}

_EVERYBODY = frozenset({P.OWN_ACCOUNT})
_READS = _EVERYBODY | {
    P.PEOPLE_READ,
    P.FOLLOWUP_READ,
    P.CONFERENCE_READ,
    P.NETWORK_READ,
    P.PROJECTS_READ,
    P.INSIGHT_READ,
}
_LIAISON = _READS | {
    P.PEOPLE_WRITE, P.PEOPLE_IMPORT, P.PEOPLE_OPEN_CONTACT, P.PEOPLE_SHARE, P.PEOPLE_EXPORT,
    P.FOLLOWUP_LOG, P.FOLLOWUP_TASK,
    P.CONFERENCE_NOMINATE, P.CONFERENCE_RECORD_REPLY, P.OUTBOX_READ,
    P.NETWORK_WRITE,
    P.PROJECTS_WRITE,
}  # fmt: skip
_BUREAU = _LIAISON | {P.CONFERENCE_LETTER, P.RECEPTION_READ, P.PEOPLE_DICTIONARY}
_ORGANIZER = _BUREAU | {P.CONFERENCE_MANAGE, P.CONFERENCE_APPROVE, P.OUTBOX_RELEASE, P.RECEPTION_CHECK_IN}
_PORTAL = _EVERYBODY | {P.PORTAL_USE}
_NINETY_DAYS = dt.timedelta(days=90)

TERMS: dict[Role, Terms] = {
    # Three administrators who see no business data (三员分立, domain.md §6.2).
    Role.ADMIN: Terms(N_("系统管理员"), _EVERYBODY | {P.ADMIN_USERS, P.ADMIN_UNITS}, home="/admin"),
    Role.SECURITY: Terms(N_("安全管理员"), _EVERYBODY | {P.ADMIN_SECURITY}, home="/admin"),
    Role.AUDITOR: Terms(N_("审计管理员"), _EVERYBODY | {P.AUDIT_READ}, home="/admin"),
    Role.LEADER: Terms(N_("领导"), _READS | {P.CONFERENCE_APPROVE}, sees_all=True),
    Role.BUREAU: Terms(N_("市局联络员"), _BUREAU | {P.PEOPLE_ERASE, P.PEOPLE_PLACES}, sees_all=True),
    Role.ORGANIZER: Terms(N_("会务组"), _ORGANIZER, sees_all=True),
    Role.COUNTY: Terms(N_("县区联络员"), _LIAISON),
    Role.GROUP: Terms(N_("招商组联络员"), _LIAISON),
    # A desk must not fall asleep in the middle of an arrival.
    Role.DESK: Terms(
        N_("报到台"),
        _EVERYBODY | {P.RECEPTION_CHECK_IN},
        idle=dt.timedelta(hours=12),
        absolute=dt.timedelta(hours=18),
        home="/conferences",
    ),
    Role.AMBASSADOR: Terms(N_("招商大使"), _PORTAL, idle=_NINETY_DAYS, absolute=_NINETY_DAYS, home="/portal"),
    Role.PARTNER: Terms(N_("招商合伙人"), _PORTAL, idle=_NINETY_DAYS, absolute=_NINETY_DAYS, home="/portal"),
    Role.CHAMBER: Terms(N_("商会秘书处"), _PORTAL, idle=_NINETY_DAYS, absolute=_NINETY_DAYS, home="/portal"),
}
