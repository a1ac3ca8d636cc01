"""A partner's personal link, as staff handle it. Link and code are shown once, in the answer to the POST."""

from typing import Any

from flask import abort, flash, g, url_for
from flask_babel import gettext as _

from yishang_crm.accounts.models import User
from yishang_crm.core.actor import Permission
from yishang_crm.core.web import done, needs, page
from yishang_crm.network import actions, links, queries
from yishang_crm.network.models import Appointment, PortalLink
from yishang_crm.network.views.pages import bp, found_appointment
from yishang_crm.people.models import Person


@bp.post("/network/<int:appointment_id>/link")
@needs(Permission.NETWORK_WRITE)
def issue_link(appointment_id: int) -> Any:
    appointment, person = found_appointment(appointment_id)
    user = queries.account_of(g.actor, appointment.person_id) or abort(404)
    link = actions.issue_link(g.actor, appointment, user=user)
    return _once(appointment, person, user, address=links.address_of(link))


@bp.post("/network/<int:appointment_id>/link/code")
@needs(Permission.NETWORK_WRITE)
def give_code(appointment_id: int) -> Any:
    appointment, person = found_appointment(appointment_id)
    user, link = _link_of(appointment)
    return _once(appointment, person, user, code=actions.give_code(g.actor, link))


@bp.post("/network/<int:appointment_id>/link/letter")
@needs(Permission.NETWORK_WRITE)
def send_link(appointment_id: int) -> Any:
    appointment, person = found_appointment(appointment_id)
    user, link = _link_of(appointment)
    actions.send_link(g.actor, link, user=user)
    flash(_("链接正发往%(name)s的邮箱。", name=person.name), "done")
    return done(then=url_for("network.show", appointment_id=appointment.id))


@bp.post("/network/<int:appointment_id>/link/withdrawal")
@needs(Permission.NETWORK_WRITE)
def withdraw_link(appointment_id: int) -> Any:
    appointment, person = found_appointment(appointment_id)
    user, link = _link_of(appointment)
    actions.withdraw_link(g.actor, link, user=user)
    flash(_("链接已收回，%(name)s在各处的登录都已退出。", name=person.name), "done")
    return done(then=url_for("network.show", appointment_id=appointment.id))


def _link_of(appointment: Appointment) -> tuple[User, PortalLink]:
    user = queries.account_of(g.actor, appointment.person_id) or abort(404)
    return user, queries.link_of(g.actor, user, hold=True) or abort(404)


def _once(appointment: Appointment, person: Person, user: User, *, address: str = "", code: str = "") -> Any:
    return page(
        "network/link.html", appointment=appointment, person=person, user=user, address=address, code=code
    )
