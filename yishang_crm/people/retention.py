"""How long this room keeps export files, and the values of files that were brought and never closed."""

from yishang_crm.core.actor import HOUSE
from yishang_crm.core.clock import now
from yishang_crm.core.retention import Rule, keeps
from yishang_crm.core.words import N_
from yishang_crm.people import jobs
from yishang_crm.people.exports import jobs as exports
from yishang_crm.people.exports.queries import expired
from yishang_crm.people.queries import imports as kept


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
            7,
            due=lambda keep: len(kept.batches_left_open(HOUSE, before=now() - keep)),
            obey=jobs.close_left_open,
        )
    )
