"""How this room is reached."""

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from yishang_crm.core.actor import Actor, Permission
from yishang_crm.core.palette import Asked, Group, Row, add_group
from yishang_crm.core.web import panel
from yishang_crm.core.words import N_
from yishang_crm.followup import queries
from yishang_crm.followup.actions import tasks as tasks_actions
from yishang_crm.followup.views import filters, log, person, tasks, today  # noqa: F401 - their pages hang on `bp`
from yishang_crm.followup.views.pages import bp
from yishang_crm.outbox import registry
from yishang_crm.people.acquaintance import tell_last_contacts
from yishang_crm.people.columns import Column, add_column
from yishang_crm.people.failures import when_contact_fails
from yishang_crm.people.ranking import tell_lately


def open_pages(app: Flask) -> None:
    """Hang the room's pages on the app."""
    app.register_blueprint(bp)
    panel("person", "followup.timeline", title=N_("联络"), order=10, permission=Permission.FOLLOWUP_READ)
    panel(
        "person-act",
        "followup.new_task",
        title=N_("待办"),
        order=10,
        permission=Permission.FOLLOWUP_TASK,
        key="t",
    )
    add_column(
        Column(
            name="cadence",
            title=lazy_gettext("下次联系"),
            template="followup/_cadence_cell.html",
            load=person.clocks_of_page,
            permission=Permission.FOLLOWUP_READ,
        )
    )
    when_contact_fails(tasks_actions.look_for_new_contact)
    tell_last_contacts(queries.last_contacts)
    add_column(
        Column(
            name="last_contact",
            title=lazy_gettext("最近联系"),
            template="followup/_last_cell.html",
            load=person.clocks_of_page,
            permission=Permission.FOLLOWUP_READ,
            order=101,
            is_usual=False,
        )
    )
    filters.open_filters()
    tell_lately(queries.lately_in_touch)
    registry.purpose("digest", N_("每日提醒"))
    add_group(
        Group(
            "followup-deeds",
            lazy_gettext("办事"),
            _deeds,
            Permission.FOLLOWUP_READ,
            order=49,
            prefix=">",
            most=2,
            is_listed=True,
            does=True,
        )
    )


def _deeds(actor: Actor, _asked: Asked) -> list[Row]:
    deeds = (
        (Permission.FOLLOWUP_LOG, "followup.log", _("记一笔"), "log", "L"),
        (Permission.FOLLOWUP_TASK, "followup.any_task", _("加一件待办"), "task", ""),
    )
    return [
        Row(url_for(endpoint), label, "", icon, key)
        for needed, endpoint, label, icon, key in deeds
        if actor.may(needed)
    ]
