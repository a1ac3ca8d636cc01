"""Conditions that this room adds to the people list: past their day, and not contacted for so long."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.words import N_
from yishang_crm.followup import queries
from yishang_crm.people import filters as reading
from yishang_crm.people.filters import Choices, Filter, add_filter

_DUE = {"overdue": N_("超期"), "soon": N_("一周内到期")}
_MONTHS = ("3", "6", "12", "24")


def open_filters() -> None:
    """Called once, when the room is opened."""
    read = Permission.FOLLOWUP_READ
    add_filter(
        Filter(
            "due",
            N_("联系到期"),
            reading.one_of(_DUE),
            queries.is_due,
            lambda value: lazy_gettext(_DUE[value]),
            _due_choices,
            "one",
            order=33,
            permission=read,
        )
    )
    add_filter(
        Filter(
            "quiet",
            N_("没联系过"),
            reading.row_id,
            queries.was_quiet_for,
            lambda value: _("%(months)s个月没联系", months=value),
            _month_choices,
            "one",
            order=34,
            permission=read,
        )
    )


def _due_choices(_actor: Actor) -> Choices:
    return [(value, lazy_gettext(said)) for value, said in _DUE.items()]


def _month_choices(_actor: Actor) -> Choices:
    return [(value, _("%(months)s个月没联系", months=value)) for value in _MONTHS]
