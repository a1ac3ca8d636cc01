"""Heavy work in a process of its own: it has a limit of time and of memory, and nobody's page waits for it."""

import contextlib
import gc
import os
import resource
import subprocess
import sys
from collections.abc import Iterator

from yishang_crm.core.errors import HouseError
from yishang_crm.core.words import N_


class TookTooLong(HouseError):
    """The work did not end in its time. Answered with 422."""

    status = 422


class WantedTooMuch(HouseError):
    """The work wanted more memory than it may have, or broke down. Answered with 422."""

    status = 422


def run(module: str, given: bytes, *, seconds: float, megabytes: int) -> bytes:
    """Run `python -m module` with `given` on its standard input; returns what it printed.

    The module calls `limit_memory()` first. Raises `TookTooLong` or `WantedTooMuch`.
    """
    environment = {**os.environ, "YISHANG_APART_MEGABYTES": str(megabytes), "PYTHONIOENCODING": "utf-8"}
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and one of our own modules
            [sys.executable, "-m", module],
            input=given,
            capture_output=True,
            timeout=seconds,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired as late:
        raise TookTooLong(
            N_(
                "这份文件读了%(seconds)s秒还没有读完，没有再读。请删去空行、图片和多余的工作表，或分成几个文件再上传。"
            ),
            seconds=round(seconds),
        ) from late
    if done.returncode:
        raise WantedTooMuch(
            N_(
                "读这份文件要用的内存超过了%(megabytes)s MB，没有再读。请删去空行和多余的工作表，或分成几个文件再上传。"
            ),
            megabytes=megabytes,
        )
    return done.stdout


@contextlib.contextmanager
def unswept() -> Iterator[None]:
    """Hundreds of thousands of rows in hand are no garbage: looking through them again and again costs a third more."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def limit_memory() -> None:
    """In the process of its own: more than this it does not get."""
    megabytes = int(os.environ.get("YISHANG_APART_MEGABYTES", "0"))
    if megabytes:
        most = megabytes * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
