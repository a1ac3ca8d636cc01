"""What can be done in this room."""

from yishang_crm.people.actions.acts import assign_owner, assign_unit, edit_many, tag_many, untag_many
from yishang_crm.people.actions.cells import edit_cell, set_cell_tags, set_owner
from yishang_crm.people.actions.contacts import add_contact, mark_contact, open_contact, remove_contact
from yishang_crm.people.actions.imports import check_file, decide_row, discard_batch, write_batch
from yishang_crm.people.actions.kept import (
    add_segment,
    choose_columns,
    edit_segment,
    freeze,
    keep_view,
    remove_segment,
    remove_view,
    rename_view,
    save_view,
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
from yishang_crm.people.actions.tags import add_tag, rename_tag, retire_tag, revive_tag

__all__ = [
    "add_contact", "add_person", "add_post", "add_segment", "add_tag", "assign_owner", "assign_unit", "check_file",
    "choose_columns", "confirm", "decide_row", "discard_batch", "edit_cell", "edit_many", "edit_person",
    "edit_segment", "end_post", "forbid_contact", "freeze", "keep_view", "mark_contact", "open_contact",
    "open_id_number", "reach_again", "reencrypt_id_numbers", "remove_contact", "remove_segment", "remove_view",
    "rename_tag", "rename_view", "retire_tag", "revive_tag", "save_view", "seed_places", "set_cell_tags",
    "set_id_number", "set_owner", "share", "tag_many", "untag_many", "write_batch",
]  # fmt: skip
