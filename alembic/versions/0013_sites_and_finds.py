"""Sites that staff looked at before a lesson, and what turned up on a screen unasked. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "checked_site",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("year_from", sa.Integer(), nullable=False),
        sa.Column("year_to", sa.Integer(), nullable=False),
        sa.Column("lesson", sa.String(120), nullable=False),
        sa.Column("checked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by", sa.String(60), nullable=False),
        sa.Column("reminded", sa.DateTime(timezone=True), nullable=True),
        sa.Column("silent_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off", sa.DateTime(timezone=True), nullable=True),
        sa.Column("off_by", sa.String(60), nullable=False),
        sa.Column("off_why", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_checked_site"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_checked_site_school_id_school"),
    )
    listed = sa.text("off IS NULL")
    op.create_index(
        "ix_checked_site_listed",
        "checked_site",
        ["school_id", "lesson"],
        sqlite_where=listed,
        postgresql_where=listed,
    )
    op.create_table(
        "unsuitable_find",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("device", sa.String(20), nullable=False),
        sa.Column("mark", sa.String(24), nullable=False),
        sa.Column("happened", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("seen", sa.String(20), nullable=False),
        sa.Column("upset", sa.String(20), nullable=False),
        sa.Column("dealt", sa.String(20), nullable=False),
        sa.Column("dealt_by", sa.String(60), nullable=False),
        sa.Column("dealt_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_unsuitable_find"),
        sa.UniqueConstraint("school_id", "reference", name="uq_unsuitable_find_school_id_reference"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_unsuitable_find_school_id_school"),
    )


def downgrade() -> None:
    op.drop_table("unsuitable_find")
    op.drop_index("ix_checked_site_listed", "checked_site")
    op.drop_table("checked_site")
