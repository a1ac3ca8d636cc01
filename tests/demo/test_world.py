"""The made-up world: the same for a seed and a day, refused where somebody works, and of no real person."""

import contextlib
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("yishang")
COLUMNS = {
    "unit": "code, name, liaison_name, liaison_phone",
    "user_account": "login, name, role, unit_id, person_id",
    "person": "id, name, gender, tier, native_place, native_town, residence, industry, birth_year, source, created_at",
    "contact_point": "person_id, kind, value",
    "organization": "name, kind",
    "position": "person_id, organization_id, title, rank",
    "stewardship": "person_id, unit_id, user_id",
    "interaction": "at, channel, text, unit_id, user_id",
    "task": "what, person_id, due_on, done_at",
    "cadence": "person_id, last_on, due_on",
    "guest": "edition_id, person_id, approval, reply, letter_number, companions, onsite",
    "introduction": "name, organization, what",
    "project": "name, stage, organization_id, introducer_id, planned_investment, unit_id",
    "tag": "name, unit_id",
    "person_tag": "person_id, tag_id",
    "saved_view": "name, readers, filters",
    "segment": "name, tree",
    "snapshot_member": "snapshot_id, person_id",
    "message": "purpose, about, recipient_name, subject, state",
}


def filled(instance: Path, *extra: str, code: int = 0) -> subprocess.CompletedProcess:
    environment = {**os.environ, "YISHANG_INSTANCE": str(instance)}
    environment.pop("YISHANG_DATABASE_URL", None)
    done = subprocess.run(
        [PROGRAM, "demo", "--people", "80", "--seed", "7", "--today", "2026-09-08", "--password", "demo", *extra],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    return done


def rows(instance: Path, table: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(instance / "yishang.db")) as database:
        return database.execute(f"SELECT {COLUMNS[table]} FROM {table} ORDER BY id").fetchall()


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    one, two = tmp_path_factory.mktemp("worlds") / "one", tmp_path_factory.mktemp("worlds") / "two"
    for instance in (one, two):
        filled(instance)
    return one, two


@pytest.mark.parametrize("table", COLUMNS)
def test_two_worlds_of_one_seed_and_day_are_the_same(worlds, table):
    one, two = worlds
    assert rows(one, table)
    assert rows(one, table) == rows(two, table)


def test_where_somebody_works_nothing_is_filled_in(worlds):
    said = filled(worlds[0], code=1)
    assert "演示数据只能放进空库" in said.stderr
    assert "bureau" in filled(worlds[0], "--if-empty").stdout


def test_every_phone_is_of_the_block_that_belongs_to_no_one(worlds):
    phones = [
        value for _person, kind, value in rows(worlds[0], "contact_point") if kind in ("mobile", "landline")
    ]
    assert phones
    assert {phone[:10] for phone in phones} == {"+861990000"}


def test_everything_was_done_through_actions(worlds):
    with contextlib.closing(sqlite3.connect(worlds[0] / "yishang.db")) as database:
        verbs = {verb for (verb,) in database.execute("SELECT DISTINCT verb FROM audit_entry")}
    assert {"demo.people", "demo.talks", "conference.nominate_many", "conference.make_letters"} <= verbs
