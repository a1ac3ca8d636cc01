"""files and photos of people

Revision ID: files
Revises: rounds
Create Date: 2026-11-26 19:40:00+08:00
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "files"
down_revision = "rounds"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("photo_id", sa.Integer(), nullable=True))
    op.create_table(
        "person_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("photo", "paper", name="filekind", native_enum=False, length=24), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("content_type", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_file_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_file")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_person_file_person_id"), "person_file", ["person_id"])
    op.create_table(
        "file_content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["person_file.id"], name=op.f("fk_file_content_file_id_person_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_content")),
        sa.UniqueConstraint("file_id", name=op.f("uq_file_content_file_id")),
    )


def downgrade() -> None:
    op.drop_table("file_content")
    op.drop_index(op.f("ix_person_file_person_id"), table_name="person_file")
    op.drop_table("person_file")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("photo_id")
