"""The guest answers: opening changes nothing, a button does; each answer is kept as it is given."""

import datetime as dt

import pytest

from tests.portal.guest.conftest import CONSENT, Invited
from yishang_crm.conference.models import Onsite, Reply, ReplyChannel, Travel
from yishang_crm.core.clock import now, today


def test_the_first_screen_says_who_is_invited_to_what_and_where(invited: Invited):
    page = invited.client.get(invited.link)

    assert page.status_code == 200
    for said in (
        "尊敬的余秉衡先生：",
        "第五届",
        "中国宜商大会",
        "安庆市会议中心",
        "参加",
        "委派他人",
        "不能参加",
        "我不是余秉衡",
    ):
        assert said in page.text


@pytest.mark.parametrize("way", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "place", ["", "/pass", "/pass.png", "/calendar.ics", "/notice", "/mistake", "/delegate", "?change=1"]
)
def test_opening_changes_nothing(invited: Invited, way, place):
    before = invited.row().model_dump()
    for _ in range(2):
        answer = invited.client.open(
            f"{invited.link}{place}", method=way, headers={"User-Agent": "SafeLinks scanner"}
        )
        assert answer.status_code in (200, 303)

    assert invited.row().model_dump() == before


def test_a_yes_is_kept_with_when_how_and_the_notice_that_was_read(invited: Invited):
    answer = invited.says("accepted")

    guest = invited.row()
    assert (answer.status_code, answer.location) == (303, invited.link)
    assert (guest.reply, guest.reply_channel, guest.consent_version) == (
        Reply.ACCEPTED,
        ReplyChannel.LINK,
        "2026-1",
    )
    assert guest.replied_at
    assert guest.consented_at


def test_without_the_notice_nothing_is_kept(invited: Invited):
    answer = invited.client.post(f"{invited.link}/reply", data={"reply": "accepted", "consent": "1999-9"})

    assert answer.status_code == 422
    assert invited.row().reply == Reply.NONE


@pytest.mark.parametrize("reply", ["", "none", "tentative", "cancelled", "approved", "x"])
def test_only_three_answers_are_offered(invited: Invited, reply):
    assert invited.says(reply).status_code == 422
    assert invited.row().reply == Reply.NONE


def test_a_no_is_thanked_and_can_become_a_yes(invited: Invited):
    invited.says("declined")
    assert invited.row().reply == Reply.DECLINED
    assert "已经记下" in invited.client.get(invited.link).text

    invited.says("accepted")
    assert invited.row().reply == Reply.ACCEPTED


def test_a_delegate_is_asked_for_before_it_is_kept(invited: Invited):
    asked = invited.says("delegated")
    assert (asked.location, invited.row().reply) == (f"{invited.link}/delegate", Reply.NONE)

    nameless = invited.says("delegated", delegate_name="", delegate_phone="")
    assert (nameless.status_code, invited.row().reply) == (422, Reply.NONE)

    invited.says(
        "delegated", delegate_name="江南秋", delegate_title="副总经理", delegate_phone="199 0000 0888"
    )
    guest = invited.row()
    assert (guest.reply, guest.delegate_name, str(guest.delegate_phone)[-4:]) == (
        Reply.DELEGATED,
        "江南秋",
        "0888",
    )


def test_a_delegates_phone_stands_as_an_outline_and_stays_when_nothing_is_typed(invited: Invited):
    invited.says("delegated", delegate_name="江南秋", delegate_phone="19900000888")

    page = invited.client.get(invited.link).text
    assert "19900000888" not in page
    invited.saves("delegate", delegate_name="江南雪", delegate_title="", delegate_phone="")

    guest = invited.row()
    assert (guest.delegate_name, str(guest.delegate_phone)[-4:]) == ("江南雪", "0888")


def test_parts_are_saved_one_by_one_and_leave_the_others_alone(invited: Invited):
    invited.says("accepted")
    assert invited.saves("nights", nights="2").status_code == 204
    arrival = f"{today() + dt.timedelta(days=19)}T16:42"
    assert invited.saves(
        "travel", travel="train", travel_number="G7754", arrival_place="安庆西站", arrives_at=arrival, nights="0"
    ).status_code == 204  # fmt: skip

    guest = invited.row()
    assert (guest.nights, guest.travel, guest.travel_number, guest.arrival_place) == (
        2,
        Travel.TRAIN,
        "G7754",
        "安庆西站",
    )
    assert (guest.arrives_at.hour, guest.arrives_at.minute) == (8, 42)  # 16:42 in Anqing


@pytest.mark.parametrize(
    ("part", "values"),
    [
        ("nights", {"nights": "9"}),
        ("nights", {"nights": "two"}),
        ("companions", {"companions": "21"}),
        ("companions", {"companions": "-1"}),
        ("companions", {"companions": "4"}),
        ("travel", {"travel": "rocket"}),
        ("travel", {"travel": "train", "arrives_at": "tomorrow"}),
        ("travel", {"travel": "train", "travel_number": "G" * 40}),
        ("diet", {"diet": "other", "diet_other": "很" * 60}),
        ("delegate", {"delegate_name": "江南秋", "delegate_phone": "call me"}),
    ],
)
def test_what_makes_no_sense_is_said_at_its_part_and_not_kept(invited: Invited, part, values):
    invited.says("accepted")
    before = invited.row().model_dump()

    answer = invited.saves(part, **values)

    assert answer.status_code in (409, 422)
    assert answer.json["sentence"]
    assert invited.row().model_dump() == before


def test_the_whole_journey_in_one_form_without_script(invited: Invited):
    invited.says("accepted")
    sent = CONSENT | {
        "travel": "car", "travel_number": "", "arrival_place": "", "arrives_at": "", "nights": "1", "companions": "1",
        "companion_names": "司机方师傅", "diet": "other", "diet_other": "不吃辣",
    }  # fmt: skip
    answer = invited.client.post(f"{invited.link}/answers", data=sent)

    guest = invited.row()
    assert (answer.status_code, answer.location) == (303, f"{invited.link}/pass")
    assert (guest.travel, guest.nights, guest.companions, guest.companion_names, guest.diet) == (
        Travel.CAR, 1, 1, "司机方师傅", "不吃辣",
    )  # fmt: skip


def test_the_stepper_works_by_its_buttons_alone(invited: Invited):
    invited.says("accepted")
    sent = CONSENT | {"companions": "0", "companions_set": "2", "companion_names": ""}
    answer = invited.client.post(f"{invited.link}/answers", data=sent)

    assert (answer.location, invited.row().companions) == (invited.link, 2)


def test_a_wrong_form_without_script_keeps_what_was_typed(invited: Invited):
    invited.says("accepted")
    answer = invited.client.post(
        f"{invited.link}/answers",
        data=CONSENT | {"travel": "train", "travel_number": "G7754", "nights": "77"},
    )

    assert answer.status_code == 422
    assert 'value="G7754"' in answer.text


def test_two_taps_are_one_answer(invited: Invited):
    first, second = invited.says("accepted"), invited.says("accepted")

    assert (first.status_code, second.status_code) == (303, 303)
    assert invited.edition().seats_taken == 1


def test_the_last_seat_is_not_sold_twice(invited: Invited):
    invited.edition_changed(seats=0)
    answer = invited.says("accepted")

    assert answer.status_code in (303, 409)
    assert invited.row().reply != Reply.ACCEPTED
    assert invited.edition().seats_taken == 0


def test_after_the_deadline_the_page_reads_only(invited: Invited):
    invited.says("accepted")
    invited.edition_changed(reply_until=today() - dt.timedelta(days=1))

    page = invited.client.get(invited.link).text
    assert "答复已截止" in page
    assert "19900000556" in page
    assert invited.says("declined").status_code == 409
    assert invited.row().reply == Reply.ACCEPTED
    assert invited.client.get(f"{invited.link}/pass").status_code == 200


def test_after_the_deadline_a_silent_guest_is_asked_to_call(invited: Invited):
    invited.edition_changed(reply_until=today() - dt.timedelta(days=1))

    page = invited.client.get(invited.link).text
    assert "截止" in page
    assert "tel:19900000556" in page
    assert 'value="accepted"' not in page


def test_who_has_arrived_changes_nothing_more(invited: Invited):
    invited.says("accepted")
    invited.changed(onsite=Onsite.CHECKED_IN, checked_in_at=now())

    assert invited.says("declined").status_code == 409
    assert invited.row().reply == Reply.ACCEPTED


def test_columns_that_are_not_the_guests_cannot_be_set(invited: Invited):
    invited.says("accepted", level="A", approval="withdrawn", unit_id="1", onsite="checked_in", seats="99")
    invited.saves(
        "nights", nights="1", level="A", approval="withdrawn", token_generation="7", category="principal"
    )

    guest = invited.row()
    assert (guest.level, guest.approval.value, guest.token_generation, guest.category.value) == (
        "B",
        "approved",
        1,
        "native",
    )


def test_what_a_guest_writes_is_shown_as_text(invited: Invited):
    invited.says(
        "delegated",
        delegate_name="<script>alert(1)</script>",
        delegate_title='"><img src=x onerror=alert(1)>',
    )

    for place in ("", "/pass", "/delegate"):
        page = invited.client.get(f"{invited.link}{place}").text
        assert "<script>alert" not in page
        assert "<img src=x" not in page
