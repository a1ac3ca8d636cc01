"""Rule 2: every deed leaves one entry with what was and what is; the entries form a chain that tells of tampering."""

import datetime as dt
import json

import pytest
import sqlalchemy as sa
from flask import g
from sqlmodel import select

from tests.cast import Cast, signed_in, unit_id
from tests.people.arranged import somebody
from yishang_crm.accounts import actions, queries
from yishang_crm.accounts.models import Unit
from yishang_crm.core import audit, trail, triggers
from yishang_crm.core.actor import HOUSE, Actor, Permission
from yishang_crm.core.audit import AuditEntry, AuditValue, action
from yishang_crm.core.clock import now
from yishang_crm.core.db import db, is_sqlite
from yishang_crm.core.deed import Deed, doing, note
from yishang_crm.core.errors import NotPossible, Refused
from yishang_crm.core.scope import unscoped_for
from yishang_crm.core.web import needs
from yishang_crm.people import actions as people
from yishang_crm.people import queries as people_queries

KEY = b"the key of this test"


def entries(*, since: int = 0) -> list[AuditEntry]:
    db.session.expire_all()
    wanted = select(AuditEntry).where(AuditEntry.id > since).order_by(AuditEntry.id)
    return list(db.session.scalars(unscoped_for("a test looks", wanted)))


def newest() -> int:
    return db.session.scalar(unscoped_for("a test looks", sa.select(sa.func.max(AuditEntry.id)))) or 0


def values_of(entry: AuditEntry) -> dict[str, dict]:
    wanted = select(AuditValue).where(AuditValue.entry_id == entry.id)
    return {value.row: value.changes for value in db.session.scalars(unscoped_for("a test looks", wanted))}


def unit(code: str = "340881") -> Unit:
    return db.session.get(Unit, unit_id(code))


# One entry per deed


@pytest.mark.usefixtures("indoors")
def test_a_deed_leaves_one_entry_that_says_who_did_what_and_beside_it_what_was_and_is(cast: Cast):
    before, row = newest(), unit()
    actions.edit_unit(cast.admin, row, version=1, name="桐城投促", short_name="桐城", display_order=11,
                      liaison_name="", liaison_phone="", confirmed=True)  # fmt: skip
    (entry,) = entries(since=before)
    assert (entry.actor, entry.actor_name, entry.verb) == (cast.admin.key, "管系统", "accounts.edit_unit")
    assert (entry.about, list(entry.rows)) == (f"unit:{row.id}", [f"unit:{row.id}"])
    assert entry.rows[f"unit:{row.id}"]["fields"] == ["display_order", "name", "version"]
    assert values_of(entry) == {
        f"unit:{row.id}": {
            "name": ["桐城市投资促进中心", "桐城投促"],
            "display_order": [10, 11],
            "version": [1, 2],
        }
    }


@pytest.mark.usefixtures("indoors")
def test_a_row_that_is_added_or_goes_is_told_whole():
    before = newest()

    @action(Permission.HOUSEKEEPING)
    def add(actor: Actor) -> Unit:
        unit = Unit(code="test", name="试", short_name="试", kind="group", display_order=5)
        db.session.add(unit)
        return unit

    @action(Permission.HOUSEKEEPING)
    def remove(actor: Actor, unit: Unit) -> None:
        db.session.delete(unit)

    row = add(HOUSE)
    key = f"unit:{row.id}"
    remove(HOUSE, row)
    added, removed = entries(since=before)
    assert values_of(added)[key]["name"] == [None, "试"]
    assert values_of(removed)[key]["name"] == ["试", None]


@pytest.mark.usefixtures("indoors")
def test_a_deed_that_changes_nothing_is_still_a_deed(cast: Cast):
    before, row = newest(), queries.user(cast.tongcheng, cast.tongcheng.id)
    actions.choose_language(cast.tongcheng, row, language=row.language)
    (entry,) = entries(since=before)
    assert (entry.verb, entry.rows, entry.about) == ("accounts.choose_language", {}, "")


@pytest.mark.usefixtures("indoors")
def test_a_deed_within_a_deed_leaves_an_entry_of_its_own_and_each_row_stands_where_it_was_changed():
    before = newest()
    tongcheng, huaining = unit("340881"), unit("340822")

    @action(Permission.HOUSEKEEPING)
    def rename(actor: Actor, row: Unit, *, name: str) -> None:
        note(reason="县改市")
        row.short_name = name

    @action(Permission.HOUSEKEEPING)
    def rename_both(actor: Actor) -> None:
        tongcheng.short_name = "桐"
        rename(actor, huaining, name="怀")
        tongcheng.liaison_name = "汪澄"

    rename_both(HOUSE)
    inner, outer = entries(since=before)
    assert (list(values_of(inner)), inner.note) == ([f"unit:{huaining.id}"], {"reason": "县改市"})
    assert values_of(outer) == {
        f"unit:{tongcheng.id}": {"short_name": ["桐城", "桐"], "liaison_name": ["", "汪澄"]}
    }
    assert outer.note == {}


@pytest.mark.usefixtures("indoors")
def test_a_value_changed_twice_in_a_deed_is_told_from_first_to_last():
    before, row = newest(), unit()

    @action(Permission.HOUSEKEEPING)
    def hesitate(actor: Actor) -> None:
        row.short_name = "桐"
        db.session.flush()
        row.short_name = "桐市"

    hesitate(HOUSE)
    (entry,) = entries(since=before)
    assert values_of(entry) == {f"unit:{row.id}": {"short_name": ["桐城", "桐市"]}}


@pytest.mark.usefixtures("indoors")
def test_without_the_permission_nothing_is_done_and_nothing_said(cast: Cast):
    before, row = newest(), unit()
    with pytest.raises(Refused):
        actions.close_unit(cast.tongcheng, row)
    db.session.flush()
    assert (entries(since=before), unit().closed_at) == ([], None)


@pytest.mark.usefixtures("indoors")
def test_a_deed_that_fails_half_way_leaves_no_entry():
    before, row = newest(), unit()
    with pytest.raises(NotPossible):
        actions.close_unit(HOUSE, row)  # people still belong to it
    assert entries(since=before) == []


@pytest.mark.usefixtures("indoors")
def test_a_sealed_value_stands_nowhere_in_the_trail(cast: Cast):
    before = newest()
    person = somebody(cast.tongcheng, phone="19900000417", email="yu.bingheng@example.cn")
    people.set_id_number(cast.bureau, person, number="340881196502114417")
    row = queries.user(cast.admin, cast.tongcheng.id)
    actions.edit_user(cast.admin, row, version=1, name=row.name, role=row.role, unit=unit(),
                      phone="+8619900000418")  # fmt: skip
    said = entries(since=before)
    text = "".join(str(entry.model_dump()) + json.dumps(values_of(entry)) for entry in said)
    assert [
        secret
        for secret in ("19900000417", "19900000418", "yu.bingheng", "340881196502114417")
        if secret in text
    ] == []
    assert [outline for outline in ("199****0417", "199****0418", "y***@example.cn", "340***********4417")
            if outline not in text] == []  # fmt: skip


@pytest.mark.usefixtures("indoors")
def test_an_opened_detail_is_in_the_trail_without_the_detail(cast):
    person = somebody(cast.tongcheng)
    (contact,) = people_queries.person_parts(cast.tongcheng, person).contacts
    before = newest()
    assert people.open_contact(cast.tongcheng, contact) == "+8619900000417"
    (entry,) = entries(since=before)
    assert (entry.verb, entry.about) == ("people.open_contact", f"person:{person.id}")
    assert "19900000417" not in str(entry.model_dump())


# Refusals


def test_a_refused_deed_leaves_one_entry_in_a_transaction_of_its_own(app, client):
    with app.app_context():
        before, target = newest(), unit_id("340881")
    signed_in(client, "tongcheng")
    with app.app_context():
        before = newest()
    assert client.post(f"/admin/units/{target}/closing").status_code == 403
    with app.app_context():
        (entry,) = entries(since=before)
        assert unit().closed_at is None
    assert (entry.actor_name, entry.verb, entry.about, entry.rows) == (
        "汪澄",
        "core.trail.refused",
        f"unit:{target}",
        {},
    )
    assert entry.note == {"endpoint": "accounts.unit_closing"}
    assert entry.request != ""


def test_what_an_action_refused_is_rolled_back_and_its_entry_stays(app, client, monkeypatch):
    """The refusal comes after a write: the write is gone, the entry is not."""

    @needs(Permission.OWN_ACCOUNT)
    def half_done():
        actions.choose_language(g.actor, queries.user(g.actor, g.actor.id), language="en")
        actions.close_unit(g.actor, unit())

    monkeypatch.setitem(app.view_functions, "accounts.theme", half_done)
    signed_in(client, "tongcheng")
    with app.app_context():
        before = newest()
    assert client.post("/theme").status_code == 403
    with app.app_context():
        assert [entry.verb for entry in entries(since=before)] == ["core.trail.refused"]
        assert queries.user_by_login("tongcheng").language == "zh_Hans"


def test_a_refused_page_goes_to_the_log_alone(app, client, caplog):
    signed_in(client, "tongcheng")
    with app.app_context():
        before = newest()
    with caplog.at_level("INFO", logger="yishang"):
        assert client.get("/admin/users").status_code == 403
    with app.app_context():
        assert entries(since=before) == []
    told = [record.details for record in caplog.records if record.getMessage() == "request"]
    assert [(each["status"], each["actor"].partition(":")[0]) for each in told] == [(403, "user")]


def test_strangers_are_shown_the_door_and_fill_no_trail(app, client):
    with app.app_context():
        before = newest()
    assert client.post("/admin/units").status_code == 302
    with app.app_context():
        assert entries(since=before) == []


# The chain


@pytest.fixture
def chain(indoors, cast: Cast) -> list[AuditEntry]:
    """Everything so far and three deeds more, sealed under our key."""
    before = newest()
    for name in ("甲", "乙", "丙"):
        row = unit()
        actions.edit_unit(cast.admin, row, version=row.version, name=f"桐城{name}", short_name=name, display_order=10,
                          liaison_name="", liaison_phone="", confirmed=True)  # fmt: skip
    while audit.seal_pending(KEY, limit=7):
        pass
    return entries(since=before)


def test_a_whole_chain_has_no_fault_and_nothing_waits(chain):
    assert audit.verify_chain(KEY, audit.head()) == []
    assert audit.pending() == 0
    links = [entry.link for entry in entries()]
    assert links == list(range(1, len(links) + 1))


def test_another_key_finds_every_link_wrong(chain):
    assert len(audit.verify_chain(b"another", None)) == len(entries())


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "user:999"}, {"actor_name": "别人"}, {"verb": "people.add_person"}, {"about": "person:9"},
        {"at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}, {"rows": {}}, {"note": {"reason": "x"}}, {"request": "x"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_an_altered_entry_is_found(chain, change):
    with tampering():
        db.session.execute(sa.update(AuditEntry).where(AuditEntry.id == chain[1].id).values(change))
    db.session.expire_all()
    assert f"link {chain[1].link} (entry {chain[1].id}) was altered" in audit.verify_chain(KEY, None)


def test_an_altered_value_is_found(chain):
    row = chain[1].about
    with tampering():
        changed = sa.update(AuditValue).where(AuditValue.entry_id == chain[1].id)
        db.session.execute(changed.values(changes={"name": ["甲", "别的"]}))
    db.session.expire_all()
    assert audit.verify_chain(KEY, None) == [f"values of {row} in entry {chain[1].id} were altered"]


def test_a_value_that_no_deed_left_is_found(chain):
    with tampering():
        planted = {
            "entry_id": chain[1].id,
            "row": "unit:99999",
            "salt": "00" * 16,
            "changes": {"name": ["a", "b"]},
        }
        db.session.execute(sa.insert(AuditValue), [planted])
    assert audit.verify_chain(KEY, None) == [f"values of unit:99999 in entry {chain[1].id} were altered"]


def test_a_missing_link_is_found(chain):
    with tampering():
        db.session.execute(sa.delete(AuditValue).where(AuditValue.entry_id == chain[1].id))
        db.session.execute(sa.delete(AuditEntry).where(AuditEntry.id == chain[1].id))
    db.session.expire_all()
    assert audit.verify_chain(KEY, None) == [f"link {chain[1].link} is missing (next is {chain[2].link})"]


def test_a_cut_off_end_is_found_by_the_head_that_was_kept_outside(chain):
    head = audit.head()
    with tampering():
        db.session.execute(sa.delete(AuditValue).where(AuditValue.entry_id == chain[2].id))
        db.session.execute(sa.delete(AuditEntry).where(AuditEntry.id == chain[2].id))
    db.session.expire_all()
    assert audit.verify_chain(KEY, None) == []
    assert audit.verify_chain(KEY, head) == [
        f"the chain ends at {chain[1].link}, but {head['link']} links were kept outside the database"
    ]


def test_a_chain_rewritten_with_the_key_is_found_by_the_head(chain):
    head = audit.head()
    with tampering():
        db.session.execute(
            sa.update(AuditEntry).where(AuditEntry.id == chain[2].id).values(verb="x", link=None, seal=None)
        )
        db.session.expire_all()
        audit.seal_pending(KEY)
    assert audit.verify_chain(KEY, None) == []
    assert len(audit.verify_chain(KEY, head)) == 1


def test_erased_values_leave_the_chain_whole(chain):
    with doing(Deed(HOUSE, "people.erase")):
        db.session.execute(sa.delete(AuditValue).where(AuditValue.entry_id == chain[1].id))
    assert audit.verify_chain(KEY, audit.head()) == []
    assert values_of(chain[1]) == {}


def test_the_head_is_kept_beside_the_database(app, indoors, settings, cast):
    trail.seal()
    assert trail.kept_head(settings) == audit.head()
    assert trail.verify() == []


# Append-only


@pytest.mark.parametrize(
    "deed",
    [
        lambda entry: sa.update(AuditEntry).where(AuditEntry.id == entry.id).values(verb="别的"),
        lambda entry: sa.update(AuditEntry).where(AuditEntry.id == entry.id).values(seal=None),
        lambda entry: sa.update(AuditEntry).where(AuditEntry.id == entry.id).values(link=99999),
        lambda entry: sa.delete(AuditEntry).where(AuditEntry.id == entry.id),
    ],
    ids=["change", "unseal", "move", "delete"],
)
def test_the_database_itself_refuses_to_change_or_drop_an_entry(chain, deed):
    with pytest.raises(sa.exc.DBAPIError, match=r"append-only|180 days"), doing(Deed(HOUSE, "x")):
        db.session.execute(deed(chain[1]))


def test_an_entry_that_waits_for_its_seal_cannot_be_changed_either(indoors, cast):
    row = queries.user(cast.tongcheng, cast.tongcheng.id)
    actions.choose_theme(cast.tongcheng, row, theme="dark")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), doing(Deed(HOUSE, "x")):
        db.session.execute(sa.update(AuditEntry).where(AuditEntry.id == newest()).values(actor="user:1"))


# Pruning


@pytest.fixture
def old_chain(indoors, cast) -> list[AuditEntry]:
    """Five old deeds, then the present; all sealed. What the cast did stands after them."""
    with tampering():
        db.session.execute(sa.delete(AuditValue))
        db.session.execute(sa.delete(AuditEntry))
    long_ago = now() - dt.timedelta(days=200)
    with doing(Deed(HOUSE, "x")):
        for day in range(5):
            entry = {"at": long_ago + dt.timedelta(days=day), "actor": "user:1", "actor_name": "某", "verb": "x.y",
                     "about": "", "rows": {}, "note": {}, "request": ""}  # fmt: skip
            db.session.execute(sa.insert(AuditEntry), [entry])
    actions.choose_theme(cast.tongcheng, queries.user(cast.tongcheng, cast.tongcheng.id), theme="dark")
    audit.seal_pending(KEY)
    return entries()


def test_pruning_drops_what_is_older_and_leaves_a_checkpoint_on_which_the_chain_stands(old_chain):
    head = audit.head()
    assert audit.prune_before(KEY, now() - trail.KEPT_FOR) == 5
    audit.seal_pending(KEY)
    assert audit.verify_chain(KEY, head) == []
    assert audit.verify_chain(KEY, audit.head()) == []
    assert [(entry.link, entry.verb) for entry in entries()] == [
        (6, "accounts.choose_theme"),
        (7, "core.audit.prune"),
    ]
    assert entries()[-1].note == {"dropped": 5, "until": 5}


def test_pruning_again_finds_nothing_and_says_nothing(old_chain):
    audit.prune_before(KEY, now() - trail.KEPT_FOR)
    before = newest()
    assert audit.prune_before(KEY, now() - trail.KEPT_FOR) == 0
    assert entries(since=before) == []


def test_the_database_refuses_to_prune_what_is_younger_than_180_days(old_chain):
    with pytest.raises(sa.exc.DBAPIError, match="180 days"):
        audit.prune_before(KEY, now() + dt.timedelta(minutes=1))


def test_a_checkpoint_that_is_not_ours_is_found(old_chain):
    audit.prune_before(b"another key", now() - trail.KEPT_FOR)
    assert audit.verify_chain(KEY, None) == ["the checkpoint at link 5 is not ours"]


def test_an_entry_between_the_checkpoint_and_the_rest_is_missed(old_chain):
    audit.prune_before(KEY, now() - trail.KEPT_FOR)
    audit.seal_pending(KEY)
    with tampering():
        db.session.execute(sa.delete(AuditValue).where(AuditValue.entry_id == old_chain[5].id))
        db.session.execute(sa.delete(AuditEntry).where(AuditEntry.id == old_chain[5].id))
    db.session.expire_all()
    assert audit.verify_chain(KEY, None) == ["link 6 is missing (next is 7)"]


class tampering:  # noqa: N801 - reads as a word
    """Somebody with the database in their hands, who first puts the triggers out of the way."""

    def __enter__(self):
        self.deed = doing(Deed(HOUSE, "x"))
        self.deed.__enter__()
        if is_sqlite():
            for name in ("said", "sealed", "kept"):
                db.session.execute(sa.text(f"DROP TRIGGER audit_entry_{name}"))
        else:
            db.session.execute(sa.text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_guard"))

    def __exit__(self, *failure):
        if failure[0] is None:
            if is_sqlite():
                triggers.put_back(db.session.connection())
            else:
                db.session.execute(sa.text("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_guard"))
        self.deed.__exit__(*failure)
