"""What can be done in this room."""

from yishang_crm.followup.actions.cadences import (
    seed_cadence_rules,
    seed_holidays,
    set_cadence,
    set_cadence_rule,
    start_cadence,
)
from yishang_crm.followup.actions.contacts import log, log_as_partner, log_said, show_to, undo_log
from yishang_crm.followup.actions.digests import give_up_digest, send_digest
from yishang_crm.followup.actions.tasks import add_task, finish_task, pass_on_task, postpone_task, reopen_task

__all__ = [
    "add_task", "finish_task", "give_up_digest", "log", "log_as_partner", "log_said", "pass_on_task", "postpone_task",
    "reopen_task", "seed_cadence_rules", "seed_holidays", "send_digest", "set_cadence", "set_cadence_rule", "show_to",
    "start_cadence", "undo_log",
]  # fmt: skip
