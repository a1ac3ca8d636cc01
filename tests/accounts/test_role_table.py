"""The table of roles in words, the house's mark, and who has a day's work here."""

import re

import pytest

from tests.cast import signed_in
from yishang_crm.accounts import queries
from yishang_crm.accounts.models import Role
from yishang_crm.accounts.roles import SAID, TERMS
from yishang_crm.core.actor import Permission


def test_every_permission_of_a_role_has_a_name_of_its_own():
    human = {permission for terms in TERMS.values() for permission in terms.may}
    assert human <= set(SAID)
    assert len(set(SAID.values())) == len(SAID)


def test_the_table_says_words_and_spans_not_codes_and_minutes(client, cast):
    page = signed_in(client, "security").get("/admin/security/roles").text
    assert SAID[Permission.PEOPLE_OPEN_CONTACT] in page
    assert not re.search(r">\w+:[\w-]+<", page)
    assert {"30分钟", "12小时", "18小时", "90天"} <= set(re.findall(r"\d+(?:分钟|小时|天)", page))


@pytest.mark.parametrize(
    ("login", "home"), [("admin", "/admin"), ("tongcheng", "/today"), ("leader", "/today")]
)
def test_the_mark_leads_home(client, cast, login, home):
    signed_in(client, login)
    assert f'<a class="mark" href="{home}"' in client.get("/account").text
    assert client.get(home).status_code == 200


def test_things_to_do_are_handed_to_who_has_a_days_work_here(app, cast):
    with app.app_context():
        roles = {user.role for user in queries.colleagues(cast.bureau)}
    assert roles == {Role.BUREAU, Role.ORGANIZER, Role.LEADER, Role.COUNTY}
