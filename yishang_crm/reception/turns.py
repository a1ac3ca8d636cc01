"""Desks of one process take turns at writing.

SQLite lets one write at a time and makes the others ask again after ever longer naps; in a queue they need not nap.
"""

import contextlib
import threading
from collections.abc import Iterator

from yishang_crm.core.db import begin_writing, db, is_sqlite

_turn = threading.Lock()


@contextlib.contextmanager
def in_turn() -> Iterator[None]:
    """Write inside; it is committed, and kept, at the end of the block. Nothing slow belongs here."""
    with _turn if is_sqlite() else contextlib.nullcontext():
        try:
            begin_writing()
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()  # before the next desk begins
            raise
