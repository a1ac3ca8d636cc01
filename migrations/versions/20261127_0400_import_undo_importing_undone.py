"""importing undone: images, pieces of files, layouts, doubts and decisions of rows

Revision ID: import_undo
Revises: 13da3855cb84
Create Date: 2026-11-26 19:30:00+08:00
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "import_undo"
down_revision = "13da3855cb84"
branch_labels = None
depends_on = None

# Whose ids are never given twice, also on SQLite.
KEPT_NUMBERS = ("organization", "person")


def upgrade() -> None:
    _number_for_ever(autoincrement=True)
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("as_of", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "rule",
                sa.Enum("file", "newer", "fill", name="conflictrule", native_enum=False, length=24),
                server_default="file",
                nullable=False,
            )
        )
        for name in ("beat_at", "undone_at", "images_gone_at"):
            batch_op.add_column(sa.Column(name, sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_import_batch_state"), ["state"], unique=False)

    with op.batch_alter_table("import_row", schema=None) as batch_op:
        for name in ("doubt", "decision"):
            text = sqlmodel.sql.sqltypes.AutoString(length=20)
            batch_op.add_column(sa.Column(name, text, server_default="", nullable=False))
        for name in ("reasons", "left"):
            batch_op.add_column(sa.Column(name, sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
        batch_op.create_index("ix_import_row_batch_outcome", ["batch_id", "outcome", "id"], unique=False)
    # What was written before bears no images, so there is nothing to take it back by.
    op.execute("UPDATE import_batch SET images_gone_at = written_at WHERE written_at IS NOT NULL")

    op.create_table(
        "import_image",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("created", "updated", "organization", name="imagekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.LargeBinary(), nullable=True),
        sa.Column("marks", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_image_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_image")),
    )
    with op.batch_alter_table("import_image", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_image_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "import_piece",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_piece_batch_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_piece")),
    )
    with op.batch_alter_table("import_piece", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_piece_batch_id"), ["batch_id"], unique=False)

    op.create_table(
        "import_layout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("layout_key", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("saved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_import_layout_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_layout")),
        sa.UniqueConstraint("unit_id", "layout_key", name=op.f("uq_import_layout_unit_id_layout_key")),
    )
    with op.batch_alter_table("import_layout", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_layout_unit_id"), ["unit_id"], unique=False)


def downgrade() -> None:
    for name in ("import_layout", "import_piece", "import_image"):
        op.drop_table(name)
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_batch_outcome")
        for name in ("undone_at", "version", "left", "reasons", "decision", "doubt"):
            batch_op.drop_column(name)
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_state"))
        for name in ("images_gone_at", "undone_at", "beat_at", "rule", "as_of"):
            batch_op.drop_column(name)
    # A batch that is being undone, or was, is simply written to the older version.
    op.execute("UPDATE import_batch SET state = 'done' WHERE state IN ('undoing', 'undone')")
    _number_for_ever(autoincrement=False)


def _number_for_ever(*, autoincrement: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in KEPT_NUMBERS:
        options = {"sqlite_autoincrement": autoincrement}
        with op.batch_alter_table(name, recreate="always", table_kwargs=options):
            pass
