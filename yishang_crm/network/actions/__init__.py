"""What can be done in this room."""

from yishang_crm.network.actions.appointments import (
    appoint,
    end_appointment,
    join_account,
    renew_appointment,
)
from yishang_crm.network.actions.entrusting import end_entrusting, entrust
from yishang_crm.network.actions.introductions import (
    accept_introduction,
    introduce,
    open_introduced_phone,
    refuse_introduction,
)
from yishang_crm.network.actions.links import (
    ask_for_code,
    give_code,
    issue_link,
    send_link,
    use_code,
    withdraw_link,
)
from yishang_crm.network.actions.own import confirm_own_details, propose_own_change

__all__ = [
    "accept_introduction", "appoint", "ask_for_code", "confirm_own_details", "end_appointment", "end_entrusting",
    "entrust", "give_code", "introduce", "issue_link", "join_account", "open_introduced_phone", "propose_own_change",
    "refuse_introduction", "renew_appointment", "send_link", "use_code", "withdraw_link",
]  # fmt: skip
