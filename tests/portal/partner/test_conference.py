"""The partner's own invitation, and nominating one of their people."""

import pytest

from tests.cast import signed_in, unit_id
from tests.network.arranged import arranging
from yishang_crm.conference import queries as conference
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Approval, Guest
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import action
from yishang_crm.core.db import db


@action(Permission.CONFERENCE_APPROVE)
def invite(actor, edition_id: int, person_id: int, **details) -> Guest:
    guest = Guest(edition_id=edition_id, person_id=person_id, unit_id=unit_id("340881"), **details)
    db.session.add(guest)
    return guest


@pytest.fixture
def ambassador(client, world):
    return signed_in(client, "ambassador")


def test_an_open_invitation_is_the_first_thing(ambassador, world, app):
    assert "大会邀请等您答复" not in ambassador.get("/portal").text
    with arranging(app):
        guest = invite(HOUSE, world.edition, world.mine.person, approval=Approval.APPROVED, letter_number=7)
        db.session.flush()
        token = tokens.token(guest)
    page = ambassador.get("/portal").text
    assert f'class="todo first" href="/r/{token}"' in page
    assert "还有6天" in page


def test_an_invitation_that_is_not_decided_is_not_told(ambassador, world, app):
    with arranging(app):
        invite(HOUSE, world.edition, world.mine.person)
    assert "大会" not in ambassador.get("/portal").text.partition("我引荐的")[0]


def test_nominating_goes_to_the_unit_that_answers_for_the_person(ambassador, world, app, cast):
    answer = ambassador.post(
        "/portal/nominations", data={"person_id": world.mine.entrusted, "reason": "想扩产"}
    )
    assert answer.status_code == 303
    page = ambassador.get("/portal/nominations").text
    assert "我提名的" in page
    with app.app_context():
        edition = conference.edition_by_id(world.edition)
        guest = conference.guest_of_person(cast.tongcheng, edition, world.mine.entrusted)
        assert (guest.unit_id, guest.approval, guest.nominated_by) == (
            unit_id("340881"),
            Approval.SUBMITTED,
            "程守默",
        )
        assert conference.guest_of_person(cast.huaining, edition, world.mine.entrusted) is None


def test_only_ones_own_people_are_offered(ambassador, world):
    page = ambassador.get("/portal/nominations").text
    assert "程托付" in page
    assert "程采纳" in page
    assert "琚托付" not in page


def test_what_another_nominated_is_not_told(ambassador, world, app):
    with arranging(app):
        invite(HOUSE, world.edition, world.mine.entrusted)
    assert "我提名的" not in ambassador.get("/portal/nominations").text
