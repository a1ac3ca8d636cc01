"""How long this room keeps export files, and the values of files that were brought and never closed."""

import datetime as dt

from flask import current_app

from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.retention import Rule, keeps
from yishang_crm.core.words import N_
from yishang_crm.people import actions, queries
from yishang_crm.people.exports import jobs as exports
from yishang_crm.people.exports.queries import expired
from yishang_crm.people.queries import imports as reading


def open_rules() -> None:
    """Leave this room's rules where the ground looks."""
    keeps(
        Rule(
            "exports",
            N_("导出的文件"),
            N_("文件做好（改天数只管以后做的）"),
            7,
            due=lambda _keep: len(expired(HOUSE, at=now())),
            obey=lambda _keep: exports.wipe_expired().get("wiped", 0),
        )
    )
    keeps(
        Rule(
            "imports",
            N_("没有写入的导入名册（作废，内容清除）"),
            N_("带来名册"),
            30,
            due=lambda keep: len(reading.batches_left_open(before=now() - keep)),
            obey=discard_old_batches,
        )
    )


def discard_old_batches(keep: dt.timedelta) -> int:
    """Files that somebody brought and forgot: thrown away as by hand, with the file on the disk. Returns how many."""
    ids = reading.batches_left_open(before=now() - keep)
    folder = current_app.config["SETTINGS"].folder / "imports"
    for batch_id in ids:
        batch = queries.batch(HOUSE, batch_id)
        if batch is not None:
            actions.discard_batch(HOUSE, batch)
            (folder / f"{batch_id}.file").unlink(missing_ok=True)
    return len(ids)
