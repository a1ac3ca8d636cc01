import datetime as dt
from types import SimpleNamespace

import pytest

from tests.network.arranged import arranging, partner, proposed
from tests.people.arranged import somebody
from yishang_crm.conference.models import Edition
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.clock import now, today
from yishang_crm.core.db import db
from yishang_crm.network import actions


@action(Permission.CONFERENCE_MANAGE)
def open_edition(actor, **details) -> Edition:
    edition = Edition(
        slug="2026",
        number=3,
        name="第三届中国宜商大会",
        starts_at=now() + dt.timedelta(days=30),
        ends_at=now() + dt.timedelta(days=32),
        venue="安庆",
        letter_year=2026,
        reply_until=today() + dt.timedelta(days=6),
        **details,
    )
    db.session.add(edition)
    return edition


@pytest.fixture
def world(app, cast):
    """An ambassador of Tongcheng and a partner of Huaining, each with a person entrusted, an introduction accepted,
    one refused and one waiting; a person of Tongcheng entrusted to nobody; an open edition."""
    with arranging(app):
        world = SimpleNamespace()
        for name, by, login, called, begins in (
            ("mine", cast.tongcheng, "ambassador", "程守默", "1990000010"),
            ("theirs", cast.huaining, "partner", "琚成林", "1990000020"),
        ):
            side = SimpleNamespace()
            one = partner(by, login, called, phone=f"{begins}1", email=f"{login}@example.com")
            entrusted = somebody(
                by, f"{called[0]}托付", phone=f"{begins}2", organization=f"{called[0]}家纸业有限公司"
            )
            actions.entrust(by, entrusted, partner=one.person)
            accepted = proposed(one.actor, name=f"{called[0]}采纳", phone=f"{begins}3")
            introduced = actions.accept_introduction(by, accepted)
            refused = proposed(one.actor, name=f"{called[0]}拒绝", phone=f"{begins}4")
            actions.refuse_introduction(by, refused, reason=f"{called[0]}的理由")
            waiting = proposed(one.actor, name=f"{called[0]}等候", phone=f"{begins}5")
            side.person, side.entrusted, side.introduced = one.person.id, entrusted.id, introduced.id
            side.waiting, side.accepted, side.appointment = waiting.id, accepted.id, one.appointment.id
            setattr(world, name, side)
        world.nobodys = somebody(cast.tongcheng, "旁人", phone="19900000909").id
        world.edition = open_edition(HOUSE).id
    return world
