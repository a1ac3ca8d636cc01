"""where people live: the key of a residence as written

Revision ID: lives
Revises: duplicates
Create Date: 2026-11-26 09:00:00+08:00
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "lives"
down_revision = "duplicates"
branch_labels = None
depends_on = None

# SQLite makes the table anew, and would forget without a word that a number is never given again.
KEEPS_NUMBERS = {"sqlite_autoincrement": True}


def upgrade() -> None:
    key, area = sqlmodel.sql.sqltypes.AutoString(length=8), sqlmodel.sql.sqltypes.AutoString(length=4)
    op.add_column("person", sa.Column("residence_key", key, nullable=False, server_default="Z0"))
    op.add_column("person", sa.Column("residence_area", area, nullable=False, server_default="Z0"))
    with op.batch_alter_table("person", table_kwargs=KEEPS_NUMBERS) as batch_op:
        batch_op.alter_column("residence_key", existing_type=key, server_default=None)
        batch_op.alter_column("residence_area", existing_type=area, server_default=None)
        batch_op.create_index("ix_person_residence_key_id", ["residence_key", "id"], unique=False)
        batch_op.create_index("ix_person_residence_area_id", ["residence_area", "id"], unique=False)
    _fill()


def downgrade() -> None:
    with op.batch_alter_table("person", table_kwargs=KEEPS_NUMBERS) as batch_op:
        batch_op.drop_index("ix_person_residence_area_id")
        batch_op.drop_index("ix_person_residence_key_id")
        batch_op.drop_column("residence_area")
        batch_op.drop_column("residence_key")


def _fill() -> None:
    """Once for each writing there is, along the index of writings."""
    from yishang_crm.people.places.localities import area_of, residence_key

    person = sa.table(
        "person", sa.column("residence"), sa.column("residence_key"), sa.column("residence_area")
    )
    connection = op.get_bind()
    written = connection.execute(sa.select(person.c.residence).where(person.c.residence != "").distinct()).scalars()
    for text in list(written):
        fill = sa.update(person).where(person.c.residence == text)
        key = residence_key(text)
        fill = fill.values(residence_key=key, residence_area=area_of(key))
        connection.execute(fill)
