"""people counted as they change

Revision ID: tally
Revises: relations
Create Date: 2026-11-27 09:00:00+08:00
"""

import sqlalchemy as sa
from alembic import op

revision = "tally"
down_revision = "relations"
branch_labels = None
depends_on = None

KINDS = {"tier": "tier", "place": "native_place", "residence": "residence"}
INTO = "INSERT INTO people_tally (unit_id, kind, name, n)"
TRIGGERS = (
    ("person", "tally_person_added"),
    ("person", "tally_person_changed"),
    ("person", "tally_person_gone"),
    ("stewardship", "tally_kept"),
    ("stewardship", "tally_kept_elsewhere"),
    ("stewardship", "tally_left"),
)


def upgrade() -> None:
    op.create_table(
        "people_tally",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_tally")),
    )
    op.create_index("ix_people_tally_sums", "people_tally", ["unit_id", "kind", "name", "n"])
    op.create_index("ix_person_place_tier_id", "person", ["native_place", "tier", "id"])
    for kind, column in KINDS.items():
        op.execute(
            f"{INTO} SELECT 0, '{kind}', {column}, count(*) FROM person WHERE erased_at IS NULL GROUP BY {column}"
        )
        op.execute(
            f"{INTO} SELECT stewardship.unit_id, '{kind}', person.{column}, count(*) FROM stewardship "
            "JOIN person ON person.id = stewardship.person_id WHERE erased_at IS NULL "
            f"GROUP BY stewardship.unit_id, person.{column}"
        )
    _keep_counting()


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, name in TRIGGERS:
        op.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if is_sqlite else f" ON {table}"))
        if not is_sqlite:
            op.execute(f"DROP FUNCTION IF EXISTS {name}()")
    op.drop_index("ix_person_place_tier_id", table_name="person")
    op.drop_index("ix_people_tally_sums", table_name="people_tally")
    op.drop_table("people_tally")


def _keep_counting() -> None:
    """A line for each change, `+1` or `-1`, left by the database itself."""
    counted_by = (*KINDS.values(), "erased_at")
    differs = "IS NOT" if op.get_bind().dialect.name == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in counted_by)
    moved = "OLD.unit_id <> NEW.unit_id OR OLD.person_id <> NEW.person_id"
    _trigger("tally_person_added", "INSERT", "person", _of_person("NEW", "+"))
    when = f"UPDATE OF {', '.join(counted_by)}"
    _trigger("tally_person_changed", when, "person", _of_change(), only_if=changed)
    _trigger("tally_person_gone", "DELETE", "person", _of_person("OLD", "-"))
    _trigger("tally_kept", "INSERT", "stewardship", _of_unit("NEW", "+"))
    both = f"{_of_unit('OLD', '-')} {_of_unit('NEW', '+')}"
    _trigger("tally_kept_elsewhere", "UPDATE OF unit_id, person_id", "stewardship", both, only_if=moved)
    _trigger("tally_left", "DELETE", "stewardship", _of_unit("OLD", "-"))


def _of_person(row: str, sign: str) -> str:
    parts = " UNION ALL ".join(
        f"SELECT 0, '{kind}', {row}.{column}, {sign}1 WHERE {row}.erased_at IS NULL"
        for kind, column in KINDS.items()
    )
    return f"{INTO} {parts};"


def _of_unit(row: str, sign: str) -> str:
    parts = " UNION ALL ".join(
        f"SELECT {row}.unit_id, '{kind}', {column}, {sign}1 FROM person "
        f"WHERE id = {row}.person_id AND erased_at IS NULL"
        for kind, column in KINDS.items()
    )
    return f"{INTO} {parts};"


def _of_change() -> str:
    whose = "(SELECT 0 AS unit_id UNION ALL SELECT unit_id FROM stewardship WHERE person_id = NEW.id) AS whose"
    parts = " UNION ALL ".join(
        f"SELECT whose.unit_id, '{kind}', {row}.{column}, {sign}1 FROM {whose} WHERE {row}.erased_at IS NULL"
        for kind, column in KINDS.items()
        for row, sign in (("OLD", "-"), ("NEW", "+"))
    )
    return f"{INTO} {parts};"


def _trigger(name: str, when: str, table: str, body: str, *, only_if: str = "") -> None:
    head, condition = f"CREATE TRIGGER {name} AFTER {when} ON {table}", f" WHEN ({only_if})" if only_if else ""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"{head}{condition} BEGIN {body} END")
        return
    op.execute(
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
    )
    op.execute(f"{head} FOR EACH ROW{condition} EXECUTE FUNCTION {name}()")
