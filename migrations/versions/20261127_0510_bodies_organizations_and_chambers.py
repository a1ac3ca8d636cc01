"""organizations and chambers: honours, editions, the dictionary

Revision ID: bodies
Revises: lives
Create Date: 2026-11-26 09:10:00+08:00
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "bodies"
down_revision = "lives"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "dictionary_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "dictionary",
            sa.Enum("honour", "office", "relation", name="dictionary", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("other", sqlmodel.sql.sqltypes.AutoString(length=30), nullable=False),
        sa.Column("display_order", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("confirmed_by", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dictionary_word")),
        sa.UniqueConstraint(
            "dictionary", "name", "other", name=op.f("uq_dictionary_word_dictionary_name_other")
        ),
    )
    op.create_table(
        "chamber",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "elsewhere",
                "industry",
                "alumni",
                "natives",
                "overseas",
                name="chambertype",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "level",
            sa.Enum("city", "county", name="chamberlevel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "preparing",
                "standing",
                "re_electing",
                "dormant",
                name="chamberstate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("founded_on", sa.Date(), nullable=True),
        sa.Column("reelection_on", sa.Date(), nullable=True),
        sa.Column("registration_number", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("members", sa.Integer(), nullable=True),
        sa.Column("guided_by", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("office", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("official_account", sqlmodel.sql.sqltypes.AutoString(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_chamber_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chamber")),
        sa.UniqueConstraint("organization_id", name=op.f("uq_chamber_organization_id")),
    )
    with op.batch_alter_table("chamber", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chamber_reelection_on"), ["reelection_on"], unique=False)

    op.create_table(
        "chamber_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_chamber_edition_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chamber_edition")),
        sa.UniqueConstraint(
            "organization_id", "number", name=op.f("uq_chamber_edition_organization_id_number")
        ),
    )
    op.create_table(
        "organization_honour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("word_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_organization_honour_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["word_id"], ["dictionary_word.id"], name=op.f("fk_organization_honour_word_id_dictionary_word")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organization_honour")),
        sa.UniqueConstraint(
            "organization_id", "word_id", name=op.f("uq_organization_honour_organization_id_word_id")
        ),
    )
    with op.batch_alter_table("organization_honour", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organization_honour_word_id"), ["word_id"], unique=False)

    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.create_index("ix_organization_kind_id", ["kind", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organization_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organization_chain"), ["chain"], unique=False)
    with op.batch_alter_table("position", schema=None) as batch_op:
        batch_op.add_column(sa.Column("edition_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_position_edition_id"), ["edition_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_position_edition_id_chamber_edition"), "chamber_edition", ["edition_id"], ["id"]
        )



def downgrade() -> None:
    with op.batch_alter_table("position", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_position_edition_id_chamber_edition"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_position_edition_id"))
        batch_op.drop_column("edition_id")
    with op.batch_alter_table("organization", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_chain"))
        batch_op.drop_index(batch_op.f("ix_organization_parent_id"))
        batch_op.drop_index("ix_organization_kind_id")

    with op.batch_alter_table("organization_honour", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organization_honour_word_id"))

    op.drop_table("organization_honour")
    op.drop_table("chamber_edition")
    with op.batch_alter_table("chamber", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_chamber_reelection_on"))

    op.drop_table("chamber")
    op.drop_table("dictionary_word")
