"""Nothing is read without saying for whom, nothing written outside an action: the guard at the engine.

The guard reads the finished SQL of every statement, so that no way of building one goes around it:
joins, `with_only_columns`, Core inserts, bulk updates, `session.connection()` and `text()` all pass here.
"""

import functools
import re
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import ORMExecuteState, Session, raiseload
from sqlmodel import SQLModel, select
from sqlmodel.sql.expression import SelectOfScalar

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import is_writing
from yishang_crm.core.deed import now_doing

Row = TypeVar("Row", bound=SQLModel)
Statement = TypeVar("Statement", bound=sa.Executable)


class Unscoped(RuntimeError):
    """A guarded table was read by a statement that names no actor."""


class Unrecorded(RuntimeError):
    """A guarded table was written outside an action."""


class WroteWhileReading(RuntimeError):
    """A page that only reads tried to write."""


def scoped(table: type[Row], actor: Actor) -> SelectOfScalar[Row]:
    """The only beginning of a query on a guarded table; called only in `visible_to` functions."""
    return select(table).options(raiseload("*")).execution_options(scope=actor.key)


def unscoped_for(reason: str, statement: Statement) -> Statement:
    """A read for nobody's eyes: sign-in, token lookup, a counter. The reason stands in the code."""
    return statement.execution_options(scope=f"house: {reason}")


def guard_engine(engine: sa.Engine) -> None:
    """Check every statement that reaches this engine."""
    sa.event.listen(engine, "before_cursor_execute", _check)


_beside_tables: set[str] = set()


def guard_also(*names: str) -> None:
    """Guard something that is no mapped table, such as a search index."""
    _beside_tables.update(names)
    _touches.cache_clear()
    _names_in_sql.cache_clear()


def guarded_tables() -> set[str]:
    """The names of the tables that are neither read without an actor nor written without an action."""
    return _marked("__guarded__") | _beside_tables


def recorded_tables() -> set[str]:
    """The names of the tables that all staff may read, but nobody writes without an action."""
    return _marked("__recorded__")


def _marked(mark: str) -> set[str]:
    mappers = SQLModel._sa_registry.mappers
    return {str(mapper.class_.__tablename__) for mapper in mappers if getattr(mapper.class_, mark, False)}


# Names in double quotes are names; what stands in single ones is a value.
_QUOTED = re.compile(r"\"(?:[^\"]|\"\")*\"|'(?:[^']|'')*'")
# Comments, and ways of quoting that the two databases read differently: a lone quote in one of them could hide what follows.
_MISLEADING = re.compile(r"--|/\*|[$\\`\[]")
_WRITE = re.compile(
    r"\b(INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+(ONLY\s+)?\S+\s+SET|DELETE\s+FROM|REPLACE\s+INTO|MERGE\s+INTO|TRUNCATE)\b",
    re.IGNORECASE,
)
_DDL = re.compile(
    r"^\s*(CREATE|ALTER|DROP|PRAGMA|REINDEX|ANALYZE|VACUUM)\b(?!.*\bAS\s+SELECT\b)", re.IGNORECASE | re.DOTALL
)


@functools.cache
def _names_in_sql() -> re.Pattern[str]:
    # Longest first, and whole words only: `person` must not be seen in `person_1` or `person_search`.
    names = sorted(guarded_tables() | recorded_tables(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, names))})(?!\w)", re.IGNORECASE)


@functools.lru_cache(maxsize=8192)
def _touches(statement: str) -> tuple[bool, frozenset[str]]:
    """Whether a statement writes, and which tables it names that it may not name just so."""
    bare = _without_values(statement)
    if _DDL.match(bare):
        return False, frozenset()  # only migrations and the opening of the house use it, and it reads no row
    writes = bool(_WRITE.search(bare))
    names = {name.lower() for name in _names_in_sql().findall(bare)}
    return writes, frozenset(names if writes else names & guarded_tables())


def _without_values(statement: str) -> str:
    """A table's name in a value is no table. Where we could be misled, all of the text is looked at."""
    if _MISLEADING.search(statement):
        return statement
    return _QUOTED.sub(lambda found: found[0] if found[0].startswith('"') else "''", statement)


def _check(
    _connection: sa.Connection,
    _cursor: object,
    statement: str,
    _parameters: object,
    context: Any,
    _many: bool,  # noqa: FBT001 - SQLAlchemy's signature
) -> None:
    writes, names = _touches(statement)
    if writes and not is_writing():
        raise WroteWhileReading(statement[:200])
    if not names:
        return
    if writes:
        if now_doing() is None:
            raise Unrecorded(", ".join(sorted(names)))
    elif context is None or not context.execution_options.get("scope"):
        raise Unscoped(", ".join(sorted(names)))


@sa.event.listens_for(Session, "do_orm_execute")
def _follow_the_parent(state: ORMExecuteState) -> None:
    # Children and late columns are seen through a row that was itself found for somebody:
    # `raiseload` leaves only the loads a query asked for, and no relationship crosses a room.
    if state.is_relationship_load or state.is_column_load:
        state.update_execution_options(scope="through its parent")
