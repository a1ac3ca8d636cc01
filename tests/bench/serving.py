"""A house, or the bare floor, behind the real server in a process of its own; and a client that costs little itself."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests.bench.instance import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
YISHANG = Path(sys.executable).with_name("yishang")
_TOKEN = re.compile(rb'name="csrf_token"[^>]*value="([^"]+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^=;\s]+)=([^;\r]*)", re.IGNORECASE)


@dataclass
class Answer:
    """Status, headers as they came, body, and how long from the first byte sent to the last one read, in ms."""

    status: int
    head: bytes
    body: bytes
    took: float


class Client:
    """One browser on one connection that is kept open. Adds about 0.05 ms to what the server takes."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}
        self.token = ""
        self._connect()

    def get(self, path: str, *, htmx: bool = False) -> Answer:
        return self._ask("GET", path, htmx=htmx)

    def post(
        self, path: str, fields: dict[str, str], *, htmx: bool = False, accept: str = "text/html"
    ) -> Answer:
        body = urlencode({"csrf_token": self.token, **fields}).encode()
        return self._ask("POST", path, body=body, htmx=htmx, accept=accept)

    def sign_in(self, login: str) -> "Client":
        """Through the door like everybody; afterwards `token` fits every form."""
        self.read_token(self.get("/login"))
        answer = self.post("/login", {"login": login, "password": PASSWORD})
        if answer.status != 303:
            raise RuntimeError(f"{login} was not let in: {answer.status}")
        self.read_token(self.get("/account"))
        return self

    def close(self) -> None:
        self.socket.close()

    def read_token(self, answer: Answer) -> None:
        """From a page with a form, for the forms of this browser."""
        found = _TOKEN.search(answer.body)
        if found is None:
            raise RuntimeError("no form on the page")
        self.token = found[1].decode()

    def _ask(
        self, method: str, path: str, *, body: bytes = b"", htmx: bool = False, accept: str = "text/html"
    ) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Accept: {accept}"]
        lines += [f"Cookie: {cookies}"] if cookies else []
        lines += ["HX-Request: true"] if htmx else []
        if method == "POST":
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        sent = "\r\n".join([*lines, "", ""]).encode() + body
        begun = time.perf_counter()
        try:
            self.socket.sendall(sent)
            head, rest = self._read()
        except ConnectionError:  # an idle connection was closed by the server
            self._connect()
            begun = time.perf_counter()
            self.socket.sendall(sent)
            head, rest = self._read()
        took = (time.perf_counter() - begun) * 1000
        for name, value in _COOKIE.findall(head):
            self.cookies[name.decode()] = value.decode()
        return Answer(int(head[9:12]), head, rest, took)

    def _read(self) -> tuple[bytes, bytes]:
        read = bytearray()
        while (end := read.find(b"\r\n\r\n")) < 0:
            read += self._some()
        head, rest = bytes(read[: end + 2]), read[end + 4 :]
        length = _LENGTH.search(head)
        wanted = int(length[1]) if length else 0
        while len(rest) < wanted:
            rest += self._some()
        return head, bytes(rest)

    def _some(self) -> bytes:
        some = self.socket.recv(262_144)
        if not some:
            raise ConnectionError
        return some

    def _connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@dataclass
class Served:
    """A server that answers. `began_in`: seconds from its start to its first answer."""

    port: int
    process: psutil.Process
    began_in: float

    def client(self, login: str = "") -> Client:
        return Client(self.port).sign_in(login) if login else Client(self.port)

    def memory(self) -> float:
        """MB held by all its processes; what they share is counted with each."""
        return sum(one.memory_info().rss for one in self._family()) / 1e6

    def memory_of_its_own(self) -> float:
        """MB held by all its processes; what they share (the interpreter, the libraries) is counted once."""
        return sum(one.memory_full_info().pss for one in self._family()) / 1e6

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def house(folder: Path) -> Iterator[Served]:
    """`yishang serve`, web and timetable, on an instance that is filled."""
    port = free_port()
    with _serving(
        [str(YISHANG), "serve", "--port", str(port)], port, folder, {"YISHANG_INSTANCE": str(folder)}
    ) as served:
        yield served


@contextmanager
def floor(folder: Path) -> Iterator[Served]:
    """The bare page behind the same server with the same settings."""
    port = free_port()
    command = [
        str(YISHANG.with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--blocking-threads", "8", "--no-access-log", "--log-level", "warning",
        "tests.bench.floor:app",
    ]  # fmt: skip
    with _serving(command, port, folder, {"BENCH_FLOOR": str(folder / "floor.db")}) as served:
        yield served


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _serving(command: list[str], port: int, folder: Path, settings: dict[str, str]) -> Iterator[Served]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YISHANG_")}
    begun = time.perf_counter()
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=kept | settings, stdout=log, stderr=log)
    try:
        _wait_until_alive(process, port, folder)
        yield Served(port, psutil.Process(process.pid), time.perf_counter() - begun)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_alive(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    for _try in range(3000):
        if process.poll() is not None:
            break
        try:
            if Client(port).get("/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError((folder / "server.log").read_text("utf-8")[-2000:])
