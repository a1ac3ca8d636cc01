"""A real process for the kill tests: `python -m tests.people.imports.writer INSTANCE DATABASE BATCH POINT NTH CHUNK`.

At the NTH passing of POINT it kills itself with SIGKILL, as a power cut would. POINT `never` lets it finish.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yishang_crm.app import create_app
from yishang_crm.core.bulk import Bulk
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db, writing
from yishang_crm.people import resuming
from yishang_crm.people.actions.imports import keeping, undoing
from yishang_crm.people.actions.imports import writing as writing_batch

# What is wrapped, and on which side of it the process dies.
POINTS: dict[str, tuple[Any, str, str]] = {
    "portion read": (writing_batch._Writer, "_write", "before"),
    "portion written, not committed": (writing_batch._Writer, "_write", "after"),
    "committed": (Bulk, "chunk_done", "after"),
    "wiped": (writing_batch, "wipe", "after"),
    "undone, not committed": (undoing, "_undo", "after"),
}


def die_at(point: str, nth: int) -> None:
    owner, name, side = POINTS[point]
    real: Callable[..., Any] = getattr(owner, name)
    passed = 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal passed
        passed += 1
        if side == "before" and passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        if passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, wrapped)


def main(instance: str, database: str, batch: str, point: str, nth: str, chunk: str) -> None:
    writing_batch.CHUNK = undoing.CHUNK = keeping.AT_ONCE = int(chunk)
    if point != "never":
        die_at(point, int(nth))
    app = create_app(Settings(instance=Path(instance), database_url=database, _env_file=None))
    with app.app_context():
        with writing():
            resuming.resume(int(batch))
            db.session.commit()
        db.engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
