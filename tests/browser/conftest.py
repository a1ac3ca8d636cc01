"""Chromium, a served house, and pictures for the guide."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.served import Served, chromium, served

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


# A busy machine answers late; what does not come at all is still missed.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One house for the whole run, on SQLite or on PostgreSQL."""
    database = None
    if os.environ.get("YISHANG_TEST_DATABASE") == "postgresql":
        database = str(request.getfixturevalue("postgresql").get_uri())
    with served(tmp_path_factory.mktemp("served") / "instance", database=database) as house:
        yield house


@pytest.fixture(scope="session")
def launch() -> Iterator[Callable[..., Browser]]:
    """Start a Chromium with further arguments; all are closed after the run."""
    program = chromium()
    assert program, "没有找到 Chromium：请先运行 make test，它会安装；或 apt-get install chromium"
    with sync_playwright() as playwright:
        yield lambda *further: playwright.chromium.launch(
            executable_path=program, args=[*ARGUMENTS, *further]
        )


@pytest.fixture(scope="session")
def browser(launch: Callable[..., Browser]) -> Iterator[Browser]:
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Any:
    """Keep a picture for the guide, where it was asked for (`YISHANG_PICTURES=docs/guide/pictures`)."""
    folder = os.environ.get("YISHANG_PICTURES")

    def keep(page: Any, name: str) -> None:
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(Path(folder) / f"{name}.png"))

    return keep
