"""What stands round every page of the staff: who reads, and the rail of what they may see."""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from yishang_crm.accounts.presence import Present
from yishang_crm.accounts.roles import TERMS
from yishang_crm.core.actor import Actor
from yishang_crm.core.actor import Permission as P  # noqa: N817 - it stands on every line of a table
from yishang_crm.core.palette import Asked, Group, Row, add_group
from yishang_crm.core.web import is_htmx
from yishang_crm.core.words import HTML_LANG, N_
from yishang_crm.outbox import queries as outbox


@dataclass(frozen=True)
class Reader:
    """Who reads, as the layout knows them. `id` names the draft kept on this machine and tells nothing else."""

    id: str
    name: str
    unit_name: str
    home: str
    theme: str
    language: str
    may_find: bool
    may_log: bool


@dataclass(frozen=True)
class Place:
    """One entry of the rail."""

    href: str
    label: str
    icon: str
    current: bool


_ADMINISTERS = (P.ADMIN_USERS, P.ADMIN_UNITS, P.ADMIN_SECURITY, P.AUDIT_READ)
_RAIL: tuple[tuple[str, str, str, tuple[P, ...]], ...] = (
    ("/today", N_("今日"), "today", (P.FOLLOWUP_READ,)),
    ("/people", N_("人脉"), "people", (P.PEOPLE_READ,)),
    ("/log", N_("联络"), "log", (P.FOLLOWUP_LOG,)),
    ("/conferences", N_("大会"), "gate", (P.CONFERENCE_READ, P.RECEPTION_CHECK_IN)),
    ("/projects", N_("项目"), "works", (P.PROJECTS_READ,)),
    ("/network", N_("伙伴"), "rings", (P.NETWORK_READ,)),
    ("/insight", N_("统计"), "stat", (P.INSIGHT_READ,)),
    ("/portal", N_("我的"), "people", (P.PORTAL_USE,)),
    ("/admin", N_("管理"), "gear", _ADMINISTERS),
)


# Addresses that stand elsewhere and belong to an entry.
_ALSO = {"/people": ("/organizations",)}


def open_chrome(app: Flask) -> None:
    """Give every template its `reader`, `rail` and `held_count`."""
    app.context_processor(surroundings)
    add_group(
        Group("places", lazy_gettext("前往"), _places, P.OWN_ACCOUNT, order=40, prefix=">", is_listed=True)
    )


def _places(actor: Actor, _asked: Asked) -> list[Row]:
    """The rail, and the pages of one's own account."""
    own = (("/account", N_("我的账号")), ("/acts", N_("我的近期操作")))
    mine = [
        (href, label, icon)
        for href, label, icon, permissions in _RAIL
        if any(actor.may(permission) for permission in permissions)
    ]
    rows = [*mine, *((href, label, "gear") for href, label in own)]
    return [Row(href, _(label), "", icon) for href, label, icon in rows]


def surroundings() -> dict[str, Any]:
    """Costs one query, the count of held letters, and only for who sees the outbox. Strangers and guests have none of it."""
    actor = g.get("actor")
    present = current_user._get_current_object() if actor is not None and actor.kind == "user" else None
    if not isinstance(present, Present):
        return {}
    # A fragment has no bar to show it in.
    is_shown = present.actor.may(P.OUTBOX_READ) and not is_htmx()
    held = outbox.held_count(present.actor) if is_shown else None
    return {"reader": _reader(present), "rail": rail_of(present.actor), "held_count": held}


def rail_of(actor: Actor) -> list[Place]:
    """The entries an actor may see, top to bottom."""
    return [
        Place(href=href, label=_(label), icon=icon, current=_is_under(href))
        for href, label, icon, permissions in _RAIL
        if any(actor.may(permission) for permission in permissions)
    ]


def _is_under(href: str) -> bool:
    return any(
        request.path == place or request.path.startswith(f"{place}/")
        for place in (href, *_ALSO.get(href, ()))
    )


def _reader(present: Present) -> Reader:
    user, actor = present.user, present.actor
    key = str(current_app.secret_key).encode()
    return Reader(
        id=hmac.new(key, f"reader {user.id}".encode(), hashlib.sha256).hexdigest()[:12],
        name=user.name,
        unit_name=present.unit.name if present.unit else "",
        home=TERMS[user.role].home,
        theme=user.theme,
        language=HTML_LANG.get(user.language, "zh-Hans"),
        may_find=actor.may(P.PEOPLE_READ),
        may_log=actor.may(P.FOLLOWUP_LOG),
    )


def may_administer(actor: Actor) -> bool:
    """Whether there is anything on `/admin` for an actor."""
    return any(actor.may(permission) for permission in _ADMINISTERS)
