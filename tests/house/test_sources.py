"""Rules that hold for the whole program, read from its sources: who may say what, and where."""

import ast
import functools
import importlib
import inspect
import re
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import RelationshipProperty
from sqlmodel import SQLModel

from tests.house.test_static import ROOT
from yishang_crm import app as house
from yishang_crm.core import rotation, scope
from yishang_crm.core.actor import Permission

PACKAGE = ROOT / "yishang_crm"
SOURCES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}
CODE_OF_OURS = [
    *SOURCES.values(),
    *sorted((ROOT / "tests").rglob("*.py")),
    *sorted((ROOT / "migrations").rglob("*.py")),
]


@functools.cache
def tree(name: str) -> ast.Module:
    return ast.parse(SOURCES[name].read_text("utf-8"))


def calls(name: str) -> Iterator[tuple[str, str, int]]:
    """(function called, enclosing function, line) for each call by a plain or dotted name."""

    def walk(node: ast.AST, inside: str) -> Iterator[tuple[str, str, int]]:
        for child in ast.iter_child_nodes(node):
            within = child.name if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) else inside
            if isinstance(child, ast.Call):
                yield ast.unparse(child.func), within, child.lineno
            yield from walk(child, within)

    yield from walk(tree(name), "")


def callers(function: str) -> set[str]:
    """Every file that calls a function, by whatever name it is imported."""
    wanted = re.compile(rf"(^|\.){re.escape(function)}$")
    return {name for name in SOURCES for called, _, _ in calls(name) if wanted.search(called)}


def is_queries(name: str) -> bool:
    return bool(
        re.fullmatch(r"\w+(/\w+)?/queries(/\w+)?\.py", name) or re.fullmatch(r"\w+/(\w+/)?queries\.py", name)
    )


def is_models(name: str) -> bool:
    return bool(re.fullmatch(r"(\w+/){1,2}models(/\w+)?\.py", name))


def is_actions(name: str) -> bool:
    return "/actions/" in name or name.endswith("/actions.py")


ACTION_MODULES = sorted(name for name in SOURCES if is_actions(name))


# Rule 1


def test_scoped_begins_only_in_queries_and_visible_to():
    strays = [
        (name, line)
        for name in SOURCES
        for called, within, line in calls(name)
        if called.split(".")[-1] == "scoped" and not is_queries(name) and within != "visible_to"
    ]
    assert strays == []


# The ledger reads and moves messages as the worker, for nobody's eyes; the demo asks whether anybody is there yet.
READ_FOR_NOBODY = {"accounts/actors.py", "outbox/ledger.py", "demo/world.py"}


def test_reads_for_nobodys_eyes_stand_in_queries():
    strays = {
        name for name in callers("unscoped_for") if not is_queries(name) and not name.startswith("core/")
    }
    assert strays == READ_FOR_NOBODY


def test_every_read_for_nobodys_eyes_gives_its_reason_in_words():
    for name in SOURCES:
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "unscoped_for":
                reason = node.args[0]
                handed_on = isinstance(reason, ast.Name)  # a constant of the module, or the caller's reason
                assert handed_on or len(ast.literal_eval(reason)) > 3, (name, node.lineno)


def test_a_count_over_scoped_rows_names_the_same_actor():
    """A count around a scoped query loses its mark and says it again: in queries only, and never for another."""
    said = {
        (name, found)
        for name, path in SOURCES.items()
        for found in re.findall(r"execution_options\([^)]*\bscope=([^,)]+)", path.read_text("utf-8"))
        if name != "core/scope.py"
    }
    assert {found for _, found in said} == {"actor.key"}
    assert [name for name, _ in said if not is_queries(name)] == []


def test_nobody_goes_behind_the_guard():
    behind = re.compile(
        r"driver_connection|raw_connection|\.cursor\(\)|sqlite3\.connect|psycopg\.connect|create_engine"
    )
    allowed = {
        "core/backup.py",  # copies the file whole
        "core/schema.py",  # asks for the schema's version before anything stands
    }
    assert {name for name, path in SOURCES.items() if behind.search(path.read_text("utf-8"))} == allowed


def test_sql_is_written_out_only_in_models_queries_and_the_ground():
    strays = {
        name
        for name in SOURCES
        for called, _, _ in calls(name)
        if called in ("sa.text", "text", "sqlalchemy.text") or called.endswith("exec_driver_sql")
        if not is_queries(name) and not name.startswith("core/") and not is_models(name)
    }
    assert strays == {"doctor.py"}  # asks SQLite to check its own file


def test_numbers_of_a_request_are_read_by_one_reader():
    """`type=int` takes -1, `²` and twenty digits, which no row can have and PostgreSQL refuses (`core.asked`)."""
    assert {
        name
        for name in SOURCES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in ("get", "getlist")
        if any(word.arg == "type" for word in node.keywords)
    } == set()


# Rule 2


def test_actors_are_made_in_one_place():
    assert callers("Actor") == {"accounts/actors.py", "core/actor.py"}


# Offered beside the deeds: they choose among actions, or tell without changing anything.
BESIDE_DEEDS = {
    "conference.cannot_print", "conference.follow_up_day", "conference.odd_about", "followup.log_said", "outbox.digest_of", "reception.answer",
}  # fmt: skip


@pytest.mark.parametrize(
    "name", [name for name in ACTION_MODULES if not re.search(r"/actions/(?!__init__)", name)]
)
def test_every_deed_a_room_offers_is_an_action(name):
    dotted = f"yishang_crm.{name.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}"
    offered = {
        word: thing
        for word, thing in vars(importlib.import_module(dotted)).items()
        if inspect.isfunction(thing) and not word.startswith("_") and thing.__module__.startswith(dotted)
    }
    room = dotted.removeprefix("yishang_crm.").removesuffix(".actions")
    plain = {
        f"{room}.{word}"
        for word, thing in offered.items()
        if not isinstance(getattr(thing, "permission", None), Permission)
    }
    assert offered
    assert plain <= BESIDE_DEEDS, plain - BESIDE_DEEDS


def test_steps_of_a_deed_are_shared_with_no_page():
    """What stands in an actions folder without being offered is part of a deed; views and jobs never take it."""
    taken = re.compile(r"from yishang_crm\.\w+(?:\.\w+)?\.actions\.\w+ import")
    taking = {
        name
        for name, path in SOURCES.items()
        if taken.search(path.read_text("utf-8")) and not is_actions(name)
    }
    assert [name for name in taking if re.search(r"views|jobs|letters|models|queries", name)] == []


@pytest.mark.parametrize("name", ACTION_MODULES)
def test_an_action_names_its_actor_first_and_its_details_by_keyword(name):
    odd = []
    for node in tree(name).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not node.decorator_list:
            continue
        positional = [*node.args.posonlyargs, *node.args.args]
        if positional[0].arg != "actor" or node.args.defaults:
            odd.append(node.name)
    assert odd == []


@pytest.mark.parametrize("name", ACTION_MODULES)
def test_an_action_never_commits(name):
    commits = [
        line for called, _, line in calls(name) if called.endswith(("session.commit", "session.rollback"))
    ]
    assert commits == []


# Rule 3

# Beside actions and letters: where a message leaves the house or is put into its envelope, the search index, and the
# columns of a list that leaves, under the permit of the action that recorded it. Before-images of bulk acts and of merges are
# written and read inside one only.
OPENS = {
    "core/sealed.py", "outbox/opening.py", "outbox/door.py", "people/queries/index.py", "people/queries/matching.py", "core/journal.py", "core/plain.py", "core/undo/undoing.py", "people/exports/columns.py",
    "people/known.py",  # words to look for, inside the deed that erases
}  # fmt: skip


def test_a_permit_is_used_where_a_file_is_made_and_nowhere_else():
    assert callers("hand_out") == {"people/exports/actions.py"}
    opened = {name for name, path in SOURCES.items() if "permit.opened()" in path.read_text("utf-8")}
    assert opened == {"people/exports/making.py"}


def test_sealed_values_open_only_where_it_leaves_a_trace():
    opens = {
        name
        for name in callers("whole")
        if not is_actions(name)
        and not name.endswith("/letters.py")
        and not re.search(r"/letters/\w+\.py$", name)
    }
    assert opens <= OPENS
    assert not {name for name in opens if "/views" in name or "/forms" in name}


def test_whatever_is_opened_for_somebodys_eyes_is_counted():
    """`opened=` on an entry comes from `core.openings.opened` and from nowhere else, so nothing opens without a measure."""
    noted = {
        (name, node.lineno)
        for name in SOURCES
        for node in ast.walk(tree(name))
        if isinstance(node, ast.keyword) and node.arg == "opened" and name != "core/openings.py"
    }
    assert noted == set()


# Deeds that read a sealed value for their own work and show it to nobody.
FOR_NOBODYS_EYES = {
    ("accounts/actions/codes.py", "use_code"), ("accounts/actions/passwords.py", "answer_password_request"),
    ("network/actions/introductions.py", "accept_introduction"), ("people/actions/persons.py", "reencrypt_id_numbers"),
    ("people/rounds/actions.py", "_take_over"), ("people/actions/imports/undoing.py", "_before"),
}  # fmt: skip


def test_a_deed_that_reads_a_sealed_value_counts_it_or_shows_it_to_nobody():
    wanted = {
        (name, within)
        for name in ACTION_MODULES
        for called, within, _ in calls(name)
        if called.endswith(".whole")
    }
    counting = {
        (name, within) for name in ACTION_MODULES for called, within, _ in calls(name) if called == "opened"
    }
    assert wanted - counting == FOR_NOBODYS_EYES


def test_nobody_reaches_into_a_sealed_value():
    reaching = {name for name, path in SOURCES.items() if re.search(r"\._text\b", path.read_text("utf-8"))}
    assert reaching == {"core/sealed.py"}


def test_every_encrypted_column_can_be_put_under_a_new_key(app):
    house_rows = {f"{table.name}.{column.name}" for table, column in rotation.encrypted_columns()}
    assert house_rows == {
        "act_image.image",
        "person.id_number",
        "person_merge.images",
        "user_account.totp_secret",
        "import_image.before",
        "import_piece.content",
    }


# The clock


def test_one_place_asks_what_time_it_is():
    asking = re.compile(
        r"datetime\.now\(|date\.today\(|datetime\.utcnow|\.utcnow\(|datetime\.today\(|time\.time\(\)|localtime\("
    )
    asked = {name for name, path in SOURCES.items() if asking.search(path.read_text("utf-8"))}
    assert (
        asked
        == {
            "core/clock.py",
            "outbox/transport.py",  # letters of the mailbox are filed as they truly came, also while the clock stands
        }
    )


# Tables


def tables() -> list[type[SQLModel]]:
    mapped = (mapper.class_ for mapper in SQLModel._sa_registry.mappers)
    return [table for table in mapped if table.__module__.startswith("yishang_crm.")]


def room_of(table: type[SQLModel]) -> str:
    return table.__module__.split(".")[1]


def test_no_relationship_crosses_a_room(app):
    crossing = [
        (table.__name__, relation.key)
        for table in tables()
        for relation in table.__mapper__.relationships
        if isinstance(relation, RelationshipProperty) and room_of(table) != room_of(relation.mapper.class_)
    ]
    assert crossing == []


def test_foreign_keys_point_down_or_stay(app):
    order = ["core", *house.ROOMS]
    rooms = {table.__tablename__: room_of(table) for table in tables()}
    upward = [
        (table.__tablename__, key.target_fullname)
        for table in tables()
        for key in table.__table__.foreign_keys
        if order.index(rooms[key.column.table.name]) > order.index(room_of(table))
    ]
    assert upward == []


# Read by all staff, written by nobody but deeds of their own kind: the ledgers and counters of the ground.
UNGUARDED = {"attempts", "audit_checkpoint"}


def test_every_table_is_guarded_or_recorded_or_named_here(app):
    names = {table.__tablename__ for table in tables()}
    open_ones = names - scope.guarded_tables() - scope.recorded_tables()
    assert open_ones - UNGUARDED == OPEN_TABLES


# Nothing in them is about a person.
OPEN_TABLES: set[str] = set()


def test_models_do_not_put_off_their_annotations():
    """Relationships of SQLModel break with `from __future__ import annotations`."""
    late = [
        name
        for name in SOURCES
        if re.search(r"models(/\w+)?\.py$", name) and "__future__" in SOURCES[name].read_text("utf-8")
    ]
    assert late == []


def test_no_datetime_of_a_table_is_naive(app):
    naive = [
        (table.__tablename__, column.name)
        for table in tables()
        for column in table.__table__.columns
        if "DATETIME" in str(column.type).upper() and not getattr(column.type, "timezone", True)
    ]
    assert naive == []


# Permissions


def test_every_permission_is_asked_for_and_held_by_somebody(app):
    from yishang_crm.accounts.roles import TERMS

    asked = "\n".join(
        path.read_text("utf-8")
        for name, path in SOURCES.items()
        if name not in ("core/actor.py", "accounts/roles.py")
    )
    unused = {item.name for item in Permission if not re.search(rf"\b(Permission|P)\.{item.name}\b", asked)}
    held = frozenset().union(*(terms.may for terms in TERMS.values()))
    of_the_house = {
        Permission.HOUSEKEEPING,
        Permission.OUTBOX_DELIVER,
        Permission.SIGN_IN,
        Permission.CONFERENCE_REPLY,
        Permission.PEOPLE_ANSWER,
    }
    assert unused == set()
    assert set(Permission) - held == of_the_house


# Tidiness


MARKS = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")


def test_nothing_is_left_for_later():
    templates = sorted((ROOT / "templates").rglob("*.*"))
    ours = [
        *CODE_OF_OURS,
        *templates,
        *(ROOT / "static/js").glob("*.js"),
        *(ROOT / "static/css").glob("*.css"),
    ]
    left = [
        (path.relative_to(ROOT).as_posix(), found[0])
        for path in ours
        if (found := MARKS.search(path.read_text("utf-8")))
    ]
    assert left == []


def test_every_module_says_what_it_is_for():
    silent = [name for name in SOURCES if not ast.get_docstring(tree(name))]
    assert silent == []


def test_nothing_is_printed_into_the_air():
    printing = {name for name in SOURCES for called, _, _ in calls(name) if called == "print"}
    assert printing == set()


def test_phone_numbers_belong_to_nobody():
    """Tests and the made-up world use 199-0000-xxxx, which no one has."""
    number = re.compile(r"(?<![\d.])(?:\+?86)?1[3-9]\d{9}(?!\d)")
    real = [
        (path.relative_to(ROOT).as_posix(), found)
        for path in [*CODE_OF_OURS, *sorted((ROOT / "templates").rglob("*.html"))]
        for found in number.findall(path.read_text("utf-8"))
        if "1990000" not in found
    ]
    assert real == ALLOWED_NUMBERS


ALLOWED_NUMBERS: list[tuple[str, str]] = []


def test_no_path_of_one_machine_is_in_the_sources():
    machine = re.compile(r"(?<![\w/.])/(work|root|home)/[\w.]")
    named = [
        path.relative_to(ROOT).as_posix() for path in CODE_OF_OURS if machine.search(path.read_text("utf-8"))
    ]
    assert named == []


def test_the_package_has_no_file_that_python_would_not_load():
    odd = [path for path in PACKAGE.rglob("*.py") if not re.fullmatch(r"[a-z_]+[a-z0-9_]*\.py", path.name)]
    assert odd == []
