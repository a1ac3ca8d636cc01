"""A number that is wrong becomes a task of whoever answers for the person, once."""

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.clock import today
from yishang_crm.core.db import db, writing
from yishang_crm.followup import queries
from yishang_crm.followup.queries import TaskFilters
from yishang_crm.people import actions as people
from yishang_crm.people import queries as reading
from yishang_crm.people.models import ContactState


def tasks_of(actor) -> list[tuple[str, int | None]]:
    rows = queries.page_of_tasks(actor, TaskFilters(), today=today())
    return [(row.task.what, row.task.user_id) for row in rows]


@pytest.mark.usefixtures("indoors")
@pytest.mark.parametrize("state", [ContactState.WRONG, ContactState.BOUNCED])
def test_the_owner_looks_for_another_once(cast, state):
    person = somebody(cast.tongcheng)
    (contact,) = reading.person_parts(cast.tongcheng, person).contacts
    for _again in range(2):
        people.mark_contact(cast.bureau, contact, state=state)
    assert tasks_of(cast.tongcheng) == [("余秉衡的手机不通，找到新号码", cast.tongcheng.id)]
    assert tasks_of(cast.huaining) == []


@pytest.mark.usefixtures("indoors")
@pytest.mark.parametrize("state", [ContactState.OK, ContactState.OPTED_OUT])
def test_a_good_number_or_an_opt_out_is_nobodys_task(cast, state):
    (contact,) = reading.person_parts(cast.tongcheng, somebody(cast.tongcheng)).contacts
    people.mark_contact(cast.tongcheng, contact, state=state)
    assert tasks_of(cast.tongcheng) == []


def test_marked_by_page_it_stands_on_today(app, client, cast):
    with app.app_context(), writing():
        (contact,) = reading.person_parts(cast.tongcheng, somebody(cast.tongcheng)).contacts
        db.session.commit()
        address = f"/people/contacts/{contact.id}/state"
    signed_in(client, "tongcheng")
    assert client.post(address).status_code == 303
    assert "余秉衡的手机不通，找到新号码" in client.get("/tasks").text
