"""Which users, units, sign-ins and traces can be found, and by whom."""

from yishang_crm.accounts.queries.known import accounts_of_person
from yishang_crm.accounts.queries.resets import open_resets_of, reset_of_link, resets_to_answer
from yishang_crm.accounts.queries.sign_ins import own_sign_ins, sign_in, sign_ins, sign_ins_now, sign_ins_of
from yishang_crm.accounts.queries.units import seats_taken, unit, unit_by_code, units
from yishang_crm.accounts.queries.users import (
    colleagues,
    names_of,
    own_user,
    user,
    user_at_the_door,
    user_by_login,
    users,
    visible_to,
)

__all__ = [
    "accounts_of_person",
    "colleagues",
    "names_of",
    "open_resets_of",
    "own_sign_ins",
    "own_user",
    "reset_of_link",
    "resets_to_answer",
    "seats_taken",
    "sign_in",
    "sign_ins",
    "sign_ins_now",
    "sign_ins_of",
    "unit",
    "unit_by_code",
    "units",
    "user",
    "user_at_the_door",
    "user_by_login",
    "users",
    "visible_to",
]
