"""Codes by which adults act for one child. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "family_code",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pupil", sa.String(20), nullable=False),
        sa.Column("class_id", sa.String(60), nullable=False),
        sa.Column("adult", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used", sa.DateTime(timezone=True), nullable=True),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn", sa.DateTime(timezone=True), nullable=True),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_family_code"),
        sa.UniqueConstraint("school_id", "mark", name="uq_family_code_school_id_mark"),
        sa.ForeignKeyConstraint(
            ["school_id", "family_id"],
            ["family.school_id", "family.id"],
            name="fk_family_code_school_id_family_id_family",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_family_code_school_id_school"),
    )
    op.create_index("ix_family_code_pupil", "family_code", ["school_id", "pupil", "adult"])
    op.create_index("ix_family_code_family", "family_code", ["school_id", "family_id"])


def downgrade() -> None:
    op.drop_table("family_code")
