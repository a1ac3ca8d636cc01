"""Who has taken a message in hand: the mark of a sending process, and whether that process is certainly gone."""

import os
import secrets
import socket
from pathlib import Path

MARK = "{host}/{space}/{pid}/{begun}"


def own_mark() -> str:
    """A mark of this process and this run, such as `desk-1/4026531836/4711/88123/9f2c`."""
    return f"{_process_mark(os.getpid())}/{secrets.token_hex(2)}"


def is_gone(mark: str) -> bool:
    """True when the process behind a mark ran on this machine and runs no more. False when that cannot be known."""
    host, space, pid, begun, *_ = [*mark.split("/"), "", "", "", ""]
    here = _process_mark(os.getpid()).split("/")
    if [host, space] != here[:2] or not space or not pid.isdigit():
        return False
    return _begun_at(int(pid)) != begun


def _process_mark(pid: int) -> str:
    host = socket.gethostname().replace("/", "-")[:40]
    return MARK.format(host=host, space=_process_space(), pid=pid, begun=_begun_at(pid))


def _process_space() -> str:
    # Two containers may share a host name; their processes are not to be confused.
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()[:8]
        return f"{boot}.{Path('/proc/self/ns/pid').readlink().name.strip('pid:[]')}"
    except OSError:
        return ""


def _begun_at(pid: int) -> str:
    """The start time of a process in clock ticks since boot, or empty: process ids come round again, this does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state[0] in "ZX" else state[19]
