"""What can be done with accounts: signing in and out, passwords, codes, users, units."""

from yishang_crm.accounts.actions.codes import drop_code, reset_code, set_up_code, use_code
from yishang_crm.accounts.actions.passwords import (
    answer_password_request,
    ask_for_password,
    change_password,
    give_administrator_password,
    give_password,
    take_new_password,
)
from yishang_crm.accounts.actions.retention import set_retention
from yishang_crm.accounts.actions.sign_ins import (
    end_all_of,
    end_anyones_sign_in,
    end_own_sign_in,
    end_own_sign_ins,
    refuse_sign_in,
    sign_in,
    sign_out,
    unlock,
    verify_trail,
)
from yishang_crm.accounts.actions.units import add_unit, close_unit, edit_unit, reopen_unit, seed_units
from yishang_crm.accounts.actions.users import (
    add_user,
    choose_language,
    choose_theme,
    disable_user,
    edit_user,
    enable_user,
)

__all__ = [
    "add_unit",
    "add_user",
    "answer_password_request",
    "ask_for_password",
    "change_password",
    "choose_language",
    "choose_theme",
    "close_unit",
    "disable_user",
    "drop_code",
    "edit_unit",
    "edit_user",
    "enable_user",
    "end_all_of",
    "end_anyones_sign_in",
    "end_own_sign_in",
    "end_own_sign_ins",
    "give_administrator_password",
    "give_password",
    "refuse_sign_in",
    "reopen_unit",
    "reset_code",
    "seed_units",
    "set_retention",
    "set_up_code",
    "sign_in",
    "sign_out",
    "take_new_password",
    "unlock",
    "use_code",
    "verify_trail",
]
