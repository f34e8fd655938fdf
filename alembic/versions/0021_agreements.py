"""What adults answered about one child, and what classes were asked. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adult_answer",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("pupil", sa.String(20), nullable=False),
        sa.Column("adult", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(64), nullable=False),
        sa.Column("use", sa.String(20), nullable=False),
        sa.Column("said", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(20), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_adult_answer"),
        sa.ForeignKeyConstraint(
            ["school_id", "family_id"],
            ["family.school_id", "family.id"],
            name="fk_adult_answer_school_id_family_id_family",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_adult_answer_school_id_school"),
    )
    op.create_index("ix_adult_answer_pupil", "adult_answer", ["school_id", "pupil"])
    op.create_index("ix_adult_answer_family", "adult_answer", ["school_id", "family_id"])
    op.create_table(
        "asking",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("class_id", sa.String(60), nullable=False),
        sa.Column("pages", sa.String(200), nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_asking"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_asking_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("asking")
    op.drop_table("adult_answer")
