"""Requests between units by page."""

import pytest

from tests.cast import signed_in
from tests.people.arranged import somebody
from yishang_crm.core.db import db, writing
from yishang_crm.people.stewards import actions, queries


def test_a_request_goes_its_way_by_page(app, cast):
    with app.app_context(), writing():
        somebody(cast.huaining, "余秉衡")
        db.session.commit()
    asking, answering = signed_in(app.test_client(), "tongcheng"), signed_in(app.test_client(), "huaining")
    answer = asking.post(
        "/people/requests", data={"name": "老余", "phone": "19900000417", "reason": "在桐城有厂"}
    )
    assert answer.status_code == 303, answer.text
    listed = asking.get("/people/requests").text
    assert ("老余" in listed, "余秉衡" in listed) == (True, False)
    with app.app_context():
        (row,) = queries.requests(cast.huaining, waiting=True)
    address = f"/people/requests/{row.request.id}"
    assert "余秉衡" not in asking.get(address).text
    assert "余秉衡" in answering.get(address).text
    empty = answering.post(f"{address}/refusal", data={"version": "1", "answer": ""})
    assert (empty.status_code, "理由" in empty.text) == (409, True)
    assert answering.post(f"{address}/consent", data={"version": "1", "answer": "好"}).status_code == 303
    assert "余秉衡" in asking.get("/people?q=余秉衡").text


@pytest.mark.parametrize(
    ("login", "status"), [("tongcheng", 200), ("huaining", 200), ("leader", 200), ("desk", 403), (None, 302)]
)
def test_requests_are_read_by_whom_they_concern(app, cast, login, status):
    with app.app_context(), writing():
        somebody(cast.huaining, "余秉衡")
        request = actions.ask(cast.tongcheng, name="老余", phone="19900000417", reason="x")
        db.session.commit()
        address = f"/people/requests/{request.id}"
    client = app.test_client()
    if login:
        signed_in(client, login)
    assert client.get(address).status_code == status
