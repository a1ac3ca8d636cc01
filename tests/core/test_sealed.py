"""Rule 3: a personal detail shows its outline everywhere, and opens only inside an action."""

import json
import re

import phonenumbers
import pytest
import sqlalchemy as sa
from flask import jsonify, render_template_string
from hypothesis import assume, given
from hypothesis import strategies as st
from jinja2 import Environment
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from tests.people.arranged import somebody
from yishang_crm.core import rotation, sealed
from yishang_crm.core.actor import HOUSE
from yishang_crm.core.db import db
from yishang_crm.core.deed import Deed, doing
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.sealed import Sealed, StillSealed, outline
from yishang_crm.people import actions, queries
from yishang_crm.people.models import ContactKind, ContactPoint, Person

NUMBER = "340881196502114417"


def example_phones() -> list[str]:
    """One mobile and one fixed line of every country that has some, as they are stored."""
    found = set()
    for region in phonenumbers.SUPPORTED_REGIONS:
        for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
            example = phonenumbers.example_number_for_type(region, kind)
            if example is not None:
                found.add(phonenumbers.format_number(example, PhoneNumberFormat.E164))
    return sorted(found)


# Outlines


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("+8619900000417", "199****0417"),
        ("+85261234567", "+852 ****4567"),
        ("+85366123456", "+853 ****3456"),
        ("+886912345678", "+886 ****5678"),
        ("+6581234567", "+65 ****4567"),
        ("+12025550123", "+1 ****0123"),
        ("+3546111234", "+354 ****234"),
        ("+865565591234", "+86 ****1234"),
        ("19900000417", "****0417"),
        (NUMBER, "340***********4417"),
        ("34088119650211441X", "340***********441X"),
        ("li@a.cn", "l***@a.cn"),
        ("19900000417@139.com", "1***@139.com"),
        ("wx@19900000417", "****0417"),
        ("yu_bingheng", "y****"),
        ("", "****"),
    ],
)
def test_outlines(value, shown):
    assert str(Sealed(value)) == shown


@pytest.mark.parametrize("phone", example_phones())
def test_the_phone_of_every_country_hides_at_least_four_digits(phone):
    calling_code = f"+{phonenumbers.parse(phone).country_code}"
    national = phone.removeprefix(calling_code)
    shown = re.sub(r"\D", "", outline(phone).removeprefix(f"{calling_code} "))
    assert len(national) - len(shown) >= min(4, len(national))


@given(st.text(alphabet="0123456789+-() ", max_size=24))
def test_whatever_is_made_of_digits_hides_at_least_four_of_them(text):
    digits = sum(character.isdigit() for character in text)
    shown = sum(character.isdigit() for character in outline(text))
    assert digits - shown >= min(4, digits - 1)


@given(st.text(max_size=40))
def test_an_outline_never_shows_more_than_an_end_and_a_host(text):
    shown = outline(text)
    assert "***" in shown
    name, _, host = text.partition("@")
    if host and shown.endswith(f"@{host}"):
        assert shown == f"{name[:1]}***@{host}"
        assert not re.search(r"\d{6}", host)
    else:
        assert sum(len(part) for part in re.split(r"\*+", shown)) <= 9


@given(st.emails())
def test_a_mail_address_shows_its_first_letter_and_its_host(address):
    name, _, host = address.partition("@")
    assume(not re.search(r"\d{6}", host))  # next test
    assert outline(address) == f"{name[:1]}***@{host}"


@pytest.mark.parametrize("address", ["0@A000000.COM", "li@a.199000.cn"])
def test_a_host_that_holds_a_number_is_hidden_with_the_rest(address):
    assert outline(address) == f"{address[:1]}****"


# Every way of printing


WAYS = {
    "str": str,
    "repr": repr,
    "an f-string": lambda value: f"{value} {value!r} {value!s}",
    "percent": lambda value: "%s %r" % (value, value),  # noqa: UP031 - it is one of the ways
    "format": lambda value: f"{value} {value!r}",
    "in a list": lambda value: str([value, (value,), {value: value}]),
    "json": lambda value: json.dumps({"value": value}, default=str),
    "a template": lambda value: Environment(autoescape=True).from_string("{{ v }} {{ v|safe }} {{ v|string }}").render(v=value),
    "joined in a template": lambda value: Environment(autoescape=True).from_string("{{ [v, v]|join }}").render(v=value),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_printing_shows_the_outline(way):
    text = WAYS[way](Sealed("+8619900000417"))
    assert ("199****0417" in text, "19900000417" in text, "00000" in text) == (True, False, False)


def test_a_page_and_an_answer_in_json_show_the_outline(app):
    with app.test_request_context():
        shown = render_template_string("{{ v }}|{{ v|tojson }}", v=Sealed("+8619900000417"))
        assert shown == '199****0417|"199****0417"'
        assert jsonify(phone=Sealed("+8619900000417")).json == {"phone": "199****0417"}


def test_an_outline_is_inert_in_a_page():
    bad = Sealed("<b@<img src=x>.cn")
    assert "<" not in Environment(autoescape=True).from_string("{{ v }}").render(v=bad)


def test_a_row_prints_and_dumps_outlines():
    point = ContactPoint(person_id=1, kind=ContactKind.MOBILE, value=Sealed("+8619900000417"), typed=None)
    for text in (repr(point), str(point), str(point.model_dump()), point.model_dump_json()):
        assert "19900000417" not in text
    assert point.model_dump()["value"] == "199****0417"


# Opening


def test_it_opens_only_inside_an_action():
    phone = Sealed("+8619900000417")
    with pytest.raises(StillSealed, match=re.escape("Sealed(199****0417)")):
        phone.whole()
    with doing(Deed(HOUSE, "x")):
        assert phone.whole() == "+8619900000417"
    with pytest.raises(StillSealed):
        phone.whole()


def test_two_of_the_same_are_equal_and_none_is_equal_to_its_text():
    assert Sealed("a") == Sealed("a") != Sealed("b")
    assert Sealed("a") != "a"
    assert (bool(Sealed("")), bool(Sealed("a"))) == (False, True)


# At rest


@pytest.fixture
def keys(app, settings):
    """The ring as it was, whatever a test does to it."""
    sealed.use_keys(settings.sealing_keys)
    yield settings.sealing_keys
    sealed.use_keys(settings.sealing_keys)


@pytest.fixture
def person(indoors, cast, keys) -> Person:
    person = somebody(cast.bureau)
    actions.set_id_number(cast.bureau, person, number=NUMBER)
    return person


def at_rest(person: Person) -> bytes:
    raw = sa.select(sa.type_coerce(Person.__table__.c.id_number, sa.LargeBinary)).where(
        Person.id == person.id
    )
    return bytes(db.session.scalar(unscoped_for("a test looks", raw)))


def found_by_number(number: str) -> list[int]:
    wanted = sa.select(Person.id).where(Person.id_number_index.in_(sealed.blind_indexes(number)))
    return list(db.session.scalars(unscoped_for("a test looks", wanted)))


def test_an_id_number_rests_encrypted(person):
    stored = at_rest(person)
    assert not any(NUMBER[start : start + 6].encode() in stored for start in range(13))
    columns = Person.__table__.c
    raw = sa.select(*(column for column in columns if column.name != "id_number")).where(
        columns.id == person.id
    )
    row = db.session.execute(unscoped_for("a test looks", raw)).one()
    assert NUMBER not in str(tuple(row))


def test_the_same_number_rests_differently_each_time(keys):
    assert sealed.encrypt(NUMBER) != sealed.encrypt(NUMBER)
    assert sealed.decrypt(sealed.encrypt(NUMBER)) == NUMBER


def test_a_person_is_found_by_the_whole_number_and_by_nothing_less(person):
    assert found_by_number(NUMBER) == [person.id]
    assert found_by_number(NUMBER.lower() + " ") == [person.id]
    assert found_by_number(NUMBER[:-1]) == []


def test_a_value_that_was_tampered_with_does_not_open(person):
    stored = at_rest(person)
    with pytest.raises(ValueError, match="No key"):
        sealed.decrypt(stored[:-1] + bytes([stored[-1] ^ 1]))


def test_while_keys_rotate_old_values_open_and_are_found(person, keys):
    sealed.use_keys([b"n" * 32, *keys])
    db.session.expire_all()
    assert actions.open_id_number(HOUSE, queries.person(HOUSE, person.id)) == NUMBER
    assert found_by_number(NUMBER) == [person.id]
    assert not sealed.is_under_first_key(at_rest(person))


def test_after_rotation_the_old_key_can_be_taken_away(person, keys):
    sealed.use_keys([b"n" * 32, *keys])
    assert actions.reencrypt_id_numbers(HOUSE) == 1
    assert sealed.is_under_first_key(at_rest(person))
    sealed.use_keys([b"n" * 32])
    db.session.expire_all()
    assert actions.open_id_number(HOUSE, queries.person(HOUSE, person.id)) == NUMBER
    assert found_by_number(NUMBER) == [person.id]


def test_without_its_key_a_value_does_not_open(person):
    stored = at_rest(person)
    sealed.use_keys([b"n" * 32])
    with pytest.raises(ValueError, match="No key in the instance folder"):
        sealed.decrypt(stored)


def test_every_other_encrypted_value_moves_as_well(indoors, cast, keys):
    from tests.accounts.arranged import SECRET, user
    from yishang_crm.accounts import actions as accounts

    accounts.set_up_code(cast.tongcheng, user("tongcheng"), secret=SECRET, step=1)
    sealed.use_keys([b"n" * 32, *keys])
    assert rotation.behind() == 1
    assert rotation.keys_in_use() == {"user_account.totp_secret": True}
    assert (rotation.reencrypt(HOUSE), rotation.reencrypt(HOUSE)) == (1, 0)
    assert rotation.behind() == 0
    sealed.use_keys([b"n" * 32])
    with doing(Deed(HOUSE, "x")):
        assert user("tongcheng").totp_secret.whole() == SECRET


def test_a_lost_key_is_noticed(person):
    sealed.use_keys([b"n" * 32])
    assert rotation.keys_in_use() == {"person.id_number": False}
