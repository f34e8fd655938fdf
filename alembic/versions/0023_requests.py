"""What staff ask for or tell of, and who said yes or no to it. It only adds."""

import sqlalchemy as sa

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_request",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("asked_by", sa.String(60), nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("more", sa.Text(), nullable=False),
        sa.Column("class_id", sa.String(60), nullable=False),
        sa.Column("choice", sa.String(20), nullable=False),
        sa.Column("personal", sa.String(10), nullable=False),
        sa.Column("starts", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lapses", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_by", sa.String(60), nullable=False),
        sa.Column("told", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("closed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_staff_request"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_staff_request_school_id_school"),
        sa.UniqueConstraint("school_id", "reference", name="uq_staff_request_school_id_reference"),
    )
    op.create_index(
        "ix_staff_request_going_on",
        "staff_request",
        ["school_id", "state"],
        sqlite_where=sa.text("closed IS NULL"),
        postgresql_where=sa.text("closed IS NULL"),
    )
    op.create_table(
        "request_vote",
        sa.Column("school_id", sa.String(40), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("yes", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "request_id", "person", name="pk_request_vote"),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name="fk_request_vote_school_id_school"),
        sa.ForeignKeyConstraint(
            ["school_id", "request_id"],
            ["staff_request.school_id", "staff_request.id"],
            name="fk_request_vote_school_id_request_id_staff_request",
        ),
    )


def downgrade() -> None:
    op.drop_table("request_vote")
    op.drop_table("staff_request")
