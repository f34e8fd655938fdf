"""A class keeps the version of a lesson that it began: which, and the text of it. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_version",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("page", sa.String(120), nullable=False),
        sa.Column("lang", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "content_hash", name="pk_page_version"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_page_version_school_id_school"),
    )
    op.create_table(
        "begun",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("class_id", sa.String(60), nullable=False),
        sa.Column("lesson", sa.String(120), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "class_id", "lesson", name="pk_begun"),
        sa.ForeignKeyConstraint(
            ["school_id", "content_hash"],
            ["page_version.school_id", "page_version.content_hash"],
            name="fk_begun_school_id_page_version",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_begun_school_id_school"),
    )
    # Empty where it is not known: those lessons were taught before anybody wrote it down.
    op.add_column("progress", sa.Column("content_hash", sa.String(64), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("progress") as table:
        table.drop_column("content_hash")
    op.drop_table("begun")
    op.drop_table("page_version")
