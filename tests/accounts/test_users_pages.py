import re

import pytest

from tests.accounts.arranged import enter, now_of, open_sign_ins, user
from tests.cast import signed_in, unit_id
from yishang_crm.accounts import actions, actors, queries
from yishang_crm.accounts.models import Role
from yishang_crm.accounts.roles import TERMS
from yishang_crm.core.actor import Permission
from yishang_crm.core.errors import NotPossible, Refused, Stale
from yishang_crm.core.sealed import Sealed

MAIL = "wangcheng@anqing.example"


@pytest.fixture
def admin(client):
    return signed_in(client, "admin")


def address(app, login: str, then: str = "") -> str:
    return f"/admin/users/{now_of(app, login).id}{then}"


def units(app) -> dict[str, int]:
    with app.app_context():
        return {code: unit_id(code) for code in ("bureau", "340881", "340822", "outside")}


def as_shown(app, login: str) -> dict[str, object]:
    standing = now_of(app, login)
    return {
        "version": standing.version,
        "name": standing.name,
        "role": standing.role.value,
        "unit_id": standing.unit_id,
    }


def save(app, client, whose: str, /, **changed):
    return client.post(address(app, whose), data=as_shown(app, whose) | changed)


PAGES = ["/admin/users", "/admin/users/new", "/admin/units", "/admin/units/new"]
OTHERS = ["tongcheng", "bureau", "leader", "security", "auditor", "partner"]


@pytest.mark.parametrize("page", PAGES)
def test_the_system_administrator_alone_sees_users_and_units(app, page):
    assert signed_in(app.test_client(), "admin").get(page).status_code == 200
    assert {signed_in(app.test_client(), login).get(page).status_code for login in OTHERS} == {403}
    assert app.test_client().get(page).location.startswith("/login")


@pytest.mark.parametrize("then", ["", "/suspension", "/reinstatement", "/password", "/sign-outs"])
def test_nobody_else_changes_a_user(app, then):
    before = now_of(app, "tongcheng").model_dump()
    for login in OTHERS:
        signed_in(app.test_client(), login).post(address(app, "tongcheng", then), data={"name": "改了"})
    assert now_of(app, "tongcheng").model_dump() == before


def test_the_list_shows_users_in_the_order_of_their_units(admin):
    page = admin.get("/admin/users").text
    logins = re.findall(r'</a></td><td class="mute">(\w+)</td>', page)
    assert logins == [
        "admin", "auditor", "bureau", "desk", "leader", "organizer", "security", "tongcheng", "tongcheng2", "huaining",
        "ambassador", "chamber", "partner",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "logins"),
    [
        ("?q=汪", {"tongcheng"}),
        ("?q=TONG", {"tongcheng", "tongcheng2"}),
        ("?q=%25", set()),
        ("?role=county", {"tongcheng", "tongcheng2", "huaining"}),
        ("?role=nonsense&q=desk", {"desk"}),
        ("?state=off", set()),
        ("?unit=x&q=desk", {"desk"}),
    ],
)
def test_the_address_is_the_view(admin, query, logins):
    found = set(re.findall(r'</a></td><td class="mute">(\w+)</td>', admin.get(f"/admin/users{query}").text))
    assert found == logins


def test_the_list_costs_the_same_for_many_as_for_few(admin, count_queries):
    counts = []
    for query in ("?q=desk", "?role=county", ""):
        with count_queries() as counted:
            admin.get(f"/admin/users{query}")
        counts.append(counted.n)
    assert counts == [3, 3, 3]


def test_a_new_user_gets_a_one_time_password_that_is_shown_once(app, admin):
    new = {"login": "qianshan", "name": "储晓岚", "role": "county", "unit_id": units(app)["340822"],
           "email": "cxl@anqing.example", "phone": "199 0000 0417"}  # fmt: skip
    answer = admin.post("/admin/users", data=new)
    password = re.search(r"data-one-time-password>([^<]+)<", answer.text)[1]
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", password)
    row = now_of(app, "qianshan")
    assert (row.name, row.role, str(row.phone), row.must_change_password) == (
        "储晓岚",
        Role.COUNTY,
        "199****0417",
        True,
    )
    theirs = app.test_client()
    assert enter(theirs, "qianshan", password).status_code == 303
    assert theirs.get("/account").location == "/account/password"
    assert password not in admin.get("/admin/users").text


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"login": "tongcheng"}, "login"),
        ({"login": "../../etc"}, "login"),
        ({"name": " "}, "name"),
        ({"role": "root"}, "role"),
        ({"unit_id": "999999"}, "unit_id"),
        ({"unit_id": "x"}, "unit_id"),
        ({"role": "partner"}, "unit_id"),
        ({"email": "a@b\r\nBcc: c@d"}, "email"),
        ({"email": "nobody"}, "email"),
        ({"phone": "12"}, "phone"),
    ],
)
def test_a_wrong_new_user_is_refused_field_by_field(app, admin, wrong, field):
    new = {"login": "qianshan", "name": "储晓岚", "role": "county", "unit_id": units(app)["340822"]}
    answer = admin.post("/admin/users", data=new | wrong)
    assert (answer.status_code, f'id="{field}-wrong"' in answer.text) == (422, True)
    with app.app_context():
        assert queries.user_by_login("qianshan") is None


def test_a_user_is_edited_and_the_trail_tells_it(app, admin):
    assert save(app, admin, "tongcheng", name="汪 澄", email=MAIL).status_code == 303
    row = now_of(app, "tongcheng")
    assert (row.name, str(row.email), row.version) == ("汪 澄", "w***@anqing.example", 2)
    assert MAIL not in admin.get(address(app, "tongcheng")).text


def test_an_address_left_empty_stays_and_one_ticked_goes(app, admin):
    save(app, admin, "tongcheng", email=MAIL)
    save(app, admin, "tongcheng", email="")
    assert now_of(app, "tongcheng").email == Sealed(MAIL)
    save(app, admin, "tongcheng", without_email="y")
    assert now_of(app, "tongcheng").email is None


def test_two_who_save_at_once_see_each_other(app, admin):
    stale = as_shown(app, "tongcheng")
    save(app, admin, "tongcheng", name="汪澄之")
    answer = admin.post(address(app, "tongcheng"), data=stale | {"name": "汪小澄"})
    assert answer.status_code == 409
    assert re.search(r"管系统在[^改]+改过这条记录", answer.text)
    assert ("<td>汪澄之</td>" in answer.text, "<ins>汪小澄</ins>" in answer.text) == (True, True)
    assert now_of(app, "tongcheng").name == "汪澄之"
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)[1]
    assert (
        admin.post(address(app, "tongcheng"), data=stale | {"name": "汪小澄", "version": version}).status_code
        == 303
    )
    assert now_of(app, "tongcheng").name == "汪小澄"


def test_an_action_refuses_an_old_version_by_itself(app, indoors, cast):
    unit = queries.unit_by_code("340881")
    with pytest.raises(Stale):
        actions.edit_user(cast.admin, user("tongcheng"), version=7, name="x", role=Role.COUNTY, unit=unit)


ALL_COLUMNS = {
    "id": "1", "login": "root", "person_id": "1", "language": "en", "theme": "dark", "password_hash": "x",
    "password": "x", "password_changed_at": "2020-01-01", "must_change_password": "y", "totp_secret": "A",
    "totp_confirmed_at": "2020-01-01", "totp_last_step": "9", "created_at": "2020-01-01", "disabled_at": "2020-01-01",
    "is_active": "", "is_admin": "1", "permissions": "people:read", "sees_all": "1",
}  # fmt: skip


def test_only_what_the_form_asks_is_taken(app, admin):
    before = now_of(app, "tongcheng").model_dump()
    assert save(app, admin, "tongcheng", **ALL_COLUMNS, phone="19900000417").status_code == 303
    after = now_of(app, "tongcheng").model_dump()
    assert {name for name in after if after[name] != before[name]} == {"phone", "version"}


def test_an_administrator_gives_himself_no_other_role_or_unit(app, admin):
    shown = admin.get(address(app, "admin")).text
    assert 'name="role"' not in shown
    answer = save(app, admin, "admin", role="organizer", unit_id=str(units(app)["340881"]), disabled_at="x")
    row = now_of(app, "admin")
    assert (answer.status_code, row.role, row.unit_id) == (303, Role.ADMIN, units(app)["bureau"])


def test_the_deed_itself_refuses_ones_own_role(indoors, cast):
    bureau = queries.unit_by_code("bureau")
    with pytest.raises(NotPossible, match="自己的角色"):
        actions.edit_user(cast.admin, user("admin"), version=1, name="管系统", role=Role.BUREAU, unit=bureau)


def test_nobody_disables_or_resets_himself(app, admin):
    assert admin.post(address(app, "admin", "/suspension")).status_code == 409
    assert admin.post(address(app, "admin", "/password")).status_code == 409
    assert now_of(app, "admin").is_active


@pytest.mark.parametrize("login", ["security", "auditor"])
def test_the_two_who_watch_are_not_in_the_hands_of_the_one_they_watch(app, admin, login):
    assert admin.post(address(app, login, "/password")).status_code == 409
    assert save(app, admin, login, email=MAIL).status_code == 409
    assert (now_of(app, login).email, now_of(app, login).must_change_password) == (None, False)


def test_a_user_of_a_number_that_is_nobody_is_not_found(admin):
    assert {admin.get("/admin/users/999999").status_code, admin.post("/admin/users/999999").status_code} == {
        404
    }


# S7: what ends sign-ins


ENDINGS = {
    "a new role": lambda app, admin: save(app, admin, "tongcheng", role="group"),
    "a new unit": lambda app, admin: save(app, admin, "tongcheng", unit_id=units(app)["340822"]),
    "disabling": lambda app, admin: admin.post(address(app, "tongcheng", "/suspension")),
    "a reset password": lambda app, admin: admin.post(address(app, "tongcheng", "/password")),
    "signing out everywhere": lambda app, admin: admin.post(address(app, "tongcheng", "/sign-outs")),
}


@pytest.mark.parametrize("way", ENDINGS)
def test_it_ends_every_sign_in_at_once(app, admin, way):
    both = [signed_in(app.test_client(), "tongcheng") for _ in range(2)]
    other = signed_in(app.test_client(), "tongcheng2")
    assert ENDINGS[way](app, admin).status_code in (200, 303)
    assert {each.get("/account").location for each in both} == {"/login?next=/account"}
    assert (open_sign_ins(app, "tongcheng"), other.get("/account").status_code) == (0, 200)


def test_a_new_name_ends_nothing(app, admin):
    theirs = signed_in(app.test_client(), "tongcheng")
    save(app, admin, "tongcheng", name="汪澄之")
    assert theirs.get("/account").status_code == 200


def test_a_new_role_holds_at_the_next_sign_in(app, admin):
    save(app, admin, "tongcheng", role="auditor", unit_id=units(app)["bureau"])
    theirs = signed_in(app.test_client(), "tongcheng")
    assert (theirs.get("/admin/audit").status_code, theirs.get("/admin/users").status_code) == (200, 403)


def test_a_disabled_account_does_not_come_in_and_an_enabled_one_does(app, admin):
    admin.post(address(app, "tongcheng", "/suspension"))
    assert enter(app.test_client(), "tongcheng").status_code == 422
    assert admin.post(address(app, "tongcheng", "/suspension")).status_code == 409
    admin.post(address(app, "tongcheng", "/reinstatement"))
    assert enter(app.test_client(), "tongcheng").status_code == 303


def test_a_reset_password_is_given_once_and_unlocks(app, admin):
    theirs = app.test_client()
    for _ in range(6):
        enter(theirs, "tongcheng", "错了错了错了")
    answer = admin.post(address(app, "tongcheng", "/password"))
    password = re.search(r"data-one-time-password>([^<]+)<", answer.text)[1]
    assert (enter(theirs, "tongcheng").status_code, enter(theirs, "tongcheng", password).status_code) == (
        422,
        303,
    )
    assert theirs.get("/people").location == "/account/password"


# The three administrators


def test_the_three_administrators_hold_no_business_permission():
    house = {Permission.ADMIN_USERS, Permission.ADMIN_UNITS, Permission.ADMIN_SECURITY, Permission.AUDIT_READ}
    held = {
        role: TERMS[role].may - {Permission.OWN_ACCOUNT} for role in (Role.ADMIN, Role.SECURITY, Role.AUDITOR)
    }
    assert set.union(*map(set, held.values())) == house
    assert sum(len(may) for may in held.values()) == len(house)
    assert not any(TERMS[role].sees_all for role in held)


def test_the_home_of_each_shows_what_each_may(app):
    homes = {}
    for login in ("admin", "security", "auditor"):
        page = signed_in(app.test_client(), login).get("/admin").text
        homes[login] = set(re.findall(r'class="name" href="/admin/(\w+)', page))
    assert homes == {"admin": {"users", "units"}, "security": {"retention", "security"}, "auditor": {"audit"}}
    assert signed_in(app.test_client(), "tongcheng").get("/admin").location == "/account"


def test_a_portal_person_sees_no_other_account(app, cast):
    with app.app_context():
        seen = {
            login: [row.login for row in queries.users(getattr(cast, login))]
            for login in ("partner", "tongcheng")
        }
    assert seen == {"partner": ["partner"], "tongcheng": ["tongcheng", "tongcheng2"]}


def test_deeds_ask_for_their_permission(indoors, cast):
    for actor in (cast.tongcheng, cast.security, cast.auditor, actors.ANYBODY):
        with pytest.raises(Refused):
            actions.disable_user(actor, user("huaining"))
    for actor in (cast.tongcheng, cast.admin, cast.auditor):
        with pytest.raises(Refused):
            actions.unlock(actor, key="login:desk")
