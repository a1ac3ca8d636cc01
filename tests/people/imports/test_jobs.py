"""What the timetable does for imports: nothing that nobody closed stays, nothing half written stays half written."""

import datetime as dt
import os
import time

import pytest

from tests.people.imports.arranged import YU, brought, csv, entries, many, people_now, rows_of
from yishang_crm import timetable
from yishang_crm.core import retention
from yishang_crm.core.clock import now, standing_at
from yishang_crm.core.db import db
from yishang_crm.people import actions, jobs, queries, resuming
from yishang_crm.people.models.brought import BatchState
from yishang_crm.people.queries import imports as kept

pytestmark = pytest.mark.usefixtures("indoors")


def later(days):
    return standing_at(now() + dt.timedelta(days=days))


def test_both_jobs_stand_in_the_timetable():
    assert {jobs.forget_imports, jobs.go_on_with_imports} <= {entry.job for entry in timetable.TIMETABLE}


def test_a_checked_file_that_nobody_closed_is_discarded_and_wiped_after_seven_days(cast):
    batch = brought(cast.tongcheng, csv(YU))
    with later(6):
        assert retention.obey() == {}
    assert rows_of(cast.tongcheng, batch)[0].fields["name"] == "余秉衡"
    with later(8):
        assert (retention.obey(), retention.obey()) == ({"imports": 1}, {})
    db.session.expire_all()
    batch = queries.batch(cast.tongcheng, batch.id)
    assert (batch.state, kept.file_of(cast.tongcheng, batch)) == (BatchState.DISCARDED, None)
    assert [(row.fields, row.changes) for row in rows_of(cast.tongcheng, batch)] == [({}, {})]
    assert all("samples" not in column for sheet in batch.layout for column in sheet["columns"])
    assert people_now(cast.bureau) == []
    assert entries("people.discard_import")[0].actor == "house:0"


def test_a_batch_stuck_in_writing_is_closed_and_wiped_as_well(cast):
    batch = brought(cast.tongcheng, csv(YU))
    actions.begin_writing(cast.tongcheng, batch)
    with later(8):
        assert retention.obey() == {"imports": 1}
    assert (batch.state, batch.counts["error"]) == (BatchState.DONE, 1)


def test_files_of_an_earlier_version_in_the_instance_folder_are_removed(app, cast):
    folder = app.config["SETTINGS"].folder / "imports"
    folder.mkdir(exist_ok=True)
    old, young = folder / "1.file", folder / "2.file"
    for file, age in ((old, 8), (young, 1)):
        file.write_bytes(csv(YU))
        os.utime(file, (time.time() - age * 86400,) * 2)
    assert jobs.forget_imports()["files"] == 1
    assert (old.exists(), young.exists()) == (False, True)
    young.unlink()
    folder.rmdir()


def test_only_what_no_process_is_writing_is_gone_on_with(cast):
    batch = brought(cast.tongcheng, csv(YU))
    actions.begin_writing(cast.tongcheng, batch)
    db.session.commit()
    asked = kept.batches_under_way(cast.bureau, quiet_since=now() - jobs.QUIET)
    assert [one.id for one in asked] == [batch.id]
    batch.beat_at = now()
    with actions_open():
        db.session.flush()
    assert list(kept.batches_under_way(cast.bureau, quiet_since=now() - jobs.QUIET)) == []
    with later(1):
        assert len(kept.batches_under_way(cast.bureau, quiet_since=now() - jobs.QUIET)) == 1


def actions_open():
    from yishang_crm.core.actor import HOUSE
    from yishang_crm.core.deed import Deed, doing

    return doing(Deed(HOUSE, "a test arranges"))


def test_it_is_written_with_the_rights_of_the_one_who_asked_and_not_when_the_account_is_gone(cast):
    from yishang_crm.accounts import actions as accounts
    from yishang_crm.accounts import queries as users

    batch = brought(cast.tongcheng2, csv(*many(3)))
    actions.begin_writing(cast.tongcheng2, batch)
    accounts.disable_user(cast.admin, users.user_by_login("tongcheng2"))
    assert resuming.resume() == 0
    assert people_now(cast.bureau) == []
    assert batch.state == BatchState.WRITING
