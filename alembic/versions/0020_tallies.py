"""Counts of quiz answers and of why families leave; nothing of a family's is in them. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quiz_tally",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("page", sa.String(64), nullable=False),
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("lang", sa.String(20), nullable=False),
        sa.Column("answers", sa.Integer, nullable=False),
        sa.Column("right", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("school_id", "page", "question", "lang", name="pk_quiz_tally"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_quiz_tally_school_id_school"),
    )
    op.create_table(
        "leaving_tally",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("families", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("school_id", "month", "reason", name="pk_leaving_tally"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_leaving_tally_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("leaving_tally")
    op.drop_table("quiz_tally")
