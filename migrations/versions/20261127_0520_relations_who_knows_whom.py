"""who knows whom: relations between people

Revision ID: relations
Revises: bodies
Create Date: 2026-11-26 09:20:00+08:00
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "relations"
down_revision = "bodies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(length=200), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("created_by", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_relation_other_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_relation_person_id_person")),
        sa.ForeignKeyConstraint(
            ["word_id"], ["dictionary_word.id"], name=op.f("fk_relation_word_id_dictionary_word")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relation")),
    )
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relation_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relation_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_relation_open",
            ["person_id", "other_id", "word_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )



def downgrade() -> None:
    with op.batch_alter_table("relation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_relation_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_relation_person_id"))
        batch_op.drop_index(batch_op.f("ix_relation_other_id"))

    op.drop_table("relation")
