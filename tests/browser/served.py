"""The real thing: a demo world served by `yishang serve` in a process of its own, mail going to a real SMTP server."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.outbox.servers import MailServer

PASSWORD = "春江花月-demo-2026"
PROGRAM = Path(sys.executable).with_name("yishang")


@dataclass
class Served:
    """A running house: where it answers, and what it sent."""

    base: str
    environment: dict[str, str]
    mail: MailServer
    log: Path
    pictures: Path = field(default=Path("docs/guide/pictures"))

    def run(self, *arguments: str) -> str:
        """A command of ours in the same installation."""
        done = subprocess.run(
            [PROGRAM, *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextlib.contextmanager
def served(instance: Path, *, database: str | None, people: int = 300) -> Iterator[Served]:
    """Fill, serve, and stop what was started."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    with MailServer() as mail:
        environment = {
            **os.environ,
            "YISHANG_INSTANCE": str(instance),
            "YISHANG_SMTP_URL": mail.url,
            "YISHANG_PUBLIC_URL": base,
            **({"YISHANG_DATABASE_URL": database} if database else {}),
        }
        log = instance.with_suffix(".log")
        house = Served(base, environment, mail, log)
        house.run("demo", "--people", str(people), "--password", PASSWORD)
        with log.open("w") as output:
            process = subprocess.Popen(
                [PROGRAM, "serve", "--port", str(port)], env=environment, stdout=output, stderr=output
            )
        try:
            _wait_until_it_answers(base, log)
            yield house
        finally:
            process.terminate()
            process.wait(timeout=20)


def chromium() -> str | None:
    """Debian's Chromium, or another build of it."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


def _wait_until_it_answers(base: str, log: Path) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            if urllib.request.urlopen(f"{base}/readyz", timeout=2).status == 200:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text()[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
