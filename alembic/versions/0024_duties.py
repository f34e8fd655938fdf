"""What staff are asked for, and what they said. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "duty",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sort", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("laid", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("said", sa.String(20), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("said_by", sa.String(60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_duty"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_duty_school_id_school"),
        sa.UniqueConstraint("school_id", "sort", "subject", "version", "period", "person", name="uq_duty_once"),
    )
    waits = sa.text("said IN ('open', 'wrong')")
    op.create_index("ix_duty_waits", "duty", ["school_id", "person"], sqlite_where=waits, postgresql_where=waits)


def downgrade() -> None:
    op.drop_table("duty")
