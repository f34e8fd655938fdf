"""Families by e-mail: addresses that wait for the tap in a letter. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "email_pending",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(200), nullable=False),
        sa.Column("lang", sa.String(20), nullable=False),
        sa.Column("code", sa.String(8), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_email_pending"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_email_pending_school_id_school"),
    )
    op.create_index("ix_email_pending_address", "email_pending", ["school_id", "address"])


def downgrade() -> None:
    op.drop_table("email_pending")
