"""A job runs as the house, in its own app context and transaction, and its outcome is logged."""

import functools
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from yishang_crm.core import log
from yishang_crm.core.db import db, writing
from yishang_crm.core.errors import HouseError

Job = Callable[[], Any]


def in_house(app: Flask, job: Job) -> Job:
    """Wrap a job for the timetable: one failing run is logged and the next goes on."""

    @functools.wraps(job)
    def run() -> None:
        begun = time.perf_counter()
        with app.app_context(), writing():
            try:
                outcome = job()
                db.session.commit()
            except HouseError as refusal:
                db.session.rollback()
                log.event("job", name=job.__qualname__, module=job.__module__, refused=str(refusal))
                return
            except Exception as error:  # noqa: BLE001 - a job speaks to nobody, so its fault is told to the log
                db.session.rollback()
                log.unexpected(error)
                return
        if outcome:
            log.event("job", name=job.__qualname__, module=job.__module__, outcome=outcome,
                      milliseconds=round((time.perf_counter() - begun) * 1000))  # fmt: skip

    return run
