"""How long what is kept: the office sets the days, the night obeys, a second run finds nothing."""

import datetime as dt
import io

import pytest
import time_machine
from sqlmodel import col, select

from tests.cast import signed_in
from tests.conference.arranged import an_edition, an_invited, ended
from tests.people.arranged import somebody
from tests.people.exports.arranged import an_export
from yishang_crm.accounts import actions as accounts
from yishang_crm.conference import actions as conference
from yishang_crm.conference.models import Guest, Reply, Travel
from yishang_crm.core import retention, trail
from yishang_crm.core.audit import AuditEntry
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import NotPossible, Refused, Stale
from yishang_crm.core.scope import unscoped_for
from yishang_crm.people import actions as people
from yishang_crm.people.exports import making
from yishang_crm.people.models import Person
from yishang_crm.people.models.brought import BatchState, ImportBatch, ImportPiece, ImportRow

SHIPPED = {"message_bodies": 730, "exports": 7, "imports": 7, "id_numbers": 30, "journeys": 90}


def in_days(days: int):
    return time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=days), tick=False)


def due() -> dict[str, int]:
    return {one.key: one.due(retention.kept_for(one.key)) for one in retention.rules()}


@pytest.fixture
def past_guest(app, cast):
    """Somebody who came to an edition that ended two days ago, with everything it asked."""
    with app.app_context(), writing():
        person = somebody(cast.tongcheng)
        people.set_id_number(cast.tongcheng, person, number="110101199003077571")
        edition = an_edition(cast.organizer)
        guest = an_invited(cast.tongcheng, edition, person)
        conference.record_answer(
            cast.organizer, guest, reply=Reply.ACCEPTED, travel=Travel.TRAIN, travel_number="G7081", companions=1,
            companion_names="余夫人", diet="不吃辣",
        )  # fmt: skip
        ended(edition)
        ids = person.id, guest.id
        db.session.commit()
    return ids


def fresh(table, row_id):
    wanted = unscoped_for("a test looks", select(table).where(table.id == row_id))
    return db.session.scalars(wanted.execution_options(populate_existing=True)).one()


def test_these_are_the_rules_and_their_days(app):
    assert {one.key: one.days for one in retention.rules()} == SHIPPED


def test_id_numbers_go_after_thirty_days_and_journeys_after_ninety(app, past_guest):
    person_id, guest_id = past_guest
    with app.app_context(), writing():
        assert (due()["id_numbers"], due()["journeys"], retention.obey()) == (0, 0, {})
        with in_days(29):
            assert (due()["id_numbers"], due()["journeys"]) == (1, 0)
            assert (retention.obey(), retention.obey()) == ({"id_numbers": 1}, {})
        person = fresh(Person, person_id)
        assert (person.id_number, person.id_number_index, fresh(Guest, guest_id).travel_number) == (
            None,
            None,
            "G7081",
        )
        with in_days(89):
            assert (retention.obey(), retention.obey()) == ({"journeys": 1}, {})
        guest = fresh(Guest, guest_id)
        assert (guest.travel, guest.travel_number, guest.companion_names, guest.diet) == (None, "", "", "")
        assert (guest.reply, guest.companions) == (Reply.ACCEPTED, 1)


def test_who_comes_again_keeps_the_number_until_then(app, cast, past_guest):
    person_id, _ = past_guest
    with app.app_context(), writing():
        again = an_edition(cast.organizer, slug="2027", number=6, in_days=100)
        an_invited(cast.tongcheng, again, fresh(Person, person_id))
        db.session.commit()
        with in_days(40):
            assert due()["id_numbers"] == 0


def test_a_file_that_was_brought_and_forgotten_is_thrown_away_with_its_values(app, client, settings):
    signed_in(client, "tongcheng")
    content = "姓名,手机\n戴玉屏,19900000611\n".encode()
    brought = client.post(
        "/people/import",
        data={"file": (io.BytesIO(content), "桐城.csv"), "source": "", "lawful_basis": "duty"},
    )
    batch_id = int(brought.location.rsplit("/", 1)[1])
    with app.app_context(), writing(), in_days(31):
        assert (retention.obey(), retention.obey()) == ({"imports": 1}, {})
        rows = db.session.scalars(
            unscoped_for("a test looks", select(ImportRow).where(ImportRow.batch_id == batch_id))
        ).all()
        assert (fresh(ImportBatch, batch_id).state, [row.fields for row in rows]) == (
            BatchState.DISCARDED,
            [{}],
        )
        pieces = select(ImportPiece).where(ImportPiece.batch_id == batch_id)
        assert db.session.scalars(unscoped_for("a test looks", pieces)).all() == []


def test_an_export_lies_as_long_as_the_office_says(app, cast, settings):
    with app.app_context(), writing():
        somebody(cast.tongcheng)
        accounts.set_retention(cast.security, retention.rule("exports"), days=2, version=0, confirmed=True)
        export_id = an_export(cast.tongcheng).id
        db.session.commit()
    with app.app_context():
        making.make(cast.tongcheng, export_id, settings, keep=retention.kept_for("exports"))
    with app.app_context(), writing():
        with in_days(1):
            assert due()["exports"] == 0
        with in_days(3):
            assert (due()["exports"], retention.obey(), retention.obey()) == (1, {"exports": 1}, {})


def test_each_clearing_stands_in_the_trail_and_the_chain_is_whole(app, past_guest):
    with app.app_context(), writing():
        with in_days(100):
            retention.obey()
        verbs = select(AuditEntry.verb).where(col(AuditEntry.verb).startswith("conference.forget"))
        said = set(db.session.scalars(unscoped_for("a test looks", verbs)))
        assert said == {
            f"conference.{verb}{part}" for verb in ("forget_id_numbers", "forget_journeys") for part in ("", ".opened", ".chunk")
        }  # fmt: skip
        trail.seal()
        assert trail.verify() == []


def test_it_is_set_by_the_security_administrator_and_confirmed(cast, indoors):
    rule = retention.rule("journeys")
    row = accounts.set_retention(cast.security, rule, days=60, version=0, confirmed=False)
    assert (retention.kept_for("journeys").days, row.confirmed_at, row.version) == (60, None, 1)
    assert accounts.set_retention(cast.security, rule, days=60, version=1, confirmed=True).confirmed_at
    with pytest.raises(Stale):
        accounts.set_retention(cast.security, rule, days=10, version=1, confirmed=True)
    for days in (0, 3651):
        with pytest.raises(NotPossible, match="天数是1到3650"):
            accounts.set_retention(cast.security, rule, days=days, version=2, confirmed=True)
    for actor in (cast.bureau, cast.admin, cast.auditor):
        with pytest.raises(Refused):
            accounts.set_retention(actor, rule, days=5, version=2, confirmed=True)


def test_the_page_says_how_much_goes_tonight_and_takes_new_days(app, client, past_guest):
    signed_in(client, "security")
    with in_days(31):
        signed_in(client, "security")
        page = client.get("/admin/retention").text
        row = page.partition('data-id="id_numbers"')[2].partition("</tr>")[0]
        assert '<td class="num">1</td>' in row
        assert "待核定" in row
        assert (
            client.post("/admin/retention/id_numbers", data={"days": "0", "version": "0"}).status_code == 422
        )
        assert (
            client.post("/admin/retention/id_numbers", data={"days": "x", "version": "0"}).status_code == 422
        )
        answer = client.post(
            "/admin/retention/id_numbers", data={"days": "60", "version": "0", "confirmed": "y"}
        )
        assert answer.status_code == 303
        row = client.get("/admin/retention").text.partition('data-id="id_numbers"')[2].partition("</tr>")[0]
        assert '<td class="num">0</td>' in row
        assert "已核定" in row
        assert (
            client.post("/admin/retention/id_numbers", data={"days": "5", "version": "0"}).status_code == 409
        )
        assert client.post("/admin/retention/nothing", data={"days": "5"}).status_code == 404


@pytest.mark.parametrize(
    ("login", "status"), [("security", 200), ("admin", 403), ("bureau", 403), (None, 302)]
)
def test_who_sees_the_page(client, login, status):
    if login:
        signed_in(client, login)
    assert client.get("/admin/retention").status_code == status
