"""The house as it is really served: a process of its own on loopback."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from yishang_crm.core import schema


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, psutil.Process]]:
    """`yishang serve` on an empty installation: its port, and its first process."""
    folder, port = tmp_path_factory.mktemp("served"), free_port()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("YISHANG_")}
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-c", "from yishang_crm.cli import main; main()", "serve", "--port", str(port)],
        cwd=folder,
        env=plain | {"PYTHONPATH": str(schema.ROOT), "YISHANG_INSTANCE": str(folder / "instance")},
        stdout=log,
        stderr=log,
    )
    try:
        _wait_for(port, process, folder / "log")
        yield port, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()
        log.close()


@pytest.fixture(scope="module")
def served(serving: tuple[int, psutil.Process]) -> int:
    return serving[0]


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(150):
        assert process.poll() is None, log.read_text()
        with contextlib.suppress(OSError):
            if asked(port, "/healthz")[0] == 200:
                return
        time.sleep(0.2)
    raise AssertionError(log.read_text())


def asked(port: int, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(
            method, path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return (
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            answer.read().decode("utf-8", "replace"),
        )
    finally:
        connection.close()


def test_a_foreign_host_is_answered_400_and_nothing_breaks(served):
    for path in ("/login", "/", "/people", "/nowhere"):
        status, headers, text = asked(served, path, Host="evil.example")
        assert (status, "evil" in text + str(headers)) == (400, False)
        assert headers["content-security-policy"].startswith("default-src 'none'")


def test_its_own_address_is_the_one_given_to_serve(served):
    assert asked(served, "/login", Host=f"127.0.0.1:{served}")[0] == 200
    status, headers, _ = asked(served, "/people", Host=f"127.0.0.1:{served}", X_Forwarded_Host="evil.example")
    assert (status, headers["location"]) == (302, "/login?next=/people")


def test_it_is_ready_and_measured_from_this_machine_alone(served):
    assert asked(served, "/readyz")[0] == 200
    status, _, text = asked(served, "/metrics")
    assert (status, "yishang_answers_total" in text) == (200, True)
    assert asked(served, "/metrics", X_Forwarded_For="203.0.113.7")[0] == 404


def test_files_are_served_to_be_kept_and_not_to_be_guessed(served):
    status, headers, _ = asked(served, "/static/mark.svg")
    assert status == 200
    assert "max-age=" in headers["cache-control"]
    assert [
        asked(served, path)[0]
        for path in ("/static/../yishang_crm/app.py", "/static/%2e%2e/app.py", "/static/")
    ] == [404, 404, 404]


def test_files_bear_the_protecting_headers_as_well(served):
    headers = asked(served, "/static/mark.svg")[1]
    assert headers.get("x-content-type-options") == "nosniff"
    assert "default-src 'none'" in headers.get("content-security-policy", "")


def test_web_and_timetable_at_rest_hold_less_than_200_mb(serving):
    _, first = serving
    family = [first, *first.children(recursive=True)]
    assert len(family) == 2
    assert sum(one.memory_info().rss for one in family) < 200e6


# Each of these is wanted by some page, file or letter, and loaded when the first of them is asked for.
HEAVY = {
    "typst",
    "pypdf",
    "docx",
    "docxtpl",
    "lxml",
    "alembic",
    "xlsxwriter",
    "pypinyin",
    "lunar_python",
    "chinese_calendar",
}


def test_the_open_house_holds_nothing_heavy_that_nobody_asked_for(tmp_path):
    loaded = _loaded("import yishang_crm.wsgi", tmp_path)
    assert ("yishang_crm.conference.views" in loaded, loaded & HEAVY) == (True, set())


def test_the_process_that_watches_over_the_server_knows_no_database_library(tmp_path):
    schema.migrate(f"sqlite:///{tmp_path / 'yishang.db'}")
    loaded = _loaded("from yishang_crm import cli; cli._migrate_if_due()", tmp_path)
    assert ("yishang_crm.core.schema" in loaded, loaded & {"sqlalchemy", "sqlmodel"}) == (True, set())


def _loaded(statement: str, instance: Path) -> set[str]:
    """The names of the modules that a fresh process has loaded after a statement."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("YISHANG_")}
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules)"],
        env=plain | {"PYTHONPATH": str(schema.ROOT), "YISHANG_INSTANCE": str(instance)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("command", ["serve", "web"])
def test_a_port_that_is_taken_is_refused_with_what_to_do(tmp_path, command):
    """A second server would silently share it, and callers would reach either."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "yishang_crm", command, "--port", str(port)],
            env={**os.environ, "YISHANG_INSTANCE": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, f"127.0.0.1:{port} 用不了" in done.stderr) == (1, True)
    assert f"--port {port + 1}" in done.stderr
    assert list(tmp_path.iterdir()) == []  # nothing was begun
