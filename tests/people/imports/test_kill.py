"""S31: killed at any portion, resumed by another process: the same database as of an uninterrupted run."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cast import Cast, arrange_cast
from tests.outbox.arranged import OwnHouse
from tests.people.arranged import somebody
from tests.people.imports.arranged import YU, brought, csv, everything, many, rows_of
from yishang_crm.core.db import db, end_transaction, writing
from yishang_crm.people import actions, queries
from yishang_crm.people.models import Person
from yishang_crm.people.models.brought import BatchState

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = 25


@pytest.fixture
def own_house(tmp_path, request):
    with OwnHouse.at(tmp_path, request) as house:
        yield house


def arranged(house):
    """A batch of creations and an update, asked to be written."""
    with house.app.app_context(), writing():
        arrange_cast()
        db.session.commit()
        cast = Cast.gathered()
        somebody(cast.tongcheng, title="董事", residence="上海")
        db.session.commit()
        batch = brought(cast.tongcheng, csv(YU, *many(PEOPLE)))
        actions.begin_writing(cast.tongcheng, batch)
        db.session.commit()
        return batch.id


def go_on(house, batch_id, point="never", nth=0):
    arguments = [
        str(house.settings.folder),
        str(house.settings.database_url),
        str(batch_id),
        point,
        str(nth),
        "5",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.people.imports.writer", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stderr.decode()


def lying(house, batch_id):
    with house.app.app_context():
        cast = Cast.gathered()
        batch = queries.batch(cast.tongcheng, batch_id)
        said = (
            batch.state,
            batch.counts,
            [
                (row.row, row.outcome.value, row.person_id, row.fields)
                for row in rows_of(cast.tongcheng, batch)
            ],
        )
        tables = everything()
        end_transaction()
    # A sequence of PostgreSQL does not go back when a portion does, so people and firms are told by their order.
    order = {
        table: {row[0]: number for number, row in enumerate(tables[table], 1)}
        for table in ("person", "organization")
    }
    said = (
        *said[:2],
        [(row, outcome, order["person"].get(person), left) for row, outcome, person, left in said[2]],
    )
    for table, at in (("contact_point", (1,)), ("position", (1, 2)), ("stewardship", (1,))):
        people_and_firms = (order["person"], order["organization"])
        tables[table] = [
            tuple(
                people_and_firms[at.index(n)][value] if n in at else value for n, value in enumerate(row) if n
            )
            for row in tables[table]
        ]
    tables["person_search"] = [
        tuple(value for value in row if not value.isdigit()) for row in tables["person_search"]
    ]
    tables |= {table: [row[1:] for row in tables[table]] for table in order}
    # When a row was made differs from run to run.
    made = [column.name for column in Person.__table__.columns if column.name not in ("id", "version")].index(
        "created_at"
    )
    tables["person"] = [row[:made] + row[made + 1 :] for row in tables["person"]]
    for table in ("stewardship", "organization"):
        tables[table] = [tuple(value for value in row if not hasattr(value, "year")) for row in tables[table]]
    return said, tables


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory, request):
    with OwnHouse.at(tmp_path_factory.mktemp("whole"), request) as house:
        batch_id = arranged(house)
        assert go_on(house, batch_id) == (0, "")
        return lying(house, batch_id)


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        ("portion read", 1),
        ("portion read", 4),
        ("portion written, not committed", 1),
        ("portion written, not committed", 6),
        ("committed", 2),
        ("committed", 7),
        ("wiped", 1),
    ],
)
def test_killed_and_resumed_it_is_as_if_nothing_had_happened(own_house, uninterrupted, point, nth):
    batch_id = arranged(own_house)
    killed, _said = go_on(own_house, batch_id, point, nth)
    assert killed == -signal.SIGKILL
    assert lying(own_house, batch_id)[0][0] == BatchState.WRITING
    assert go_on(own_house, batch_id) == (0, "")
    assert lying(own_house, batch_id) == uninterrupted
    assert uninterrupted[0][0] == BatchState.DONE


def test_killed_again_and_again_it_still_comes_to_its_end(own_house, uninterrupted):
    batch_id = arranged(own_house)
    for _ in range(3):
        assert go_on(own_house, batch_id, "committed", 2)[0] == -signal.SIGKILL
    assert go_on(own_house, batch_id) == (0, "")
    assert lying(own_house, batch_id) == uninterrupted


@pytest.mark.parametrize("nth", [1, 3])
def test_an_undo_killed_and_resumed_restores_the_rows_that_were_there(own_house, nth):
    batch_id = arranged(own_house)
    with own_house.app.app_context():
        before = everything()
        end_transaction()
    assert go_on(own_house, batch_id) == (0, "")
    with own_house.app.app_context(), writing():
        cast = Cast.gathered()
        actions.begin_undoing(cast.tongcheng, queries.batch(cast.tongcheng, batch_id))
        db.session.commit()
    assert go_on(own_house, batch_id, "undone, not committed", nth)[0] == -signal.SIGKILL
    assert go_on(own_house, batch_id) == (0, "")
    with own_house.app.app_context():
        assert everything() == before
        assert queries.batch(cast.tongcheng, batch_id).state == BatchState.UNDONE
        end_transaction()


def test_two_processes_that_write_one_batch_at_once_write_everybody_once(own_house, uninterrupted):
    batch_id = arranged(own_house)
    arguments = [
        str(own_house.settings.folder),
        str(own_house.settings.database_url),
        str(batch_id),
        "never",
        "0",
        "5",
    ]
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.people.imports.writer", *arguments],
            cwd=ROOT,
            stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for one in both:
        one.communicate(timeout=120)
    assert len(lying(own_house, batch_id)[1]["person"]) == len(uninterrupted[1]["person"]) == PEOPLE + 1
