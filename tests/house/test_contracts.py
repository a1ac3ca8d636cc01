"""The contracts of pyproject.toml reach every room, nested ones too; a room that is new cannot stand outside them."""

import ast
import fnmatch
import tomllib

import pytest

from tests.house.test_sources import (
    PACKAGE,
    SOURCES,
    is_actions,
    is_models,
    is_queries,
    room_of,
    tables,
    tree,
)
from tests.house.test_static import ROOT

SAID = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
CONTRACTS = {contract["name"].partition(":")[0]: contract for contract in SAID["importlinter"]["contracts"]}
LAYERS = ("views", "jobs", "forms", "actions", "letters", "queries", "models")
# Beside models and queries these speak SQL, each for a reason of its own.
SPEAK_SQL = {
    "accounts/actors.py",  # makes actors of rows, before there is anybody to ask for
    "accounts/tries.py",  # one statement counts and decides
    "outbox/door.py",  # a letter that was written already is found by its key
    "outbox/ledger.py",  # the worker's own states, moved row by row
}


def modules_of_rooms() -> list[str]:
    """`portal/guest/views` for every file and folder of a room that bears the name of a layer."""
    rooms = [path for path in PACKAGE.iterdir() if path.is_dir() and path.name not in ("core", "demo")]
    found = [
        path
        for room in rooms
        for path in room.rglob("*")
        if path.stem in LAYERS and path.name != "__pycache__"
    ]
    named = {path.relative_to(PACKAGE).with_suffix("").as_posix() for path in found}
    # `people/queries/imports` is part of a layer, `conference/papers` has no pages: neither is a room.
    has_pages = {name.rpartition("/")[0] for name in named if name.endswith(("/views", "/queries"))}
    return sorted(
        name
        for name in named
        if name.rpartition("/")[0] in has_pages and not set(name.split("/")[:-1]) & set(LAYERS)
    )


def is_among(module: str, patterns: list[str]) -> bool:
    dotted = "yishang_crm." + module.replace("/", ".")
    return any(
        len(dotted.split(".")) == len(pattern.split(".")) and fnmatch.fnmatchcase(dotted, pattern)
        for pattern in patterns
    )


def test_the_walk_finds_rooms_within_rooms():
    assert {"portal/guest/actions", "portal/partner/views", "people/queries"} <= set(modules_of_rooms())


@pytest.mark.parametrize("module", modules_of_rooms())
def test_the_order_inside_a_room_holds_in_every_room(module):
    room = module.rpartition("/")[0]
    assert is_among(room, CONTRACTS["Inside a room"]["containers"])


@pytest.mark.parametrize("module", modules_of_rooms())
def test_who_may_not_speak_sql_and_who_may_not_know_the_web_is_said_of_every_room(module):
    layer = module.rpartition("/")[2]
    contract = (
        "Models, queries and actions know nothing of the web"
        if layer in ("models", "queries")
        else "Only models and queries speak SQL"
    )
    assert is_among(module, CONTRACTS[contract]["source_modules"])


def test_every_deed_is_typed():
    deeds = {name for name in SOURCES if is_actions(name)}
    held = {
        path.relative_to(PACKAGE).as_posix()
        for pattern in SAID["mypy"]["files"]
        for found in ROOT.glob(pattern)
        for path in ([found] if found.is_file() else found.rglob("*.py"))
    }
    assert deeds - held == set()


def test_nobody_else_speaks_sql():
    speaking = {
        name
        for name in SOURCES
        for node in ast.walk(tree(name))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for module in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
        if module.partition(".")[0] in ("sqlalchemy", "sqlmodel")
        if "/" in name and not name.startswith(("core/", "demo/")) and not is_queries(name)
        if not is_models(name)
    }
    assert speaking == SPEAK_SQL


def test_the_portal_and_the_figures_own_no_tables(app):
    assert {room_of(table) for table in tables()} & {"portal", "insight"} == set()
    assert [name for name in SOURCES if name.startswith(("portal/", "insight/")) and is_models(name)] == []
