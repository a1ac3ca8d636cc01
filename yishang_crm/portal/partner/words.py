"""How the portal speaks to a partner."""

import datetime as dt
from dataclasses import dataclass

from flask_babel import get_locale
from flask_babel import gettext as _

from yishang_crm.accounts.models import Role
from yishang_crm.core.clock import local
from yishang_crm.core.words import N_
from yishang_crm.network.queries.own import OwnDetails
from yishang_crm.people import salutation

ROLES = {
    Role.AMBASSADOR: N_("招商大使"),
    Role.PARTNER: N_("招商合伙人"),
    Role.CHAMBER: N_("商会秘书处"),
}


@dataclass(frozen=True)
class _Called:
    name: str
    gender: str | None
    title: str
    traditional_name: str
    romanized_name: str
    salutation_override: str


def called(details: OwnDetails) -> str:
    """`程会长`; the name as it stands where the record does not say enough."""
    person = details.person
    addressee = _Called(
        name=person.name,
        gender=person.gender.value if person.gender else None,
        title=details.title,
        traditional_name=person.traditional_name,
        romanized_name=person.romanized_name,
        salutation_override=person.salutation_override,
    )
    try:
        return salutation.casual(addressee, language=str(get_locale()))
    except salutation.CannotAddress:
        return person.name


def greeting(at: dt.datetime) -> str:
    """By the hour in Anqing."""
    hour = local(at).hour
    if hour < 5 or hour >= 18:
        return _("晚上好")
    if hour < 9:
        return _("早上好")
    if hour < 12:
        return _("上午好")
    return _("中午好") if hour < 14 else _("下午好")


def since(at: dt.datetime | None, *, today: dt.date) -> str:
    """When the own record was last confirmed, in whole months."""
    if at is None:
        return _("还没有确认过")
    day = local(at).date()
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if months < 1:
        return _("最近一个月确认过")
    return _("上次确认是%(months)s个月前", months=months)
