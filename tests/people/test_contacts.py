"""Contact points corrected, put first, made good again, removed; who is among somebody's friends; what letters do then."""

import pytest
from sqlmodel import select

from tests.cast import signed_in
from tests.house.pages import Read
from tests.people.arranged import somebody
from yishang_crm.core.actor import HOUSE, Permission
from yishang_crm.core.audit import AuditEntry, action
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Stale
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed
from yishang_crm.followup import actions as followup
from yishang_crm.followup import queries as tasks
from yishang_crm.followup.queries import TaskFilters
from yishang_crm.outbox import door
from yishang_crm.outbox.door import Addressee, Letter, NotPosted
from yishang_crm.outbox.models import State
from yishang_crm.people import actions, queries
from yishang_crm.people.models import ContactKind, ContactLabel, ContactState

PHONE, NEW, MAIL = "+8619900000417", "+8619900000418", "yu@example.cn"


@action(Permission.HOUSEKEEPING)
def whole(_actor, contact):
    return contact.value.whole()


@action(Permission.HOUSEKEEPING)
def written_to(actor, person):
    """A letter to where the person's mail goes."""
    address = queries.mail_addresses(actor, [person.id]).get(person.id)
    letter = Letter(purpose="greeting", about=f"person:{person.id}", subject="节日问候", body_text="您好。")
    recipient = Addressee(person.name, address, person_id=person.id)
    return door.post(actor, recipient, letter, hold=True, unit_id=None)


@action(Permission.HOUSEKEEPING)
def posted(actor, recipient, letter):
    return door.post(actor, recipient, letter, hold=True, unit_id=None)


def contacts_of(actor, person):
    return list(queries.person_parts(actor, person).contacts)


def edited(actor, contact, **changes):
    wanted = {
        "seen": contact.seen, "typed": "", "label": contact.label, "holder": contact.holder, "state": contact.state,
        "connected_user_id": contact.connected_user_id,
    } | changes  # fmt: skip
    actions.edit_contact(actor, contact, **wanted)


def open_tasks(actor):
    return [row.task for row in tasks.page_of_tasks(actor, TaskFilters(), today=today())]


@pytest.fixture
def person(cast, indoors):
    return somebody(cast.tongcheng, email=MAIL)


@pytest.fixture
def person_id(app, cast):
    with app.app_context(), writing():
        person = somebody(cast.tongcheng, email=MAIL)
        actions.add_contact(cast.tongcheng, person, typed="yubingheng", kind=ContactKind.WECHAT)
        db.session.commit()
        return person.id


@pytest.fixture
def ids(app, cast, person_id):
    """Phone, mail address and WeChat id."""
    with app.app_context():
        return [one.id for one in contacts_of(cast.tongcheng, queries.person(cast.tongcheng, person_id))]


def filled(client, contact_id, **changes):
    """The form of the page, as a browser would send it."""
    address = f"/people/contacts/{contact_id}/edit"
    (form,) = [
        one for one in Read(client.get(address).text).forms if one.action.endswith(f"/contacts/{contact_id}")
    ]
    return form.filled({}) | changes


def test_an_empty_value_keeps_what_stands(cast, person):
    phone, _mail = contacts_of(cast.tongcheng, person)
    edited(cast.tongcheng, phone, label=ContactLabel.SECRETARY, holder="戴女士")
    assert (whole(HOUSE, phone), phone.label, phone.holder) == (PHONE, ContactLabel.SECRETARY, "戴女士")


def test_a_number_is_corrected_and_found_by_the_new_one(cast, person):
    phone, _mail = contacts_of(cast.tongcheng, person)
    edited(cast.tongcheng, phone, typed="199 0000 0418")
    assert (whole(HOUSE, phone), phone.kind) == (NEW, ContactKind.MOBILE)
    for typed, found in (("0418", ["余秉衡"]), ("0417", [])):
        assert [one.name for one in queries.page_of_people(cast.tongcheng, queries.Filters(q=typed))] == found


@pytest.mark.parametrize(
    ("which", "typed", "said"),
    [(0, "yu@example.cn", "种类不能改"), (0, "12", "没有认出来"), (1, "19900000418", "写得不对")],
)
def test_a_kind_stays_what_it_is(cast, person, which, typed, said):
    contact = contacts_of(cast.tongcheng, person)[which]
    with pytest.raises(NotPossible, match=said):
        edited(cast.tongcheng, contact, typed=typed)


def test_a_phone_may_become_a_landline(cast, person):
    phone, _mail = contacts_of(cast.tongcheng, person)
    edited(cast.tongcheng, phone, typed="0556-5346123")
    assert phone.kind == ContactKind.LANDLINE


def test_a_number_that_is_somebody_elses_is_not_taken(cast, person):
    somebody(cast.tongcheng, "汪砚舟", phone="19900000418")
    phone, _mail = contacts_of(cast.tongcheng, person)
    with pytest.raises(NotPossible, match="汪砚舟"):
        edited(cast.tongcheng, phone, typed="19900000418")


def test_the_secretarys_number_becomes_the_own_only_where_it_is_free(cast, person):
    somebody(cast.tongcheng, "汪砚舟", phone="19900000418")
    shared = actions.add_contact(cast.tongcheng, person, typed="19900000418", label=ContactLabel.SECRETARY)
    with pytest.raises(NotPossible, match="汪砚舟"):
        edited(cast.tongcheng, shared, label=ContactLabel.SELF)


def test_one_is_put_first_and_the_others_follow(cast, person):
    phone, mail = contacts_of(cast.tongcheng, person)
    second = actions.add_contact(cast.tongcheng, person, typed="19900000418", label=ContactLabel.OFFICE)
    assert contacts_of(cast.tongcheng, person) == [phone, mail, second]
    edited(cast.tongcheng, second, is_first=True)
    assert [(one.id, one.rank) for one in contacts_of(cast.tongcheng, person)] == [
        (second.id, 1), (phone.id, 2), (mail.id, 3),
    ]  # fmt: skip
    third = actions.add_contact(cast.tongcheng, person, typed="19900000419", is_first=True)
    assert contacts_of(cast.tongcheng, person) == [third, second, phone, mail]
    (card,) = queries.cards(cast.tongcheng, [person], with_phone=True)
    assert str(card.phone) == "199****0419"


def test_who_saves_second_is_told(cast, person):
    phone, _mail = contacts_of(cast.tongcheng, person)
    drawn = phone.seen
    edited(cast.tongcheng, phone, holder="戴女士")
    with pytest.raises(Stale):
        edited(cast.tongcheng, phone, seen=drawn, holder="琚先生")
    assert phone.holder == "戴女士"


def test_the_mark_tells_every_change_and_nothing_of_the_number(cast, person):
    phone, _mail = contacts_of(cast.tongcheng, person)
    marks = {phone.seen}
    for changes in (
        {"typed": "19900000418"}, {"label": ContactLabel.OFFICE}, {"holder": "戴女士"}, {"state": ContactState.OPTED_OUT},
    ):  # fmt: skip
        edited(cast.tongcheng, phone, **changes)
        marks.add(phone.seen)
    assert len(marks) == 5
    assert not any("0417" in one or "0418" in one for one in marks)


@pytest.mark.parametrize("state", [ContactState.WRONG, ContactState.BOUNCED, ContactState.OPTED_OUT])
def test_what_was_bad_is_made_good_again_and_can_be_removed(cast, person, state):
    phone, mail = contacts_of(cast.tongcheng, person)
    actions.mark_contact(cast.tongcheng, phone, state=state)
    db.session.refresh(person)
    assert not person.has_phone
    edited(cast.tongcheng, phone, state=ContactState.OK)
    db.session.refresh(person)
    assert (phone.state, person.has_phone) == (ContactState.OK, True)
    actions.mark_contact(cast.tongcheng, phone, state=state)
    actions.remove_contact(cast.tongcheng, phone)
    assert contacts_of(cast.tongcheng, person) == [mail]


@pytest.mark.parametrize(
    ("before", "after"),
    [(ContactState.WRONG, ContactState.OK), (ContactState.BOUNCED, ContactState.OK), (ContactState.OPTED_OUT, ContactState.OPTED_OUT)],
)  # fmt: skip
def test_a_new_value_of_what_failed_is_good_but_a_wish_to_be_left_alone_stays(cast, person, before, after):
    _phone, mail = contacts_of(cast.tongcheng, person)
    actions.mark_contact(cast.tongcheng, mail, state=before)
    edited(cast.tongcheng, mail, typed="new@example.cn")
    assert mail.state == after


@pytest.mark.parametrize("state", [ContactState.WRONG, ContactState.BOUNCED])
def test_marking_in_the_form_is_somebodys_task_once_and_anew_when_the_first_is_done(cast, person, state):
    phone, _mail = contacts_of(cast.tongcheng, person)
    edited(cast.tongcheng, phone, state=state)
    (task,) = open_tasks(cast.tongcheng)
    assert (task.what, task.user_id) == ("余秉衡的手机不通，找到新号码", cast.tongcheng.id)
    edited(cast.tongcheng, phone, holder="戴女士")
    assert len(open_tasks(cast.tongcheng)) == 1
    followup.finish_task(cast.tongcheng, task)
    edited(cast.tongcheng, phone, typed="19900000418")
    assert open_tasks(cast.tongcheng) == []
    edited(cast.tongcheng, phone, state=state)
    assert [one.what for one in open_tasks(cast.tongcheng)] == ["余秉衡的手机不通，找到新号码"]


def test_a_colleague_of_the_unit_is_among_the_friends_and_a_way_to_the_person(cast, person):
    wechat = actions.add_contact(cast.tongcheng, person, typed="yubingheng", kind=ContactKind.WECHAT)
    edited(cast.tongcheng, wechat, connected_user_id=cast.tongcheng2.id)
    assert wechat.connected_user_id == cast.tongcheng2.id
    chains = queries.ways_to(cast.tongcheng, person).chains
    assert cast.tongcheng2.name in {chain.colleague.name for chain in chains}
    with pytest.raises(NotPossible, match="本单位的同事"):
        edited(cast.tongcheng, wechat, connected_user_id=cast.huaining.id)
    edited(cast.tongcheng, wechat, connected_user_id=None)
    assert wechat.connected_user_id is None
    phone = contacts_of(cast.tongcheng, person)[0]
    with pytest.raises(NotPossible, match="只有微信号"):
        edited(cast.tongcheng, phone, connected_user_id=cast.tongcheng2.id)


def test_an_address_that_opted_out_gets_no_letters(cast, person):
    _phone, mail = contacts_of(cast.tongcheng, person)
    waiting = written_to(HOUSE, person)
    edited(cast.tongcheng, mail, state=ContactState.OPTED_OUT)
    assert queries.mail_addresses(cast.tongcheng, [person.id]) == {}
    assert waiting.state == State.CANCELLED
    with pytest.raises(NotPosted, match="没有可用的邮箱"):
        written_to(HOUSE, person)
    edited(cast.tongcheng, mail, state=ContactState.OK)
    assert written_to(HOUSE, person).address == Sealed(MAIL)


def test_letters_that_wait_follow_a_corrected_address(cast, person):
    _phone, mail = contacts_of(cast.tongcheng, person)
    waiting = written_to(HOUSE, person)
    edited(cast.tongcheng, mail, typed="New@example.cn")
    assert (waiting.state, waiting.address) == (State.HELD, Sealed("new@example.cn"))


def test_letters_to_an_address_that_is_still_good_stay_where_they_are(cast, person):
    office = actions.add_contact(cast.tongcheng, person, typed="office@example.cn", label=ContactLabel.OFFICE)
    letter = Letter(purpose="greeting", about=f"person:{person.id}", subject="节日问候", body_text="您好。")
    waiting = posted(HOUSE, Addressee("余秉衡", Sealed("office@example.cn"), person_id=person.id), letter)
    actions.mark_contact(cast.tongcheng, office, state=ContactState.OK)
    assert waiting.address == Sealed("office@example.cn")
    actions.remove_contact(cast.tongcheng, office)
    assert (waiting.state, waiting.address) == (State.HELD, Sealed(MAIL))


# By page


def test_a_number_is_corrected_by_the_form_and_never_printed_whole(app, client, cast, person_id, ids):
    signed_in(client, "tongcheng")
    page = client.get(f"/people/contacts/{ids[0]}/edit").text
    assert "199****0417" in page
    assert "19900000417" not in page
    answer = client.post(
        f"/people/contacts/{ids[0]}",
        data=filled(client, ids[0], typed="199-0000-0418", holder="戴女士", label="secretary"),
    )
    assert (answer.status_code, answer.location) == (303, f"/people/{person_id}#contacts")
    page = client.get(f"/people/{person_id}").text
    assert "199****0418" in page
    assert "戴女士" in page
    with app.app_context():
        wanted = select(AuditEntry).where(AuditEntry.verb == "people.edit_contact")
        (entry,) = db.session.scalars(unscoped_for("a test looks", wanted)).all()
        assert (entry.actor, entry.about) == (cast.tongcheng.key, f"person:{person_id}")


def test_a_lost_update_is_shown_side_by_side_and_a_second_saving_takes_it(client, person_id, ids):
    signed_in(client, "tongcheng")
    first, second = (filled(client, ids[0], holder=name, label="secretary") for name in ("戴女士", "琚先生"))
    address = f"/people/contacts/{ids[0]}"
    assert client.post(address, data=first).status_code == 303
    stale = client.post(address, data=second)
    assert stale.status_code == 409
    for said in ("别人已经改过", "戴女士", "琚先生", "199****0417"):
        assert said in stale.text
    assert "19900000417" not in stale.text
    (form,) = [one for one in Read(stale.text).forms if one.action == address]
    assert client.post(address, data=form.filled({})).status_code == 303
    assert "琚先生" in client.get(f"/people/{person_id}").text


def test_the_form_says_what_is_wrong(client, ids):
    signed_in(client, "tongcheng")
    answer = client.post(
        f"/people/contacts/{ids[0]}", data=filled(client, ids[0], label="nobody", holder="长" * 41)
    )
    assert answer.status_code == 422
    assert "有2处没填对" in answer.text


def test_who_is_a_friend_is_chosen_among_colleagues_and_shown(client, cast, person_id, ids):
    signed_in(client, "tongcheng")
    assert "哪位同事加了好友" not in client.get(f"/people/contacts/{ids[0]}/edit").text
    page = client.get(f"/people/contacts/{ids[2]}/edit").text
    assert "查静" in page
    assert "操望舒" not in page
    data = filled(client, ids[2], connected_user_id=str(cast.tongcheng2.id))
    assert client.post(f"/people/contacts/{ids[2]}", data=data).status_code == 303
    assert "查静加了好友" in client.get(f"/people/{person_id}").text
    wrong = client.post(
        f"/people/contacts/{ids[2]}", data=data | {"connected_user_id": str(cast.huaining.id)}
    )
    assert wrong.status_code == 422


def test_a_friend_of_another_unit_is_named_and_may_stay(app, client, cast, person_id, ids):
    signed_in(client, "bureau")
    data = filled(client, ids[2], connected_user_id=str(cast.bureau.id))
    assert client.post(f"/people/contacts/{ids[2]}", data=data).status_code == 303
    signed_in(client, "tongcheng")
    again = filled(client, ids[2], holder="老余")
    assert again["connected_user_id"] in (str(cast.bureau.id), [str(cast.bureau.id)])
    assert client.post(f"/people/contacts/{ids[2]}", data=again).status_code == 303
    assert "程景明加了好友" in client.get(f"/people/{person_id}").text


def test_a_wrong_number_keeps_its_menu(client, person_id, ids):
    signed_in(client, "tongcheng")
    client.post(f"/people/contacts/{ids[0]}/state")
    page = client.get(f"/people/{person_id}").text
    assert f"/people/contacts/{ids[0]}/edit" in page
    assert f"/people/contacts/{ids[0]}/removal" in page
    assert f"/people/contacts/{ids[0]}/state" not in page


@pytest.mark.parametrize(
    ("login", "read", "written"),
    [
        ("tongcheng", 200, 303),
        ("leader", 403, 403),
        ("huaining", 404, 404),
        ("desk", 403, 403),
        (None, 302, 302),
    ],
)
def test_a_contact_is_corrected_by_who_may(app, client, person_id, ids, login, read, written):
    data = filled(signed_in(app.test_client(), "tongcheng"), ids[0], holder="戴女士")
    if login:
        signed_in(client, login)
    assert client.get(f"/people/contacts/{ids[0]}/edit").status_code == read
    assert client.post(f"/people/contacts/{ids[0]}", data=data).status_code == written
    shown = signed_in(app.test_client(), "tongcheng").get(f"/people/contacts/{ids[0]}/edit").text
    assert ("戴女士" in shown.replace("如“戴女士”", "")) == (written == 303)


def test_who_may_only_look_sees_no_way_to_correct(client, person_id):
    signed_in(client, "leader")
    page = client.get(f"/people/{person_id}").text
    assert "余秉衡" in page
    assert "/edit" not in page


def test_a_form_that_changes_nothing_keeps_all_that_stands(app, client, cast, person_id, ids):
    signed_in(client, "tongcheng")
    for one in ids:
        sent = filled(client, one)
        assert sent["typed"] in ("", [""])
        assert client.post(f"/people/contacts/{one}", data=sent).status_code == 303
    with app.app_context(), writing():
        standing = contacts_of(cast.tongcheng, queries.person(cast.tongcheng, person_id))
        assert [whole(HOUSE, one) for one in standing] == [PHONE, MAIL, "yubingheng"]
        assert {one.state for one in standing} == {ContactState.OK}
