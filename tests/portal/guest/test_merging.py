"""The guest's phone and the liaison's page write on one answer: nothing is lost, and nobody overwrites unseen (S35)."""

import re

import pytest

from tests.house.pages import Read
from tests.portal.guest.conftest import CONSENT, Invited
from yishang_crm.conference.models import Travel


def journey(invited: Invited) -> dict[str, list[str]]:
    """The journey as it is drawn now, field by field."""
    page = invited.client.get(invited.link)
    (form,) = [form for form in Read(page.text).forms if form.action.endswith("/answers")]
    return form.filled({})


def send(invited: Invited, form: dict[str, list[str]], **typed: str):
    return invited.client.post(f"{invited.link}/answers", data=form | typed)


def marks(form: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[0] for name, values in form.items() if name.startswith("seen-")}


def test_each_part_bears_a_mark_of_what_stood(invited: Invited):
    invited.says("accepted")
    assert set(marks(journey(invited))) == {"seen-travel", "seen-nights", "seen-companions", "seen-diet"}


def test_what_the_liaison_wrote_stays_where_the_guest_changed_something_else(invited: Invited):
    invited.says("accepted")
    open_page = journey(invited)
    invited.changed(travel=Travel.TRAIN, travel_number="G7754")

    assert send(invited, open_page, nights="2").status_code == 303
    guest = invited.row()
    assert (guest.travel, guest.travel_number, guest.nights) == (Travel.TRAIN, "G7754", 2)


def test_where_both_changed_the_same_part_the_guest_is_asked_and_saving_again_takes_theirs(invited: Invited):
    invited.says("accepted")
    open_page = journey(invited)
    invited.changed(travel=Travel.TRAIN, travel_number="G7754")

    asked = send(invited, open_page, travel="plane", travel_number="MU5468", nights="1")
    assert asked.status_code == 409
    assert "“怎么来”刚由联络员改成了“高铁 G7754”" in asked.text
    assert 'value="MU5468"' in asked.text
    assert re.search(r'value="plane" checked', asked.text)
    assert (invited.row().travel_number, invited.row().nights) == ("G7754", None)

    (form,) = [form for form in Read(asked.text).forms if form.action.endswith("/answers")]
    assert send(invited, form.filled({})).status_code == 303
    guest = invited.row()
    assert (guest.travel, guest.travel_number, guest.nights) == (Travel.PLANE, "MU5468", 1)


def test_two_who_wrote_the_same_agree(invited: Invited):
    invited.says("accepted")
    open_page = journey(invited)
    invited.changed(nights=2)
    assert send(invited, open_page, nights="2").status_code == 303
    assert invited.row().nights == 2


def test_a_page_that_saves_as_it_goes_does_not_overtake_itself(invited: Invited):
    invited.says("accepted")
    seen = marks(journey(invited))
    first = invited.saves("nights", nights="1", **seen)
    part, _, mark = first.headers["X-Seen"].partition("=")
    second = invited.saves("nights", nights="2", **seen | {f"seen-{part}": mark})
    assert (first.status_code, second.status_code, invited.row().nights) == (204, 204, 2)


def test_a_page_that_saves_as_it_goes_is_told_once_and_may_insist(invited: Invited):
    invited.says("accepted")
    seen = marks(journey(invited))
    invited.changed(nights=3)
    told = invited.saves("nights", nights="1", **seen)
    assert (told.status_code, invited.row().nights) == (409, 3)
    assert "刚由联络员改成了“三晚”" in told.json["sentence"]
    part, _, mark = told.headers["X-Seen"].partition("=")
    assert invited.saves("nights", nights="1", **seen | {f"seen-{part}": mark}).status_code == 204
    assert invited.row().nights == 1


def test_two_tabs_of_one_guest_do_not_undo_each_other(invited: Invited):
    invited.says("accepted")
    left, right = journey(invited), journey(invited)
    assert send(invited, left, nights="2").status_code == 303
    assert send(invited, right, diet="素食").status_code == 303
    assert (invited.row().nights, invited.row().diet) == (2, "素食")


def test_a_page_from_the_back_button_asks_before_it_takes_an_answer_back(invited: Invited):
    invited.says("accepted")
    before = journey(invited)
    assert send(invited, before, nights="2").status_code == 303
    asked = send(invited, before, nights="1")
    assert (asked.status_code, invited.row().nights) == (409, 2)


def test_sent_twice_by_a_double_tap_is_kept_once(invited: Invited):
    invited.says("accepted")
    form = journey(invited) | {"nights": "2", "diet": "清真"}
    answers = [invited.client.post(f"{invited.link}/answers", data=form).status_code for _ in range(2)]
    assert (answers, invited.row().nights, invited.row().version) == ([303, 303], 2, 3)


def test_a_delegate_named_meanwhile_by_the_liaison_is_asked_about(invited: Invited):
    page = invited.client.get(f"{invited.link}/delegate")
    (form,) = [form for form in Read(page.text).forms if form.action.endswith("/reply")]
    invited.changed(delegate_name="方师傅")
    sent = form.filled({}) | {"delegate_name": "汪砚舟"} | CONSENT
    asked = invited.client.post(f"{invited.link}/reply", data=sent)
    assert (asked.status_code, "方师傅" in asked.text, 'value="汪砚舟"' in asked.text) == (409, True, True)
    assert invited.row().delegate_name == "方师傅"


@pytest.mark.parametrize("mark", ["", "x", "0" * 12, "长" * 5000])
def test_a_mark_that_is_none_breaks_nothing(invited: Invited, mark):
    invited.says("accepted")
    answer = invited.saves("nights", nights="1", **{"seen-nights": mark})
    assert answer.status_code == (204 if mark == "" else 409)
