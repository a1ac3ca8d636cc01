"""A person's own page: opening it changes nothing, answering does, and staff take over field by field."""

import re

import pytest
from sqlmodel import select

from tests.cast import signed_in
from tests.house.planted import figure
from tests.people.arranged import somebody
from tests.people.rounds.arranged import a_round, an_entry
from yishang_crm.core.db import db, writing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions as people
from yishang_crm.people import queries as reading
from yishang_crm.people.models import PersonState
from yishang_crm.people.rounds import actions, links, queries
from yishang_crm.people.rounds.models import ChangeProposal

CHANGES = {
    "post": "深圳潜岳科技有限公司 董事长",
    "residence": "惠州",
    "phone": "199 0000 0777",
    "email": "",
    "industry": "",
    "other": "",
}


@pytest.fixture
def asked(app, cast):
    """Person id, round id and token."""
    with app.app_context(), writing():
        person = somebody(cast.tongcheng, "余秉衡", residence="深圳")
        begun = a_round(cast.tongcheng)
        token = links.token_of(an_entry(cast.tongcheng, begun, person))
        db.session.commit()
        return person.id, begun.id, token


def proposals(app) -> list[ChangeProposal]:
    with app.app_context():
        return list(
            db.session.scalars(
                unscoped_for("a test looks", select(ChangeProposal).order_by(ChangeProposal.id))
            )
        )


def test_opening_shows_outlines_and_changes_nothing(app, client, asked):
    before = figure(app)
    for method in ("get", "head"):
        shown = getattr(client, method)(f"/portal/details/{asked[2]}")
        assert shown.status_code == 200
    page = client.get(f"/portal/details/{asked[2]}").text
    assert ("余秉衡" in page, "199****0417" in page, "19900000417" in page) == (True, True, False)
    assert figure(app) == before


def test_all_is_right_confirms_the_record_in_the_persons_own_name(app, client, cast, asked):
    assert client.post(f"/portal/details/{asked[2]}/confirmation").status_code == 303
    with app.app_context():
        person = reading.person(cast.tongcheng, asked[0])
        assert (person.confirmed_by, person.confirmed_at is not None) == ("余秉衡", True)


def test_what_is_proposed_waits_and_nothing_changes_by_itself(app, client, cast, asked):
    assert client.post(f"/portal/details/{asked[2]}/proposals", data=CHANGES).status_code == 303
    assert [(one.field.value, one.was, str(one.said)) for one in proposals(app)] == [
        ("post", "深圳市望岳精密科技有限公司 董事长", "深圳潜岳科技有限公司 董事长"),
        ("residence", "深圳", "惠州"),
        ("phone", "199****0417", "199****0777"),
    ]
    with app.app_context():
        assert reading.person(cast.tongcheng, asked[0]).residence == "深圳"
    assert "惠州" in client.get(f"/portal/details/{asked[2]}").text


def test_a_phone_that_cannot_be_read_is_said_at_its_field_and_the_rest_is_kept(client, asked):
    answer = client.post(f"/portal/details/{asked[2]}/proposals", data=CHANGES | {"phone": "12"})
    assert (answer.status_code, "号码没有认出来" in answer.text, "惠州" in answer.text) == (422, True, True)


def test_staff_take_over_field_by_field(app, client, cast, asked):
    client.post(f"/portal/details/{asked[2]}/proposals", data=CHANGES)
    post, residence, phone = proposals(app)
    staff = signed_in(app.test_client(), "tongcheng")
    assert "199****0777" in staff.get("/people/proposals").text
    parts = {"organization": "深圳潜岳科技有限公司", "title": "董事长", "ends_former": "y"}
    assert staff.post(f"/people/proposals/{post.id}/acceptance", data=parts).status_code == 303
    assert (
        staff.post(
            f"/people/proposals/{residence.id}/refusal", data={"reason": "本人电话里说还在深圳"}
        ).status_code
        == 303
    )
    assert staff.post(f"/people/proposals/{phone.id}/acceptance").status_code == 303
    with app.app_context():
        person = reading.person(cast.tongcheng, asked[0])
        held = reading.person_parts(cast.tongcheng, person)
        assert [(firm.name, one.until is None) for one, firm in held.posts] == [
            ("深圳潜岳科技有限公司", True), ("深圳市望岳精密科技有限公司", False),
        ]  # fmt: skip
        assert person.residence == "深圳"
        assert sorted(str(one.value) for one in held.contacts) == ["199****0417", "199****0777"]
    assert "本人电话里说还在深圳" in client.get(f"/portal/details/{asked[2]}").text
    assert staff.post(f"/people/proposals/{phone.id}/acceptance").status_code == 409


def test_a_refusal_wants_a_reason(app, client, asked):
    client.post(f"/portal/details/{asked[2]}/proposals", data=CHANGES)
    staff = signed_in(app.test_client(), "tongcheng")
    answer = staff.post(f"/people/proposals/{proposals(app)[0].id}/refusal", data={"reason": ""})
    assert (answer.status_code, "请写上不采纳的理由" in answer.text) == (422, True)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"),
        lambda t: f"9{t}",
        lambda _t: "x" * 40,
        lambda _t: "²-1",
    ],
)
def test_a_guessed_link_opens_nothing(client, asked, spoil):
    answer = client.get(f"/portal/details/{spoil(asked[2])}")
    assert (answer.status_code, "余秉衡" in answer.text) == (404, False)


@pytest.mark.parametrize("state", [PersonState.DECEASED, None])
def test_the_dead_and_those_left_alone_have_no_page(app, client, cast, asked, state):
    with app.app_context(), writing():
        person = reading.person(cast.tongcheng, asked[0])
        if state:
            people.edit_person(cast.tongcheng, person, version=1, state=state)
        else:
            people.forbid_contact(cast.tongcheng, person, reason="本人要求")
        db.session.commit()
    assert client.get(f"/portal/details/{asked[2]}").status_code == 404


def test_after_the_round_the_page_still_reads_but_takes_no_answer(app, client, cast, asked):
    with app.app_context(), writing():
        actions.close_round(cast.tongcheng, queries.confirmation_round(cast.tongcheng, asked[1]))
        db.session.commit()
    assert "已经结束" in client.get(f"/portal/details/{asked[2]}").text
    assert client.post(f"/portal/details/{asked[2]}/proposals", data=CHANGES).status_code == 409
    assert proposals(app) == []


def test_nobody_floods_the_desk(client, app, asked):
    for number in range(12):
        client.post(
            f"/portal/details/{asked[2]}/proposals",
            data=CHANGES | {"post": "", "phone": "", "residence": f"惠州{number}"},
        )
    assert client.post(f"/portal/details/{asked[2]}/proposals", data=CHANGES).status_code == 409
    assert len(proposals(app)) == 12


def test_the_address_is_built_on_the_public_address_whatever_host_asks(app, asked, monkeypatch):
    staff = signed_in(app.test_client(), "tongcheng")
    monkeypatch.setattr(app.config["SETTINGS"], "public_url", "https://yishang.example.cn")
    entry_id = asked[2].partition("-")[0]
    page = staff.post(f"/people/rounds/entries/{entry_id}/link").text
    assert re.findall(r'value="(https?://[^"]+)"', page) == [
        f"https://yishang.example.cn/portal/details/{asked[2]}"
    ]
