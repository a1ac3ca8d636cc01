"""What can be done in this room."""

from yishang_crm.people.actions.contacts import add_contact, mark_contact, open_contact, remove_contact
from yishang_crm.people.actions.dictionary import (
    add_word,
    close_word,
    confirm_word,
    edit_word,
    reopen_word,
    seed_dictionary,
)
from yishang_crm.people.actions.imports import check_file, decide_row, discard_batch, write_batch
from yishang_crm.people.actions.organizations import (
    add_officer,
    add_organization,
    begin_edition,
    edit_organization,
)
from yishang_crm.people.actions.persons import (
    add_person,
    add_post,
    confirm,
    edit_person,
    end_post,
    forbid_contact,
    open_id_number,
    reach_again,
    reencrypt_id_numbers,
    seed_places,
    set_id_number,
    share,
)
from yishang_crm.people.actions.relations import end_relation, relate

__all__ = [
    "add_contact",
    "add_officer",
    "add_organization",
    "add_person",
    "add_post",
    "add_word",
    "begin_edition",
    "check_file",
    "close_word",
    "confirm",
    "confirm_word",
    "decide_row",
    "discard_batch",
    "edit_organization",
    "edit_person",
    "edit_word",
    "end_post",
    "end_relation",
    "forbid_contact",
    "mark_contact",
    "open_contact",
    "open_id_number",
    "reach_again",
    "reencrypt_id_numbers",
    "relate",
    "remove_contact",
    "reopen_word",
    "seed_dictionary",
    "seed_places",
    "set_id_number",
    "share",
    "write_batch",
]  # fmt: skip
