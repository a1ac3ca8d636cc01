"""How many people there are, by unit, tier, native place and residence: counted by the database as it changes.

Counting 200,000 rows for one page costs more than the page may. Triggers leave a line for each change, `+1` or `-1`,
so that no two writers wait for one counter; a job adds the lines up now and then. A sum over the lines is exact at any
moment. Unit 0 is everyone; a unit's own figures count whom it keeps or shares, as `/people?unit=…` lists them.
"""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import SQLModel

from yishang_crm.core.actor import Actor
from yishang_crm.core.db import db
from yishang_crm.core.scope import guard_also, unscoped_for
from yishang_crm.core.triggers import Trigger, keep

EVERYONE = 0
KINDS = {"tier": "tier", "place": "native_place", "residence": "residence"}

tally = sa.Table(
    "people_tally",
    SQLModel.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("unit_id", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(10), nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("n", sa.Integer, nullable=False),
    # Everything a sum reads stands in the index.
    sa.Index("ix_people_tally_sums", "unit_id", "kind", "name", "n"),
)
guard_also("people_tally")

_INTO = "INSERT INTO people_tally (unit_id, kind, name, n)"


def _of_person(row: str, sign: str) -> str:
    parts = " UNION ALL ".join(
        f"SELECT 0, '{kind}', {row}.{column}, {sign}1 WHERE {row}.erased_at IS NULL"
        for kind, column in KINDS.items()
    )
    return f"{_INTO} {parts};"


def _of_unit(row: str, sign: str) -> str:
    parts = " UNION ALL ".join(
        f"SELECT {row}.unit_id, '{kind}', {column}, {sign}1 FROM person "
        f"WHERE id = {row}.person_id AND erased_at IS NULL"
        for kind, column in KINDS.items()
    )
    return f"{_INTO} {parts};"


def _of_change() -> str:
    # Who is erased keeps an empty row, and is counted no more.
    whose = (
        "(SELECT 0 AS unit_id UNION ALL SELECT unit_id FROM stewardship WHERE person_id = NEW.id) AS whose"
    )
    parts = " UNION ALL ".join(
        f"SELECT whose.unit_id, '{kind}', {row}.{column}, {sign}1 FROM {whose} WHERE {row}.erased_at IS NULL"
        for kind, column in KINDS.items()
        for row, sign in (("OLD", "-"), ("NEW", "+"))
    )
    return f"{_INTO} {parts};"


_COUNTED_BY = (*KINDS.values(), "erased_at")
_CHANGED = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in _COUNTED_BY)
_KEPT_ELSEWHERE = "OLD.unit_id <> NEW.unit_id OR OLD.person_id <> NEW.person_id"


def _function(name: str, body: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN {body} RETURN NULL; END $$"
    )


def _trigger(name: str, when: str, table: str, body: str, *, only_if: str = "") -> Trigger:
    head = f"AFTER {when} ON {table}"
    condition = f" WHEN ({only_if})" if only_if else ""
    distinct = condition.replace(" IS NOT NEW.", " IS DISTINCT FROM NEW.")
    return Trigger(
        name=name,
        table=table,
        needs=("person", "stewardship", "people_tally"),
        sqlite=f"{head}{condition} BEGIN {body} END",
        postgresql=f"{head} FOR EACH ROW{distinct} EXECUTE FUNCTION {name}()",
        before=_function(name, body),
    )


TRIGGERS = (
    _trigger("tally_person_added", "INSERT", "person", _of_person("NEW", "+")),
    _trigger(
        "tally_person_changed",
        f"UPDATE OF {', '.join(_COUNTED_BY)}",
        "person",
        _of_change(),
        only_if=_CHANGED,
    ),
    _trigger("tally_person_gone", "DELETE", "person", _of_person("OLD", "-")),
    _trigger("tally_kept", "INSERT", "stewardship", _of_unit("NEW", "+")),
    _trigger(
        "tally_kept_elsewhere",
        "UPDATE OF unit_id, person_id",
        "stewardship",
        f"{_of_unit('OLD', '-')} {_of_unit('NEW', '+')}",
        only_if=_KEPT_ELSEWHERE,
    ),
    _trigger("tally_left", "DELETE", "stewardship", _of_unit("OLD", "-")),
)
keep(*TRIGGERS)


def counts(actor: Actor, unit_id: int, *, kinds: Sequence[str] = tuple(KINDS)) -> dict[str, dict[str, int]]:
    """By kind and name, for everyone (`EVERYONE`) or one unit; one statement. Raises `LookupError` out of scope."""
    if not actor.sees_all and unit_id not in actor.unit_ids:
        raise LookupError(f"unit {unit_id} is not {actor.key}'s to count")
    summing = (
        sa.select(tally.c.kind, tally.c.name, sa.func.sum(tally.c.n))
        .where(tally.c.unit_id == unit_id, tally.c.kind.in_(kinds))
        .group_by(tally.c.kind, tally.c.name)
    )
    found: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    for kind, name, n in db.session.execute(summing.execution_options(scope=actor.key)):
        if n:
            found[kind][name] = int(n)
    return found


def tiers_by_unit(actor: Actor) -> dict[int, dict[str, int]]:
    """By unit and tier, of the units whose people the actor sees; one statement."""
    summing = (
        sa.select(tally.c.unit_id, tally.c.name, sa.func.sum(tally.c.n))
        .where(tally.c.kind == "tier", tally.c.unit_id != EVERYONE)
        .group_by(tally.c.unit_id, tally.c.name)
    )
    if not actor.sees_all:
        summing = summing.where(tally.c.unit_id.in_(actor.unit_ids))
    found: dict[int, dict[str, int]] = {}
    for unit_id, tier, n in db.session.execute(summing.execution_options(scope=actor.key)):
        if n:
            found.setdefault(int(unit_id), {})[tier] = int(n)
    return found


def lines() -> int:
    """How many lines wait to be added up, those already added up included."""
    counting = sa.select(sa.func.count()).select_from(tally)
    return int(db.session.scalar(unscoped_for("adding up", counting)) or 0)


def kinds_of_line() -> int:
    """How many lines there are at the least: one of each kind."""
    kinds = sa.select(tally.c.unit_id, tally.c.kind, tally.c.name).distinct().subquery()
    counting = sa.select(sa.func.count()).select_from(kinds)
    return int(db.session.scalar(unscoped_for("adding up", counting)) or 0)


def add_up() -> None:
    """Put one line in the place of many (inside an action). What others leave meanwhile stays for the next time.

    Only lines that this transaction took away are added up, so that two workers at once count nothing twice.
    """
    last = db.session.scalar(unscoped_for("adding up", sa.select(sa.func.max(tally.c.id)))) or 0
    taking = sa.delete(tally).where(tally.c.id <= last)
    taking = taking.returning(tally.c.unit_id, tally.c.kind, tally.c.name, tally.c.n)
    sums: Counter[tuple[int, str, str]] = Counter()
    for unit_id, kind, name, n in db.session.execute(taking):
        sums[unit_id, kind, name] += n
    rows = [
        {"unit_id": unit_id, "kind": kind, "name": name, "n": n}
        for (unit_id, kind, name), n in sums.items()
        if n
    ]
    if rows:
        db.session.execute(sa.insert(tally), rows)


def recount(connection: sa.Connection) -> None:
    """Count anew by reading every row: after a migration that took the triggers away for a while."""
    connection.exec_driver_sql("DELETE FROM people_tally")
    for kind, column in KINDS.items():
        connection.exec_driver_sql(
            f"{_INTO} SELECT 0, '{kind}', {column}, count(*) FROM person WHERE erased_at IS NULL GROUP BY {column}"
        )
        connection.exec_driver_sql(
            f"{_INTO} SELECT stewardship.unit_id, '{kind}', person.{column}, count(*) FROM stewardship "
            f"JOIN person ON person.id = stewardship.person_id WHERE erased_at IS NULL GROUP BY stewardship.unit_id, person.{column}"
        )
