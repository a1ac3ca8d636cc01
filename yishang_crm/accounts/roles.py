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
