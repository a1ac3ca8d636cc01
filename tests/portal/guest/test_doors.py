"""Who gets in by a link or a code, who does not, and what is told to neither."""

import re

import pytest
from sqlmodel import select

from tests.portal.guest.conftest import CONSENT, Invited
from yishang_crm.conference import tokens
from yishang_crm.conference.models import Approval, Reply, ReplyChannel
from yishang_crm.core.db import db
from yishang_crm.core.scope import unscoped_for
from yishang_crm.followup.models import Task

PLACES = ["", "/pass", "/pass.png", "/calendar.ics", "/notice", "/mistake", "/delegate"]


def tasks(invited: Invited) -> list[Task]:
    with invited.app.app_context():
        wanted = unscoped_for("a test looks", select(Task).where(Task.origin.startswith("not-the-guest")))
        return list(db.session.scalars(wanted))


@pytest.mark.parametrize("token", ["x", "A" * 22, "é" * 22, "mine", "0", "../login", "a" * 3000])
@pytest.mark.parametrize("place", ["", "/pass", "/calendar.ics"])
def test_an_unknown_link_tells_nothing(invited: Invited, token, place):
    answer = invited.client.get(f"/r/{token}{place}")

    assert answer.status_code == 404
    assert "余秉衡" not in answer.text


def test_an_unknown_link_names_the_offices_phone(invited: Invited):
    assert "tel:19900000556" in invited.client.get(f"/r/{'A' * 22}").text


@pytest.mark.parametrize("place", PLACES)
def test_a_token_changed_in_any_place_is_unknown(invited: Invited, place):
    for at in (0, 10, 21):
        other = "A" if invited.token[at] != "A" else "B"
        broken = f"{invited.token[:at]}{other}{invited.token[at + 1 :]}"
        assert invited.client.get(f"/r/{broken}{place}").status_code == 404


@pytest.mark.parametrize("place", PLACES)
def test_a_withdrawn_invitation_is_closed_politely(invited: Invited, place):
    invited.changed(approval=Approval.WITHDRAWN, token_generation=2)
    answer = invited.client.get(f"{invited.link}{place}")

    assert answer.status_code == 410
    assert "这份邀请已经收回" in answer.text
    assert "余秉衡" not in answer.text


def test_a_replaced_link_is_unknown(invited: Invited):
    invited.changed(token_generation=2)

    assert invited.client.get(invited.link).status_code == 404
    assert invited.says("accepted").status_code == 404
    assert invited.row().reply == Reply.NONE


def test_who_is_not_yet_approved_is_unknown(invited: Invited):
    invited.changed(approval=Approval.SUBMITTED)

    assert invited.client.get(invited.link).status_code == 404


def test_an_entry_pass_opens_no_page(invited: Invited):
    invited.says("accepted")
    picture = invited.client.get(f"{invited.link}/pass").text

    assert invited.token not in re.search(r"<svg.*?</svg>", picture, re.DOTALL)[0]


@pytest.mark.parametrize("place", ["", "/pass", "/notice"])
def test_no_referrer_leaves_and_nothing_is_kept_on_the_way(invited: Invited, place):
    invited.says("accepted")
    answer = invited.client.get(f"{invited.link}{place}")

    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.text


def test_the_log_holds_no_token(invited: Invited, caplog):
    caplog.set_level("INFO")
    invited.client.get(invited.link)
    invited.says("accepted")
    invited.client.get(f"{invited.link}/nothing-here")

    assert invited.token not in caplog.text
    assert caplog.records


# “我不是余秉衡”


def test_i_am_not_this_person_tells_the_unit_and_closes_the_link(invited: Invited):
    invited.client.post(f"{invited.link}/mistake")

    [task] = tasks(invited)
    assert (task.unit_id, task.person_id) == (invited.row().unit_id, invited.row().person_id)
    for place in PLACES:
        answer = invited.client.get(f"{invited.link}{place}")
        assert answer.status_code == 403
        assert "余秉衡" not in answer.text
    assert invited.says("accepted").status_code == 403
    assert invited.row().reply == Reply.NONE


def test_saying_it_twice_makes_one_task(invited: Invited):
    for _ in range(3):
        invited.client.post(f"{invited.link}/mistake")

    assert len(tasks(invited)) == 1


def test_a_fresh_link_is_not_closed_by_the_old_mistake(invited: Invited):
    invited.client.post(f"{invited.link}/mistake")
    invited.changed(token_generation=2)

    with invited.app.app_context():
        fresh = tokens.token(invited.row())
    assert invited.client.get(f"/r/{fresh}").status_code == 200


# By code


def by_code(invited: Invited, code: str, tail: str, **options):
    return invited.client.post("/r", data={"code": code, "tail": tail}, **options)


def test_the_code_and_ones_own_tail_open_the_page_without_the_token(invited: Invited):
    answer = by_code(invited, invited.code, "0417")

    assert (answer.status_code, answer.location) == (303, "/r/mine")
    page = invited.client.get("/r/mine").text
    assert "尊敬的余秉衡先生" in page
    assert invited.token not in page

    invited.client.post("/r/mine/reply", data={"reply": "accepted"} | CONSENT)
    assert (invited.row().reply, invited.row().reply_channel) == (Reply.ACCEPTED, ReplyChannel.CODE)


@pytest.mark.parametrize("typed", [("{code}", " 0 4 1 7 "), ("{spaced}", "0417"), ("{wide}", "０４１７")])
def test_spaces_and_full_width_digits_are_forgiven(invited: Invited, typed):
    code = invited.code
    said = {
        "code": code,
        "spaced": f"{code[:3]} {code[3:]}",
        "wide": code.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
    }

    assert by_code(invited, typed[0].format(**said), typed[1]).status_code == 303


def test_a_wrong_code_and_a_wrong_tail_get_the_same_answer(invited: Invited):
    wrong_code = "000000" if invited.code != "000000" else "000001"
    answers = [
        by_code(invited, wrong_code, "0417"),
        by_code(invited, invited.code, "9999"),
        by_code(invited, "12", "x"),
    ]

    assert {answer.status_code for answer in answers} == {422}
    bodies = {
        re.sub(r'name="csrf_token" value="[^"]*"|content="[^"]*"', "", answer.text) for answer in answers
    }
    assert len(bodies) == 1


def test_a_code_is_closed_after_ten_tries_from_wherever(invited: Invited):
    for number in range(10):
        address = {"REMOTE_ADDR": f"203.0.113.{number}"}
        assert by_code(invited, invited.code, "9999", environ_base=address).status_code == 422

    right = by_code(invited, invited.code, "0417", environ_base={"REMOTE_ADDR": "203.0.113.99"})
    assert right.status_code == 429
    assert int(right.headers["Retry-After"]) > 0


def test_an_address_is_closed_after_thirty_tries_and_a_forged_header_does_not_help(invited: Invited):
    for number in range(30):
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        assert by_code(invited, f"{number:06d}", "9999", headers=headers).status_code == 422

    again = by_code(invited, invited.code, "0417", headers={"X-Forwarded-For": "198.51.100.200"})
    assert again.status_code == 429


def test_the_right_code_does_not_use_up_tries(invited: Invited):
    for _ in range(12):
        assert by_code(invited, invited.code, "0417").status_code == 303


def test_without_a_code_there_is_no_mine(invited: Invited):
    assert invited.client.get("/r/mine").status_code == 404


def test_mine_ends_when_the_link_is_replaced(invited: Invited):
    by_code(invited, invited.code, "0417")
    invited.changed(token_generation=2)

    assert invited.client.get("/r/mine").status_code == 404
