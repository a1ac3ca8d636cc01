"""Bringing a file: keep what was checked, decide conflicts, write it, close it, take it back."""

from yishang_crm.people.actions.imports.checking import (
    check_file,
    decide_row,
    decide_rows,
    discard_batch,
    mend_cell,
    set_rule,
    take_problem_rows,
)
from yishang_crm.people.actions.imports.keeping import drop_images, remember_layout
from yishang_crm.people.actions.imports.undoing import begin_undoing, undo_batch
from yishang_crm.people.actions.imports.writing import begin_writing, close_batch, write_batch

__all__ = [
    "begin_undoing", "begin_writing", "check_file", "close_batch", "decide_row", "decide_rows", "discard_batch",
    "drop_images", "mend_cell", "remember_layout", "set_rule", "take_problem_rows", "undo_batch", "write_batch",
]  # fmt: skip
