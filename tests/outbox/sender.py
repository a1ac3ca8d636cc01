"""A real sending process for the kill tests: `python -m tests.outbox.sender INSTANCE DATABASE SMTP POINT NTH`.

At the NTH passing of POINT it kills itself with SIGKILL, as a power cut would. POINT `never` lets it finish.
"""

import json
import os
import signal
import smtplib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yishang_crm.app import create_app
from yishang_crm.core.config import Settings
from yishang_crm.core.db import db
from yishang_crm.outbox import delivery, ledger
from yishang_crm.outbox.delivery import deliver_due
from yishang_crm.outbox.transport import Smtp

# Each boundary between claim, DATA, reply and record: what is wrapped, and on which side of it the process dies.
POINTS: dict[str, tuple[Any, str, str]] = {
    "leased": (delivery._Run, "_deliver", "before"),
    "written": (delivery._Run, "_begin", "before"),
    "claim not committed": (ledger, "claim", "after"),
    "claimed": (delivery._Run, "_begin", "after"),
    "announced": (Smtp, "_hand_over", "before"),
    "data sent": (smtplib.SMTP, "send", "after the dot"),
    "replied": (Smtp, "send", "after"),
    "record not committed": (ledger, "record", "after"),
    "recorded": (delivery._Run, "_commit", "after"),
}


def die_at(point: str, nth: int) -> None:
    owner, name, side = POINTS[point]
    real: Callable[..., Any] = getattr(owner, name)
    passed = 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal passed
        counts = side != "after the dot" or bytes(args[1] if isinstance(args[1], bytes) else b"").endswith(
            b"\r\n.\r\n"
        )
        passed += counts
        if side == "before" and passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*args, **kwargs)
        if side != "before" and counts and passed == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, wrapped)


def main(instance: str, database: str, smtp: str, point: str, nth: str) -> None:
    if point != "never":
        die_at(point, int(nth))
    app = create_app(Settings(instance=Path(instance), database_url=database, _env_file=None))
    with app.app_context():
        counts = deliver_due(Smtp(smtp, sender="yishang@example.cn"), batch=10)
        db.engine.dispose()
    print(json.dumps(counts.as_dict()))


if __name__ == "__main__":
    main(*sys.argv[1:])
