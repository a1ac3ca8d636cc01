"""What can be done in this room."""

from yishang_crm.people.actions.contacts import add_contact, mark_contact, open_contact, remove_contact
from yishang_crm.people.actions.duplicates import decide_pair, find_duplicates, keep_ready, offer_again
from yishang_crm.people.actions.imports import check_file, decide_row, discard_batch, write_batch
from yishang_crm.people.actions.merging import Chosen, ask_merge, merge_people, undo_merge
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

__all__ = [
    "Chosen",
    "add_contact",
    "add_person",
    "add_post",
    "ask_merge",
    "check_file",
    "confirm",
    "decide_pair",
    "decide_row",
    "discard_batch",
    "edit_person",
    "end_post",
    "find_duplicates",
    "forbid_contact",
    "keep_ready",
    "mark_contact",
    "merge_people",
    "offer_again",
    "open_contact",
    "open_id_number",
    "reach_again",
    "reencrypt_id_numbers",
    "remove_contact",
    "seed_places",
    "set_id_number",
    "share",
    "undo_merge",
    "write_batch",
]  # fmt: skip
