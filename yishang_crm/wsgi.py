"""The app as a server loads it: static files by WhiteNoise, the timetable in one process of the machine."""

import fcntl
import gc
import os

from whitenoise import WhiteNoise

from yishang_crm.app import ROOT, behind_proxies, create_app
from yishang_crm.core import log
from yishang_crm.core.web import seal_file

log.start()
# What is made while the house opens stays for good. Not looking for garbage among it shortens the start by a tenth, and
# set apart afterwards it is walked through no more: else every full search stops some page for it.
gc.disable()
house = behind_proxies(create_app())
app = WhiteNoise(
    house.wsgi_app,
    root=str(ROOT / "static"),
    prefix="static/",
    max_age=31_536_000,
    allow_all_origins=False,
    add_headers_function=seal_file,
)
gc.freeze()
gc.enable()

_turn = None


def begin_timetable() -> None:
    """In the first worker of this machine only; due-ness in the data makes a second one harmless anyway."""
    global _turn  # noqa: PLW0603 - the lock lives as long as the process
    _turn = (house.config["SETTINGS"].folder / ".timetable.lock").open("w")
    try:
        fcntl.flock(_turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return
    from yishang_crm import timetable

    timetable.begin(house, wait=False)


if os.environ.get("YISHANG_WITH_TIMETABLE"):
    begin_timetable()
