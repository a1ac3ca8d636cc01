"""Somebody saved while this reader was typing: what differs, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from yishang_crm.accounts.models import Unit, User
from yishang_crm.accounts.queries import trail
from yishang_crm.core import shown


@dataclass(frozen=True)
class Difference:
    """One field: its label and id, and both values as a reader sees them."""

    label: str
    name: str
    theirs: Any
    mine: Any


@dataclass(frozen=True)
class Conflict:
    """What the macro `conflict` shows above the form."""

    who: str
    when: str
    rows: list[Difference]


def meanwhile(form: FlaskForm, row: User | Unit, standing: Mapping[str, Any]) -> Conflict:
    """The differences; the form keeps what was typed and takes on the new version, so that saving again wins."""
    entry = trail.last_change_of(row)
    form.version.data = standing["version"]
    form.version.raw_data = None
    rows = [
        Difference(str(form[name].label.text), form[name].id, theirs, form[name].data)
        for name, theirs in standing.items()
        if name != "version" and name in form and form[name].data != theirs
    ]
    who, when = (entry.actor_name, shown.moment(entry.at)) if entry else (_("有人"), _("刚才"))
    return Conflict(who, when, [_named(form, difference) for difference in rows])


def _named(form: FlaskForm, difference: Difference) -> Difference:
    # A choice is shown by its name, not by its number.
    names = {choice.value: choice.label for choice in getattr(form[difference.name], "choices", None) or ()}
    return Difference(
        difference.label,
        difference.name,
        names.get(difference.theirs, difference.theirs),
        names.get(difference.mine, difference.mine),
    )
