"""Appointments: made once, renewed, ended; their state read from their dates."""

import datetime as dt

import pytest

from tests.cast import Cast
from tests.network.arranged import partner
from tests.people.arranged import somebody
from yishang_crm.accounts import queries as accounts
from yishang_crm.core.clock import today
from yishang_crm.core.errors import NotPossible
from yishang_crm.network import actions, queries
from yishang_crm.network.models import Appointment, AppointmentKind, AppointmentState

pytestmark = pytest.mark.usefixtures("indoors")

DAY = dt.date(2026, 9, 8)


def lasting(starts_on, ends_on, **details):
    return Appointment(
        person_id=1,
        unit_id=1,
        kind=AppointmentKind.AMBASSADOR,
        starts_on=starts_on,
        ends_on=ends_on,
        **details,
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "state"),
    [
        (dt.date(2026, 10, 1), dt.date(2028, 9, 30), AppointmentState.COMING),
        (dt.date(2025, 9, 1), dt.date(2026, 11, 8), AppointmentState.APPOINTED),
        (dt.date(2025, 9, 1), dt.date(2026, 11, 7), AppointmentState.ENDING),
        (dt.date(2025, 9, 1), dt.date(2026, 9, 8), AppointmentState.ENDING),
        (dt.date(2025, 9, 1), dt.date(2026, 9, 7), AppointmentState.EXPIRED),
    ],
)
def test_the_state_is_read_from_the_dates(starts_on, ends_on, state):
    assert lasting(starts_on, ends_on).state(DAY) == state


def test_an_ended_one_stays_ended():
    appointment = lasting(dt.date(2025, 9, 1), dt.date(2028, 9, 1))
    appointment.end(at=dt.datetime(2026, 9, 8, tzinfo=dt.UTC), reason="本人请辞")
    assert appointment.state(DAY) == AppointmentState.ENDED
    with pytest.raises(NotPossible, match="已经结束"):
        appointment.end(at=dt.datetime(2026, 9, 9, tzinfo=dt.UTC), reason="再一次")


def test_the_unit_and_its_colleague_keep_touch(cast: Cast):
    standing = partner(cast.tongcheng, "ambassador", "程守默", phone="19900000101", days=30)
    (terms,) = queries.ending(cast.tongcheng, today=today())
    assert (terms.name, terms.unit, terms.liaison) == ("程守默", "桐城", "汪澄")
    assert queries.keeper_of(standing.actor).said == "桐城 汪澄"
    assert standing.appointment.user_id == cast.ambassador.id
    assert list(queries.ending(cast.huaining, today=today())) == []
    assert queries.appointment(cast.huaining, standing.appointment.id) is None


def test_nobody_is_appointed_twice_as_the_same(cast: Cast):
    standing = partner(cast.tongcheng, "ambassador", "程守默", phone="19900000101")
    with pytest.raises(NotPossible, match="续聘"):
        actions.appoint(
            cast.bureau,
            standing.person,
            kind=AppointmentKind.AMBASSADOR,
            starts_on=today(),
            ends_on=today() + dt.timedelta(days=30),
        )


def test_a_certificate_number_is_given_once(cast: Cast):
    partner(cast.tongcheng, "ambassador", "程守默", phone="19900000101", certificate_number="宜聘〔2026〕1号")
    with pytest.raises(NotPossible, match="宜聘〔2026〕1号"):
        partner(cast.huaining, "partner", "琚成林", phone="19900000102", certificate_number="宜聘〔2026〕1号")


def test_a_term_ends_after_it_begins(cast: Cast):
    person = somebody(cast.tongcheng)
    with pytest.raises(NotPossible, match="止日"):
        actions.appoint(
            cast.tongcheng, person, kind=AppointmentKind.ADVISER, starts_on=today(), ends_on=today()
        )


def test_renewed_it_goes_on_from_the_day_after(cast: Cast):
    standing = partner(cast.tongcheng, "ambassador", "程守默", phone="19900000101", days=20)
    ends_on = today() + dt.timedelta(days=800)
    following = actions.renew_appointment(cast.tongcheng, standing.appointment, ends_on=ends_on)
    assert following.starts_on == standing.appointment.ends_on + dt.timedelta(days=1)
    assert standing.appointment.end_reason == "续聘"
    assert queries.own_appointment(standing.actor).appointment.id == following.id
    assert queries.count_by_kind(cast.tongcheng) == {AppointmentKind.AMBASSADOR: 1}


def test_only_the_bureau_appoints_for_another_unit(cast: Cast):
    person = somebody(cast.tongcheng)
    with pytest.raises(NotPossible, match="本单位"):
        actions.appoint(
            cast.tongcheng,
            person,
            kind=AppointmentKind.ADVISER,
            starts_on=today(),
            ends_on=today() + dt.timedelta(days=30),
            unit_id=cast.huaining.unit_id,
        )


def test_an_account_is_joined_by_its_own_name_only(cast: Cast):
    person = somebody(cast.tongcheng, "程守默", phone="19900000101")
    appointment = actions.appoint(
        cast.tongcheng,
        person,
        kind=AppointmentKind.AMBASSADOR,
        starts_on=today(),
        ends_on=today() + dt.timedelta(days=30),
    )
    for login in ("partner", "tongcheng2", "nobody"):
        with pytest.raises(NotPossible, match="没有这个账号"):
            actions.join_account(cast.tongcheng, appointment, person=person, login=login)
    actions.join_account(cast.tongcheng, appointment, person=person, login="ambassador")
    assert accounts.user_by_login("ambassador").person_id == person.id
    with pytest.raises(NotPossible):
        actions.join_account(cast.tongcheng, appointment, person=person, login="ambassador")
