"""Somebody's own people by number: the newest are read from the end of one index

Revision ID: own_people
Revises: lists
Create Date: 2026-11-27 11:00:00+08:00
"""

from alembic import op

revision = "own_people"
down_revision = "lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_stewardship_user_person", "stewardship", ["user_id", "person_id"])
    op.drop_index("ix_stewardship_user_id", table_name="stewardship")


def downgrade() -> None:
    op.create_index("ix_stewardship_user_id", "stewardship", ["user_id"])
    op.drop_index("ix_stewardship_user_person", table_name="stewardship")
