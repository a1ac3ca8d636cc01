"""What can be done in this room."""

from yishang_crm.people.actions.contacts import add_contact, mark_contact, open_contact, remove_contact
from yishang_crm.people.actions.imports import (
    begin_undoing,
    begin_writing,
    check_file,
    close_batch,
    decide_row,
    decide_rows,
    discard_batch,
    drop_images,
    mend_cell,
    remember_layout,
    set_rule,
    take_problem_rows,
    undo_batch,
    write_batch,
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

__all__ = [
    "add_contact", "add_person", "add_post", "begin_undoing", "begin_writing", "check_file", "close_batch", "confirm",
    "decide_row", "decide_rows", "discard_batch", "drop_images", "edit_person", "end_post", "forbid_contact",
    "mark_contact", "mend_cell", "open_contact", "open_id_number", "reach_again", "reencrypt_id_numbers", "remember_layout",
    "remove_contact", "seed_places", "set_id_number", "set_rule", "share", "take_problem_rows", "undo_batch", "write_batch",
]  # fmt: skip
