"""What can be done in this room."""

from yishang_crm.people.actions.birthdays import turn_birthdays
from yishang_crm.people.actions.contacts import add_contact, mark_contact, open_contact, remove_contact
from yishang_crm.people.actions.counting import add_up_counts
from yishang_crm.people.actions.imports import check_file, decide_row, discard_batch, write_batch
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
from yishang_crm.people.actions.places import add_place, edit_place

__all__ = [
    "add_contact",
    "add_person",
    "add_place",
    "add_post",
    "add_up_counts",
    "check_file",
    "confirm",
    "decide_row",
    "discard_batch",
    "edit_person",
    "edit_place",
    "end_post",
    "forbid_contact",
    "mark_contact",
    "open_contact",
    "open_id_number",
    "reach_again",
    "reencrypt_id_numbers",
    "remove_contact",
    "seed_places",
    "set_id_number",
    "share",
    "turn_birthdays",
    "write_batch",
]  # fmt: skip
