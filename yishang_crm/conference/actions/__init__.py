"""What can be done in this room."""

from yishang_crm.conference.actions.answers import answer, record_answer
from yishang_crm.conference.actions.arrivals import check_in, odd_about, walk_in
from yishang_crm.conference.actions.decisions import (
    approve,
    approve_many,
    reject,
    reject_many,
    reserve,
    reserve_many,
    undo_approvals,
    withdraw,
    withdraw_many,
)
from yishang_crm.conference.actions.editions import (
    add_edition,
    begin_follow_up,
    close_edition,
    edit_edition,
    follow_up_day,
    set_quota,
)
from yishang_crm.conference.actions.letters import (
    cannot_print,
    make_letter,
    make_letters,
    open_letter,
    open_letters,
    open_link,
    post_letters,
)
from yishang_crm.conference.actions.nominations import nominate, nominate_as_partner, nominate_many
from yishang_crm.conference.actions.retention import forget_id_numbers, forget_journeys

__all__ = [
    "add_edition",
    "answer",
    "approve",
    "approve_many",
    "begin_follow_up",
    "cannot_print",
    "check_in",
    "close_edition",
    "edit_edition",
    "follow_up_day",
    "forget_id_numbers",
    "forget_journeys",
    "make_letter",
    "make_letters",
    "nominate",
    "nominate_as_partner",
    "nominate_many",
    "odd_about",
    "open_letter",
    "open_letters",
    "open_link",
    "post_letters",
    "record_answer",
    "reject",
    "reject_many",
    "reserve",
    "reserve_many",
    "set_quota",
    "undo_approvals",
    "walk_in",
    "withdraw",
    "withdraw_many",
]  # fmt: skip
