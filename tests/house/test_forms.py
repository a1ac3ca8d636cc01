"""Every form: tells which version it was drawn from (S35), and takes nothing beside its own fields (S6)."""

import datetime as dt
import functools
import re
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlmodel import SQLModel

from tests.cast import PASSWORD
from tests.house.gathered import forms_of
from tests.house.pages import Form, Read, endpoint_of
from tests.house.planted import MOVING, Planted, plant, rules, undone, visitor
from yishang_crm.core.clock import ANQING
from yishang_crm.core.db import db, writing
from yishang_crm.people.stewards import actions as stewards

MORNING = dt.datetime(2026, 9, 8, 10, 20, tzinfo=ANQING)
SEERS = ["organizer", "tongcheng", "admin", "security", "auditor", "ambassador", "desk"]

# Doors that edit nothing which somebody else could have edited meanwhile, each group with its reason.
NO_VERSION: dict[str, set[str]] = {
    "adds a row of its own; what stands is not touched": {
        "accounts.units_post", "accounts.users_post", "conference.add", "conference.nominate", "conference.nominate_one", "conference.nominate_selected",
        "contact.add", "followup.add_task", "followup.promise", "followup.save", "network.appoint", "network.entrust",
        "partner.introduction", "partner.log", "partner.nominate", "partner.propose", "people_import.bring", "person.add",
        "post.add", "person.share", "projects.add", "chamber.add_edition", "chamber.add_officer", "dictionary.add",
        "files.add", "merging.ask", "organization.add", "own.propose", "people_export.ask", "place.add", "relation.add",
        "returns.ask", "rights.register", "rounds.begin", "stewards.ask", "stewards.ask_for_transfer", "people_views.add", "segment.add",
        "snapshot.add", "tag.add",
    },
    "goes one way, and the row refuses it a second time": {
        "accounts.unit_closing", "accounts.unit_reopening", "accounts.user_suspension", "accounts.user_reinstatement",
        "conference.approve", "conference.close", "conference.decide", "conference.follow_up", "conference.make_letter",
        "conference.make_letters", "conference.post_letters", "conference.reject", "conference.reserve",
        "conference.selection", "conference.undo_approvals", "conference.withdraw", "contact.mark_wrong", "contact.remove",
        "followup.reopen", "network.accept", "network.accept_known", "network.end", "network.end_entrusting",
        "network.join_account", "network.refuse", "network.renew", "outbox.arrival", "outbox.bounce", "outbox.cancel_many",
        "outbox.cancel_one", "outbox.hold_one", "outbox.release", "outbox.release_one", "outbox.requeue_one",
        "outbox.take_back", "people_import.discard", "people_import.write", "post.end", "person.forbid_contact",
        "person.reach_again", "dictionary.close", "dictionary.reopen", "files.remove", "merging.undo", "people_export.wipe",
        "people_import.take_back", "relation.end", "rights.erase", "rights.finish", "rights.refuse", "rounds.accept",
        "rounds.close", "rounds.refuse", "stewards.end_sharing", "acts.undo", "people_views.remove", "segment.remove",
        "tag.retire", "tag.revive",
    },
    "seen to tell its version in a test of its own, for only a third unit has the page": {"stewards.withdraw"},
    "says that it is true today; twice is as good as once": {
        "own.confirm", "partner.confirm_details", "person.confirm", "rounds.confirm", "rounds.miss",
    },
    "gives many the same, whatever each had; refused when it would no longer be as many as was said, and can be undone": {
        "people_acts.assign_owner", "people_acts.assign_unit", "people_acts.edit_many", "people_acts.tag_many",
        "people_acts.untag_many",
    },
    "goes on where it was cut off": {"rounds.fill", "rounds.write_letters"},
    "only its author may, and only a word of a list": {"followup.show_to", "followup.take_back"},
    "a batch is its uploader's, and each choice is seen before anything is written": {
        "people_import.close", "people_import.correct", "people_import.decide", "people_import.decide_all",
        "people_import.rule",
    },
    "one's own account, and only from a browser that is signed in": {
        "accounts.language", "accounts.login_code_post", "accounts.login_post", "accounts.logout",
        "accounts.new_password_post", "accounts.own_code_post", "accounts.own_code_removal", "accounts.own_password_post",
        "accounts.own_sign_in_end", "accounts.own_sign_ins_end", "accounts.password_post", "accounts.theme",
        "guest.code_post", "partner.ask_for_code", "partner.come_in", "reception.name_desk",
    },
    "ends sign-ins or gives a password anew; nothing that was typed can be lost": {
        "accounts.security_code_reset", "accounts.security_password", "accounts.security_releases",
        "accounts.security_sign_in_end", "accounts.user_password", "accounts.user_sign_outs",
    },
    "opens, prints or looks": {
        "accounts.audit_verification", "conference.letter_as_docx", "conference.letter_as_pdf", "conference.link",
        "conference.print_letters", "contact.open_contact", "network.give_code", "network.issue_link", "network.open_phone",
        "network.send_link", "network.withdraw_link", "files.open_file", "pasting.clean", "people_export.take",
        "people_import.problems", "person.likeness", "rights.copy", "rounds.open_link",
    },
    "an arrival: one nonce is carried out once, and the row tells who was first": {"reception.arrivals"},
    "the guest's own yes or no, which counts over what stood; that they are not the guest is said once": {
        "guest.reply_post", "guest.mistake_post",
    },
}  # fmt: skip
EXCEPTED = {endpoint: why for why, endpoints in NO_VERSION.items() for endpoint in endpoints}
# `seen`: of several rows or parts at once, each with a mark of what stood.
MARKS = re.compile(r"version|version-\w+|seen|seen-\w+")


@pytest.fixture
def gathered(app, cast):
    with time_machine.travel(MORNING, tick=False):
        world = plant(app, cast)
        yield world, forms_of(app, world, cast, SEERS) | farther(app, world) | journey(app, world)


def farther(app: Flask, world: Planted) -> dict[str, list[tuple[str, Form]]]:
    """The forms of pages that want to be asked for something: a queue by its state, two people to be merged, a view whose
    conditions were changed."""
    found: dict[str, list[tuple[str, Form]]] = {}
    person, double = world.values["person_id"], world.values["double_id"]
    for login, address in (
        ("bureau", "/people/duplicates?state=asked"),
        ("bureau", f"/people/merging?id={person}&id={double}"),
        ("bureau", f"/people/places/{world.values['place_id']}"),
        ("bureau", f"/people/requests/{world.values['asking_id']}"),
        ("tongcheng", f"/people?view={world.values['view_id']}&tier=A"),
    ):
        page = visitor(app, login).get(address)
        assert page.status_code == 200, address
        for form in Read(page.text).forms:
            endpoint = endpoint_of(app, form.action or address, "POST") if form.method == "post" else ""
            if endpoint:
                found.setdefault(endpoint, [(login, form)])
    return found


@pytest.fixture
def asking(app, cast):
    """A request of a county that it may withdraw."""
    with app.app_context(), writing():
        asked = stewards.ask(cast.huaining, name="戴玉屏", phone="19900000611", reason="回乡考察")
        db.session.commit()
        return asked.id


def test_a_request_is_withdrawn_in_the_version_that_was_shown(app, gathered, asking):
    page = visitor(app, "huaining").get(f"/people/requests/{asking}")
    forms = [form for form in Read(page.text).forms if form.action.endswith("/withdrawal")]
    assert [tells_its_version(form) for form in forms] == [True]


def journey(app: Flask, world: Planted) -> dict[str, list[tuple[str, Form]]]:
    """The form that a guest sees who has said that they come."""
    address = f"/r/{world.values['token']}"
    with undone(app):
        coming = {"reply": "accepted", "consent": "2026-1"}
        page = app.test_client().post(f"{address}/reply", data=coming, follow_redirects=True)
    (form,) = [form for form in Read(page.text).forms if form.action.endswith("/answers")]
    return {"guest.answers": [("stranger", form)]}


def tells_its_version(form: Form) -> bool:
    return any(MARKS.fullmatch(name) for name in form.names)


def test_every_form_that_edits_tells_which_version_it_was_drawn_from(app, gathered):
    _world, forms = gathered
    silent = {
        endpoint
        for endpoint, found in forms.items()
        if endpoint not in EXCEPTED and not all(tells_its_version(form) for _login, form in found)
    }
    assert silent == set()


def test_every_door_that_changes_something_has_a_version_or_a_reason_for_none(app, gathered):
    _world, forms = gathered
    doors = {rule.endpoint for rule in rules(app, "POST")}
    telling = {
        endpoint for endpoint, found in forms.items() if all(tells_its_version(form) for _, form in found)
    }
    assert doors - telling - set(EXCEPTED) == set()
    assert set(EXCEPTED) - doors == set()


# Nothing beside its own fields


ANSWERS = {
    "name": "江望之", "what": "寄资料", "line": "戴玉屏 电话 谈选址 下周三再联系", "text": "通了电话", "reason": "本人要求",
    "note": "已商量", "granted": "40", "typed": "19900000613", "holder": "戴女士", "login": "newcomer", "slug": "2027",
    "number": "7", "starts_at": "2027-09-24T09:00", "ends_at": "2027-09-24T18:00", "reply_until": "2027-09-14",
    "letter_year": "2027", "venue": "会议中心", "series": "宜商邀", "max_companions": "2", "code": "000000", "tail": "0611",
    "short_name": "新局", "display_order": "99", "organization": "深圳市望岳精密科技有限公司", "title": "董事长",
    "old": PASSWORD, "new": "江水东流去也-2027", "again": "江水东流去也-2027", "password": PASSWORD, "offer": "x",
    "phone": "19900000614", "email": "new@example.cn", "ends_on": "2028-09-24", "due_on": "2026-09-15",
    "certificate_number": "皖宜聘2026-9", "investor": "望岳精密", "planned_investment": "6.5", "subject": "邀请", "body_text": "您好",
    "reply": "accepted", "companions": "0", "seats": "900", "confirmed": "y", "platform_number": "AQ-2026-9",
}  # fmt: skip
# Doors whose forms want what only their owner has (a code, a file, a second person), or which show the sign-in afterwards.
NOT_TRIED = {
    "accounts.own_code_post", "guest.code_post", "people_import.bring", "accounts.logout", "reception.arrivals",
    "conference.letter_as_pdf", "conference.print_letters", "people_import.correct",
}  # fmt: skip


# What an action may be told and its button on a page does not say.
ALSO_TAKES = {
    "chamber.add_officer": {"person_id"},  # asked only where several bear the name
    "relation.add": {"person_id"},
    "followup.save": {"readers"},
    "guest.answers": {"delegate_name", "delegate_title", "delegate_phone"},
    "network.end_entrusting": {"reason"},
    "outbox.cancel_one": {"reason"},
}


def every_column() -> dict[str, str]:
    """A value that would do harm, or at least show, under the name of each column of each table."""
    names = {
        column.name: column.type for table in SQLModel.metadata.tables.values() for column in table.columns
    }
    return {name: _harm(name, kind) for name, kind in names.items()}


def _harm(name: str, kind: Any) -> str:
    if name.endswith("_at") or isinstance(kind, sa.DateTime):
        return "2020-01-01T00:00:00+00:00"
    if isinstance(kind, sa.Date):
        return "2020-01-01"
    if isinstance(kind, (sa.Integer, sa.Boolean)):
        return "3"
    return {"role": "admin", "state": "sent", "approval": "approved", "readers": "office"}.get(name, "harm")


def rows_of(app: Flask) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the trail, without what is drawn by lot and without the numbers of new rows."""
    with app.app_context():
        connection = db.sessionmaker.kw["bind"]
        found = {}
        for name, table in SQLModel.metadata.tables.items():
            if name in MOVING or not sa.inspect(connection).has_table(name):
                continue
            columns = [
                column for column in table.columns if column.name not in BY_LOT and not column.primary_key
            ]
            if not columns:
                continue
            wanted = sa.select(*columns).execution_options(scope="house: a test looks")
            found[name] = sorted(repr(tuple(map(_plain, row))) for row in connection.execute(wanted))
        return found


# Made by lot or by the number of a row that is new; the rest of a row has to agree.
BY_LOT = {
    "client_id", "nonce", "secret_hash", "password_hash", "totp_secret", "message_id", "release_mark", "last_seen_at",
    "origin", "about", "key", "purpose", "person_id", "interaction_id", "last_interaction_id", "organization_id", "user_id_",
    "introducer_id", "project_id", "guest_id", "batch_id", "appointment_id", "edition_id", "code_index", "secret", "merge_id",
    "round_id",
    "size",  # of a file that was packed: a byte more or less with the numbers that stand in it
}  # fmt: skip


def _plain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    named = re.sub(r"\b([a-z_]+):\d+", r"\1:n", value)
    return re.sub(r"^\d+-[0-9a-f]{16}(?=\.xlsx$)", "n-lot", named)  # the file of an export


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_form_takes_what_it_does_not_ask(app, gathered):
    _world, forms = gathered
    beside, wrong, done, clients = every_column(), [], 0, functools.cache(lambda login: visitor(app, login))
    for endpoint, found in sorted(forms.items()):
        login, form = found[0]
        if endpoint in NOT_TRIED:
            continue
        sent: dict[str, Any] = form.filled(ANSWERS) | {name: [value] for name, value in form.buttons[:1]}
        asked = set(sent) | form.names | ALSO_TAKES.get(endpoint, set())
        more = sent | {name: value for name, value in beside.items() if name not in asked}
        client, outcomes = clients(login), []
        kept = client.get_cookie("yishang")
        for said in (sent, more):
            with undone(app):
                answer = client.post(form.action, data=said)
                outcomes.append((answer.status_code, rows_of(app)))
            if kept:
                client.set_cookie("yishang", kept.value)
        (plain, stands), (full, changed) = outcomes
        done += plain in (200, 204, 303)
        different = {
            name: sorted(set(changed[name]) ^ set(stands[name]))
            for name in stands
            if changed[name] != stands[name]
        }
        if plain != full or different:
            wrong.append((endpoint, plain, full, different))
    assert wrong == [], wrong[:3]
    assert done >= 100
