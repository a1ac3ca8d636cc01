"""What leaves the house is built from the settings and from whitelists, whatever a stranger sends (S10, S12, S17)."""

import pytest

from tests.cast import signed_in
from tests.house.planted import plant
from yishang_crm.conference import wording
from yishang_crm.core.db import writing
from yishang_crm.core.errors import NotPossible
from yishang_crm.outbox import registry
from yishang_crm.outbox import words as outbox
from yishang_crm.people import actions as people
from yishang_crm.people import queries

POISON = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Server": "evil.example",
    "Forwarded": "host=evil.example",
}


@pytest.fixture
def world(app, cast, monkeypatch):
    settings = app.config["SETTINGS"].model_copy(update={"public_url": "https://yishang.example"})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    return plant(app, cast)


# S10


def test_the_links_that_are_shown_and_mailed_are_ours_whatever_the_headers_say(app, cast, world):
    client = signed_in(app.test_client(), "tongcheng")
    guest = client.post(f"/conferences/2026/guests/{world.values['guest_id']}/link", headers=POISON)
    partner = client.post(f"/network/{world.values['appointment_id']}/link", headers=POISON)
    assert "https://yishang.example/r/" in guest.text
    assert "https://yishang.example/portal/enter/" in partner.text
    assert "evil.example" not in guest.text + partner.text
    with app.test_request_context("/", base_url="http://evil.example", headers=POISON):
        filled = registry.filler_of("guest:1")(world.values["guest_id"])
        assert filled["reply_url"].startswith("https://yishang.example/r/")
        assert "evil" not in str(filled)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example"])
def test_a_form_sent_to_a_foreign_host_opens_and_mails_nothing(app, cast, world, host):
    client = signed_in(app.test_client(), "tongcheng")
    for address in (f"/network/{world.values['appointment_id']}/link", "/password"):
        assert client.post(address, data={"login": "tongcheng"}, base_url=f"http://{host}").status_code == 400


# S12

CORPUS = [
    "{name.__class__}", "{{7*7}}", "{0.__init__}", "{edition.__init__.__globals__}", "${when}", "%(when)s", "{{{when}}}",
    "{when!r}", "{when:>99999999}", "{when[0]}", "{ when }", "{whe{venue}n}", "{{when}", "{when}}", "{}", "{", "}}{{",
]  # fmt: skip


@pytest.mark.parametrize("text", CORPUS)
def test_only_a_known_word_in_plain_braces_is_replaced(text):
    said = wording.filled(text, {"when": "九时", "venue": "会议中心"})
    assert said == text.replace("{when}", "九时").replace("{venue}", "会议中心")


def test_a_value_that_looks_like_a_word_is_not_replaced_again():
    assert wording.filled("{when}", {"when": "{venue}", "venue": "会议中心"}) == "{venue}"
    assert outbox.filled("[[name]]", {"name": "[[code]]", "code": "417206"}) == "[[code]]"


@pytest.mark.timeout(60)  # a pattern that tries every way would not end at all
@pytest.mark.parametrize(
    "text", ["{when}" * 170_000, "{" * 1_000_000, "{a" * 500_000, "[[a" * 330_000, "[" * 1_000_000]
)
def test_a_template_of_a_megabyte_is_filled(text):
    wording.filled(text, {"when": "九时"})
    assert outbox.placeholders_in(text) == []


# S17

LOOKALIKES = [
    "li@ex\u0430mple.com",
    "li@\u0430\u0440\u0440\u04cf\u0435.com",
    "li@\u03bfutlook.com",
    "li@g\u0131thub.com",
    "li@ｅxample.com",
]


@pytest.mark.parametrize("address", LOOKALIKES)
def test_a_host_that_only_looks_like_another_gets_no_letter(address):
    assert not outbox.looks_like_address(address)


@pytest.mark.parametrize(
    "address", ["li@example.com", "li@安庆.中国", "li@xn--e1awd7f.com", "li@例え.jp", "李@example.com"]
)
def test_hosts_of_here_and_of_our_neighbours_are_fine(address):
    assert outbox.looks_like_address(address)


@pytest.mark.parametrize("address", LOOKALIKES)
def test_such_an_address_is_refused_where_it_is_typed(app, cast, world, address):
    with app.app_context(), writing():
        person = queries.person(cast.tongcheng, world.values["person_id"])
        with pytest.raises(NotPossible, match="形似英文字母"):
            people.add_contact(cast.tongcheng, person, typed=address)
    client = signed_in(app.test_client(), "admin")
    form = {
        "login": "newcomer",
        "name": "新来",
        "role": "county",
        "unit_id": world.values["unit_id"],
        "email": address,
    }
    answer = client.post("/admin/users", data=form)
    assert (answer.status_code, "形似英文字母" in answer.text) == (422, True)
