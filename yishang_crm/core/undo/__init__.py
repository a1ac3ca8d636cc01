"""Every bulk change can be taken back: before-images beside the batch, encrypted, for 30 days.

A room opens `taking_notes` instead of `bulk` and writes through it; it tells once, by `may_be_undone`, who may still
change a row and what must follow when one is put back. What somebody has edited since is left alone, and listed.
"""

from yishang_crm.core.undo.doing import Notes, taking_notes
from yishang_crm.core.undo.forgetting import forget_old, forget_rows
from yishang_crm.core.undo.models import UNDO_WITHIN, Act, Change, Image
from yishang_crm.core.undo.queries import last_change, own_act, recent_acts, visible_to
from yishang_crm.core.undo.rules import Values, may_be_undone, named, tell_names
from yishang_crm.core.undo.undoing import Undone, undo

__all__ = [
    "UNDO_WITHIN", "Act", "Change", "Image", "Notes", "Undone", "Values", "forget_old", "forget_rows", "last_change",
    "may_be_undone", "named", "own_act", "recent_acts", "taking_notes", "tell_names", "undo", "visible_to",
]  # fmt: skip
