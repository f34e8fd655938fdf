"""Who came when, how sure people are, and a lead's own log of what they learnt. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_joined",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("new", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "person", name="pk_staff_joined"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_staff_joined_school_id_school"),
    )
    op.create_table(
        "needs_tally",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("period", sa.String(40), nullable=False),
        sa.Column("topic", sa.String(40), nullable=False),
        sa.Column("sure", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "period", "topic", "sure", name="pk_needs_tally"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_needs_tally_school_id_school"),
    )
    op.create_table(
        "cpd",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_cpd"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_cpd_school_id_school"),
    )
    op.create_index("ix_cpd_person", "cpd", ["school_id", "person"])


def downgrade() -> None:
    op.drop_table("cpd")
    op.drop_table("needs_tally")
    op.drop_table("staff_joined")
